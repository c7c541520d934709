"""The checkers of chapter 20 accept what is right, and tell wrong answers apart."""

import numpy as np
from checkers import checker_tests

from unet_teach.course.exercises import everything as check
from unet_teach.predict import merge_parts


def by_table(parts, numbers):
    merged = np.zeros(parts[0].shape)
    for part, table in zip(parts, numbers, strict=True):
        new = np.vectorize(lambda own, table=table: table.get(own, 0))(part)
        merged[new > 0] = new[new > 0]
    return merged


def first_wins(parts, numbers):
    return by_table(parts[::-1], numbers[::-1])


def inside(labels):
    edge = np.pad(np.zeros(np.array(labels.shape) - 2, bool), 1, constant_values=True)
    return sorted({int(n) for n in labels[labels > 0]} - {int(n) for n in labels[edge]})


def gigabytes(size, spacing, classes):
    return round(size[0] / spacing) * round(size[1] / spacing) * round(size[2] / spacing) * classes / 2.5e8


def mirror(image, labels, pairs):
    table = np.arange(max([labels.max(), *np.ravel(pairs)]).astype(int) + 1)
    for right, left in pairs:
        table[[right, left]] = left, right
    return image[:, ::-1], table[labels[:, ::-1]]


def in_place(image, labels, pairs):
    turned = labels[:, ::-1].copy()
    for right, left in pairs:
        turned[turned == right] = left
        turned[turned == left] = right
    return image[:, ::-1], turned


SOLUTIONS = {
    check.merge: [by_table, merge_parts],
    check.whole_organs: [inside],
    check.answer_gigabytes: [gigabytes],
    check.mirror_and_rename: [mirror, lambda *case: np.stack(mirror(*case))],
}

WRONG = {
    check.merge: [
        (first_wins, "to the first part"),
        (lambda parts, numbers: by_table(parts, [{1: 1, 2: 2, 3: 3}] * len(parts)), "counts from 1"),
        (lambda parts, numbers: by_table(parts[-1:], numbers[-1:]), "must not wipe out"),
        (lambda parts, numbers: sum(by_table([p], [n]) for p, n in zip(parts, numbers, strict=True)), "add"),
        (lambda parts, numbers: by_table(parts, numbers) + (parts[0] == 3), "the parts say"),
        (lambda parts, numbers: by_table(parts, numbers)[:1], "has the shape"),
    ],
    check.whole_organs: [
        (lambda labels: sorted(set(labels.ravel()) - {0} - set(inside(labels))), "that are cut off"),
        (lambda labels: [0, *inside(labels)], "0 is no region"),
        (lambda labels: inside(labels)[::-1], "rising order"),
        (lambda labels: sorted(set(labels.ravel()) - {0}), "every region"),
        (lambda labels: inside(labels) + inside(labels), "once"),
        (lambda labels: [*inside(labels)[:-1]], "touches no edge"),
        (lambda labels: [*inside(labels), 999], "no region 999"),
        (lambda labels: len(inside(labels)), "not how many"),
        (lambda labels: np.isin(labels, inside(labels)), "That is a map"),
        (lambda labels: set(inside(labels)), "A set has no order"),
    ],
    check.answer_gigabytes: [
        (lambda size, spacing, classes: gigabytes(size, spacing, classes) / 4, "four bytes"),
        (lambda size, spacing, classes: gigabytes(size, spacing, 1), "Each class"),
        (lambda size, spacing, classes: gigabytes(size, 1, classes), "does not change with the spacing"),
        (lambda size, spacing, classes: gigabytes(size, spacing, classes) * 1e9, "bytes: divide"),
        (lambda size, spacing, classes: gigabytes(size, spacing, classes + 1), "background"),
        (lambda size, spacing, classes: gigabytes(size, spacing, classes) + 1, "voxels"),
        (lambda size, spacing, classes: np.prod(size) / spacing**3 * classes * 4 / 1e9, "not rounded"),
        (lambda size, spacing, classes: np.prod(np.array(size) // spacing) * classes * 4 / 1e9, "rounded down"),
    ],
    check.mirror_and_rename: [
        (lambda image, labels, pairs: (image[:, ::-1], labels[:, ::-1]), "still the old ones"),
        (in_place, "within one array"),
        (lambda image, labels, pairs: (image, mirror(image, labels, pairs)[1]), "image is not mirrored"),
        (lambda image, labels, pairs: (image, labels), "what went in"),
        (lambda image, labels, pairs: mirror(image, labels, pairs[:1]), "first pair"),
        (lambda image, labels, pairs: (image[::-1], mirror(image, labels[:, ::-1], pairs)[1][::-1]), "not the rows"),
        (lambda image, labels, pairs: np.stack(mirror(image, labels, pairs))[:, 1:], "Return two arrays"),
    ],
}
TestCheckers = checker_tests(SOLUTIONS, WRONG)
