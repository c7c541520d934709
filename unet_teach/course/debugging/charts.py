"""The clinic's pictures: each patient's losses over those of the healthy run, and what images hold (chapter 12)."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from matplotlib import pyplot as plt
from torch import Tensor

from unet_teach.course.debugging.training import Run
from unet_teach.draw.style import COLOURS

SMOOTH = 9  # steps of the running mean
TOP = 1.25  # of a panel's axis


def show_patients(runs: Mapping[str, Run], healthy: Run) -> None:
    """Plot one small panel a patient: training and validation loss, the healthy run's in grey, ln 2 as a dotted line.

    A panel reaches from 0 to 1.25. A loss that goes higher leaves it, and its peak is written there; a loss below 0
    gets an axis of its own.

    Parameters
    ----------
    runs : name -> a patient
    healthy : the run to hold beside them

    Raises
    ------
    ValueError
        If there is nobody, or a curve is shorter than the running mean.

    Introduced in chapter 12.
    """
    if not runs or min(len(run.loss) for run in [healthy, *runs.values()]) < SMOOTH:
        raise ValueError(f"need one patient at least, and curves of {SMOOTH} steps or more")
    rows = -(-len(runs) // 2)
    figure, axes = plt.subplots(rows, 2, sharex=True, squeeze=False, figsize=(6.4, 1.75 * rows))
    for ax in axes.flat[len(runs) :]:
        ax.axis("off")
    for ax, (name, run) in zip(axes.flat, runs.items(), strict=False):
        ax.axhline(np.log(2), color="black", linestyle=":", linewidth=1)
        ax.plot(_mean_steps(healthy.loss), smoothed(healthy.loss), color="0.65", linewidth=3)
        ax.plot(*_over_steps(healthy), color="0.65", linewidth=1.5, linestyle="--")
        ax.plot(np.arange(1, len(run.loss) + 1), run.loss, color=COLOURS[0], alpha=0.35, linewidth=1)
        ax.plot(_mean_steps(run.loss), smoothed(run.loss), color=COLOURS[0])
        ax.plot(*_over_steps(run), "o--", color=COLOURS[1], markersize=3.5, linewidth=1.5)
        ax.text(0.97, 0.99, name, transform=ax.transAxes, ha="right", va="bottom", fontsize=17, fontweight="bold")
        both = {"training": run.loss, "validation": list(run.validation_loss.values())}
        if min(map(min, both.values())) >= 0:
            ax.set_ylim(0, TOP)
        peaks = [f"{what} up to {max(part):.0f}" for what, part in both.items() if max(part) > TOP]
        ax.text(0.29, 0.94, "\n".join(peaks), transform=ax.transAxes, va="top", fontsize=10)
    for ax in axes[-1]:
        ax.set(xlabel="step")
    for ax in axes[:, 0]:
        ax.set(ylabel="loss")


def _over_steps(run: Run) -> tuple[list[int], list[float]]:
    return [*run.validation_loss], [*run.validation_loss.values()]


def smoothed(loss: Sequence[float]) -> np.ndarray:
    """Average each step's loss with its neighbours: the mean of nine."""
    return np.convolve(loss, np.ones(SMOOTH) / SMOOTH, mode="valid")


def _mean_steps(loss: Sequence[float]) -> np.ndarray:
    return np.arange(len(loss) - SMOOTH + 1) + (SMOOTH + 1) / 2


def looks_perfect(loss: Sequence[float], healthy: Sequence[float]) -> bool:
    """Say whether a training curve would please its author: the clinic's rule, in four parts.

    It begins below three times the loss of a guess and never goes below 0; its mean of nine never climbs by more than
    0.15 above where it has been; its last twenty steps lie below half of its first, and less than 0.1 above the healthy
    run's.

    Introduced in chapter 12.
    """
    mean = smoothed(loss)
    climb = float((mean - np.minimum.accumulate(mean)).max())
    end = float(np.mean(loss[-20:]))
    begins = min(loss) >= 0 and loss[0] < 3 * np.log(2)
    return begins and climb < 0.15 and end < loss[0] / 2 and end < float(np.mean(healthy[-20:])) + 0.1


def show_detail(batches: Mapping[str, Tensor]) -> None:
    """Plot how much of each wavelength images hold, from coarse to fine.

    Parameters
    ----------
    batches : name -> images (N, 1, H, W), all of one height and width

    Introduced in chapter 12.
    """
    figure, ax = plt.subplots(figsize=(6.4, 3.8))
    for (name, images), colour, style in zip(batches.items(), COLOURS, ("-", "--", "-.", ":"), strict=False):
        ax.plot(*spectrum(images), style, color=colour, label=name)
    ax.set(xlabel="waves in 10 pixels: coarse on the left, fine on the right", ylabel="power", yscale="log")
    ax.legend()


def spectrum(images: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Return frequencies, in waves in ten pixels, and the mean power of square images (N, 1, side, side) at each.

    Introduced in chapter 12.
    """
    side = images.shape[-1]
    window = torch.hann_window(side, periodic=False)
    power = (torch.fft.fft2(images[:, 0] * window * window[:, None]).abs() ** 2).mean(0).numpy()
    rows, columns = np.meshgrid(np.fft.fftfreq(side), np.fft.fftfreq(side), indexing="ij")
    rings = np.round(np.hypot(rows, columns) * 32).astype(int)  # of a 32nd of a wave a pixel each
    means = np.array([power[rings == ring].mean() for ring in range(1, 17)])
    return 10 * np.arange(1, 17) / 32, means
