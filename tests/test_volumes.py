"""Augmentation and patches of volumes, against plain numpy and scipy; images in two dimensions stay as they were."""

import hashlib
import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from unet_teach.transforms import (
    centre_patches,
    displacement,
    elastic,
    flip_and_rotate,
    mirror,
    random_crops,
    shift_grey,
    turn,
)

few = settings(max_examples=25, deadline=None)
seeds = st.integers(0, 2**32)
boxes = st.tuples(*[st.integers(1, 9)] * 3)


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


def coordinates(*sides):
    """Make a volume whose three channels hold each voxel's slice, row and column."""
    return torch.stack(torch.meshgrid(*map(torch.arange, sides), indexing="ij")).float()


def numbered(*shape):
    return torch.arange(int(np.prod(shape))).reshape(shape)


# Turning -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("all_axes", "ways"), [(False, 16), (True, 48)])
def test_every_way_to_turn_comes_up_and_labels_move_along(all_axes, ways):
    labels, generator, seen = numbered(2, 3, 4), chance(), set()
    for _ in range(12 * ways):
        image, moved = flip_and_rotate(labels[None].float(), labels, generator, all_axes)
        assert torch.equal(image[0], moved.float())
        seen.add((moved.shape, *moved.flatten().tolist()))
    volume = labels.numpy()
    orders = itertools.permutations(range(3)) if all_axes else [(0, 1, 2), (0, 2, 1)]
    expected = {
        (turned.shape, *turned.ravel().tolist())
        for order in orders
        for axes in itertools.chain.from_iterable(itertools.combinations(range(3), n) for n in range(4))
        for turned in [np.flip(volume.transpose(order), axes)]
    }
    assert seen == expected
    assert len(seen) == ways


def test_turning_comes_up_evenly():
    labels, generator = numbered(3, 3, 3), chance()
    corners = torch.stack([flip_and_rotate(labels[None].float(), labels, generator, True)[1] for _ in range(4800)])
    counts = torch.unique(corners.flatten(1), dim=0, return_counts=True)[1]
    assert len(counts) == 48
    assert counts.min() > 60  # 100 expected, standard deviation 10
    assert counts.max() < 140


def test_a_slice_stays_a_slice_unless_all_axes_are_asked_for():
    slices, generator = coordinates(4, 3, 3)[:1], chance(1)
    for _ in range(40):
        turned, _ = flip_and_rotate(slices, slices[0], generator)
        assert (turned[0].diff(dim=1) == 0).all()
        assert turned[0, :, 0, 0].tolist() in ([0, 1, 2, 3], [3, 2, 1, 0])


def test_an_image_has_no_axis_to_leave():
    with pytest.raises(ValueError, match="is for volumes"):
        flip_and_rotate(torch.zeros(1, 3, 3), torch.zeros(3, 3), chance(), all_axes=True)


# Bending -------------------------------------------------------------------------------------------------------------


@few
@given(seeds, st.tuples(*[st.integers(2, 12)] * 3), st.floats(0, 6), st.integers(2, 4))
def test_bending_is_scipys_map_coordinates(seed, sides, sd, grid):
    volume = torch.randn(2, *sides, generator=chance(seed)).double()
    labels = torch.randint(5, sides, generator=chance(seed + 1))
    bent, moved = elastic(volume, labels, chance(seed), sd, grid)
    field = displacement(*sides[1:], chance(seed), sd, grid, depth=sides[0])
    aim = (coordinates(*sides) + field).double()
    for before, after in zip(volume, bent, strict=True):
        expected = ndimage.map_coordinates(before.numpy(), aim.numpy(), order=3, mode="mirror")
        np.testing.assert_allclose(after, expected, atol=2e-3)
    sure = ((aim % 1 - 0.5).abs() > 1e-3).all(0).numpy()  # not half-way between two voxels
    expected = ndimage.map_coordinates(labels.numpy(), aim.numpy(), order=0, mode="mirror")
    np.testing.assert_array_equal(moved.numpy()[sure], expected[sure])


def keys(t, a=-0.75):
    """Weigh four neighbours of a point at t between the middle two: Keys' cubic."""
    near = lambda x: (a + 2) * x**3 - (a + 3) * x**2 + 1  # noqa: E731
    far = lambda x: a * x**3 - 5 * a * x**2 + 8 * a * x - 4 * a  # noqa: E731
    return np.array([far(1 + t), near(t), near(1 - t), far(2 - t)])


def spread(points, size):
    """Interpolate a line by Keys' cubic, ends repeated, to `size` points: the rule of torch's bicubic."""
    padded = np.pad(points, ((2, 2), *[(0, 0)] * (points.ndim - 1)), mode="edge")
    places = np.linspace(0, len(points) - 1, size)
    starts = np.floor(places).astype(int)
    return np.stack([np.tensordot(keys(x - i), padded[i + 1 : i + 5], 1) for x, i in zip(places, starts, strict=True)])


