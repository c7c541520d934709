"""Checkers for chapter 8, "What is the U?": the first three here; the parts and the whole network stand beside it."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from unet_teach.course.exercises import FUNCTION, NotAnsweredYet, ask, checker, numbers, same
from unet_teach.course.exercises.unet_parts import block, join
from unet_teach.course.exercises.unet_whole import whole

__all__ = ["block", "decoder_parameters", "join", "output_size", "tell_apart", "whole"]

SIZES = {1: range(1, 120), 2: range(1, 200), 3: range(1, 300), 4: range(1, 900), 5: range(380, 900)}  # by depth
BLOCK = 512 * (1024 * 9 + 1) + 512 * (512 * 9 + 1)


def line_at(column: int) -> Tensor:
    """Return the pencil network's image: (1, 1, 8, 8) zeros, with ones in one column."""
    image = torch.zeros(1, 1, 8, 8, dtype=torch.double)
    image[..., column] = 1
    return image


@checker("Exercise 1", "Where the line stands has become what the channel says. More channels can carry places down.")
def tell_apart(answer: Any) -> str | None:
    """A 3x3 kernel, padded with 1 and followed by ReLU and 2x2 max pooling, that sees lines 2 and 3 differ."""
    kernel = torch.from_numpy(numbers(answer, (3, 3)))
    if not kernel.any():
        return "A kernel of zeros sees nothing."
    seen = [F.conv2d(line_at(column), kernel[None, None], padding=1).relu() for column in (2, 3)]
    if not any(map_.any() for map_ in seen):
        return "The ReLU cuts all of it: your kernel is nowhere above 0 on either line. Turn the signs around."
    left, right = (F.max_pool2d(map_, 2) for map_ in seen)
    if not torch.allclose(left, right):
        return None
    if not kernel[:, [0, 2]].any():
        return (
            "Still the same. It looks only straight up and down, so the line keeps its window. Let it look aside: "
            "what if it answers one pixel to the right of the line?"
        )
    return "Still the same after the pooling. Where does the line's answer stand, and does it change its window?"


@checker("Exercise 2", "Where it gives a number, and only there, the sizes are 16k + 12 and lose 184.", wants=FUNCTION)
def output_size(answer: Callable[[int, int], Any]) -> str | None:
    """A function (size, depth) -> the output's size in a U-Net of valid convolutions, or None where it does not fit."""
    cases = [(572, 4), (570, 4), (172, 4), *((size, depth) for depth, sizes in SIZES.items() for size in sizes)]
    given = {case: ask(answer, *case, none=True) for case in cases}
    if all(result is None for result in given.values()):
        raise NotAnsweredYet
    named: dict[float | None, str] = {
        568: "You took the first block away only once: convolutions, poolings and up-convolutions all follow.",
        396: "392 + 4: the last block takes 4 away, it does not add them.",
        392: "392 is right after the last up-convolution. Each block on the way up takes 4 away, the top one too.",
        452: "It comes up from 32: the two convolutions at the bottom are missing. They leave 28.",
        28: "28 is the size at the bottom, after its two convolutions. Now walk up again.",
        448: "28 four times doubled: on the way up each block takes 4 away, too.",
        384: "On the way up the doubling comes first, then the block takes 4 away.",
        572: "A padded network would keep the size. Here every 3x3 convolution takes 2 pixels away.",
        None: "The paper's own 572 fits. Does each block hold two convolutions, and so take 4 away, not 2?",
    }
    paper = None if given[572, 4] is None else float(numbers(given[572, 4], ()))
    if paper in named:
        return named[paper]
    if all(same(given[case], _output(case[0], 4)[0]) for case in cases[:300]):
        return "It does the same for every depth: that many times down, and that many times up."
    for (size, depth), result in given.items():
        wanted, why = _output(size, depth)
        if wanted is None and result is not None:
            return f"For {size} pixels and depth {depth} return None: {why}. Yours gives {result!r}."
        if wanted is not None and (result is None or numbers(result, ()) != wanted):
            return f"For {size} pixels and depth {depth} it should give {wanted}; yours gives {result}."
    return None


def _output(size: int, depth: int) -> tuple[int | None, str]:
    """Return the output's size, or None and why there is none."""
    for _ in range(depth):
        size -= 4
        if size % 2:
            return None, f"some pooling meets an odd size, {size}"
        size //= 2
    size -= 4
    for _ in range(depth):
        size = 2 * size - 4
    return (size, "") if size > 0 else (None, "nothing is left")


@checker("Exercise 3", "Of these, two thirds stand in the first convolution, because the copy doubles its input.")
def decoder_parameters(answer: Any) -> str | None:
    """The parameters of the paper's first block on the way up: 1024 channels in, two 3x3 convolutions to 512."""
    number = float(numbers(answer, ()))
    first, second = 512 * (1024 * 9 + 1), 512 * (512 * 9 + 1)
    named = {
        BLOCK - 1024: "Only the biases are missing: one for each of the 512 channels of both convolutions.",
        BLOCK - 512: "Both convolutions have a bias for each of their 512 channels; one of the two is missing.",
        BLOCK + 512: "A bias belongs to an output: 512 in each convolution, however many channels come in.",
        first: "This is the first convolution. The second, from 512 to 512 channels, comes on top.",
        first - 512: "This is the first convolution, without its biases. The second comes on top.",
        second: "This is the second convolution. The first, from 1024 channels, comes on top.",
        2 * second: "The copy is concatenated: 512 channels from across and 512 from below make 1024 going in.",
        2 * first: "Only the first convolution gets 1024 channels; it gives 512, and these go into the second.",
        1024 * 512 + 512 * 512 + 1024: "Each pair of channels has a kernel of 3 x 3 weights, not one.",
        9 * (1024 + 512) + 1024: "Every channel that goes in meets every channel that comes out: multiply the two.",
        BLOCK + 1024 * 512 * 4 + 512: "That counts the up-convolution too; the question is about the block.",
        31_030_658: "That is the whole network. The question is about one block.",
    }
    if number != BLOCK:
        return named.get(int(number), "Out channels times (in channels times 9, plus 1 bias), for each convolution.")
    return None


EQUIVALENT = {  # changed solutions that are right
    "Exercise 1: ...": "any kernel that looks aside and is somewhere above 0 tells the lines apart",
    "Exercise 2: `size < 2 or size % 2` -> ...": "what is 2 or less comes out negative, and so is None in the end",
    "Exercise 2: `size //= 2` -> `size /= 2`": "even sizes only: 388.0 is 388",
    "Exercise 2: `size if size > 0 else None` -> `size if size > 1 else None`": "outputs are even, never 1",
}
