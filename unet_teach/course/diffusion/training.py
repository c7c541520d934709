"""How the diffusion network of chapter 27 learns, and what is asked of what it draws."""

from functools import partial

import numpy as np
import torch
from torch import Tensor

from unet_teach.course.diffusion.judging import bands, nearest_crop
from unet_teach.course.diffusion.noise import WithTimeOnTop, noisy_batch, sample, velocity_loss
from unet_teach.course.diffusion.tissue import SIDE, tissue, tissue_crops
from unet_teach.models.denoising_unet import DenoisingUNet
from unet_teach.train import History, fit
from unet_teach.train.machine import Machine

STEPS = 1400
BATCH = 16
DRAWN = 128  # crops whose greys and waves are measured
LOOKED_AT = 16  # crops whose nearest neighbour is looked for


def noisy_tissue(images: Tensor, few: Tensor | None, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Cut sixteen crops, or take them from a few, and mix each with noise.  -> (16, 2, 64, 64), (16, 1, 64, 64)

    Introduced in chapter 27.
    """
    if few is None:
        return noisy_batch(tissue_crops(images, BATCH, generator), generator)
    return noisy_batch(few[torch.randint(len(few), (BATCH,), generator=generator)], generator)


def learn_tissue(seed: int, crops: int = 0, steps: int = STEPS) -> tuple[DenoisingUNet, History]:
    """Train on all crops of the taught part, or (`crops` above 0) on so many fixed ones, drawn by the seed.

    Introduced in chapter 27.
    """
    taught, _ = tissue()
    few = tissue_crops(taught, crops, torch.Generator().manual_seed(1000 + seed)) if crops else None
    torch.manual_seed(seed)
    network = DenoisingUNet()
    history = fit(
        WithTimeOnTop(network),
        partial(noisy_tissue, taught, few),
        velocity_loss,
        steps=steps,
        generator=torch.Generator().manual_seed(seed),
        learning_rate=2e-3,
    )
    return network.eval(), history


def draw_crops(network: DenoisingUNet, count: int, seed: int, steps: int = 50) -> Tensor:
    """Draw crops from noise that the seed decides.  -> (count, 1, 64, 64)

    Introduced in chapter 27.
    """
    generator = torch.Generator().manual_seed(seed)
    parts = [min(16, count - start) for start in range(0, count, 16)]
    with Machine(network):  # a GPU, where there is one
        return torch.cat([sample(network, torch.randn(n, 1, SIDE, SIDE, generator=generator), steps) for n in parts])


def compare_crops(drawn: Tensor, seed: int) -> dict[str, float]:
    """Compare drawn crops with as many real ones: standard deviation, waves, and the nearest crop that taught.

    Returns "sd ratio", "band 0" to "band 7" (log10 of drawn power over real), "drawn 0" ... and "held 0" ..., the
    distances of drawn and of held-back crops to the nearest crop of what taught.

    Introduced in chapter 27.
    """
    taught, held = tissue()
    real = tissue_crops(taught, 4 * len(drawn), torch.Generator().manual_seed(seed + 1))
    unseen = tissue_crops(held, LOOKED_AT, torch.Generator().manual_seed(seed + 2))
    results: dict[str, float] = {"sd ratio": float(drawn.std() / real.std())}
    results |= {f"band {n}": value for n, value in enumerate(bands(drawn) - bands(real))}
    for name, crops in (("drawn", drawn), ("held", unseen)):
        found = [nearest_crop(crop[0], taught)[0] for crop in crops[:LOOKED_AT]]
        results |= {f"{name} {n}": value for n, value in enumerate(found)}
    results["share nearer"] = float(np.mean([results[f"drawn {n}"] < results[f"held {n}"] for n in range(LOOKED_AT)]))
    return results
