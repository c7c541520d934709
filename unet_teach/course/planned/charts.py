"""Figures and tables of chapter 18: what a kernel covers, what a plan makes of the memory, scores side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from unet_teach.draw import COLOURS
from unet_teach.metrics import interval

Scores = Mapping[str, NDArray[np.float64]]  # name -> (seeds, blocks)


def show_kernels(rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Draw, level by level, what one kernel covers in the body, across the slices and along them.

    Parameters
    ----------
    rows : name -> a configuration of volumes, or another with "spacing", "strides" and "kernel_sizes"; the first axis
        is drawn upwards, the last to the right

    Introduced in chapter 18.
    """
    levels = max(len(row["strides"]) for row in rows.values())
    figure, panels = plt.subplots(len(rows), levels, figsize=(1.15 * levels, 1.45 * len(rows)), squeeze=False)
    for line, (name, row) in zip(panels, rows.items(), strict=True):
        steps = np.cumprod(np.array(row["strides"]), axis=0)
        for level, panel in enumerate(line):
            panel.set_axis_off()
            if level < len(steps):
                voxel = steps[level][[0, -1]] * np.array(row["spacing"])[[0, -1]]
                kernel = np.array(row["kernel_sizes"][level])[[0, -1]]
                _draw_kernel(panel, voxel, kernel)
                high, wide = voxel * kernel
                panel.set_title(f"{high:.3g} x {wide:.3g} mm", fontsize=8)
        line[0].text(-0.05, 0.5, name, transform=line[0].transAxes, rotation=90, va="center", ha="right", fontsize=9)


def _draw_kernel(panel: Axes, voxel: NDArray[np.float64], kernel: NDArray[np.int64]) -> None:
    size = voxel * kernel
    scale = 1 / size.max()
    for i in range(kernel[0]):
        for j in range(kernel[1]):
            corner = ((j - kernel[1] / 2) * voxel[1] * scale, (i - kernel[0] / 2) * voxel[0] * scale)
            panel.add_patch(
                Rectangle(
                    corner, voxel[1] * scale, voxel[0] * scale, facecolor=COLOURS[0], alpha=0.35, edgecolor="black"
                )
            )
    panel.set(xlim=(-0.55, 0.55), ylim=(-0.55, 0.55), aspect="equal")


def show_dial(memory: Sequence[float], plans: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Draw how a patch and a batch grow with the memory.

    Parameters
    ----------
    memory : in GB
    plans : name -> the configuration for each memory

    Introduced in chapter 18.
    """
    figure, (patches, batches) = plt.subplots(1, 2, figsize=(7, 4.2), layout="constrained")
    for (name, configurations), colour, mark in zip(plans.items(), COLOURS, "os^vD", strict=False):
        sides = [float(np.prod(one["patch_size"])) ** (1 / len(one["patch_size"])) for one in configurations]
        patches.plot(memory, sides, mark + "-", color=colour, label=name)
        batches.plot(memory, [one["batch_size"] for one in configurations], mark + "-", color=colour, label=name)
    for panel, title in ((patches, "side of the patch (voxels, mean)"), (batches, "batch")):
        panel.set_xscale("log", base=2)
        panel.set_yscale("log", base=2)
        panel.set_xticks(memory, [f"{value:g}" for value in memory])
        panel.minorticks_off()
        panel.set(xlabel="memory (GB)", title=title)
        panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    figure.legend(*patches.get_legend_handles_labels(), loc="outside lower center", ncols=3)


def score_table(scores: Scores) -> str:
    """Write a line a name: the mean, and the mean of each seed."""
    lines = []
    for name, values in scores.items():
        seeds = " ".join(f"{seed:.3f}" for seed in values.mean(axis=1))
        lines.append(f"{name:20s} {values.mean():.3f}   each seed: {seeds}")
    return "\n".join(lines)


def score_gain(scores: Scores, one: str, other: str, comparisons: int) -> tuple[float, float, float]:
    """Subtract scores, seed by seed in their order as far as both go, and give the mean with its interval.

    Parameters
    ----------
    scores : name -> (seeds, blocks)
    one, other : less `other` from `one`
    comparisons : how many there are altogether, which widens each interval
    """
    count = min(len(scores[one]), len(scores[other]))
    return interval(scores[one][:count] - scores[other][:count], 1 - 0.05 / comparisons)
