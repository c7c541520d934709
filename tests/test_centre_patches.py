"""Patches of the centre's class: balanced, whole, fair, and of the section they say."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from unet_teach.transforms import centre_patches


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


def stack(sections=3, height=14, width=17, seed=0):
    """Images in which each pixel has a number of its own, and labels by chance."""
    images = torch.arange(sections * height * width).reshape(sections, height, width)
    return images, torch.rand(images.shape, generator=chance(seed)) < 0.4


@settings(deadline=None)
@given(st.sampled_from([1, 3, 5, 7]), st.integers(1, 5), st.integers(0, 99))
def test_half_of_each_section_is_foreground_and_every_patch_is_a_true_crop(size, half, seed):
    images, labels = stack(seed=seed)
    patches, answers, sections = centre_patches(images, labels, size, 2 * half, chance(seed))
    assert patches.shape == (6 * half, 1, size, size)
    assert answers.shape == (6 * half, 1, 1)
    for number in range(3):
        assert answers[sections == number].sum() == half
    for patch, answer, section in zip(patches[:, 0], answers.flatten(), sections, strict=True):
        number, row, column = (images == patch[size // 2, size // 2]).nonzero()[0].tolist()
        assert number == section
        assert labels[number, row, column] == bool(answer)
        top, left = row - size // 2, column - size // 2
        assert torch.equal(patch, images[number, top : top + size, left : left + size])


def test_no_pixel_is_drawn_twice_and_all_can_be():
    images, labels = torch.arange(64).reshape(1, 8, 8), torch.zeros(1, 8, 8)
    labels[0, :4] = 1
    patches, _, _ = centre_patches(images, labels, 1, 64, chance())
    assert sorted(patches.flatten().tolist()) == list(range(64))


def test_the_generator_decides_and_patches_are_copies():
    images, labels = stack()
    before = images.clone()
    first, again, other = (centre_patches(images, labels, 3, 8, chance(seed))[0] for seed in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    first.zero_()
    assert torch.equal(images, before)


@pytest.mark.parametrize(
    ("size", "per_section", "message"),
    [(4, 2, "odd"), (15, 2, "odd and at most 14"), (3, 3, "even"), (3, 0, "even"), (13, 60, "section 0 has")],
)
def test_what_cannot_be_cut_is_refused(size, per_section, message):
    with pytest.raises(ValueError, match=message):
        centre_patches(*stack(), size, per_section, chance())


def test_shapes_that_disagree_are_refused():
    with pytest.raises(ValueError, match="must both be"):
        centre_patches(torch.zeros(1, 8, 8), torch.zeros(1, 8, 9), 3, 2, chance())
