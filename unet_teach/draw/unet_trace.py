"""What a network of the U-Net family really does: every tensor of one forward pass, read off with hooks.

The boxes are what `draw_unet` draws, and what chapter 8 compares with Figure 1 of the paper.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

CONVOLUTIONS = nn.Conv2d | nn.Conv3d
POOLINGS = nn.MaxPool2d | nn.MaxPool3d
UP_CONVOLUTIONS = nn.ConvTranspose2d | nn.ConvTranspose3d


@dataclass(frozen=True)
class Box:
    """One tensor: what made it, its channels, its sides, its level (0 on top), and how many channels came across."""

    operation: str
    channels: int
    sides: tuple[int, ...]
    level: int
    copied: int = 0

    @property
    def size(self) -> str:
        """The sides in words: "572²", "32³", or "96×128" where they differ."""
        if len(set(self.sides)) == 1:
            return f"{self.sides[0]}{'²' if len(self.sides) == 2 else '³'}"
        return "×".join(map(str, self.sides))


def read_off(network: nn.Module, image: Tensor) -> list[Box]:
    """Run a network once and note every tensor that its layers make, in the order of the run.

    Parameters
    ----------
    network : a network whose convolutions, max poolings and transposed convolutions are torch's layers
    image : (1, C, H, W) or (1, C, D, H, W), of a size that the network takes

    Returns
    -------
    One box for the image and one for each layer; `operation` is "input", "conv K" with its kernel's width K, "pool"
    or "up". What was joined to an up-convolution's output before the next layer is counted in its `copied`.

    Raises
    ------
    ValueError
        If the network does not come up as often as it goes down.

    Introduced in chapter 8.
    """
    boxes = [Box("input", image.shape[1], tuple(image.shape[2:]), 0)]

    def note(operation: str, step: int) -> Callable[[nn.Module, Sequence[Tensor], Any], None]:
        def hook(layer: nn.Module, inputs: Sequence[Tensor], output: Tensor) -> None:
            before, arriving = boxes[-1], inputs[0].shape[1]
            if before.operation == "up" and arriving > before.channels:  # what came across was joined to it
                boxes[-1] = replace(before, copied=arriving - before.channels)
            boxes.append(Box(operation, output.shape[1], tuple(output.shape[2:]), before.level + step))

        return hook

    hooks = []
    for layer in network.modules():
        if isinstance(layer, POOLINGS):
            hooks.append(layer.register_forward_hook(note("pool", 1)))
        elif isinstance(layer, UP_CONVOLUTIONS):
            hooks.append(layer.register_forward_hook(note("up", -1)))
        elif isinstance(layer, CONVOLUTIONS):
            hooks.append(layer.register_forward_hook(note(f"conv {layer.kernel_size[0]}", 0)))
    was_training = network.training
    try:
        with torch.inference_mode():
            network.eval()(image)
    finally:
        network.train(was_training)
        for handle in hooks:
            handle.remove()
    if boxes[-1].level != 0 or min(box.level for box in boxes) < 0:
        raise ValueError(
            f"this network ends {boxes[-1].level} levels below its start: only a U, which comes up as often as it goes "
            "down (by max pooling and transposed convolution), can be drawn as one"
        )
    return boxes


def in_words(boxes: Sequence[Box]) -> str:
    """Say level by level what a drawing of the boxes shows, for a reader who cannot see it."""
    parts, level = [], -1
    for box, after in zip(boxes, [*boxes[1:], None], strict=True):
        if box.level != level:
            way = "up" if box.operation == "up" else "down"
            bottom = box.level == max(other.level for other in boxes)
            parts.append(f"Level {box.level}, {'the bottom' if bottom else way}:")
            level = box.level
        channels = box.channels + box.copied
        words = f"{channels} channel{'s' if channels > 1 else ''} of {box.size}"
        if box.copied:
            words += f", {box.copied} of them copied from the way down"
        parts.append(words + ("." if after is None or after.level != level else ";"))
    return " ".join(parts)
