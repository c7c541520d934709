"""Activation checkpointing: a step of training that keeps fewer maps, and computes some of them twice (chapter 26)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from unet_teach.models.unet import Block


@contextmanager
def checkpointed(network: nn.Module, kind: type[nn.Module] = Block) -> Iterator[None]:
    """Let a network's blocks forget what happens inside them, for a `with` block: the way back computes it again.

    Slopes are the same. A batch normalisation notes each batch twice, so its running means move on faster.

    Parameters
    ----------
    network : as it was afterwards, but for what it learned
    kind : what a block is; each keeps its input alone

    Raises
    ------
    ValueError
        If the network has no such block.

    Source: Chen, Xu, Zhang and Guestrin (2016), section 4. Introduced in chapter 26.
    """
    blocks = [part for part in network.modules() if isinstance(part, kind)]
    if not blocks:
        raise ValueError(f"{type(network).__name__} has no {kind.__name__} to checkpoint: name its blocks' type")

    def twice(forward: Callable[..., torch.Tensor], *inputs: torch.Tensor) -> torch.Tensor:
        if not torch.is_grad_enabled():
            return forward(*inputs)
        return checkpoint(forward, *inputs, use_reentrant=False)

    for block in blocks:
        block.forward = partial(twice, block.forward)
    try:
        yield
    finally:
        for block in blocks:
            del block.forward  # the class's own shows again
