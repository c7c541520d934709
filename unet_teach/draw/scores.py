"""Tables of scores as a person should see them: every seed a dot, and an interval over seeds and blocks."""

from collections.abc import Mapping

import numpy as np
from matplotlib import pyplot as plt
from numpy.typing import NDArray

from unet_teach.draw.style import COLOURS
from unet_teach.metrics import interval


def show_scores(
    scores: Mapping[str, NDArray[np.floating]],
    score: str,
    lines: Mapping[str, float] | None = None,
    confidence: float = 0.95,
) -> None:
    """Draw one row a name: a dot for each seed, a bar for the mean, a line for the interval.

    Parameters
    ----------
    scores : name -> (seeds, blocks), as `interval` takes them; a rule without seeds has one
    score : what is measured; the axis
    lines : name -> a value drawn across all rows, such as a published score or a rule to beat
    confidence : of the intervals; of several comparisons 1 - 0.05 / (their number)

    Raises
    ------
    ValueError
        If there is nothing to draw, or `interval` refuses a row.

    Introduced in chapter 9.
    """
    if not scores:
        raise ValueError("there are no scores to draw")
    figure, ax = plt.subplots(figsize=(6.4, 1.1 + 0.62 * len(scores)))
    for row, values in enumerate(scores.values()):
        mean, low, high = interval(values, confidence)
        ax.plot([low, high], [row, row], color="0.55", linewidth=6, solid_capstyle="butt", zorder=1)
        ax.plot(mean, row, "|", color="black", markersize=22, markeredgewidth=3, zorder=3)
        per_seed = np.asarray(values).mean(axis=1)
        shift = np.linspace(-0.14, 0.14, len(per_seed)) if len(per_seed) > 1 else np.zeros(1)
        ax.plot(per_seed, row + shift, "o", color=COLOURS[0], markersize=6, zorder=2)
    for number, (name, value) in enumerate((lines or {}).items()):
        ax.axvline(value, color=COLOURS[1 + number], linestyle="--", label=name, zorder=0.7)  # above the grid
    if lines:
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    ax.set(yticks=range(len(scores)), yticklabels=list(scores), ylim=(len(scores) - 0.5, -0.5), xlabel=score)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", color="0.9")
    ax.set_axisbelow(True)
