"""The clinic's patients: each one's loss curve over that of the healthy run (chapter 11)."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import pyplot as plt

from unet_teach.draw.style import COLOURS

SMOOTH = 9  # steps of the running mean
TOP = 1.25  # of a panel's axis


def show_patients(losses: Mapping[str, Sequence[float]], healthy: Sequence[float]) -> None:
    """Plot one small panel a patient, with the healthy run in grey and ln 2 as a dotted line.

    A panel reaches from 0 to 1.25. A loss that goes higher leaves it, and its peak is written there; a loss below 0
    gets an axis of its own.

    Parameters
    ----------
    losses : name -> the loss of each step
    healthy : the same of the healthy run

    Raises
    ------
    ValueError
        If there is nobody, or a curve is shorter than the running mean.

    Introduced in chapter 11.
    """
    if not losses or min(map(len, [healthy, *losses.values()])) < SMOOTH:
        raise ValueError(f"need one patient at least, and curves of {SMOOTH} steps or more")
    rows = -(-len(losses) // 2)
    figure, axes = plt.subplots(rows, 2, sharex=True, squeeze=False, figsize=(6.4, 1.75 * rows))
    for ax in axes.flat[len(losses) :]:
        ax.axis("off")
    for ax, (name, loss) in zip(axes.flat, losses.items(), strict=False):
        ax.axhline(np.log(2), color="black", linestyle=":", linewidth=1)
        ax.plot(_mean_steps(healthy), _mean(healthy), color="0.65", linewidth=3)
        ax.plot(np.arange(1, len(loss) + 1), loss, color=COLOURS[0], alpha=0.45, linewidth=1)
        ax.plot(_mean_steps(loss), _mean(loss), color=COLOURS[0])
        ax.text(0.97, 0.94, name, transform=ax.transAxes, ha="right", va="top", fontsize=17, fontweight="bold")
        if min(loss) >= 0:
            ax.set_ylim(0, TOP)
        if max(loss) > TOP:
            ax.text(0.3, 0.94, f"peak {max(loss):.0f}", transform=ax.transAxes, va="top")
    for ax in axes[-1]:
        ax.set(xlabel="step")
    for ax in axes[:, 0]:
        ax.set(ylabel="loss")


def _mean(loss: Sequence[float]) -> np.ndarray:
    """Average each step's loss with its neighbours."""
    return np.convolve(loss, np.ones(SMOOTH) / SMOOTH, mode="valid")


def _mean_steps(loss: Sequence[float]) -> np.ndarray:
    return np.arange(len(loss) - SMOOTH + 1) + (SMOOTH + 1) / 2