def test_the_field_is_the_same_cubic_along_every_axis():
    vectors = (4 * torch.randn(1, 3, 3, 3, 3, generator=chance(2))[0]).double().numpy()
    expected = vectors
    for axis, size in zip((1, 2, 3), (7, 11, 6), strict=True):
        expected = np.moveaxis(spread(np.moveaxis(expected, axis, 0), size), 0, axis)
    field = displacement(11, 6, chance(2), sd=4, depth=7)
    assert field.shape == (3, 7, 11, 6)
    np.testing.assert_allclose(field, expected, atol=1e-4)


def test_bending_by_nothing_changes_nothing():
    volume, labels = torch.randn(1, 5, 6, 1, generator=chance()), numbered(5, 6, 1)
    bent, moved = elastic(volume, labels, chance(), sd=0)
    torch.testing.assert_close(bent, volume, atol=1e-4, rtol=0)
    assert torch.equal(moved, labels)


def test_half_precision_bends_as_single_does():
    image, labels = torch.rand(1, 300, 200, generator=chance()), numbered(300, 200)
    single, half = (elastic(image.to(kind), labels, chance(1), sd=2)[0] for kind in (torch.float32, torch.float16))
    assert half.dtype == torch.float16
    torch.testing.assert_close(half.float(), single, atol=1e-3, rtol=1e-3)


def test_grey_values_of_a_volume_are_shifted_together():
    volume = torch.randn(2, 3, 4, 5, generator=chance())
    flat = shift_grey(volume.reshape(2, 3, 20), chance(1))
    assert torch.equal(shift_grey(volume, chance(1)), flat.reshape(volume.shape))


# Cutting -------------------------------------------------------------------------------------------------------------


@few
@given(st.integers(1, 3), boxes, boxes, st.integers(1, 5), seeds, st.floats(0, 1))
def test_boxes_are_cut_at_the_same_place(volumes, sides, wished, count, seed, foreground):
    labels = numbered(volumes, *sides) + 1
    sizes = tuple(map(min, wished, sides))
    crops, cut = random_crops(labels.double(), labels, sizes, count, chance(seed), foreground)
    assert crops.shape == (count, 1, *sizes)
    assert torch.equal(crops[:, 0], cut.double())
    for box in cut.numpy():
        volume, *corner = np.unravel_index(box.flat[0] - 1, labels.shape)
        place = tuple(slice(start, start + size) for start, size in zip(corner, sizes, strict=True))
        np.testing.assert_array_equal(box, labels.numpy()[volume][place])


def test_every_box_comes_up_equally_often():
    labels = numbered(2, 2, 3, 2)
    crops, _ = random_crops(labels.float(), labels, (1, 2, 2), 4000, chance())
    counts = crops[:, 0, 0, 0, 0].long().bincount(minlength=24).reshape(2, 2, 3, 2)
    assert counts[:, :, :2, 0].min() > 400  # 500 expected, standard deviation 21
    assert counts[:, :, :2, 0].max() < 600
    assert counts.sum() == counts[:, :, :2, 0].sum()


def test_a_forced_box_holds_its_voxel_in_the_middle_or_at_the_border():
    labels = torch.zeros(2, 9, 9, 9, dtype=torch.long)
    labels[1, 4, 5, 3] = 1
    _, cut = random_crops(labels.float(), labels, (3, 5, 5), 6, chance(), foreground=1)
    assert (cut[:, 1, 2, 2] == 1).all()
    labels = torch.zeros(1, 9, 9, 9, dtype=torch.long)
    labels[0, 0, 8, 4] = 1
    _, cut = random_crops(labels.float(), labels, 5, 6, chance(), foreground=1)
    assert (cut[:, 0, 4, 2] == 1).all()


def test_images_too_may_be_cut_into_rectangles():
    labels = numbered(2, 7, 9)
    crops, cut = random_crops(labels.float(), labels, (3, 5), 4, chance(2))
    assert crops.shape == (4, 1, 3, 5)
    assert (cut.diff(dim=1) == 9).all()
    assert (cut.diff(dim=2) == 1).all()


