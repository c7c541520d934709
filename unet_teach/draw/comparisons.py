"""Who is ahead, at what price, and does the order stay: pictures of several networks at once."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.ticker import LogLocator, NullFormatter
from numpy.typing import NDArray

from unet_teach.draw.style import COLOURS
from unet_teach.metrics import pareto_front

CLOSEST = 0.075  # two names, one above the other, as a share of the axis


def show_front(points: Mapping[str, tuple[float, float]], cost: str, score: str) -> None:
    """Draw what each costs and scores; those on the Pareto front are filled, and joined by a line.

    Parameters
    ----------
    points : name -> (cost, score); costs are above 0, and stand on a logarithmic axis
    cost, score : what they are, for the axes

    Raises
    ------
    ValueError
        If there is nothing to draw, a cost is not above 0, or a number is not finite.

    Introduced in chapter 19.
    """
    pairs = np.array(list(points.values()), dtype=float).reshape(-1, 2)
    if not len(pairs) or not (pairs[:, 0] > 0).all():
        raise ValueError("need points, and costs above 0 for a logarithmic axis")
    front = pareto_front(*pairs.T)
    figure, ax = plt.subplots(figsize=(6.4, 4.4))
    ax.set(xscale="log", xlabel=cost, ylabel=score)
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.xaxis.set_major_formatter("{x:g}")
    ax.xaxis.set_minor_formatter(NullFormatter())
    best = pairs[front][np.argsort(pairs[front][:, 0])]
    ax.plot(*best.T, color=COLOURS[0], drawstyle="steps-post", zorder=1)
    ax.plot(*pairs[front].T, "o", color=COLOURS[0], markersize=9, label="on the front")
    ax.plot(*pairs[~front].T, "o", color="0.4", markerfacecolor="white", markersize=9, label="not")
    ax.margins(0.12)
    low, high = ax.get_ylim()
    heights = apart((pairs[:, 1] - low) / (high - low), CLOSEST)
    for name, pair, height, good in zip(points, pairs, heights, front, strict=True):
        ax.annotate(
            name,
            tuple(pair),
            (1.03, height),
            textcoords="axes fraction",
            va="center",
            fontsize=12,
            color=COLOURS[0] if good else "0.25",
            arrowprops={"arrowstyle": "-", "color": "0.75", "linewidth": 0.8, "shrinkB": 5},
        )
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)


def show_orders(scores: Mapping[str, Mapping[str, float]], marked: Sequence[str] = ()) -> None:
    """Draw the order of the same networks in several tables, best on top: a line each, crossing where it changes.

    Parameters
    ----------
    scores : table -> name -> score, higher is better; every table holds the same names
    marked : names whose lines have a colour of their own; the others are grey

    Raises
    ------
    ValueError
        If there are less than two tables, or they do not hold the same names.

    Introduced in chapter 19.
    """
    tables = list(scores.values())
    if len(tables) < 2 or any(table.keys() != tables[0].keys() for table in tables):
        raise ValueError("need two tables or more, all with the same names")
    figure, ax = plt.subplots(figsize=(6.4, 0.9 + 0.42 * len(tables[0])))
    places = [sorted(table, key=lambda name, t=table: -t[name]) for table in tables]  # type: ignore[misc]
    colours = dict(zip(marked, COLOURS, strict=False))
    for name in tables[0]:
        rows = [place.index(name) for place in places]
        colour = colours.get(name, "0.65")
        ax.plot(range(len(rows)), rows, "o-", color=colour, markersize=8, zorder=2 if name in colours else 1)
        for x, row, side in ((-0.06, rows[0], "right"), (len(rows) - 0.94, rows[-1], "left")):
            ax.text(x, row, name, ha=side, va="center", fontsize=12, color=colours.get(name, "0.25"))
    ax.set(ylim=(len(tables[0]) - 0.5, -0.5), xticks=range(len(tables)), xticklabels=list(scores), yticks=[])
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0)
    ax.spines[["left", "bottom"]].set_visible(False)


def apart(heights: NDArray[np.float64], closest: float) -> NDArray[np.float64]:
    """Move heights as little as a simple rule allows until no two are closer than this; their order stays."""
    moved = np.asarray(heights, dtype=float).copy()
    order = np.argsort(moved, kind="stable")
    for _ in range(100):
        for below, above in pairwise(order):
            lacking = closest - (moved[above] - moved[below])
            if lacking > 0:
                moved[below] -= lacking / 2
                moved[above] += lacking / 2
    return moved
