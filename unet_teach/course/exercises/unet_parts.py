"""The checkers of chapter 8's exercises 4 and 5: the block, and the join of a copy with what comes from below."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from unet_teach.course.exercises import FUNCTION, ask, checker
from unet_teach.course.exercises.unet_watch import OTHER_NUMBERS, has, random_image, unlike, watch
from unet_teach.models.original_unet import ValidBlock, centre_crop

CHANNELS = ((3, 5), (4, 4), (6, 2), (1, 7))  # in, out
SIZES = (  # channels from below, the size of a copy, and of what comes from below
    (3, (12, 16), (8, 8)),
    (3, (14, 9), (10, 7)),
    (2, (8, 7), (8, 3)),
    (4, (5, 6), (5, 6)),
    (3, (9, 12), (6, 7)),
)


@checker("Exercise 4", "Two convolutions, two ReLUs: this is the only block the paper's network has.", wants=FUNCTION)
def block(answer: Callable[[int, int], nn.Module]) -> str | None:
    """A function (in_channels, out_channels) -> a module: twice a valid 3x3 convolution and a ReLU."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)  # the same answer gets the same verdict, and the reader's own chance goes on undisturbed
        made = [ask(answer, *channels) for channels in (*CHANNELS, CHANNELS[1])]
        for channels, one in zip(CHANNELS, made, strict=False):
            hint = _by_its_layers(one, *channels) or _by_its_numbers(one, *channels)
            if hint:
                return hint
        if {id(weights) for weights in made[1].parameters()} & {id(weights) for weights in made[-1].parameters()}:
            return "Two calls give the same weights. Each block needs its own: make them anew in each call."
    return None


def _by_its_layers(made: Any, a: int, b: int) -> str | None:
    if not isinstance(made, nn.Module):
        return "Return a torch module, for example nn.Sequential(...)."
    steps, _, _ = watch(made, random_image(2, a, 12, 9))  # lazy layers know their channels afterwards
    layers = [layer for layer in made.modules() if isinstance(layer, nn.Conv2d)]
    if len(layers) == 1 and len(steps) == 2:
        return f"From {a} channels to {b} it runs one convolution twice. They are two, each with weights of its own."
    if len(layers) != 2:
        return f"The block has two nn.Conv2d layers; yours has {len(layers)}."
    if has(made, "Norm"):
        return "The paper's block has no normalisation: convolution, ReLU, convolution, ReLU."
    if any(layer.padding not in ((0, 0), "valid") for layer in layers):
        return "The paper's convolutions are valid: leave the padding out, and let 4 pixels go."
    if any(layer.stride != (1, 1) or layer.dilation != (1, 1) for layer in layers):
        return "Leave stride and dilation at 1: the window of 3 x 3 moves pixel by pixel."
    shapes = [(layer.in_channels, layer.out_channels, *layer.kernel_size) for layer in layers]
    if a != b and shapes == [(a, a, 3, 3), (a, b, 3, 3)]:
        return f"The channels change in the first convolution, not in the second: {a} to {b}, then {b} to {b}."
    if shapes != [(a, b, 3, 3), (b, b, 3, 3)] or any(layer.groups > 1 for layer in layers):
        return f"my_block({a}, {b}): from {a} channels to {b}, then from {b} to {b}, both with full kernels of 3 x 3."
    if any(layer.bias is None for layer in layers):
        return "The paper's convolutions have a bias each. Without a normalisation after them they need it."
    return None


def _by_its_numbers(made: nn.Module, a: int, b: int) -> str | None:
    theirs, image = ValidBlock(a, b), random_image(2, a, 12, 9)
    steps, given, problem = watch(made.eval(), image)
    if problem is not None:
        return f"It stops after {len(steps)} convolutions with {type(problem).__name__}: {problem}"
    if not isinstance(given, Tensor) or given.shape != (2, b, 8, 5) or len(steps) != 2:
        shape = tuple(given.shape) if isinstance(given, Tensor) else type(given).__name__
        return f"{tuple(image.shape)} should become {(2, b, 8, 5)} in two convolutions; {len(steps)} ran, to {shape}."
    (first, *_), (second, *_) = steps
    for hint, mistake in BLOCK_MISTAKES.items():
        with torch.inference_mode():
            if torch.allclose(given, mistake(first, second, image), rtol=1e-4):
                return hint
    other = unlike(made, theirs, [(first, theirs[0]), (second, theirs[2])], image, dropout=False)
    return "The shapes are right, the numbers are not: two ReLUs and nothing else." if other == OTHER_NUMBERS else other


BLOCK_MISTAKES: dict[str, Callable[[nn.Module, nn.Module, Tensor], Tensor]] = {
    "There is no ReLU in it. Two convolutions with nothing between them are one larger convolution.": (
        lambda first, second, x: second(first(x))
    ),
    "The second convolution has a ReLU after it too.": lambda first, second, x: second(first(x).relu()),
    "The ReLU after the first convolution is missing. Without it the two are one larger convolution.": (
        lambda first, second, x: second(first(x)).relu()
    ),
    "Each ReLU stands after its convolution, not before it.": lambda first, second, x: second(first(x.relu()).relu()),
    "The image itself passes no ReLU; each convolution's output does.": (
        lambda first, second, x: second(first(x.relu()).relu()).relu()
    ),
}


