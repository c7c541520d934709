"""The weights that body composition comes with: a small file in half precision, beside the log of how it was made."""

from collections.abc import Iterable
from pathlib import Path

from torch import nn

from unet_teach.recipes.torso import tissue_network
from unet_teach.train._frozen import freeze_weights, thaw_weights

WEIGHTS = Path(__file__).parents[1] / "weights"


def freeze(network: nn.Module, story: str, losses: Iterable[float], folder: Path = WEIGHTS) -> None:
    """Write weights and log, `body.pt` and `body.csv`; whoever loads the first compares it with the second.

    Parameters
    ----------
    network : of `tissue_network`; its weights are rounded to half precision
    story : a line on how they were made
    losses : of training, a number each 50 steps

    Raises
    ------
    ValueError
        If the file would be larger than a megabyte.

    Introduced in chapter 21.
    """
    freeze_weights(network, story, losses, folder, "body")


def load_body_network(folder: Path = WEIGHTS) -> nn.Module:
    """Load the network that names the tissues of a slice, as it was frozen: trained on phantoms alone.

    Returns
    -------
    (N, 1, H, W) -> (N, 4, H, W), in eval mode, on the CPU

    Raises
    ------
    ValueError
        If the file of weights is missing, or is not the one that the log describes.

    Introduced in chapter 21.
    """
    return thaw_weights(tissue_network(), folder, "body", "body composition", "body_shapes")
