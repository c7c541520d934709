"""Masks of every type and layout: a score is that of plain booleans or whole numbers, or a sentence says what to do."""

from collections import Counter

import numpy as np
import pytest
from table_of_functions import ROWS
from types_of_arrays import answer

# What takes masks, or maps of labels.
OF_MASKS = [
    *("dice", "iou", "precision", "recall", "check_masks", "check_mask", "area_under_curve"),
    *("surface", "surface_distances", "surface_dice", "hausdorff95", "mean_surface_distance"),
    *("overlaps", "match", "rand_f_score", "regions", "thin", "v_rand", "v_rand_curve"),
    *("contingency", "match_clusters", "best_union", "with_seams", "two_nearest", "weight_map"),
]


def masks_of_every_kind(number, seed=26):
    """Hand so many masks to all functions that take them, in turns.

    Returns
    -------
    Counter of (function, "answered" or "refused"), and a list of what went wrong
    """
    counts, wrong = Counter(), []
    for turn in range(number):
        name = OF_MASKS[turn % len(OF_MASKS)]
        row, random = ROWS[name], np.random.default_rng((seed, turn))
        shape = tuple(random.integers(0 if turn % 9 == 0 else 1, 9, row.dims).tolist())
        if turn % 2:  # everything at once
            values = [argument.anything(shape, random) for argument in row.arguments]
        else:  # one argument, the others plain
            values = [next(value for _, value in argument.forms()) for argument in row.arguments]
            place = int(random.integers(len(values)))
            values[place] = row.arguments[place].anything(None, random)
        try:
            counts[name, "answered" if answer(row, values) else "refused"] += 1
        except (Exception, pytest.fail.Exception) as error:
            wrong.append((name, turn, f"{type(error).__name__}: {error}"[:300]))
    return counts, wrong
