"""Image and labels move together, labels are never blended, and one generator decides everything."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from unet_teach.transforms import augment

seeds = st.integers(0, 2**32)


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


def ramps(height, width):
    """Make an image whose two channels hold each pixel's row and column."""
    return torch.stack(torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")).float()


def blobs(height=40, width=56, classes=5):
    return (
        torch.randint(classes, (height // 4, width // 4), generator=chance(7))
        .repeat_interleave(4, 0)
        .repeat_interleave(4, 1)
    )


def test_all_eight_symmetries_come_up_and_differ():
    image, labels = torch.arange(6.0).reshape(1, 2, 3), torch.arange(6).reshape(2, 3)
    generator, seen = chance(), set()
    for _ in range(200):
        turned, moved = augment.flip_and_rotate(image, labels, generator)
        assert torch.equal(turned[0], moved.float())
        seen.add((moved.shape, *moved.flatten().tolist()))
    assert len(seen) == 8


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_turn_is_numpys_fliplr_and_rot90(turns, mirrored):
    picture = np.arange(12).reshape(3, 4)
    expected = np.rot90(np.fliplr(picture) if mirrored else picture, turns)
    np.testing.assert_array_equal(augment.turn(torch.tensor(picture), turns, mirrored), expected)


def test_a_stack_of_labels_rides_along():
    image, labels = ramps(20, 12), blobs(20, 12)
    one, stack = augment.flip_and_rotate(image, torch.stack([labels, 2 * labels]), chance(3))
    assert stack.shape[1:] == one.shape[1:]
    assert torch.equal(stack[1], 2 * stack[0])
    bent, stack = augment.elastic(image, torch.stack([labels, 2 * labels]), chance(3), sd=2)
    assert torch.equal(stack[0], augment.elastic(image, labels, chance(3), sd=2)[1])
    assert torch.equal(stack[1], 2 * stack[0])
    assert bent.shape == image.shape


@settings(deadline=None)
@given(seeds, st.floats(0, 0.9), st.floats(0, 2))
def test_shift_grey_stays_in_its_range_and_is_a_straight_line(seed, contrast, brightness):
    image = torch.randn(2, 9, 7, generator=chance(seed)) * 30 + 100
    shifted = augment.shift_grey(image, chance(seed + 1), contrast, brightness)
    slope = (shifted.std() / image.std()).item()
    assert 1 - contrast - 1e-3 <= slope <= 1 + contrast + 1e-3
    assert abs(shifted.mean() - image.mean()) <= brightness * image.std() + 1e-2
    line = slope * (image - image.mean()) + shifted.mean()
    torch.testing.assert_close(shifted, line, atol=2e-2, rtol=1e-3)


def test_shift_grey_of_a_flat_image_stays_flat_and_finite():
    assert torch.equal(augment.shift_grey(torch.full((1, 4, 4), 3.0), chance()), torch.full((1, 4, 4), 3.0))


@settings(deadline=None)
@given(seeds, st.floats(0, 20), st.integers(2, 5))
def test_elastic_makes_no_new_label(seed, sd, grid):
    labels = blobs() * 3 - 2  # a negative one too
    _, bent = augment.elastic(labels[None].float(), labels, chance(seed), sd, grid)
    assert bent.dtype == torch.int64
    assert set(bent.unique().tolist()) <= set(labels.unique().tolist())


def test_elastic_keeps_labels_that_a_float_cannot_hold():
    labels = torch.full((8, 8), 2**60 + 1)
    assert torch.equal(augment.elastic(torch.zeros(1, 8, 8), labels, chance())[1], labels)


@settings(deadline=None)
@given(seeds, st.integers(2, 40), st.integers(2, 40), st.floats(0, 30))
def test_elastic_moves_image_and_labels_by_the_same_field(seed, height, width, sd):
    # In an image of its own coordinates, a label and the grey value under it differ by rounding, by 0.05 for a straight
    # line is not quite straight to torch's cubic, and by more beside the border, where the mirrored line has a kink.
    image = ramps(height, width)
    for axis in (0, 1):
        bent, labels = augment.elastic(image, image[axis].long(), chance(seed), sd)
        assert (bent[axis] - labels).abs().max() <= 0.5 + 0.25


def test_elastic_samples_where_the_field_says():
    height, width = 30, 50
    image = ramps(height, width)
    bent, _ = augment.elastic(image, image[0].long(), chance(5), sd=3)
    aim = image + augment.displacement(height, width, chance(5), sd=3)
    inside = ((aim >= 1) & (aim <= torch.tensor([height - 2, width - 2])[:, None, None])).all(0)
    assert inside.float().mean() > 0.6
    torch.testing.assert_close(bent[:, inside], aim[:, inside], atol=0.05, rtol=0)  # slope 1.5 at each pixel, not 1


@pytest.mark.parametrize(("sides", "least"), [((160, 160), 0.84), ((24, 48, 48), 0.78)])
def test_elastic_hardly_blurs(sides, least):
    # Linear sampling keeps 2/3 of the sd of noise in an image, and 0.54 in a volume. A network that learns from blurred
    # sections and is examined on sharp ones is handicapped: every recipe without bending seems to beat it.
    noise = torch.randn(1, *sides, generator=chance(1))
    bent, _ = augment.elastic(noise, torch.zeros(sides), chance(2), sd=5)
    assert least < (bent.std() / noise.std()).item() < 1


def test_elastic_without_displacement_changes_nothing():
    image, labels = torch.randn(3, 17, 23, generator=chance()), torch.arange(17 * 23).reshape(17, 23)
    bent, moved = augment.elastic(image, labels, chance(), sd=0)
    torch.testing.assert_close(bent, image, atol=1e-4, rtol=0)
    assert torch.equal(moved, labels)


def test_the_field_goes_through_the_vectors_drawn_and_has_the_papers_spread():
    field = augment.displacement(41, 61, chance(2))
    vectors = 10 * torch.randn(1, 2, 3, 3, generator=chance(2))[0]
    torch.testing.assert_close(field[:, ::20, ::30], vectors, atol=1e-4, rtol=0)
    first, middle, last = vectors[:, 0].T  # half-way between two of them, Keys' cubic with a = -0.75:
    halfway = (0.59375 - 0.09375) * first + 0.59375 * middle - 0.09375 * last
    torch.testing.assert_close(field[:, 0, 15], halfway, atol=1e-4, rtol=0)
    generator = chance(4)
    many = torch.stack([augment.displacement(3, 3, generator) for _ in range(2000)])
    assert many.std().item() == pytest.approx(10, rel=0.02)
    assert abs(many.mean().item()) < 0.2


def test_the_field_is_smooth():
    field = augment.displacement(512, 512, chance(1))
    assert field.diff(dim=1).abs().max() < 1  # no fold: neighbours stay in order
    assert field.diff(dim=2).abs().max() < 1


@settings(deadline=None)
@given(hnp.arrays(np.float32, st.integers(1, 7), elements=st.floats(-5, 5, width=32)), st.integers(0, 40))
def test_mirror_is_numpys_reflect(line, margin):
    places = augment.mirror(torch.arange(-margin, len(line) + margin), len(line))
    np.testing.assert_array_equal(line[places.numpy()], np.pad(line, margin, mode="reflect"))


def test_the_same_generator_state_gives_the_same_augmentation():
    image, labels = torch.randn(1, 20, 20, generator=chance()), blobs(20, 20)

    def all_three(generator):
        turned, moved = augment.flip_and_rotate(image, labels, generator)
        bent, moved = augment.elastic(augment.shift_grey(turned, generator), moved, generator, sd=3)
        return bent, moved

    generator = chance(9)
    all_three(generator)
    state = generator.get_state()
    first = all_three(generator)
    torch.manual_seed(123)  # the global chance plays no part
    generator.set_state(state)
    again = all_three(generator)
    assert torch.equal(first[0], again[0])
    assert torch.equal(first[1], again[1])
    assert not torch.equal(first[0], all_three(generator)[0])


PAIR = (torch.zeros(1, 8, 8), torch.zeros(8, 8, dtype=torch.long))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: augment.flip_and_rotate(PAIR[1], PAIR[1], chance()), r"pass image\[None\]"),
        (lambda: augment.flip_and_rotate(PAIR[0], torch.zeros(8, 9), chance()), "must agree"),
        (lambda: augment.elastic(PAIR[0], torch.zeros(9, 8), chance()), "must agree"),
        (lambda: augment.elastic(PAIR[0].byte(), PAIR[1], chance()), "normalise the image"),
        (lambda: augment.elastic(*PAIR, chance(), sd=-1), "sd >= 0"),
        (lambda: augment.elastic(*PAIR, chance(), grid=1), "at least 2 x 2"),
        (lambda: augment.shift_grey(PAIR[0].byte(), chance()), "normalise the image"),
        (lambda: augment.shift_grey(PAIR[0], chance(), contrast=1), "contrast < 1"),
    ],
)
def test_bad_input_says_what_to_do(call, message):
    with pytest.raises(ValueError, match=message):
        call()
