"""The checkers of chapter 22 accept what is right, and tell wrong answers apart."""

from itertools import product

import numpy as np
from checkers import checker_tests

from unet_teach.course.exercises import brain_tumour as check
from unet_teach.predict import decode_regions

ALL = list(product((0, 1), repeat=3))
RIGHT = [(0, 1, 0), (0, 0, 1), (1, 0, 1), (0, 1, 1)]


def lost(labels, known):
    tumour = labels[labels > 0]
    return np.mean(~np.isin(tumour, known)) if tumour.size else 0.0


def lost_by_loop(labels, known):
    gone, all_of_it = 0, 0
    for label in labels.ravel().tolist():
        all_of_it += label > 0
        gone += label > 0 and label not in known
    return gone / max(all_of_it, 1)


def decode(maps, order):
    labels = np.zeros(maps.shape[1:], int)
    for name, code in {"WT": 2, "TC": 1, "ET": 4}.items():
        labels[maps[order.index(name)]] = code
    return labels


def summed(maps, order):
    return np.choose(maps.sum(0), [0, 2, 1, 4])


def drop(maps, order):
    tumour, core, enhancing = (maps[order.index(name)] for name in ("WT", "TC", "ET"))
    return decode(np.stack([tumour, core & tumour, enhancing & core & tumour]), ("WT", "TC", "ET"))


def outermost(maps, order):
    labels = np.zeros(maps.shape[1:], int)
    for name, code in {"ET": 4, "TC": 1, "WT": 2}.items():
        labels[maps[order.index(name)]] = code
    return labels


def held_out(table):
    rows = [np.delete(table, column, axis=1).mean(axis=1).argmax() for column in range(table.shape[1])]
    return [table[row, column] for column, row in enumerate(rows)]


def on_all(table):
    return table[table.mean(axis=1).argmax()]


SOLUTIONS = {
    check.lost: [lost, lost_by_loop],
    check.failing_combinations: [RIGHT, set(RIGHT), [list(row) for row in RIGHT[::-1]]],
    check.decoder: [decode, decode_regions],
    check.held_out: [held_out, lambda table: np.array(held_out(table))],
}

WRONG = {
    check.lost: [
        (lambda labels, known: lost(labels, known) * (labels > 0).sum(), "counts voxels"),
        (lambda labels, known: np.mean(~np.isin(labels, known)), "no tumour, and"),
        (lambda labels, known: np.mean((labels > 0) & ~np.isin(labels, known)), "of all voxels"),
        (lambda labels, known: np.mean(np.isin(labels[labels > 0], known)) if labels.any() else 0, "kept, not lost"),
        (lambda labels, known: 1 - lost(labels, known), "kept, not lost"),
        (lambda labels, known: lost(np.unique(labels), known), "kinds of labels"),
        (lambda labels, known: 100 * lost(labels, known), "per cent"),
        (lambda labels, known: lost(labels, (1, 2, 4)), "only 1, 2 and 4"),
        (lambda labels, known: lost(labels, (1, 2, 4, 5)), "Not only 3"),
        (lambda labels, known: lost(labels, known) if labels.any() else 1, "nothing is lost"),
        (lambda labels, known: lost(labels[:1], known), "the rule"),
        (lambda labels, known: 0.5, "same whatever"),
    ],
    check.failing_combinations: [
        ([row[::-1] for row in RIGHT], "other way round"),
        ([row for row in ALL if row not in RIGHT], "come out right"),
        ([*RIGHT, (1, 1, 0)], "each region inside"),
        (RIGHT[:3], "1 more does"),
        ([(0, 0, 1)], "3 more do"),
        ([(0, 0, 2)], "0 or 1"),
        (5, "list of triples"),
        ((0, 0, 1), "list of triples"),
        ([1, 2, 3, 5], "list of triples"),
    ],
    check.decoder: [
        (summed, "sum and remap"),
        (lambda maps, order: maps.sum(0), "half of them mislead"),
        (lambda maps, order: decode(maps, ("WT", "TC", "ET")), "`order` has no effect"),
        (outermost, "last word"),
        (drop, "sticks out"),
        (lambda maps, order: np.where(decode(maps, order) == 4, 3, decode(maps, order)), "ET is 4"),
        (lambda maps, order: np.array([0, 2, 1, 3, 4])[decode(maps, order)], "oedema, WT alone"),
        (lambda maps, order: maps[0], "yes and no"),
        (lambda maps, order: decode(maps, order)[None], "come labels of"),
        (lambda maps, order: np.where(decode(maps, order) == 1, 2, decode(maps, order)), "is claimed, the label is"),
    ],
    check.held_out: [
        (on_all, "scored among them"),
        (lambda table: table.max(axis=0), "suits best"),
        (lambda table: np.array(held_out(table)).mean(), "one score a patient"),
        (
            lambda table: [np.delete(table, c, axis=1).mean(axis=1).max() for c in range(table.shape[1])],
            "those who chose",
        ),
        (
            lambda table: [np.delete(table, c, axis=1).mean(axis=1).argmax() for c in range(table.shape[1])],
            "the rows that were chosen",
        ),
        (
            lambda table: [
                table[np.median(np.delete(table, c, axis=1), axis=1).argmax(), c] for c in range(table.shape[1])
            ],
            "not by the median",
        ),
        (lambda table: held_out(table)[:-1], "one a patient; yours"),
        (lambda table: held_out(table.T), "has them turned"),
        (lambda table: [0.5] * table.shape[1], "Without patient"),
    ],
}
TestCheckers = checker_tests(SOLUTIONS, WRONG)
