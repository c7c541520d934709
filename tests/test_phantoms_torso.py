"""The torsos: one person seen through any voxels, fatter or thinner, with every tissue in its place."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage, stats

from unet_teach.data.phantoms import TORSO_LABELS, torso
from unet_teach.data.phantoms.places import clay, grid

FAT = ("subcutaneous_fat", "torso_fat")
WHOLE = {"slices": 50, "spacing": 6, "level": 30}  # from above the hips to the heart


def millilitres(scan, *names):
    return scan.mask(*names).sum() * np.prod(scan.spacing) / 1000


def flipped(labels):
    """Left is right."""
    swapped = labels[..., ::-1].copy()
    for organ in ("kidney", "lung"):
        right, left = (swapped == TORSO_LABELS[f"{organ}_{side}"] for side in ("right", "left"))
        swapped[right], swapped[left] = TORSO_LABELS[f"{organ}_left"], TORSO_LABELS[f"{organ}_right"]
    return swapped


def test_a_seed_is_a_person():
    first, again, other = torso(3), torso(3), torso(4)
    np.testing.assert_array_equal(first.hu, again.hu)
    np.testing.assert_array_equal(first.labels, again.labels)
    assert first.level == again.level != other.level
    assert (first.hu != other.hu).any()
    generator = np.random.default_rng(0)
    drawn = [torso(generator, level=0).hu for _ in range(2)]
    assert (drawn[0] != drawn[1]).any()
    np.testing.assert_array_equal(torso(np.random.default_rng(0), level=0).hu, drawn[0])


def test_shapes_and_directions():
    flat, stack = torso(0, spacing=(3, 2, 2.5)), torso(0, slices=4, spacing=(5, 3, 3), size=(100, 130))
    assert flat.hu.shape == flat.labels.shape == (192, 192)
    assert (flat.spacing, flat.orientation) == ((2, 2.5), "PL")
    assert stack.hu.shape == stack.labels.shape == (4, 100, 130)
    assert (stack.spacing, stack.orientation) == ((5, 3, 3), "SPL")
    assert (stack.hu.dtype, stack.labels.dtype) == (np.int16, np.uint8)
    assert stack.affine @ (0, 0, 0, 1) == pytest.approx((193.5, 148.5, 22.5, 1))
    assert stack.affine @ (1, 2, 3, 1) == pytest.approx((184.5, 142.5, 27.5, 1))


def test_the_liver_is_on_the_right_and_the_spine_behind():
    """In millimetres to the right, the front and the head, as the affine has them."""
    scan = torso(1, **WHOLE)

    def place(name):
        return (scan.affine @ (*np.argwhere(scan.mask(name)).mean(axis=0), 1))[:3]

    assert place("liver")[0] > 30
    assert place("spleen")[0] < -30
    assert place("kidney_right")[0] > 30
    assert place("kidney_left")[0] < -30
    assert place("lung_right")[0] > place("lung_left")[0] + 60
    assert place("vertebrae")[1] < place("aorta")[1] < place("stomach")[1]
    assert place("heart")[2] > place("liver")[2] > place("kidney_left")[2]


def test_a_slice_is_a_slice_of_the_volume():
    stack = torso(5, slices=3, level=20)
    for number, level in enumerate((17, 20, 23)):
        np.testing.assert_array_equal(torso(5, level=level).labels, stack.labels[number])


def test_every_label_is_there():
    scan = torso(2, arms="down", **WHOLE)
    assert set(np.unique(scan.labels)) == set(TORSO_LABELS.values())
    assert millilitres(torso(2, arms="up", **WHOLE), "arms") == 0


@pytest.mark.parametrize("seed", range(4))
def test_fat_grows_with_the_shape_and_muscle_stays(seed):
    scans = [torso(seed, shape=shape, **WHOLE) for shape in (0, 0.25, 0.5, 0.75, 1)]
    for name in FAT:
        assert (np.diff([millilitres(scan, name) for scan in scans]) > 0).all()
    muscle = [millilitres(scan, "skeletal_muscle") for scan in scans]
    assert max(muscle) < 1.8 * min(muscle)
    kidneys = [millilitres(scan, "kidney_left", "kidney_right") for scan in scans]
    assert max(kidneys) < 1.4 * min(kidneys)  # a thin loin leaves them less room


def test_millilitres_do_not_depend_on_the_voxels():
    coarse, fine = (torso(6, slices=80, spacing=(3, step, step), level=20) for step in (3, 1.8))
    for name in (*FAT, "skeletal_muscle", "liver", "kidney_left", "kidney_right", "aorta", "vertebrae", "spleen"):
        assert millilitres(coarse, name) == pytest.approx(millilitres(fine, name), rel=0.03), name
    thick = torso(6, slices=40, spacing=(6, 3, 3), level=20)
    assert millilitres(coarse, "liver") == pytest.approx(millilitres(thick, "liver"), rel=0.03)


@pytest.mark.parametrize("shape", [0, 0.4, 1])
def test_hounsfield_units_lie_where_they_are_published(shape):
    ranges = {
        "subcutaneous_fat": (-190, -30),
        "torso_fat": (-190, -30),
        "skeletal_muscle": (-29, 150),
        "liver": (25, 130),
        "spleen": (35, 150),
        "kidney_left": (20, 200),
        "aorta": (30, 200),
        "lung_left": (-950, -700),
        "vertebrae": (100, 400),
    }
    for seed in range(2):
        scan = torso(seed, shape=shape, slices=50, spacing=(6, 3, 3), level=30)
        for name, (low, high) in ranges.items():
            assert low < np.median(scan.hu[scan.mask(name)]) < high, name
        assert scan.hu.min() >= -1024


def test_hounsfield_units_do_not_say_which_fat_it_is():
    scans = [torso(seed, shape=0.3 + 0.1 * (seed % 5), spacing=1.5) for seed in range(10)]
    under_skin, inside = (np.concatenate([scan.hu[scan.mask(name)] for scan in scans]) for name in FAT)
    area = stats.mannwhitneyu(inside, under_skin).statistic / len(inside) / len(under_skin)
    assert 0.5 < area < 0.72


def test_no_one_depth_fits_thin_and_obese():
    """Under the skin is what lies less than some millimetres deep: the best depth of the one fails on the other."""

    def score(shape, most):
        found = []
        for seed in range(3):
            scan = torso(seed, shape=shape, level=-20 + 30 * seed, noise=0)
            under_skin, inside = (scan.mask(name) for name in FAT)
            depth = ndimage.distance_transform_edt(scan.labels > 0, sampling=scan.spacing)
            guess = (under_skin | inside) & (depth < most)
            found.append(2 * (guess & under_skin).sum() / (guess.sum() + under_skin.sum()))
        return np.mean(found)

    assert score(0, 10) > 0.9
    assert score(0, 40) < 0.75
    assert score(1, 40) > 0.9
    assert score(1, 10) < 0.75


def test_a_torso_is_not_its_mirror_image_unless_asked():
    scan, even = torso(7, level=30), torso(7, level=30, symmetric=True, noise=0)
    assert (scan.labels != flipped(scan.labels)).mean() > 0.05
    np.testing.assert_array_equal(even.labels, flipped(even.labels))
    assert np.abs(even.hu - even.hu[:, ::-1]).max() <= 1
    both = torso(7, symmetric=True, size=(67, 81), **WHOLE)
    np.testing.assert_array_equal(both.labels[..., :40], flipped(both.labels)[..., :40])  # all but the middle column
    assert millilitres(both, "kidney_left") == millilitres(both, "kidney_right") > 60
    assert not both.mask("liver", "spleen", "stomach", "heart").any()


def test_without_a_liver_all_else_stays():
    usual, without = torso(8, level=10), torso(8, level=10, liver=False)
    assert usual.mask("liver").any()
    assert not without.mask("liver").any()
    for name in ("kidney_right", "kidney_left", "skeletal_muscle", "subcutaneous_fat", "vertebrae"):
        np.testing.assert_array_equal(usual.mask(name), without.mask(name))


@settings(deadline=None, max_examples=25)
@given(
    st.integers(0, 2**40),
    st.floats(0, 1),
    st.sampled_from(["up", "down"]),
    st.booleans(),
    st.floats(1.5, 6),
    st.floats(-120, 180),
)
def test_any_torso_is_whole(seed, shape, arms, symmetric, spacing, level):
    scan = torso(seed, shape, arms, symmetric=symmetric, spacing=spacing, level=level)
    outside = scan.labels == TORSO_LABELS["background"]
    assert scan.hu.shape[0] % 8 == scan.hu.shape[1] % 8 == 0
    assert scan.hu.min() >= -1024
    assert scan.hu.max() < 2500
    assert scan.mask("subcutaneous_fat").any()
    assert scan.mask("skeletal_muscle").any()
    assert scan.mask("vertebrae").any()
    assert not (ndimage.binary_dilation(outside) & scan.mask("torso_fat", "vertebrae", "liver")).any()


def test_clay_is_the_same_through_any_voxels():
    coarse, fine = (grid(1, (count, count), (step, step, step), 3.0) for count, step in ((21, 6.0), (61, 2.0)))
    np.testing.assert_allclose(clay((1, 2), coarse, 15), clay((1, 2), fine, 15)[:, ::3, ::3], atol=1e-4)
    field = clay((4,), grid(40, (80, 80), (6.0, 6.0, 6.0), 0.0), 12)
    assert field.mean() == pytest.approx(0, abs=0.05)
    assert field.std() == pytest.approx(1, abs=0.05)
    even = clay((4,), coarse, 15, mirrored=True)
    np.testing.assert_array_equal(even, even[..., ::-1])
    far = clay((4,), grid(1, (8, 400), (3.0, 3.0, 3.0), 0.0), 15)
    assert np.isfinite(far).all()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"seed": -1}, "0 or more"),
        ({"seed": 1.5}, "whole"),
        ({"seed": None}, "whole"),
        ({"shape": 1.2}, "from 0 to 1"),
        ({"shape": float("nan")}, "from 0 to 1"),
        ({"shape": "obese"}, "number"),
        ({"arms": "crossed"}, '"up" or "down"'),
        ({"spacing": 0}, "from 0.5 to 20"),
        ({"spacing": (1, 2)}, "three"),
        ({"spacing": 0.5, "slices": 600}, "too many"),
        ({"slices": 0}, "1 or more"),
        ({"slices": 2.5}, "whole"),
        ({"slices": 120}, "the torso from -120 to 180"),
        ({"level": 500}, "another level"),
        ({"level": "high"}, "number"),
        ({"size": 64}, "two whole numbers"),
        ({"size": (64, 0)}, "1 or more"),
        ({"noise": -1}, "noise"),
    ],
)
def test_what_cannot_be_is_refused(arguments, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence):
        torso(**{"seed": 0, **arguments})


def test_a_label_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="subcutaneous_fat"):
        torso(0).mask("visceral_fat")
    with pytest.raises(ValueError, match="liver"):
        torso(0).mask()
