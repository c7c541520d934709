"""What leaves the course: ONNX, labels that other programs open at the right scale, a model card (chapter 25)."""

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from unet_teach._checks import needed

ONNX_USE = "ONNX files are written and compared with"
CLOSE = 1e-4  # how far logits may be apart
MICROMETRES = {"µm": 1.0, "nm": 1e-3, "mm": 1e3}
MOST_LABELS = 65535
UNKNOWN = "not known: fill this in"


def export_onnx(network: nn.Module, path: Path, channels: int, window: Sequence[int], seed: int = 0) -> float:
    """Write a network as ONNX, run that file by another library, and compare.

    Parameters
    ----------
    network : (N, C, *window) -> (N, K, *window); it is put into eval mode, and back
    path : of the file, ending in .onnx; not there yet
    channels : C
    window : sides of what it sees: the file takes any number of such windows, and no other size
    seed : of the pictures that are compared

    Returns
    -------
    the largest difference of two logits, over batches of one and of three

    Raises
    ------
    ImportError
        If onnx, onnxscript or onnxruntime is not installed.
    FileExistsError
        If the file is there.
    ValueError
        If the two differ by more than 1e-4; the file is then removed.

    Introduced in chapter 25.
    """
    runtime = _runtime_or_advice()
    path = Path(path)
    if path.exists():
        raise FileExistsError(f"{path} is there already: name another file, or remove it")
    training = network.training
    plain = network.to("cpu").eval()
    example = torch.zeros(2, channels, *window)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch's, about itself
            program = torch.onnx.export(
                plain,
                (example,),
                dynamo=True,
                input_names=["image"],
                output_names=["logits"],
                dynamic_shapes=({0: torch.export.Dim("windows")},),
                verbose=False,
            )
        assert program is not None
        program.save(str(path))
        session = runtime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        chance, far = torch.Generator().manual_seed(seed), 0.0
        for count in (1, 3):
            images = torch.randn(count, channels, *window, generator=chance)
            with torch.inference_mode():
                ours = plain(images).numpy()
            (theirs,) = session.run(None, {"image": images.numpy()})
            far = max(far, float(np.abs(ours - theirs).max()))
    finally:
        network.train(training)
    if not far <= CLOSE:
        path.unlink()
        raise ValueError(f"the exported network differs by {far:.2g} from the one here, more than {CLOSE:g}: not kept")
    return far


def write_labels(
    path: Path, labels: NDArray[np.integer], spacing: Sequence[float] = (), unit: str = "pixel", names: str = ""
) -> Path:
    """Write labels as a TIFF that Fiji opens as numbers at the right scale, and so does napari with `napari-tiff`.

    Parameters
    ----------
    path : of the file, ending in .tif; not there yet
    labels : (H, W) or (Z, Y, X) whole numbers from 0 to 65,535
    spacing : of the pixels along each axis; () where it is not known
    unit : "µm", "nm", "mm" or "pixel"
    names : what the numbers mean, as it is kept in the file

    Raises
    ------
    FileExistsError
        If the file is there.
    ValueError
        If the labels are no such numbers, or the spacing does not fit them.

    Introduced in chapter 25.
    """
    import tifffile

    path, labels = Path(path), np.asarray(labels)
    if path.exists():
        raise FileExistsError(f"{path} is there already: name another file, or remove it")
    if labels.ndim not in (2, 3) or not labels.size or labels.dtype.kind not in "uib":
        raise ValueError(f"labels are (H, W) or (Z, Y, X) whole numbers, got {labels.shape} of {labels.dtype}")
    if labels.min() < 0 or labels.max() > MOST_LABELS:
        raise ValueError(f"such a file holds numbers from 0 to {MOST_LABELS}, got {labels.min()} to {labels.max()}")
    tifffile.imwrite(
        path,
        labels.astype(np.uint8 if labels.max() < 256 else np.uint16),
        **tiff_scale(labels.ndim, spacing, unit, int(labels.max()), names),
    )
    return path


def tiff_scale(axes: int, spacing: Sequence[float], unit: str, most: int, names: str = "") -> dict[str, Any]:
    """Return what tifffile needs to write ImageJ's scale.

    axes : 2 or 3
    most : the largest label, shown as white

    Raises
    ------
    ValueError
        If the spacing does not fit the axes, or is not above 0.

    Introduced in chapter 25.
    """
    said: dict[str, Any] = {"axes": "YX" if axes == 2 else "ZYX", "min": 0.0, "max": float(max(most, 1))}
    said |= {"Labels": [names]} if names and axes == 2 else {}
    if not spacing:
        return {"imagej": True, "metadata": said}
    if len(spacing) != axes or not min(spacing) > 0:
        raise ValueError(f"a spacing above 0 for each of {axes} axes, got {tuple(spacing)}")
    said["unit"] = {"µm": "um"}.get(unit, unit)
    if axes == 3:
        said["spacing"] = float(spacing[0])
    return {"imagej": True, "resolution": (1 / spacing[-1], 1 / spacing[-2]), "metadata": said}


def model_card(title: str, known: Mapping[str, str]) -> str:
    """Write a model card: what is known is filled in, and what is not is named as such.

    Parameters
    ----------
    title : of the network
    known : the text of a section by its name

    Returns
    -------
    Markdown

    Source: Mitchell et al. (2019), whose sections these are, shortened. Introduced in chapter 25.
    """
    parts = [f"# {title}"]
    for section, asks in CARD.items():
        text = known.get(section, "").strip()
        parts.append(f"## {section}\n\n{text or f'{UNKNOWN}. {asks}'}")
    return "\n\n".join(parts) + "\n"


CARD = {
    "What it does": "Which structures does it mark, in which kind of picture?",
    "What it is for, and what not": "Who may use it for which decision? Teaching code: nothing here is for diagnosis.",
    "Data it learned from": "How many images, of which samples, animals or patients, taken how, with whose permission?",
    "Who drew the labels": "Who, with which training, and how far do two people agree?",
    "How it was trained": "Steps, seed, software.",
    "How well it does": "On how many images that it never saw, in which units, how low is the worst?",
    "Where it fails": "On what was it not tried: another microscope, another stain, another clinic?",
    "How to use it": "Which file, which input?",
    "Licence and contact": "Whom may one ask, and under which terms may it be passed on?",
}


def _runtime_or_advice() -> Any:
    """Import what only ONNX needs, or say how to get it."""
    for name in ("onnx", "onnxscript"):
        needed(name, ONNX_USE, "unet_teach[export]")
    return needed("onnxruntime", ONNX_USE, "unet_teach[export]")
