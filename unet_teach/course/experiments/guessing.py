"""What does a Swin-Unet learn while it guesses hidden squares? More than a blur? (Chapter 17)

Run after `masked_patches` had shown a loss, to look for a fault. The mean absolute error where something was hidden, on
ten batches of sections 20 to 22, which no guess was trained on: of the network, of a blur of what is visible (sigma 10
pixels), and of the constant 0.
"""

import numpy as np
import torch
from scipy import ndimage
from torch import Tensor

from unet_teach.course.experiments.masked_patches import FIRST
from unet_teach.course.experiments.swin_rates import best_rate
from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.course.swin.masked import guessed, masked_batch, masked_loss
from unet_teach.data import load_em
from unet_teach.models import SwinUNet
from unet_teach.predict import infer
from unet_teach.transforms import standardise

SIGMA = 10.0  # pixels
BATCHES = 10


def blur_of_the_visible(seen: Tensor, hidden: Tensor, sigma: float = SIGMA) -> Tensor:
    """Guess each pixel as the mean of what is visible around it, weighted by a Gaussian.  (N, 1, H, W), (N, H, W)"""
    visible = (~hidden).float().numpy()
    over = (0, sigma, sigma)
    sums, weights = ndimage.gaussian_filter(seen[:, 0].numpy(), over), ndimage.gaussian_filter(visible, over)
    return torch.from_numpy(sums / np.maximum(weights, 1e-6))[:, None]


@threads(1)
def run(steps: int, seed: int) -> dict[str, float]:
    """Let a network guess for so many steps, and score it beside two rules."""
    sections = standardise(load_em("train").images)
    torch.manual_seed(seed)
    network = SwinUNet(classes=1)
    history = guessed(network, sections, seed, steps, best_rate("Swin-Unet"))
    unseen, generator = standardise(load_em("validation").images), torch.Generator().manual_seed(seed)
    errors: dict[str, list[float]] = {"network": [], "blur": [], "constant": []}
    for _ in range(BATCHES):
        seen, crops, hidden = masked_batch(unseen, generator)
        guesses = infer(network, seen), blur_of_the_visible(seen, hidden), torch.zeros_like(crops)
        for name, guess in zip(errors, guesses, strict=True):
            errors[name].append(masked_loss(guess, crops, hidden).item())
    ends = {"first losses": history.loss[:20], "last losses": history.loss[-20:]}
    return {name: float(np.mean(values)) for name, values in (ends | errors).items()}


EXPERIMENT = Experiment(
    "guessing",
    f"How wrong are guesses of hidden squares, of a network (of {FIRST} steps in `masked_patches`), and of two rules?",
    [{"steps": 100, "seed": 0}],
    run,
    {"first losses": 0.02, "last losses": 0.02, "network": 0.02, "blur": 1e-4, "constant": 1e-4},
    needs=("isbi2012_em",),
)
