"""How the course learns the tissues of a torso: from phantoms alone (chapter 21)."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn
from torch.nn import functional

from unet_teach.losses import cross_entropy, dice_loss
from unet_teach.metrics import dice
from unet_teach.models import UNet
from unet_teach.predict import infer
from unet_teach.recipes.torso.slices import TISSUES, TissueSlice, as_hu_input, slices_of
from unet_teach.train import History, fit

STEPS, BATCH, LEARNING_RATE = 600, 4, 5e-3
WIDTH, DEPTH = 12, 3
TONES, TONE_SD = (-1100, -250, -110, -60, 0, 50, 100, 250, 4000), 12.0  # HU
AIR = -1.0  # as the network sees it


def tissue_network() -> nn.Module:
    """Build the course's U-Net for one grey slice and four classes, small enough to be sent along."""
    return UNet(classes=1 + len(TISSUES), width=WIDTH, depth=DEPTH)


def tissue_batch(known: Sequence[TissueSlice], generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Draw four slices, and change what a phantom has the same every time; nothing is resampled, so nothing is blurred.

    Each is mirrored or not. Its scale of Hounsfield units is bent a little, a cloud of brightness and noise are added.
    In half of them a smaller field of view cuts rows and columns off.

    Parameters
    ----------
    known : what to draw from, with replacement, all of one size
    generator : where the chance comes from

    Returns
    -------
    (4, 1, H, W) float32 and (4, H, W) int64

    Introduced in chapter 21.
    """
    pairs = [_changed(known[n], generator) for n in torch.randint(len(known), (BATCH,), generator=generator).tolist()]
    return torch.stack([image for image, _ in pairs]), torch.stack([labels for _, labels in pairs])


def _changed(one: TissueSlice, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    def draw(low: float, high: float) -> float:
        return low + (high - low) * float(torch.rand((), generator=generator))

    noise = torch.randn(one.hu.shape, generator=generator).numpy()
    cloud = functional.interpolate(
        torch.randn(1, 1, 6, 7, generator=generator), one.hu.shape, mode="bicubic", align_corners=True
    )[0, 0].numpy()
    tones = np.array(TONES) + TONE_SD * torch.randn(len(TONES), generator=generator).numpy()
    hu = np.interp(one.hu, TONES, tones) + draw(0, 20) * cloud + draw(0, 20) * noise
    image, labels = torch.from_numpy(as_hu_input(hu)), torch.from_numpy(one.labels.astype(np.int64))
    if draw(0, 1) < 0.5:
        image, labels = image.flip(1), labels.flip(1)
    if draw(0, 1) < 0.5:
        for axis, length in enumerate(image.shape):
            cut = [int(draw(0, 0.15) * length) for _ in range(2)]
            for part in (slice(0, cut[0]), slice(length - cut[1], length)):
                there = (part,) if axis == 0 else (slice(None), part)
                image[there], labels[there] = AIR, 0
    return image[None], labels


def dice_with_cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Add the two losses.  (N, 4, H, W), (N, H, W) -> ()"""
    return dice_loss(logits, labels) + cross_entropy(logits, labels)


def tissue_scores(labels: NDArray[np.uint8], truth: NDArray[np.uint8]) -> dict[str, float]:
    """Score what was said by the Dice of each tissue, by its name.

    Introduced in chapter 21.
    """
    return {name: dice(labels == tissue, truth == tissue) for name, tissue in TISSUES.items()}


def segment_tissue(network: nn.Module, hu: ArrayLike) -> NDArray[np.uint8]:
    """Name the tissue of each pixel of a slice, or of a stack of them, whose pixels are 3 mm.

    Parameters
    ----------
    network : (N, 1, H, W) -> (N, 4, H, W), such as `train_tissue` gives
    hu : (H, W) or (N, H, W), Hounsfield units, of any size; air is put around it and cut off again

    Returns
    -------
    the same shape, uint8, 0 or a number of `TISSUES`

    Raises
    ------
    TypeError, ValueError
        As `as_hu_input`.

    Introduced in chapter 21.
    """
    return tissue_logits(network, hu).argmax(axis=-3).astype(np.uint8)


def tissue_logits(network: nn.Module, hu: ArrayLike) -> NDArray[np.float32]:
    """Give what `segment_tissue` takes the largest of.  (H, W) or (N, H, W) -> (4, H, W) or (N, 4, H, W)"""
    grey = as_hu_input(hu)
    stack = grey if grey.ndim == 3 else grey[None]
    rows, columns = stack.shape[1:]
    multiple = 2**DEPTH
    padded = np.pad(stack, [(0, 0), (8, 8 + -rows % multiple), (8, 8 + -columns % multiple)], constant_values=AIR)
    parts = [infer(network, torch.from_numpy(part)) for part in np.array_split(padded[:, None], -(-len(padded) // 8))]
    logits = torch.cat(parts)[..., 8 : 8 + rows, 8 : 8 + columns].numpy()
    return logits if grey.ndim == 3 else logits[0]


def train_tissue(
    seed: int, known: Sequence[TissueSlice] | None = None, steps: int = STEPS
) -> tuple[nn.Module, History]:
    """Train on torsos alone; the last weights are kept.

    Parameters
    ----------
    seed : of weights, slices and changes
    known : slices to learn from; those of `PEOPLE["train"]` if None, which takes half a minute to draw
    steps : of four slices each

    Introduced in chapter 21.
    """
    torch.manual_seed(seed)
    network = tissue_network()
    history = fit(
        network,
        partial(tissue_batch, slices_of("train") if known is None else known),
        dice_with_cross_entropy,
        steps=steps,
        generator=torch.Generator().manual_seed(seed),
        learning_rate=LEARNING_RATE,
    )
    return network, history