@checker("Exercise 5", "Cropped to the middle and put side by side; nothing is added, nothing is lost.", wants=FUNCTION)
def join(answer: Callable[[Tensor, Tensor], Tensor]) -> str | None:
    """A function (skip, up) -> the middle of `skip`, as large as `up`, followed by `up` along the channels."""
    for channels, sides, smaller in SIZES:
        skip, up = random_image(2, 3, *sides), random_image(2, channels, *smaller, seed=1)
        case = f"with a skip of {sides} and {smaller} from below"
        try:
            given = ask(answer, skip, up)
        except RuntimeError as error:
            nothing = any(much == little for much, little in zip(sides, smaller, strict=True))
            why = (
                "Where nothing is to be cut, 0:-0 keeps nothing." if nothing else "Is the copy cut to that size first?"
            )
            return f"It stops {case}: {error} {why}"
        hint = _joined(given, skip, up, case)
        if hint:
            return hint
    learns = [(1 * part).requires_grad_() for part in (skip, up)]
    try:
        given = answer(*(1 * part for part in learns))
    except RuntimeError as error:  # numpy, for one, cannot carry a way back
        return f"It stops where a tensor should learn: {error}"
    if not given.requires_grad:
        return "The way back is cut, so that nothing below could learn (torch.no_grad, detach, .data?)."
    slopes = torch.autograd.grad(given.sum(), learns, allow_unused=True)
    for part, slope in zip(("copy", "part from below"), slopes, strict=True):
        if slope is None or not slope.any():
            return f"The way back through the {part} is cut (torch.no_grad, detach, .data?)."
    return None


def _joined(given: Any, skip: Tensor, up: Tensor, case: str) -> str | None:
    """Judge one join. Where an odd number of rows is too many, the middle may lie on either side."""
    if not isinstance(given, Tensor):
        return "Return one tensor: torch.cat puts two together."
    (height, width), (h, w) = skip.shape[2:], up.shape[2:]
    places = [((height - h + i) // 2, (width - w + j) // 2) for i in (0, 1) for j in (0, 1)]
    if any(_equal(given, torch.cat([skip[:, :, y : y + h, x : x + w], up], dim=1)) for y, x in places):
        return None
    for hint, mistake in JOIN_MISTAKES.items():
        try:
            wrong = mistake(skip, up)
        except RuntimeError:  # the channels, or the sizes, do not fit this mistake
            continue
        if _equal(given, wrong):
            return hint
    wanted = (skip.shape[0], skip.shape[1] + up.shape[1], h, w)
    if given.shape[:2] == wanted[:2] and given.shape[2:] != (h, w):
        return f"The result should be as large as what comes from below: {case}, {(h, w)} pixels."
    if given.shape != wanted:
        return f"The shape should be {wanted}, {case}; yours is {tuple(given.shape)}."
    if _equal(given[:, -up.shape[1] :], up):
        return f"What comes from below is right, {case}; the copy is not its middle, unchanged."
    return f"The shape is right, the numbers are not, {case}."


def _equal(given: Tensor, other: Tensor) -> bool:
    return given.shape == other.shape and torch.equal(given.to(other.dtype), other)


def _corner(skip: Tensor, up: Tensor, last: bool = False) -> Tensor:
    (h, w), (height, width) = up.shape[2:], skip.shape[2:]
    return skip[:, :, height - h :, width - w :] if last else skip[:, :, :h, :w]


JOIN_MISTAKES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "You added the two. A skip of the U-Net is concatenated: 3 channels and 3 channels are 6.": (
        lambda skip, up: centre_crop(skip, up) + up
    ),
    "They are stacked as images. Dimension 0 counts images, dimension 1 channels: torch.cat(..., dim=1).": (
        lambda skip, up: torch.cat([centre_crop(skip, up), up])
    ),
    "Both are there, in the other order. The paper's figure shows the copy first; the order is free, but "
    "it has to be the same wherever the weights are used, so let us keep it.": (
        lambda skip, up: torch.cat([up, centre_crop(skip, up)], dim=1)
    ),
    "You kept the top left corner of the skip. Take the middle: as much off the left as off the right.": (
        lambda skip, up: torch.cat([_corner(skip, up), up], dim=1)
    ),
    "You kept the bottom right corner of the skip. Take the middle: half of what is too much comes off there.": (
        lambda skip, up: torch.cat([_corner(skip, up, last=True), up], dim=1)
    ),
    "You shrank the skip. Cut its middle out instead, so that each pixel stays where it belongs.": (
        lambda skip, up: torch.cat([F.interpolate(skip, up.shape[2:]), up], dim=1)
    ),
    "Only the part from below came out. The copy's middle goes before it.": lambda skip, up: up,
    "Only the copy came out. What comes from below follows it.": centre_crop,
}


EQUIVALENT = {  # a changed solution that is right
    "Exercise 4: `return nn.Sequential(nn.Conv2d(in_channels, out_channels, kernel_size=3), nn.ReLU(), "
    "nn.Conv2d(out_channels, out_channels, kernel_size=3), nn.ReLU())` -> `with torch.no_grad():`": (
        "weights made under it can learn all the same"
    ),
}
