"""What may stand in the place of a Swin-Unet's attention (chapter 17)."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from unet_teach.models import SwinUNet
from unet_teach.models.swin_unet import SwinBlock


class OnlyItself(nn.Module):
    """Every token hears itself alone: the identity in the place of the table of shares."""

    def forward(self, query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None = None) -> Tensor:
        """Give the values back.  (..., L, E) -> (..., L, E)"""
        return value


class AllAlike(nn.Module):
    """Every token hears all those that it may ask, each as loud as the others, whatever they say."""

    def forward(self, query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
        """Give the mean of the values.  (..., L, E) -> (..., L, E)"""
        alike = torch.where(bias == -torch.inf, bias, torch.zeros_like(bias))
        return alike.softmax(dim=-1).to(value.dtype) @ value


class Silent(nn.Module):
    """Nobody hears anything: only the rest of the block is left."""

    def forward(self, x: Tensor) -> Tensor:
        """Give nothing to be added."""
        return torch.zeros_like(x)


def _mix(make: Callable[[], nn.Module]) -> Callable[[SwinBlock], None]:
    def replace(block: SwinBlock) -> None:
        block.attention.attention.mix = make()  # type: ignore[assignment]

    return replace


def _silence(block: SwinBlock) -> None:
    block.attention = Silent()  # type: ignore[assignment]


INSTEAD = {"itself": _mix(OnlyItself), "alike": _mix(AllAlike), "nothing": _silence}


def instead_of_attention(network: SwinUNet, what: str) -> SwinUNet:
    """Put something else in the place of every attention of a Swin-Unet, and return the network.

    Parameters
    ----------
    network : changed in place
    what : "itself" (each token hears itself alone: the layers around stay, and their weights), "alike" (each hears the
        mean of its window), or "nothing" (the block adds nothing in that place)

    Raises
    ------
    ValueError
        If `what` is none of these, or the network has no block of a Swin-Unet.

    Introduced in chapter 17.
    """
    blocks = [layer for layer in network.modules() if isinstance(layer, SwinBlock)]
    if what not in INSTEAD:
        raise ValueError(f"instead of attention there may be {', '.join(INSTEAD)}, got {what!r}")
    if not blocks:
        raise ValueError(f"{type(network).__name__} has no attention to replace")
    for block in blocks:
        INSTEAD[what](block)
    return network.train(network.training)
