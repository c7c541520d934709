"""The checker of chapter 11's exercise 3: a skip is silenced, each of its channels put at its own mean."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from unet_teach.course.exercises import FUNCTION, ask, checker, close, numbers
from unet_teach.course.exercises.judging import Mistakes, recognised

SHAPES = ((2, 6, 4, 5), (1, 4, 7, 3), (3, 10, 2, 6), (2, 2, 5, 5))


def _first_half(change: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """Return the function that changes the first half of the channels, and leaves the other."""

    def changed(x: Tensor) -> Tensor:
        across, below = x.chunk(2, dim=1)
        return torch.cat([change(across).expand_as(across), below], dim=1)

    return changed


def _means(*axes: int) -> Callable[[Tensor], Tensor]:
    return lambda x: x.mean(axes, keepdim=True)


silenced = _first_half(_means(2, 3))
QUIET_MISTAKES: Mistakes = (
    (lambda x: x, "Nothing is silenced yet."),
    (
        lambda x: silenced(x.roll(x.shape[1] // 2, 1)).roll(x.shape[1] // 2, 1),
        "That is the half that comes from below. What comes across stands first.",
    ),
    (
        lambda x: x.mean((2, 3), keepdim=True).expand_as(x),
        "The half that comes from below must stay as it is; you silenced both.",
    ),
    (
        _first_half(torch.zeros_like),
        "Zeros are no silence: the level may never have met them. Put each channel's mean there.",
    ),
    (_first_half(_means(0, 2, 3)), "Each image has its own mean: do not average over axis 0, the images."),
    (_first_half(_means(1, 2, 3)), "Each channel has its own mean: do not average over axis 1, the channels."),
    (_first_half(_means(0, 1, 2, 3)), "One mean for all images and channels: each channel of each image has its own."),
    (
        _first_half(_means(2)),
        "A mean over the rows only, column by column. Every pixel of a channel gets the same number: axes 2 and 3.",
    ),
    (
        _first_half(_means(3)),
        "A mean over the columns only, row by row. Every pixel of a channel gets the same number: axes 2 and 3.",
    ),
    (
        _first_half(_means(1)),
        "A mean over the channels, pixel by pixel, still says where things are. Average over the pixels: axes 2 and 3.",
    ),
    (
        _first_half(lambda across: across - across.mean((2, 3), keepdim=True)),
        "You took the mean away and left the rest. Put the mean in the channel's place.",
    ),
    (
        _first_half(lambda across: across.flatten(2).median(2)[0][..., None, None]),
        "The mean is wanted, not the median.",
    ),
    (_first_half(lambda across: across.amax((2, 3), keepdim=True)), "The mean is wanted, not the largest."),
    (
        lambda x: torch.cat([x[:, :1].mean((2, 3), keepdim=True).expand_as(x[:, :1]), x[:, 1:]], dim=1),
        "Only the first channel is silenced: it is half of them all.",
    ),
    (
        lambda x: torch.cat([x[:, :3].mean((2, 3), keepdim=True).expand_as(x[:, :3]), x[:, 3:]], dim=1),
        "Three channels are silenced, however many came in. Half of them is x.shape[1] // 2.",
    ),
)


@checker(
    "Exercise 3",
    "The level still gets numbers of the usual size, and no longer learns where anything is.",
    wants=FUNCTION,
)
def quiet(answer: Callable[[Tensor], Any]) -> str | None:
    """A function: (N, 2c, H, W), skip first -> a new tensor in which each of the first c channels is its own mean."""
    cases, given = [], []
    for seed, shape in enumerate(SHAPES):
        x = 3 + 2 * torch.randn(shape, generator=torch.Generator().manual_seed(seed))
        result = ask(answer, x)
        if not isinstance(result, Tensor):
            return "Give a tensor back, like the one that came in."
        if result.shape != x.shape:
            return (
                f"All channels of {shape} come back, the silenced ones and the others; yours is {tuple(result.shape)}."
            )
        cases.append((x,))
        given.append(numbers(result))
    if all(close(result, silenced(*case)) for case, result in zip(cases, given, strict=True)):
        return None
    known = recognised(QUIET_MISTAKES, cases, given)
    if known:
        return known
    x, result = next((x, result) for (x,), result in zip(cases, given, strict=True) if not close(result, silenced(x)))
    half = x.shape[1] // 2
    where = "the half that comes from below must stay as it is" * (not close(result[:, half:], x[:, half:]))
    return f"{tuple(x.shape)}: {where or 'each of the first channels should hold its own mean, at every pixel'}."


MEANS = "x[:, :channels].mean(dim="
EQUIVALENT = {  # changed solutions that are right
    "Exercise 3: `x.shape[1] // 2` -> `x.shape[1] // -2`": "all but the last c of 2c channels are the first c",
    f"Exercise 3: `{MEANS}(2, 3), keepdim=True)` -> `{MEANS}(-2, 3), keepdim=True)`": "of four axes, -2 is axis 2",
}
