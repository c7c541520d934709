"""Crops: the same place in image and labels, fair, and centred on foreground where asked."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from unet_teach.transforms import random_crops


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


def numbered(sections, height, width):
    """Give every pixel of a stack a number of its own."""
    labels = torch.arange(sections * height * width).reshape(sections, height, width)
    return labels.float(), labels


@settings(deadline=None)
@given(st.integers(1, 3), st.integers(1, 9), st.integers(1, 9), st.integers(1, 6), st.integers(0, 99), st.floats(0, 1))
def test_image_and_labels_are_cut_at_the_same_place(sections, height, width, count, seed, foreground):
    images, labels = numbered(sections, height, width)
    size = 1 + seed % min(height, width)
    labels = labels + 1
    crops, cut = random_crops(images, labels, size, count, chance(seed), foreground)
    assert crops.shape == (count, 1, size, size)
    assert cut.shape == (count, size, size)
    assert cut.dtype == torch.int64
    assert torch.equal(crops[:, 0] + 1, cut.float())
    assert (cut.diff(dim=1) == width).all()  # a square of one section, not torn
    assert (cut.diff(dim=2) == 1).all()


def test_every_place_of_every_section_comes_up_equally_often():
    images, labels = numbered(2, 3, 4)
    crops, _ = random_crops(images, labels, 2, 6000, chance())
    counts = crops[:, 0, 0, 0].long().bincount(minlength=24).reshape(2, 3, 4)
    assert (counts[:, 2] == 0).all()  # no corner where a crop would stick out
    assert (counts[:, :, 3] == 0).all()
    assert counts[:, :2, :3].min() > 400  # 500 expected, standard deviation 21
    assert counts.max() < 600


def test_foreground_crops_are_centred_on_foreground_or_hold_it_at_the_border():
    labels = torch.zeros(3, 32, 32, dtype=torch.long)
    labels[1, 15, 20] = 2
    _, crops = random_crops(labels.float(), labels, 8, 20, chance(), foreground=1)
    assert (crops[:, 4, 4] == 2).all()
    labels = torch.zeros(1, 32, 32, dtype=torch.long)
    labels[0, 0, 31] = 1
    _, crops = random_crops(labels.float(), labels, 8, 20, chance(), foreground=1)
    assert (crops[:, 0, 7] == 1).all()


def test_sections_with_foreground_are_drawn_equally_often_however_much_they_hold():
    labels = torch.zeros(3, 10, 10, dtype=torch.long)
    labels[0] = 1
    labels[2, 5, 5] = 3
    _, crops = random_crops(labels.float(), labels, 3, 1000, chance(), foreground=1)
    assert 430 < (crops == 3).any(2).any(1).sum() < 570


@pytest.mark.parametrize(
    ("count", "share", "forced"), [(1, 0.33, 0), (2, 0.33, 1), (4, 0.33, 1), (12, 0.33, 4), (5, 0, 0), (5, 1, 5)]
)
def test_the_share_is_nnunets(count, share, forced):
    labels = torch.zeros(1, 500, 500, dtype=torch.long)
    labels[0, 250, 250] = 1
    _, crops = random_crops(labels.float(), labels, 3, count, chance(), share)
    assert (crops[:, 1, 1] == 1).sum() == forced


def test_crops_are_copies_and_the_generator_decides():
    images, labels = numbered(2, 9, 9)
    generator = chance(3)
    state = generator.get_state()
    crops, _ = random_crops(images, labels, 4, 3, generator, 0.5)
    kept = crops.clone()
    images.zero_()
    assert torch.equal(crops, kept)
    images, labels = numbered(2, 9, 9)
    generator.set_state(state)
    assert torch.equal(random_crops(images, labels, 4, 3, generator, 0.5)[0], kept)


STACK = (torch.zeros(2, 8, 6), torch.zeros(2, 8, 6, dtype=torch.long))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: random_crops(*STACK, 7, 1, chance()), "choose 1 to 6"),
        (lambda: random_crops(*STACK, 0, 1, chance()), "choose 1 to 6"),
        (lambda: random_crops(STACK[0][:, None], STACK[1], 4, 1, chance()), "without a channel axis"),
        (lambda: random_crops(STACK[0][:1], STACK[1], 4, 1, chance()), "both be"),
        (lambda: random_crops(STACK[0][:0], STACK[1][:0], 4, 1, chance()), "no sections"),
        (lambda: random_crops(*STACK, 4, 0, chance()), "count >= 1"),
        (lambda: random_crops(*STACK, 4, 1, chance(), foreground=33), "between 0 and 1"),
        (lambda: random_crops(*STACK, 4, 2, chance(), foreground=0.5), "no label is above 0"),
    ],
)
def test_bad_input_says_what_to_do(call, message):
    with pytest.raises(ValueError, match=message):
        call()
