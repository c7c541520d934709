"""Click a cell: chapter 27's promptable network for the page and the kernel, and the figure where neither runs."""

import time
import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from numpy.typing import NDArray
from torch import nn

from unet_teach._checks import needed
from unet_teach.course.experiments.weights import restore_weights
from unet_teach.course.live.frozen import SIDE, without_traces
from unet_teach.course.live.kernel import png_address
from unet_teach.course.live.picture import compared
from unet_teach.course.prompted import asked_of, conversation, halved_fields, overlap_of, promptable_unet
from unet_teach.data import standins_in_use
from unet_teach.predict.export import ONNX_USE

SHOWN = (10, 48)  # test fields that the page offers, one of each population
DARKEST, BRIGHTEST = 0.1, 99.9  # percentiles of a field that are drawn black and white


@cache
def clicking_network() -> nn.Module:
    """Load the network that the page asks about a click.

    Introduced in chapter 27.
    """
    return restore_weights(promptable_unet(), "promptable_cells")


def write_clicks_onnx(path: Path) -> Path:
    """Write the network as ONNX, `image` (1, 3, 128, 128) in and `logits` out; what is there is replaced.

    Raises
    ------
    ImportError
        If onnx or onnxscript is not installed.

    Introduced in chapter 27.
    """
    for name in ("onnx", "onnxscript"):
        needed(name, ONNX_USE, "unet_teach[export]")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's, about itself
        program = torch.onnx.export(
            clicking_network(),
            (torch.zeros(1, 3, SIDE, SIDE),),
            dynamo=True,
            input_names=["image"],
            output_names=["logits"],
            verbose=False,
        )
    assert program is not None
    path.write_bytes(without_traces(program.model_proto))
    return path


def click_answer(message: dict[str, Any], buffers: Sequence[memoryview]) -> tuple[dict[str, Any], list[bytes]]:
    """Answer the widget: `id` and one buffer of three channels in, milliseconds and a probability out.

    Introduced in chapter 27.
    """
    try:
        given = torch.from_numpy(np.frombuffer(buffers[0], np.float32).copy()).reshape(1, 3, SIDE, SIDE)
    except (IndexError, RuntimeError, ValueError) as error:
        return {"id": message.get("id"), "error": str(error)}, []
    begun = time.perf_counter()
    with torch.inference_mode():
        probability = clicking_network()(given).softmax(dim=1)[0, 1]
    return {"id": message["id"], "ms": 1000 * (time.perf_counter() - begun)}, [np.asarray(probability).tobytes()]


def cell_fields() -> list[dict[str, str]]:
    """Pack two test fields at half size, and their cells by number, for the widget.

    Introduced in chapter 27.
    """
    fields = halved_fields("test")
    word = "stand-in" if "usiigaci" in standins_in_use() else "field"
    return [
        {"name": f"{word} {number}", "image": png_address(_greys(image)), "cells": png_address(cells % 256)}
        for number, image, cells in zip(fields.numbers, fields.images, fields.instances, strict=True)
        if number in SHOWN
    ]


def draw_clicks(which: int = 0, most: int = 3) -> Figure:
    """Draw a test cell, and what the network says after each click of the simulated person.

    Parameters
    ----------
    which : place of the cell in the list of test cells
    most : clicks, the first and corrections

    Introduced in chapter 27.
    """
    one = asked_of("test")[which]
    masks = [found[0] for found in conversation(clicking_network(), [one], most)]
    figure, axes = plt.subplots(1, most + 1, figsize=(7.0, 2.2))
    pictures = [_greys(one.picture), *(compared(_greys(one.picture), mask, one.cell) for mask in masks)]
    titles = ["a click"] + [f"click {n}: {overlap_of(mask, one.cell):.2f}" for n, mask in enumerate(masks, start=1)]
    for ax, title, picture in zip(axes, titles, pictures, strict=True):
        ax.imshow(picture, cmap="gray", interpolation="nearest")
        ax.set_title(title, fontsize=9)
        ax.set(xticks=[], yticks=[])
    axes[0].plot(one.click.column, one.click.row, "+", color="#ffb000", markersize=12, markeredgewidth=2.5)
    return figure


def _greys(image: NDArray[np.float32]) -> NDArray[np.uint8]:
    low, high = np.percentile(image, [DARKEST, BRIGHTEST])
    return ((image - low) / (high - low) * 255).clip(0, 255).round().astype(np.uint8)
