"""The checkers of chapter 23 accept what is right, and tell wrong answers apart."""

import math
from itertools import permutations

import numpy as np
from checkers import checker_tests

from unet_teach.clinic.survival import concordance
from unet_teach.course.exercises import foretelling as check


def box(a, b, c):
    return (36 * math.pi * (a * b * c) ** 2) ** (1 / 3) / (2 * (a * b + b * c + c * a))


def box_by_radius(a, b, c):
    radius = (a * b * c * 3 / 4 / math.pi) ** (1 / 3)
    return 4 * math.pi * radius**2 / (a * b + b * c + c * a) / 2


def index(times, events, risk):
    points, pairs = 0, 0
    for a, b in permutations(range(len(times)), 2):
        if events[a] and (times[a] < times[b] or (times[a] == times[b] and not events[b])):
            pairs += 1
            points += 0.5 if risk[a] == risk[b] else risk[a] > risk[b]
    return points / pairs


def deaths_only(times, events, risk):
    pairs = [(a, b) for a, b in permutations(np.flatnonzero(events), 2) if times[a] < times[b]]
    return np.mean([(risk[a] > risk[b]) + 0.5 * (risk[a] == risk[b]) for a, b in pairs]) if pairs else 0


def inside(features, times, events, fold, choose, learn):
    risk = np.zeros(len(times))
    for number in set(fold.tolist()):
        out = fold == number
        columns = choose(features[~out], times[~out], events[~out])
        model = learn(features[~out][:, columns], times[~out], events[~out])
        risk[out] = model(features[out][:, columns])
    return risk


def inside_one_by_one(features, times, events, fold, choose, learn):
    risk = []
    for patient in range(len(times)):
        others = np.flatnonzero(fold != fold[patient])
        columns = choose(features[others], times[others], events[others])
        model = learn(features[np.ix_(others, columns)], times[others], events[others])
        risk.append(model(features[[patient]][:, columns])[0])
    return risk


def choosing_on_all(features, times, events, fold, choose, learn):
    columns = choose(features, times, events)
    return inside(features[:, columns], times, events, fold, lambda f, t, e: np.arange(len(columns)), learn)


SOLUTIONS = {
    check.box_sphericity: [box, box_by_radius],
    check.kaplan_meier: [[5 / 6, 5 / 8, 5 / 16], [0.833, 0.625, 0.3125]],
    check.c_index: [index, concordance],
    check.inside_the_folds: [inside, inside_one_by_one],
}

WRONG = {
    check.box_sphericity: [
        (lambda a, b, c: 1 / box(a, b, c), "Upside down"),
        (lambda a, b, c: 2 * box(a, b, c), "half of it"),
        (lambda a, b, c: 12 * math.pi * (a * b * c) ** 2 / (2 * (a * b + b * c + c * a)), "in brackets"),
        (lambda a, b, c: box(a, b, c) ** 3, "third power"),
        (lambda a, b, c: a * b * c / (2 * (a * b + b * c + c * a)), "has a unit"),
        (lambda a, b, c: 4 * math.pi * (a * b * c) ** (2 / 3) / (2 * (a * b + b * c + c * a)), "ball's radius"),
        (lambda a, b, c: box(2, 2, 2), "a cube's"),
        (lambda a, b, c: box(a, b, b), "`c` has no effect"),
        (lambda a, b, c: box(a, b, c) + 0.1, "has the sphericity"),
        (lambda a, b, c: float("nan"), "NaN"),
    ],
    check.kaplan_meier: [
        ([2 / 3, 1 / 3, 0], "dropped"),
        ([5 / 6, 1 / 3, 1 / 6], "left alive"),
        ([0.83, 0.67, 0.5], "all six"),
        ([0.833, 0.556, 0.278], "four, not three"),
        ([5 / 6, 3 / 4, 1 / 2], "Multiply"),
        ([1 / 6, 3 / 8, 11 / 16], "that are gone"),
        ([83.3, 62.5, 31.25], "per cent"),
        ([0.83, 0.63, 0.31], "three digits"),
        ([0.833, 0.625, 0.4], "Month 11"),
        ([0.833, 0.7, 0.3125], "Month 8"),
        ([0.833, 0.625], "Three numbers"),
    ],
    check.c_index: [
        (lambda t, e, r: 1 - index(t, e, r), "wrong way round"),
        (lambda t, e, r: index(t, np.ones(len(t)), r), "everybody as dead"),
        (deaths_only, "second of a pair"),
        (lambda t, e, r: index(t + 0.01 * e, e, r), "the event was first"),
        (lambda t, e, r: index(t, e, r - 1e-6 * np.argsort(np.argsort(t)) - 1e-9 * t), "not"),
        (lambda t, e, r: index(t, e, np.arange(len(t))), "`risk` has no effect"),
        (lambda t, e, r: 0.5, "same whatever"),
    ],
    check.inside_the_folds: [
        (choosing_on_all, "that is the leak"),
        (lambda f, t, e, fold, c, m: inside(f, t, e, fold, c, m)[:-1], "shape"),
        (lambda f, t, e, fold, c, m: inside(f, t, e, fold, c, m) + 1, "should get"),
        (lambda f, t, e, fold, c, m: m(f[:, c(f, t, e)], t, e)(f[:, c(f, t, e)]), "Nothing is held out"),
        (lambda f, t, e, fold, c, m: inside(f, t, e, np.arange(len(t)) % 2, c, m), "`fold` has no effect"),
        (lambda f, t, e, fold, c, m: inside(f, t, e, fold, lambda *_: [0, 1], m), "`choose` has no effect"),
    ],
}
TestCheckers = checker_tests(SOLUTIONS, WRONG)
