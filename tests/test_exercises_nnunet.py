"""The checkers of chapter 18 accept what is right, and tell wrong answers apart."""

import numpy as np
from checkers import checker_tests

from unet_teach.course.exercises import nnunet as check
from unet_teach.nnunet.spacing import image_target_spacing
from unet_teach.nnunet.topology import network_topology


def target(spacings, shapes, compared=np.median):
    spacing, size = np.median(spacings, axis=0), np.median(shapes, axis=0)
    by, coarse = compared(spacings, axis=0), np.argmax(compared(spacings, axis=0))
    if by[coarse] > 3 * np.delete(by, coarse).max() and 3 * size[coarse] < np.delete(size, coarse).min():
        spacing[coarse] = np.percentile(spacings[:, coarse], 10)
    return spacing


def halvings(spacing, sides, least=8, alone=12, of_long=False):
    spacing, sides, axes = list(spacing), list(sides), range(len(sides))
    steps = [[1] * len(sides)]
    while True:
        long = [axis for axis in axes if sides[axis] >= least]
        halved = [axis for axis in long if spacing[axis] < 2 * min(spacing[other] for other in long)]
        if not halved or (len(long if of_long else halved) == 1 and sides[halved[0]] < alone):
            return steps
        steps.append([1 + (axis in halved) for axis in axes])
        for axis in halved:
            spacing[axis], sides[axis] = 2 * spacing[axis], -(-sides[axis] // 2)


def batch(fits, patch, voxels):
    return max(2, min(fits, round(voxels / 20 / np.prod(patch))))


def both(said, truth):
    shared = [2 * (a & b).sum() for a, b in zip(said, truth, strict=True)]
    sizes = [a.sum() + b.sum() for a, b in zip(said, truth, strict=True)]
    return sum(shared) / sum(sizes), np.mean(np.divide(shared, sizes))


def both_from_one_line(said, truth):
    a, b = (np.concatenate([mask.ravel() for mask in masks]) for masks in (said, truth))
    each = [2 * (x & y).sum() / (x.sum() + y.sum()) for x, y in zip(said, truth, strict=True)]
    return [2 * (a & b).sum() / (a.sum() + b.sum()), sum(each) / len(each)]


SOLUTIONS = {
    check.target_spacing: [target, image_target_spacing],
    check.halvings: [halvings, lambda spacing, sides: network_topology(spacing, sides).strides],
    check.batch_of: [batch],
    check.two_dice: [both, both_from_one_line],
}
WRONG = {
    check.target_spacing: [
        ((1, 1, 1), "function itself"),
        (lambda spacings, shapes: np.median(spacings, axis=0), "median throughout"),
        (lambda spacings, shapes: np.mean(spacings, axis=0), "That is the mean"),
        (lambda spacings, shapes: np.percentile(spacings, 10, axis=0), "of every axis"),
        (lambda spacings, shapes: target(spacings, np.ones_like(shapes) - [[0, 0, 0.9]]), "axis"),
        (lambda spacings, shapes: target(spacings, shapes)[::-1], "should get"),
        (lambda spacings, shapes: target(spacings, shapes)[:2], "Three numbers"),
        (lambda spacings, shapes: [1, 1, 1], "whatever it is given"),
        (lambda spacings, shapes: target(spacings, shapes.mean(axis=0, keepdims=True)), "Of the sizes, too"),
        (lambda spacings, shapes: target(spacings, shapes.min(axis=0, keepdims=True)), "axis 0 should get 6"),
        (lambda spacings, shapes: target(spacings, shapes.max(axis=0, keepdims=True)), "Of the sizes, too"),
        (lambda spacings, shapes: target(spacings, shapes[:1]), "should get"),
        (lambda spacings, shapes: target(spacings, shapes, np.mean), "yours has 2.5"),
        (lambda spacings, shapes: target(spacings, shapes, lambda s, axis: s[0]), "yours has 2.5"),
    ],
    check.halvings: [
        ([[1, 1]], "function itself"),
        (lambda spacing, sides: halvings([1] * len(sides), sides), "`spacing` has no effect"),
        (lambda spacing, sides: halvings(spacing, sides)[1:], "first level is missing"),
        (lambda spacing, sides: np.cumprod(halvings(spacing, sides), axis=0), "from level to level"),
        (lambda spacing, sides: halvings(spacing, sides, 4), "*before*"),
        (lambda spacing, sides: halvings(spacing, sides, 8, 8), "twelve voxels or more"),
        (lambda spacing, sides: halvings(spacing, sides, of_long=True), "halved *with it*"),
        (lambda spacing, sides: [step[::-1] for step in halvings(spacing, sides)], "should step by"),
        (lambda spacing, sides: [[1] * len(sides), *halvings(spacing, sides)], "levels with"),
    ],
    check.batch_of: [
        (2, "function itself"),
        (lambda fits, patch, voxels: fits, "That is what fits"),
        (lambda fits, patch, voxels: max(2, fits), "more than a twentieth"),
        (lambda fits, patch, voxels: min(fits, round(voxels / 20 / np.prod(patch))), "lower bound"),
        (lambda fits, patch, voxels: max(2, round(voxels / 20 / np.prod(patch))), "`fits` has no effect"),
        (lambda fits, patch, voxels: max(2, min(fits, int(voxels / 20 / np.prod(patch)))), "cuts off"),
        (lambda fits, patch, voxels: max(2, min(fits, round(voxels / 20 / sum(patch)))), "*product*"),
        (lambda fits, patch, voxels: max(1, min(fits, round(voxels / 20 / np.prod(patch)))), "not one"),
        (lambda fits, patch, voxels: max(2, min(fits, round(voxels / 10 / np.prod(patch)))), "yours gives"),
        (lambda fits, patch, voxels: max(2, min(fits, round(voxels / 2 / np.prod(patch)))), "not 0.5"),
        (lambda fits, patch, voxels: max(2, min(fits, round(voxels / 20 / patch[0] / patch[1]))), "three sides"),
    ],
    check.two_dice: [
        ((0.5, 0.5), "function itself"),
        (lambda said, truth: both(said, truth)[::-1], "exchanged"),
        (lambda said, truth: both(said, truth)[:1] * 2, "Both are pooled"),
        (lambda said, truth: both(said, truth)[1:] * 2, "Both are means"),
        (lambda said, truth: np.divide(both(said, truth), 2), "2 of the Dice"),
        (lambda said, truth: both(said, truth)[:1], "Two numbers"),
        (lambda said, truth: (both(said, truth)[0], 0.5), "the mean of the cases should be"),
        (lambda said, truth: (0.5, both(said, truth)[1]), "pooled should be"),
    ],
}
TestCheckers = checker_tests(SOLUTIONS, WRONG)