@few
@given(st.sampled_from([1, 3, (1, 3, 5), (3, 1, 1)]), st.integers(1, 3), seeds)
def test_patches_of_volumes_are_balanced_true_boxes(size, half, seed):
    images = numbered(2, 6, 7, 8)
    labels = torch.rand(images.shape, generator=chance(seed)) < 0.4
    patches, answers, volumes = centre_patches(images, labels, size, 2 * half, chance(seed))
    sizes = (size,) * 3 if isinstance(size, int) else size
    assert patches.shape == (4 * half, 1, *sizes)
    assert answers.shape == (4 * half, 1, 1, 1)
    assert [answers[volumes == number].sum().item() for number in (0, 1)] == [half, half]
    for patch, answer, volume in zip(patches[:, 0].numpy(), answers.flatten(), volumes, strict=True):
        middle = patch[tuple(side // 2 for side in sizes)]
        number, *place = np.unravel_index(middle, images.shape)
        assert number == volume
        assert labels.flatten()[middle] == answer
        box = tuple(slice(p - s // 2, p + s // 2 + 1) for p, s in zip(place, sizes, strict=True))
        np.testing.assert_array_equal(patch, images[number].numpy()[box])


STACK = (torch.zeros(2, 4, 8, 6), torch.zeros(2, 4, 8, 6, dtype=torch.long))
VOLUME = (torch.zeros(1, 4, 8, 6), torch.zeros(4, 8, 6, dtype=torch.long))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: random_crops(*STACK, 5, 1, chance()), ValueError, "do not fit into 4 x 8 x 6: choose 1 to 4"),
        (lambda: random_crops(*STACK, (4, 9, 6), 1, chance()), ValueError, "crops of 4 x 9 x 6 do not fit"),
        (lambda: random_crops(*STACK, (4, 4), 1, chance()), ValueError, "one number or 3, one an axis"),
        (lambda: random_crops(*STACK, 2.5, 1, chance()), TypeError, "size must be a whole number"),
        (lambda: centre_patches(*STACK, (1, 3, 4), 2, chance()), ValueError, "must be odd"),
        (lambda: random_crops(STACK[0], STACK[1].to(torch.uint16), 2, 1, chance()), TypeError, r"\.long\(\)"),
        (lambda: flip_and_rotate(VOLUME[0], VOLUME[1].to(torch.uint16), chance()), TypeError, r"\.long\(\)"),
        (lambda: flip_and_rotate(VOLUME[0], VOLUME[1][:3], chance()), ValueError, "must agree"),
        (lambda: flip_and_rotate(VOLUME[0].numpy(), VOLUME[1], chance()), TypeError, "torch.as_tensor"),
        (lambda: elastic(VOLUME[0][:0], VOLUME[1], chance()), ValueError, "no pixel"),
        (lambda: displacement(4, 4, chance(), depth=0), ValueError, "sides from 1"),
        (lambda: shift_grey(torch.full((1, 2, 2), float("nan")), chance()), ValueError, "NaN"),
        (lambda: mirror(np.arange(3), 3), TypeError, "torch.as_tensor"),
    ],
)
def test_bad_input_says_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call()


# Images: stored experiments rest on these, to the bit ----------------------------------------------------------------


def digest(*tensors):
    return hashlib.sha256(b"".join(t.contiguous().numpy().tobytes() for t in tensors)).hexdigest()[:16]


# Computed before volumes were taken: whole numbers by their checksum, blended ones by value (processors differ).
@pytest.mark.parametrize(
    ("seed", "sums", "field", "grey"),
    [
        (
            0,
            "790aeef4ae009a1d eb8b63843e6c94ad 154cd5b4f43d909c 9d9bb2512022b084 0d61fc3cde82b58b",
            (8001.165354304016, -2.948133945465088, 1.9843202829360962),
            (8.054551124572754, 30.412628173828125),
        ),
        (
            3,
            "f022db412f429db8 956e0c5c63adb648 ef06e1911a22c781 9309798e6c5d627c 196786711340a229",
            (8031.2413045502035, -1.1287187337875366, 5.222204685211182),
            (7.731401443481445, 24.57915496826172),
        ),
    ],
)
def test_images_are_changed_as_they_always_were(seed, sums, field, grey):
    numbers = torch.arange(3 * 40 * 56).reshape(3, 40, 56)
    images, labels = numbers.float() / 100, (numbers % 7 == 0).long() * (numbers % 5)
    _, moved = elastic(images[:2], numbers[0], chance(seed), 3.0 + seed, 3)
    generator = chance(seed)
    flip_and_rotate(images[:2], labels[0], generator)
    elastic(images[:2], labels[0], generator)
    shift_grey(images, generator)
    random_crops(images, labels, 9, 3, generator, 0.5)
    centre_patches(images, labels, 3, 2, generator)
    found = [
        digest(*flip_and_rotate(images[:2], labels[0], chance(seed))),
        digest(moved),
        digest(*random_crops(images, labels, 9, 5, chance(seed), 0.4)),
        digest(*centre_patches(images, labels, 5, 4, chance(seed))),
        digest(generator.get_state()),  # as much chance was drawn
    ]
    assert found == sums.split()
    moves = displacement(33, 47, chance(seed), 5, 3)
    assert (moves.double().sum().item(), *moves[:, 5, 7].tolist()) == pytest.approx(field, rel=1e-5)
    assert shift_grey(images[:2], chance(seed))[:, 11, 13].tolist() == pytest.approx(grey, rel=1e-5)


@few
@given(st.sampled_from([torch.int8, torch.uint8, torch.int16, torch.float16]), st.integers(1, 120))
def test_places_of_few_bits_are_folded_like_all_others(kind, size):
    places = torch.arange(0 if kind == torch.uint8 else -100, 120)
    np.testing.assert_array_equal(mirror(places.to(kind), size).double(), mirror(places.double(), size))


def test_turning_a_volume_turns_every_slice():
    volume = numbered(3, 4, 5)
    np.testing.assert_array_equal(turn(volume, 1, True), np.rot90(np.flip(volume.numpy(), -1), 1, (-2, -1)))
