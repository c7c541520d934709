"""The network that runs in the page: its weights, the log of how it was made, and its ONNX, made from the weights.

`python -m unet_teach.course.live` makes the ONNX again.
"""

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from torch import nn

from unet_teach._checks import needed
from unet_teach.course.live.switched import SwitchedUNet
from unet_teach.models import UNet
from unet_teach.predict.export import ONNX_USE
from unet_teach.train._frozen import freeze_weights, thaw_weights

HERE = Path(__file__).parent
WIDTH, DEPTH = 8, 3
SIDE = 128  # pixels of the window that the page shows


def live_network() -> UNet:
    """Build the untrained network: 8 channels at the first level, three levels down.

    Introduced in chapter 9.
    """
    return UNet(width=WIDTH, depth=DEPTH)


def freeze_live(network: nn.Module, story: str, losses: Iterable[float], folder: Path = HERE) -> None:
    """Write weights and log, `live.pt` and `live.csv`.

    Parameters
    ----------
    network : of `live_network`; its weights are rounded to half precision
    story : a line on how they were made
    losses : of training, a number each 50 steps

    Introduced in chapter 9.
    """
    freeze_weights(network, story, losses, folder, "live")


def load_live(folder: Path = HERE) -> SwitchedUNet:
    """Load the network that runs in the page, with its switches.

    Raises
    ------
    ValueError
        If the file of weights is missing, or is not the one that the log describes.

    Introduced in chapter 9.
    """
    network = live_network()
    thaw_weights(network, folder, "live", "the live network", "live_unet")
    return SwitchedUNet(network).eval()


def write_live_onnx(path: Path, folder: Path = HERE) -> Path:
    """Write the network with its switches as ONNX; its inputs are `image` and `gates`, its outputs the network's names.

    Parameters
    ----------
    path : of the file; what is there is replaced
    folder : with the weights

    Raises
    ------
    ImportError
        If onnx or onnxscript is not installed.
    ValueError
        As `load_live` does.

    Introduced in chapter 9.
    """
    for name in ("onnx", "onnxscript"):
        needed(name, ONNX_USE, "unet_teach[export]")
    network = load_live(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's, about itself
        program = torch.onnx.export(
            network,
            (torch.zeros(1, 1, SIDE, SIDE), torch.ones(DEPTH)),
            dynamo=True,
            input_names=["image", "gates"],
            output_names=network.names,
            verbose=False,
        )
    assert program is not None
    path.write_bytes(without_traces(program.model_proto))
    return path


def without_traces(model: Any) -> bytes:
    """Write an ONNX model without what tells where each operation stood on the machine that exported it.

    Introduced in chapter 9.
    """
    graph = model.graph
    for part in (model, graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
        part.ClearField("doc_string")
        part.ClearField("metadata_props")
    return model.SerializeToString()
