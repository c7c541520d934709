"""The checkers of chapter 8's exercises 4 and 5: the block, and the join of a copy with what comes from below."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from unet_teach.course.exercises import NotAnsweredYet, checker
from unet_teach.models.original_unet import ValidBlock, centre_crop


@checker("Exercise 4", "Two convolutions, two ReLUs: this is the only block the paper's network has.")
def block(answer: Any) -> str | None:
    """A function (in_channels, out_channels) -> a module: twice a valid 3x3 convolution and a ReLU."""
    if not callable(answer):
        return "Give the function itself, my_block, without brackets."
    made = answer(3, 5)
    if made is None or made is ...:
        raise NotAnsweredYet
    if not isinstance(made, nn.Module):
        return "Return a torch module, for example nn.Sequential(...)."
    layers = [layer for layer in made.modules() if isinstance(layer, nn.Conv2d)]
    shapes = [(layer.in_channels, layer.out_channels, *layer.kernel_size) for layer in layers]
    if len(layers) != 2:
        return f"The block has two convolutions; yours has {len(layers)}."
    if any(layer.padding != (0, 0) for layer in layers):
        return "The paper's convolutions are valid: leave the padding out, and let 4 pixels go."
    if shapes == [(3, 3, 3, 3), (3, 5, 3, 3)]:
        return "The channels change in the first convolution, not in the second: 3 to 5, then 5 to 5."
    if shapes != [(3, 5, 3, 3), (5, 5, 3, 3)]:
        return "From 3 channels to 5, then from 5 to 5, both with kernels of 3 x 3."
    if any(layer.bias is None for layer in layers):
        return "The paper's convolutions have a bias each. Without a normalisation after them they need it."
    x, theirs = torch.randn(2, 3, 12, 9, generator=torch.Generator().manual_seed(0)), ValidBlock(3, 5)
    for ours, reference in zip(layers, (theirs[0], theirs[2]), strict=True):
        reference.load_state_dict(ours.state_dict())
    with torch.inference_mode():
        given, wanted = made(x.clone()), theirs(x.clone())
        after_first = F.conv2d(x, layers[0].weight, layers[0].bias)
        no_last = F.conv2d(after_first.relu(), layers[1].weight, layers[1].bias)
        no_first = F.conv2d(after_first, layers[1].weight, layers[1].bias)
    if given.shape != wanted.shape:
        return f"(2, 3, 12, 9) should become {tuple(wanted.shape)}; yours gives {tuple(given.shape)}."
    if torch.allclose(given, no_first):
        return "There is no ReLU in it. Two convolutions with nothing between them are one larger convolution."
    if torch.allclose(given, no_last):
        return "The second convolution has a ReLU after it too."
    if torch.allclose(given, no_first.relu()):
        return "The ReLU after the first convolution is missing. Without it the two are one larger convolution."
    if not torch.allclose(given, wanted):
        return "The shapes are right, the numbers are not: convolution, ReLU, convolution, ReLU, and nothing else."
    return None


@checker("Exercise 5", "Cropped to the middle and put side by side; nothing is added, nothing is lost.")
def join(answer: Any) -> str | None:
    """A function (skip, up) -> the middle of `skip`, as large as `up`, followed by `up` along the channels."""
    if not callable(answer):
        return "Give the function itself, my_join, without brackets."
    generator = torch.Generator().manual_seed(0)
    for sides, smaller in [((12, 16), (8, 8)), ((9, 12), (6, 7)), ((5, 5), (5, 5))]:
        skip, up = torch.rand(2, 3, *sides, generator=generator), torch.rand(2, 3, *smaller, generator=generator)
        given = answer(skip, up)
        if given is None or given is ...:
            raise NotAnsweredYet
        middle = centre_crop(skip, up)
        corner = skip[:, :, : smaller[0], : smaller[1]]
        case = f"a skip of {sides} and {smaller} from below"
        if not isinstance(given, Tensor):
            return "Return one tensor: torch.cat puts two together."
        if given.shape == up.shape and torch.allclose(given, middle + up):
            return "You added the two. A skip of the U-Net is concatenated: 3 channels and 3 channels are 6."
        if given.shape[0] == 4:
            return "They are stacked as images. Dimension 0 counts images, dimension 1 channels: torch.cat(..., dim=1)."
        if given.shape[:2] == (2, 6) and given.shape[2:] != up.shape[2:]:
            return f"The result should be as large as what comes from below: with {case}, {smaller} pixels."
        if given.shape != (2, 6, *smaller):
            return f"With {case}, the shape should be {(2, 6, *smaller)}; yours is {tuple(given.shape)}."
        if torch.equal(given, torch.cat([up, middle], dim=1)):
            return (
                "Both are there, in the other order. The paper's figure shows the copy first; the order is free, but "
                "it has to be the same wherever the weights are used, so let us keep it."
            )
        if sides != smaller and torch.equal(given[:, :3], corner):
            return "You kept the top left corner of the skip. Take the middle: as much off the left as off the right."
        if (
            sides != smaller
            and torch.equal(given[:, 3:], up)
            and torch.allclose(given[:, :3], F.interpolate(skip, smaller))
        ):
            return "You shrank the skip. Cut its middle out instead, so that each pixel stays where it belongs."
        if not torch.equal(given, torch.cat([middle, up], dim=1)):
            return f"The shape is right, the numbers are not, with {case}."
    return None
