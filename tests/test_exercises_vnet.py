"""The checkers of chapter 15 accept what is right, and tell wrong answers apart."""

import numpy as np
import torch
from checkers import checker_tests

from unet_teach.course.exercises import vnet as check
from unet_teach.models import UNet


def overlap(one, other):
    return 2 * (one & other).sum() / (one.sum() + other.sum())


def cleared(mask, axis, place):
    np.moveaxis(mask, axis, 0)[place] = False
    return mask


def moved(mask, axis):
    return cleared(np.roll(mask, 1, axis), axis, 0)


def shifted(mask, axis):
    return overlap(mask, moved(mask, axis))


def shifted_by_slices(mask, axis):
    volume = np.moveaxis(mask, axis, 0)
    shared = sum((volume[k] & volume[k + 1]).sum() for k in range(len(volume) - 1))
    return 2 * shared / (volume.sum() + volume[:-1].sum())


def people(numbers, kind):
    return list(kind((number + 1) // 2 for number in numbers))


def folds(numbers, count):
    people = [(number + 1) // 2 for number in numbers]
    order = sorted(set(people))
    return [order.index(person) % count for person in people]


def folds_by_loop(numbers, count):
    fold_of, seen = {}, 0
    for number in sorted(numbers):
        person = (number + 1) // 2
        if person not in fold_of:
            fold_of[person] = seen % count
            seen += 1
    return np.array([fold_of[(number + 1) // 2] for number in numbers])


def correlate(volume, kernel):
    places = [v - k + 1 for v, k in zip(volume.shape, kernel.shape, strict=True)]
    result = np.zeros(places)
    for i in range(places[0]):
        for j in range(places[1]):
            for k in range(places[2]):
                window = volume[i : i + kernel.shape[0], j : j + kernel.shape[1], k : k + kernel.shape[2]]
                result[i, j, k] = (window * kernel).sum()
    return result


def correlate_by_torch(volume, kernel):
    pair = [torch.as_tensor(np.array(part))[None, None] for part in (volume, kernel)]
    return torch.nn.functional.conv3d(*pair)[0, 0]


def kept(shape, width, depth):
    voxels, total = shape[0] * shape[1] * shape[2], 0
    for _ in range(depth + 1):
        total += 2 * width * voxels
        width, voxels = 2 * width, voxels // 8
    return total


def kept_by_power(shape, width, depth):
    return sum(2 * width * int(np.prod(shape)) // 4**level for level in range(depth + 1))


SOLUTIONS = {
    check.shifted_dice: [shifted, shifted_by_slices],
    check.dealt_folds: [folds, folds_by_loop],
    check.correlate3d: [correlate, correlate_by_torch],
    check.kept_numbers: [kept, kept_by_power],
}
WRONG = {
    check.shifted_dice: [
        (0.9, "function itself"),
        (lambda mask, axis: overlap(mask, np.roll(mask, 1, axis)), "`np.roll` brings back"),
        (lambda mask, axis: 1 - shifted(mask, axis), "what is lost"),
        (lambda mask, axis: shifted(mask, axis) / 2, "2 of the Dice is missing"),
        (lambda mask, axis: shifted(mask, axis) / (2 - shifted(mask, axis)), "IoU"),
        (lambda mask, axis: shifted(mask, 2 - axis), "wrong end"),
        (lambda mask, axis: shifted(mask, 1), "Always along axis 1"),
        (lambda mask, axis: shifted(mask[::-1, ::-1, ::-1], axis), "towards its end"),
        (lambda mask, axis: overlap(mask, cleared(np.roll(mask, 1, axis), axis, -1)), "at the other end"),
        (lambda mask, axis: shifted(mask, axis) * (mask.sum() + moved(mask, axis).sum()) / (2 * mask.sum()), "fewer"),
        (lambda mask, axis: 0.9, "whatever it is given"),
        (lambda mask, axis: shifted(mask, axis) ** 2, "the Dice is"),
        (lambda mask, axis: [shifted(mask, axis)] * 2, "one number"),
    ],
    check.dealt_folds: [
        ([0, 1], "function itself"),
        (lambda numbers, count: [number % count for number in numbers], "deals out cases: 3 and 4"),
        (lambda numbers, count: [n % count for n in range(len(numbers))], "as they stand in the list"),
        (lambda numbers, count: [(number + 1) // 2 % count for number in numbers], "there are gaps"),
        (
            lambda numbers, count: [sorted({m // 2 for m in numbers}).index(n // 2) % count for n in numbers],
            "pairs 2 with 3",
        ),
        (lambda numbers, count: [((n + 1) // 2 - 1) % count for n in numbers], "there are gaps"),
        (lambda numbers, count: [people(numbers, set).index((n + 1) // 2) % count for n in numbers], "yours is"),
        (lambda numbers, count: [[n] for n in numbers], "not the folds with their cases"),
        (
            lambda numbers, count: dict(zip(numbers, folds(numbers, count), strict=True)),
            "not the folds with their cases",
        ),
        (lambda numbers, count: [fold + 1 for fold in folds(numbers, count)], "counted from 0"),
        (lambda numbers, count: folds(numbers, len(numbers)), "begins again"),
        (lambda numbers, count: folds(numbers, 3), "`count` has no effect"),
        (lambda numbers, count: folds(numbers, count)[1:], "One fold for each case"),
        (lambda numbers, count: folds(sorted(numbers), count), "belongs to person"),
    ],
    check.correlate3d: [
        (np.ones((3, 3, 3)), "function itself"),
        (lambda volume, kernel: correlate(volume, kernel[::-1, ::-1, ::-1]), "all three axes"),
        (lambda volume, kernel: correlate(volume, kernel[:, ::-1]), "along axis 1"),
        (lambda volume, kernel: correlate(volume, kernel)[:-1, :-1, :-1], "One place is missing"),
        (lambda volume, kernel: correlate(volume, kernel) / kernel.size, "mean of the products"),
        (lambda volume, kernel: correlate(volume, kernel.transpose(0, 2, 1)), "axes of the kernel are exchanged"),
        (lambda volume, kernel: correlate(volume, kernel)[0], "the result should be"),
        (lambda volume, kernel: correlate(volume, kernel) + 1, "the first number should be"),
    ],
    check.kept_numbers: [
        (12, "function itself"),
        (
            lambda shape, width, depth: sum(2 * width * 2**n * (np.prod(shape) // 4**n) for n in range(depth + 1)),
            "eighth",
        ),
        (lambda shape, width, depth: kept(shape, width, depth) // 2, "two convolutions"),
        (lambda shape, width, depth: kept(shape, width, depth - 1), "bottom is missing"),
        (lambda shape, width, depth: kept(shape, width, depth + 1), "One level too many"),
        (
            lambda shape, width, depth: sum(2 * width * (np.prod(shape) // 8**n) for n in range(depth + 1)),
            "twice the ch",
        ),
        (lambda shape, width, depth: 4 * kept(shape, width, depth), "bytes"),
        (lambda shape, width, depth: kept(shape, width, 2), "`depth` has no effect"),
        (lambda shape, width, depth: kept(shape, 8, depth), "`width` has no effect"),
    ],
}
TestCheckers = checker_tests(SOLUTIONS, WRONG)


def test_what_a_hook_counts_is_what_the_exercise_asks_for():
    network, given = UNet(width=4, depth=2, dims=3).eval(), []
    for block in (*network.encoder, network.bottleneck):
        for layer in block:
            if isinstance(layer, torch.nn.Conv3d):
                layer.register_forward_hook(lambda layer, inputs, output: given.append(output.numel()))
    with torch.no_grad():
        network(torch.zeros(1, 1, 16, 24, 8))
    assert sum(given) == kept((16, 24, 8), 4, 2)
