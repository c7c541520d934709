"""Checkers for chapter 8, "What is the U?": the first three here; the parts and the whole network stand beside it."""

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from unet_teach.course.exercises import NotAnsweredYet, checker
from unet_teach.course.exercises.unet_parts import block, join
from unet_teach.course.exercises.unet_whole import whole

__all__ = ["block", "decoder_parameters", "join", "output_size", "tell_apart", "whole"]


def line_at(column: int) -> Tensor:
    """Return the pencil network's image: (1, 1, 8, 8) zeros, with ones in one column."""
    image = torch.zeros(1, 1, 8, 8)
    image[..., column] = 1
    return image


@checker("Exercise 1", "Where the line stands has become what the channel says. More channels can carry places down.")
def tell_apart(answer: Any) -> str | None:
    """A 3x3 kernel, padded with 1 and followed by ReLU and 2x2 max pooling, that sees lines 2 and 3 differ."""
    try:
        kernel = torch.as_tensor(np.asarray(answer, dtype=np.float32))
    except (TypeError, ValueError):
        return "Give three rows of three plain numbers."
    if kernel.shape != (3, 3):
        return f"The kernel should be 3 x 3; yours has the shape {tuple(kernel.shape)}."
    if not kernel.any():
        return "A kernel of zeros sees nothing."
    seen = [F.conv2d(line_at(column), kernel[None, None], padding=1) for column in (2, 3)]
    if not any(map_.clamp(min=0).any() for map_ in seen):
        return "The ReLU cuts all of it: your kernel is nowhere above 0 on either line. Turn the signs around."
    pooled = [F.max_pool2d(map_.clamp(min=0), 2) for map_ in seen]
    if torch.equal(*pooled):
        if not kernel[:, [0, 2]].any():
            return (
                "Still the same. It looks only straight up and down, so the line keeps its window. Let it look aside: "
                "what if it answers one pixel to the right of the line?"
            )
        return "Still the same after the pooling. Where does the line's answer stand, and does it change its window?"
    return None


@checker("Exercise 2", "Where it gives a number, and only there, the sizes are 16k + 12 and lose 184.")
def output_size(answer: Any) -> str | None:
    """A function (size, depth) -> the output's size in a U-Net of valid convolutions, or None where it does not fit."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    cases = [(572, 4), (188, 4), (204, 4), (1052, 4), (44, 2), (92, 3), (20, 1), (18, 1)]
    given = {case: answer(*case) for case in cases}
    if all(result is None or result is ... for result in given.values()):
        raise NotAnsweredYet
    named = {
        568: "You took the first block away only once: convolutions, poolings and up-convolutions all follow.",
        396: "392 + 4: the last block takes 4 away, it does not add them.",
        392: "392 is right after the last up-convolution. Each block on the way up takes 4 away, the top one too.",
        452: "It comes up from 32: the two convolutions at the bottom are missing. They leave 28.",
        572: "A padded network would keep the size. Here every 3x3 convolution takes 2 pixels away.",
        None: "The paper's own 572 fits. Does each block hold two convolutions, and so take 4 away, not 2?",
    }
    result = given[572, 4]
    if result != 388 and result in named:
        return named[result]
    for size, depth in cases:
        if given[size, depth] != _valid_output(size, depth):
            return (
                f"For {size} pixels and depth {depth} it should give {_valid_output(size, depth)}; "
                f"yours gives {given[size, depth]}."
            )
    for size in range(1, 300):
        for depth in (1, 2, 4):
            wanted, result = _valid_output(size, depth), answer(size, depth)
            if result != wanted and wanted is None:
                why = "some pooling meets an odd size" if result and result > 0 else "nothing is left"
                return f"For {size} pixels and depth {depth} give None: {why}. Yours gives {result}."
            if result != wanted:
                return f"For {size} pixels and depth {depth} it should give {wanted}; yours gives {result}."
    return None


def _valid_output(size: int, depth: int) -> int | None:
    for _ in range(depth):
        size -= 4
        if size < 2 or size % 2:
            return None
        size //= 2
    size -= 4
    for _ in range(depth):
        size = 2 * size - 4
        if size < 1:
            return None
    return size if depth else None


@checker("Exercise 3", "Of these, two thirds stand in the first convolution, because the copy doubles its input.")
def decoder_parameters(answer: Any) -> str | None:
    """The parameters of the paper's first block on the way up: 1024 channels in, two 3x3 convolutions to 512."""
    if isinstance(answer, bool) or not isinstance(answer, int | float | np.number):
        return "Give one number."
    first, second = 512 * (1024 * 9 + 1), 512 * (512 * 9 + 1)
    named = {
        first + second - 1024: "Only the biases are missing: one for each of the 512 channels of both convolutions.",
        first: "This is the first convolution. The second, from 512 to 512 channels, comes on top.",
        2 * second: "The copy is concatenated: 512 channels from across and 512 from below make 1024 going in.",
        2 * first: "Only the first convolution gets 1024 channels; it gives 512, and these go into the second.",
        1024 * 512 + 512 * 512 + 1024: "Each pair of channels has a kernel of 3 x 3 weights, not one.",
        first + second + 1024 * 512 * 4 + 512: "That counts the up-convolution too; the question is about the block.",
    }
    if answer != first + second:
        return named.get(int(answer), "Out channels times (in channels times 9, plus 1 bias), for each convolution.")
    return None
