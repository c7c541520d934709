"""What the stored comparison of chapter 21 says, shape by shape, as tables and as one figure."""

from collections.abc import Sequence

import numpy as np
from matplotlib import pyplot as plt
from numpy.typing import NDArray

from unet_teach.course.experiments.body_shapes import SHAPES
from unet_teach.course.experiments.table import Row
from unet_teach.draw import COLOURS
from unet_teach.recipes.torso import PEOPLE

FATS = ("subcutaneous_fat", "torso_fat")


def by_shape(row: Row, name: str) -> NDArray[np.float64]:
    """Take one result out of a row of the comparison: "torso_fat" its Dice, "area torso_fat" its area's error.

    Returns
    -------
    (shapes, people)

    Introduced in chapter 21.
    """
    return np.array([[float(row[f"{name} {shape:g} {person}"]) for person in PEOPLE["test"]] for shape in SHAPES])


def fat_dice(row: Row) -> NDArray[np.float64]:
    """Average the Dice of the two fats: what was named before the comparison was run.  -> (shapes, people)

    Introduced in chapter 21.
    """
    return np.asarray(np.mean([by_shape(row, name) for name in FATS], axis=0))


def show_crossing(rule: Row, hindsight: Row, networks: Sequence[Row]) -> None:
    """Draw the rule, the rule in hindsight, and each network over the shape, averaged over people.

    Introduced in chapter 21.
    """
    _, ax = plt.subplots(figsize=(6.4, 4.2))
    for number, row in enumerate(networks):
        label = f"{len(networks)} networks" if number == 0 else None
        ax.plot(SHAPES, fat_dice(row).mean(axis=1), color=COLOURS[0], linewidth=1.5, label=label)
    ax.plot(SHAPES, fat_dice(hindsight).mean(axis=1), "s--", color=COLOURS[2], label="a depth for each, in hindsight")
    ax.plot(SHAPES, fat_dice(rule).mean(axis=1), "o-", color=COLOURS[1], label="one depth for all")
    ax.set(xlabel="shape: 0 thin, 1 obese", ylabel="mean Dice of the two fats", ylim=(0.65, 1.005))
    ax.legend(loc="lower center")
