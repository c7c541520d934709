"""The live network's answers where a notebook's kernel runs it, and what the widget begins with there."""

import base64
import io
import time
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from PIL import Image
from torch import Tensor

from unet_teach.course.live.frozen import DEPTH, load_live
from unet_teach.course.live.switched import SwitchedUNet
from unet_teach.data import load_em, standins_in_use

SHOWN = (24, 26, 28)  # sections that the page offers


def ask_live(image: Tensor, gates: Sequence[float] = (1.0,) * DEPTH) -> dict[str, NDArray[np.float32]]:
    """Ask the network of the page about a standardised picture, with these skips open.

    Parameters
    ----------
    image : (H, W), both sides multiples of 8
    gates : 1 for an open skip, 0 for a closed one, the top one first

    Returns
    -------
    "probability" (H, W) of membrane; the maps of "down 0" ... "bottom" ... "up 0", each (its channels, its H, its W)

    Introduced in chapter 9.
    """
    network = _network()
    with torch.inference_mode():
        logits, *maps = network(image[None, None].float(), torch.tensor(gates, dtype=torch.float32))
    found = {"probability": logits.softmax(dim=1)[0, 1]}
    found |= {name: values[0] for name, values in zip(network.names[1:], maps, strict=True)}
    return {name: np.asarray(values) for name, values in found.items()}


def live_answer(message: dict[str, Any], buffers: Sequence[memoryview]) -> tuple[dict[str, Any], list[bytes]]:
    """Answer the widget: `id` and `gates` and one buffer of float32 in, milliseconds and the maps out.

    Introduced in chapter 9.
    """
    try:
        given = np.frombuffer(buffers[0], np.float32).copy()
        side = round(len(given) ** 0.5)
        begun = time.perf_counter()
        found = ask_live(torch.from_numpy(given).reshape(side, side), message["gates"])
        spent = 1000 * (time.perf_counter() - begun)
    except (IndexError, KeyError, RuntimeError, ValueError) as error:
        return {"id": message.get("id"), "error": str(error)}, []
    probability, *maps = found.values()
    return {"id": message["id"], "ms": spent}, [probability.tobytes(), *(_brightened(values) for values in maps)]


def live_sections() -> list[dict[str, str]]:
    """Pack test sections and their drawings for the widget: PNG as addresses that begin with "data:".

    Introduced in chapter 9.
    """
    test = load_em("test")
    word = "stand-in" if "isbi2012_em" in standins_in_use() else "section"
    return [
        {"name": f"{word} {number}", "image": png_address(image), "truth": png_address(np.where(membrane, 0, 255))}
        for number, image, membrane in zip(test.numbers, test.images, test.membrane, strict=True)
        if number in SHOWN
    ]


def png_address(image: ArrayLike) -> str:
    """Write a picture of 256 greys, (H, W), as an address that begins with "data:".

    Introduced in chapter 9.
    """
    content = io.BytesIO()
    Image.fromarray(np.asarray(image).astype(np.uint8)).save(content, "PNG")
    return f"data:image/png;base64,{base64.b64encode(content.getvalue()).decode()}"


def _brightened(maps: NDArray[np.float32]) -> bytes:
    """Draw each map from 0 to 255, as bright as its own largest value."""
    most = np.maximum(maps.max(axis=(1, 2), keepdims=True), 1e-9)
    return np.rint(maps.clip(0) * (255 / most)).astype(np.uint8).tobytes()


@cache
def _network() -> SwitchedUNet:
    return load_live()
