"""The heads: nested tumours, four sequences, and greys that say little by themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from unet_teach.data.phantoms import HEAD_REGIONS, head
from unet_teach.data.phantoms.heads.tissue import NUMBER, SEQUENCES, Times, signal

WHOLE = {"slices": 42, "spacing": 3}


def millilitres(scan, region):
    return scan.region(region).sum() * np.prod(scan.spacing) / 1000


def test_a_seed_is_a_person():
    first, again, other = head(3), head(3), head(4)
    np.testing.assert_array_equal(first.image, again.image)
    np.testing.assert_array_equal(first.labels, again.labels)
    assert (first.image != other.image).any()
    drawn = head(np.random.default_rng(1))
    np.testing.assert_array_equal(head(np.random.default_rng(1)).image, drawn.image)


def test_shapes_and_directions():
    flat, stack = head(0), head(0, slices=3, spacing=(4, 2, 2), sequences=SEQUENCES, size=(96, 100))
    assert flat.image.shape == (2, 240, 240)
    assert flat.labels.shape == flat.brain.shape == (240, 240)
    assert (flat.spacing, flat.orientation, flat.sequences) == ((1, 1), "PL", ("FLAIR", "T1c"))
    assert stack.image.shape == (4, 3, 96, 100)
    assert (stack.spacing, stack.orientation, stack.sequences) == ((4, 2, 2), "SPL", SEQUENCES)
    assert (stack.image.dtype, stack.labels.dtype, stack.brain.dtype) == (np.float32, np.uint8, bool)
    assert stack.affine @ (1, 2, 3, 1) == pytest.approx((93, 91, 5, 1))
    np.testing.assert_array_equal(stack.sequence("T2"), stack.image[3])


def test_a_slice_is_a_slice_of_the_volume():
    stack = head(5, slices=3, level=12, spacing=2)
    flat = head(5, level=14, spacing=2)
    np.testing.assert_array_equal(flat.labels, stack.labels[2])
    np.testing.assert_array_equal(flat.brain, stack.brain[2])


@pytest.mark.parametrize("seed", range(5))
def test_regions_are_nested_and_grow(seed):
    scans = [head(seed, tumour=size, **WHOLE) for size in (0.1, 0.4, 0.7, 1)]
    for scan in scans:
        whole, core, enhancing = (scan.region(name) for name in HEAD_REGIONS)
        assert not (enhancing & ~core).any()
        assert not (core & ~whole).any()
        assert not (whole & ~scan.brain).any()
        assert enhancing.sum() < core.sum() < whole.sum()
        assert set(np.unique(scan.labels)) == {0, 1, 2, 3, 4}
    for name in HEAD_REGIONS:
        assert (np.diff([millilitres(scan, name) for scan in scans]) > 0).all()
    assert 0.5 < millilitres(scans[0], "TC") < millilitres(scans[-1], "TC") < 160


def test_a_slice_shows_the_core_and_none_shows_none():
    for seed in range(30):
        assert head(seed, tumour=0, spacing=2).region("TC").any()
        assert not head(seed, tumour=None).labels.any()


def test_millilitres_do_not_depend_on_the_voxels():
    coarse, fine = (head(2, slices=50, spacing=(2, step, step)) for step in (3, 1.7))
    for name in HEAD_REGIONS:
        assert millilitres(coarse, name) == pytest.approx(millilitres(fine, name), rel=0.05)
    brains = [scan.brain.sum() * np.prod(scan.spacing) for scan in (coarse, fine)]
    assert brains[0] == pytest.approx(brains[1], rel=0.01)


def test_sequences_show_what_they_should():
    """Means of whole tissues, without noise and with an even coil."""
    scan = head(11, tumour=0.8, sequences=SEQUENCES, noise=0, bias=0, **WHOLE)
    mean = {
        name: [scan.sequence(name)[scan.labels == label].mean() for label in range(1, 5)] + [0.0] for name in SEQUENCES
    }
    necrosis, oedema, other, rim, brain = range(5)
    assert mean["FLAIR"][oedema] > mean["FLAIR"][other] > mean["FLAIR"][brain]
    assert mean["T1c"][rim] > mean["T1c"][other] + 1
    assert mean["T1"][rim] < mean["T1"][brain] + 0.3
    assert mean["T2"][necrosis] > mean["T2"][rim]
    assert mean["T1c"][necrosis] < mean["T1c"][rim] - 1


@pytest.mark.parametrize("seed", range(3))
def test_relaxation_times_give_the_known_order(seed):
    times = Times.drawn(np.random.default_rng(seed))
    flair, enhanced, plain, second = (signal(name, times) for name in SEQUENCES)

    def order(greys, *names):
        assert (np.diff([greys[NUMBER[name]] for name in names]) > 0).all()

    order(flair, "water", "white", "grey", "tumour", "oedema")
    order(plain, "water", "oedema", "grey", "white", "fat")
    order(enhanced, "necrosis", "white", "rim")
    order(second, "bone", "white", "grey", "oedema", "water")
    assert flair[NUMBER["water"]] < 0.4


def test_a_threshold_does_not_find_the_tumour():
    """On FLAIR other tissue is as bright as some of the whole tumour; after contrast agent vessels shine, too."""
    scores = []
    for seed in range(8):
        scan = head(seed, tumour=0.5)
        bright, whole = scan.sequence("FLAIR") > 1.5, scan.region("WT")
        scores.append(2 * (bright & whole).sum() / (bright.sum() + whole.sum()))
    assert 0.3 < np.mean(scores) < 0.93
    assert min(scores) < 0.8


def test_stripped_and_scaled_as_the_real_set():
    scan = head(1)
    for image in scan.image:
        assert image[scan.brain].mean() == pytest.approx(0, abs=1e-3)
        assert 1.29 < image[scan.brain].std() < 1.81
        assert len(np.unique(image[~scan.brain])) == 1
        assert image[~scan.brain].max() < image[scan.brain].min()


def test_with_its_skull_the_head_is_larger_than_the_brain():
    whole, stripped = head(1, stripped=False, sequences=("T1",)), head(1)
    assert whole.image.min() >= 0
    np.testing.assert_array_equal(whole.brain, stripped.brain)
    ring = ndimage.binary_dilation(whole.brain, iterations=20) & ~ndimage.binary_dilation(whole.brain, iterations=3)
    air = ~ndimage.binary_dilation(whole.brain, iterations=30)
    assert np.percentile(whole.image[0][ring], 90) > whole.image[0][whole.brain].mean()
    assert np.median(whole.image[0][air]) < 0.15 * whole.image[0][whole.brain].mean()


def test_a_shift_moves_all_but_flair():
    still, moved = (head(6, noise=0, bias=0, stripped=False, shift=by) for by in ((0, 0, 0), (0, 3, -4)))
    np.testing.assert_array_equal(still.sequence("FLAIR"), moved.sequence("FLAIR"))
    np.testing.assert_array_equal(still.labels, moved.labels)
    np.testing.assert_allclose(moved.sequence("T1c")[3:, :-4], still.sequence("T1c")[:-3, 4:], rtol=1e-4, atol=1e-2)


def test_a_coil_is_uneven_as_much_as_asked():
    none, usual, strong = (
        head(9, tumour=None, level=30, noise=0, stripped=False, bias=bias).image[0] for bias in (0, 1, 3)
    )
    spread = [np.std(np.log(image[none > 1] / none[none > 1])) for image in (usual, strong)]
    assert 0.02 < spread[0] < 0.3
    assert spread[1] == pytest.approx(3 * spread[0], rel=0.01)


@settings(deadline=None, max_examples=20)
@given(
    st.integers(0, 2**40),
    st.one_of(st.none(), st.floats(0, 1)),
    st.booleans(),
    st.floats(1.5, 6),
    st.one_of(st.none(), st.floats(-60, 90)),
)
def test_any_head_is_whole(seed, tumour, stripped, spacing, level):
    scan = head(seed, tumour, stripped=stripped, spacing=spacing, level=level)
    assert np.isfinite(scan.image).all()
    assert not ((scan.labels > 0) & ~scan.brain).any()
    assert level is not None or scan.brain.any()
    assert level is not None or tumour is None or spacing > 3 or scan.region("TC").any()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"seed": -1}, "0 or more"),
        ({"tumour": 2}, "from 0 to 1"),
        ({"tumour": "large"}, "number"),
        ({"sequences": ("T1", "DWI")}, "FLAIR, T1c, T1, T2"),
        ({"sequences": ()}, "none"),
        ({"shift": 3}, "three numbers"),
        ({"shift": (0, 0, float("inf"))}, "finite"),
        ({"level": 200}, "another level"),
        ({"slices": 200}, "the head from -60 to 90"),
        ({"bias": -1}, "bias"),
        ({"noise": float("nan")}, "noise"),
        ({"spacing": 100}, "from 0.5 to 20"),
    ],
)
def test_what_cannot_be_is_refused(arguments, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence):
        head(**{"seed": 0, **arguments})


def test_a_name_that_is_not_there_is_refused():
    scan = head(0)
    with pytest.raises(ValueError, match="FLAIR, T1c"):
        scan.sequence("T2")
    with pytest.raises(ValueError, match="WT, TC, ET"):
        scan.region("NCR")
    assert head(0, sequences="T2").image.shape == (1, 240, 240)
