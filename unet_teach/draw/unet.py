"""The U, drawn from a live network: every box is a tensor of a real forward pass, every arrow an operation.

In the manner of Figure 1 of Ronneberger et al. 2015. Introduced in chapter 8.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from unet_teach.draw.numbers import Drawing

COLOURS = {"conv 3": "#0072B2", "pool": "#D55E00", "up": "#009E73", "copy": "currentColor", "conv 1": "#CC79A7"}
TALLEST, WIDEST, GAP, ROW_GAP, TOP = 150, 34, 30, 44, 34  # pixels


@dataclass(frozen=True)
class Box:
    """One tensor: what made it, its channels, size and level (0 on top), and how many channels were copied to it."""

    operation: str
    channels: int
    size: int
    level: int
    copied: int = 0
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0


def draw_unet(network: nn.Module, image: Tensor) -> Drawing:
    """Draw a network of the U-Net family as it processes an image.

    Parameters
    ----------
    network : a network whose convolutions, max poolings and transposed convolutions are torch's layers
    image : (1, C, H, W), of a size that the network takes; a volume (1, C, D, H, W) is drawn by its width

    Raises
    ------
    ValueError
        If the network does not go down and up again equally often.

    Introduced in chapter 8.
    """
    boxes = arrange(read_off(network, image))
    parts = [mark for box, before in zip(boxes, [None, *boxes[:-1]], strict=True) for mark in _box(box, before)]
    parts += _copies(boxes)
    right, bottom = max(box.x + box.width for box in boxes) + 12, max(box.y + box.height for box in boxes) + 22
    kinds = [kind for kind in COLOURS if kind == "copy" or any(box.operation == kind for box in boxes)]
    parts += [
        f'<g transform="translate(12 {bottom + 20 * row:g})">{_arrow(0, -4, 26, -4, kind)}'
        f'<text x="34" y="0" text-anchor="start">{LEGEND[kind]}</text></g>'
        for row, kind in enumerate(kinds)
    ]
    first, last = boxes[0], boxes[-1]
    count = sum(weight.numel() for weight in network.parameters())
    title = (
        f"{type(network).__name__}: {first.channels} channel(s) of {first.size} pixels go down "
        f"{max(box.level for box in boxes)} levels to {max(box.channels for box in boxes):,} channels of "
        f"{min(box.size for box in boxes)}, and up again to {last.channels} channel(s) of {last.size}; "
        f"{count:,} parameters. At every level a copy goes across."
    )
    height = bottom + 20 * len(kinds)
    return Drawing(
        f'<svg role="img" viewBox="0 0 {right:g} {height:g}" style="width:100%;max-width:{right:g}px;height:auto" '
        'fill="currentColor" text-anchor="middle" font-family="sans-serif" font-size="10" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


LEGEND = {
    "conv 3": "convolution 3, ReLU",
    "pool": "max pooling 2",
    "up": "up-convolution 2",
    "copy": "copy (cropped where sizes differ)",
    "conv 1": "convolution 1",
}


def read_off(network: nn.Module, image: Tensor) -> list[Box]:
    """Run the network once, and note every tensor that changes shape or channels, in the order of the run."""
    boxes = [Box("input", image.shape[1], image.shape[-1], 0)]

    def note(operation: str, step: int) -> Callable[[nn.Module, Sequence[Tensor], Any], None]:
        def hook(layer: nn.Module, inputs: Sequence[Tensor], output: Tensor) -> None:
            before, arriving = boxes[-1], inputs[0].shape[1]
            if before.operation == "up" and arriving > before.channels:  # what came across was joined to it
                boxes[-1] = replace(before, copied=arriving - before.channels)
            boxes.append(Box(operation, output.shape[1], output.shape[-1], before.level + step))

        return hook

    hooks = []
    for layer in network.modules():
        if isinstance(layer, nn.MaxPool2d | nn.MaxPool3d):
            hooks.append(layer.register_forward_hook(note("pool", 1)))
        elif isinstance(layer, nn.ConvTranspose2d | nn.ConvTranspose3d):
            hooks.append(layer.register_forward_hook(note("up", -1)))
        elif isinstance(layer, nn.Conv2d | nn.Conv3d):
            hooks.append(layer.register_forward_hook(note(f"conv {layer.kernel_size[0]}", 0)))
    was_training = network.training
    try:
        with torch.inference_mode():
            network.eval()(image)
    finally:
        network.train(was_training)
        for hook in hooks:
            hook.remove()
    if boxes[-1].level != 0 or min(box.level for box in boxes) < 0:
        raise ValueError(
            f"this network ends {boxes[-1].level} levels below its start: only a U, which comes up as often as it goes "
            "down (by max pooling and transposed convolution), can be drawn as one"
        )
    return boxes


def arrange(boxes: list[Box]) -> list[Box]:
    """Give every box its place: right along a level, straight down at a pooling, straight up at an up-convolution."""
    largest, deepest = max(box.size for box in boxes), max(box.channels + box.copied for box in boxes)
    sized = [
        replace(
            box,
            height=10 + TALLEST * (box.size / largest) ** 0.75,
            width=5 + WIDEST * ((box.channels + box.copied) / deepest) ** 0.5,
        )
        for box in boxes
    ]
    tops, y = {}, float(TOP)
    for level in range(max(box.level for box in sized) + 1):
        tops[level] = y
        y += max(box.height for box in sized if box.level == level) + ROW_GAP
    x, placed = 12.0, []
    for before, box in zip([None, *sized[:-1]], sized, strict=True):
        if before is not None:
            x += 0 if before.level != box.level else before.width + GAP
        placed.append(replace(box, x=x, y=tops[box.level]))
    return placed


def _box(box: Box, before: Box | None) -> list[str]:
    """Draw one tensor with its numbers, and the arrow that leads to it."""
    own = box.width * box.channels / (box.channels + box.copied)
    marks = [
        f'<rect x="{box.x + box.width - own:.1f}" y="{box.y:.1f}" width="{own:.1f}" height="{box.height:.1f}" '
        'fill="#56B4E9" stroke="#0072B2"/>',
        f'<text x="{box.x + box.width / 2:.1f}" y="{box.y - 5:.1f}">{box.channels + box.copied}</text>',
        f'<text transform="translate({box.x - 3:.1f} {box.y + box.height:.1f}) rotate(-90)" font-size="9" '
        f'text-anchor="start">{box.size}</text>',
    ]
    if box.copied:
        marks.append(
            f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width - own:.1f}" height="{box.height:.1f}" '
            'fill="none" stroke="#0072B2"/>'
        )
    if before is not None and before.level == box.level:
        middle = box.y + min(box.height, before.height) / 2
        marks.append(_arrow(before.x + before.width + 2, middle, box.x - 12, middle, box.operation))
    elif before is not None and before.level < box.level:
        marks.append(_arrow(box.x + 4, before.y + before.height + 3, box.x + 4, box.y - 16, box.operation))
    elif before is not None:
        marks.append(_arrow(box.x + 4, before.y - 16, box.x + 4, box.y + box.height + 3, box.operation))
    return marks


def _copies(boxes: list[Box]) -> list[str]:
    """Draw the arrows that go across: from the last tensor before each pooling to the box that received a copy."""
    sources = {box.level: box for box, after in pairwise(boxes) if after.operation == "pool"}
    return [
        _arrow(sources[box.level].x + sources[box.level].width + 4, box.y + 12, box.x - 12, box.y + 12, "copy")
        for box in boxes
        if box.copied
    ]


def _arrow(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """Draw a straight arrow with its head; a copy is dashed."""
    length = max(abs(x2 - x1), abs(y2 - y1))
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    dash = ' stroke-dasharray="4 3"' if kind == "copy" else ""
    colour = COLOURS.get(kind, "currentColor")
    head = " ".join(f"{x2 - 7 * dx + side * 4 * dy:.1f},{y2 - 7 * dy + side * 4 * dx:.1f}" for side in (-1, 1))
    return (
        f'<path d="M{x1:.1f} {y1:.1f}L{x2 - 5 * dx:.1f} {y2 - 5 * dy:.1f}" stroke="{colour}" stroke-width="2"{dash}/>'
        f'<polygon points="{x2:.1f},{y2:.1f} {head}" fill="{colour}"/>'
    )
