"""Curves of a training run: what it was made to lower, and what it is chosen by."""

import numpy as np
from matplotlib import pyplot as plt

from unet_teach.draw.style import COLOURS
from unet_teach.train import History


def show_history(history: History, score: str = "validation score", smooth: int = 25) -> None:
    """Plot the loss of each step with its running mean and, below it, the validation scores, the best one marked.

    Parameters
    ----------
    history : what `fit` returned
    score : the name of the validation score
    smooth : steps of the running mean

    Raises
    ------
    ValueError
        If the history is empty.

    Introduced in chapter 9.
    """
    if not history.loss:
        raise ValueError("the history holds no step: train first")
    rows = 2 if history.score else 1
    figure, axes = plt.subplots(rows, 1, sharex=True, squeeze=False, figsize=(6.4, 2.4 * rows))
    steps = np.arange(1, len(history.loss) + 1)
    smooth = min(smooth, len(steps))
    top = axes[0, 0]
    top.plot(steps, history.loss, color="0.75", linewidth=1, label="each step")
    mean = np.convolve(history.loss, np.ones(smooth) / smooth, mode="valid")
    top.plot(steps[smooth - 1 :], mean, color=COLOURS[0], label=f"mean of {smooth}")
    top.set(ylabel="training loss", ylim=(0, None))
    top.legend()
    if history.score:
        below = axes[1, 0]
        below.plot(list(history.score), list(history.score.values()), "o-", color=COLOURS[1])
        best = history.best_step
        below.annotate("best", (best, history.score[best]), (0, -18), textcoords="offset points", ha="center")
        below.set(ylabel=score)
    axes[-1, 0].set(xlabel="step")
