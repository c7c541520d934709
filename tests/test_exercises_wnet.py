"""The checkers of chapter 16 accept what is right, and tell wrong answers apart."""

from itertools import permutations

import numpy as np
from checkers import checker_tests
from scipy.optimize import linear_sum_assignment

from unet_teach.course.exercises import wnet as check


def likeness(greys, sigma_i, sigma_x, radius):
    place = np.arange(len(greys))
    grey = (greys[:, None] - greys) ** 2
    far = (place[:, None] - place) ** 2
    return np.exp(-grey / sigma_i**2) * np.exp(-far / sigma_x**2) * (far < radius**2)


def likeness_by_loops(greys, sigma_i, sigma_x, radius):
    table = []
    for u, gu in enumerate(greys):
        row = []
        for v, gv in enumerate(greys):
            near = abs(u - v) < radius
            row.append(np.exp(-((gu - gv) ** 2) / sigma_i**2 - (u - v) ** 2 / sigma_x**2) if near else 0.0)
        table.append(row)
    return table


def normalised_cut(weights, first):
    through = weights[first][:, ~first].sum()
    return through / weights[first].sum() + through / weights[~first].sum()


def cut_by_loops(weights, first):
    n = range(len(first))
    through = sum(weights[u, v] for u in n for v in n if first[u] and not first[v])
    return sum(through / sum(weights[u].sum() for u in n if first[u] == side) for side in (True, False))


def soft_cut(weights, clusters):
    return len(clusters) - sum((p @ weights @ p) / (p @ weights.sum(axis=1)) for p in clusters)


def soft_cut_at_once(weights, clusters):
    kept = np.einsum("ku,uv,kv->k", clusters, weights, clusters)
    return (1 - kept / (clusters @ weights).sum(axis=1)).sum()


def names(table):
    ways = permutations(range(len(table)))
    return max(ways, key=lambda way: sum(table[c][way[c]] for c in range(len(table))))


def names_by_scipy(table):
    return linear_sum_assignment(table, maximize=True)[1]


def greedy(table):
    table, found = table.astype(float), [0] * len(table)
    for _ in range(len(table)):
        c, name = np.unravel_index(table.argmax(), table.shape)
        found[c] = name
        table[c, :] = table[:, name] = -1
    return found


SOLUTIONS = {
    check.likeness: [likeness, likeness_by_loops],
    check.normalised_cut: [normalised_cut, cut_by_loops],
    check.soft_cut: [soft_cut, soft_cut_at_once],
    check.names: [names, names_by_scipy],
}

WRONG = {
    check.likeness: [
        (lambda g, i, x, r: likeness(g, i, x, 99), "`radius` ends it"),
        (lambda g, i, x, r: likeness(g, i, x, np.nextafter(r, 99)), "exactly `radius`"),
        (lambda g, i, x, r: likeness(g, x, i, r), "changed places"),
        (lambda g, i, x, r: likeness(g, i**0.5, x**0.5, r), "squared as well"),
        (lambda g, i, x, r: likeness(g, i * 2**0.5, x * 2**0.5, r), "2 below the line"),
        (lambda g, i, x, r: likeness(g, i, x, r) - np.eye(len(g)), "own neighbour"),
        (lambda g, i, x, r: likeness(g, i, 1e9, r), "`sigma_x`"),
        (lambda g, i, x, r: likeness(g, 1.5, x, r), "`sigma_i` has no effect"),
        (lambda g, i, x, r: likeness(g, i, x, r)[0], "a table of"),
        (lambda g, i, x, r: likeness(g, i, x, r) * 0.9, "weigh 1.000, not 0.900"),
    ],
    check.normalised_cut: [
        (lambda w, a: w[a][:, ~a].sum(), "plain cut"),
        (lambda w, a: w[a][:, ~a].sum() / w[a].sum(), "second side has one"),
        (lambda w, a: w[a][:, ~a].sum() / w.sum(), "its own total"),
        (lambda w, a: w[a][:, ~a].sum() * (1 / a.sum() + 1 / (~a).sum()), "ratio cut"),
        (lambda w, a: 2 - normalised_cut(w, a), "keep"),
        (lambda w, a: normalised_cut(w, a) / 2, "averaged"),
        (lambda w, a: normalised_cut(w, a) + 1, "yours is"),
        (lambda w, a: float("nan"), "NaN"),
        (lambda w, a: normalised_cut(w, np.arange(len(a)) < 1), "`first` has no effect"),
    ],
    check.soft_cut: [
        (lambda w, c: len(c) - soft_cut(w, c), "Subtract it"),
        (lambda w, c: soft_cut(w, c) / len(c), "averaged"),
        (lambda w, c: len(c) - sum(p @ w @ p for p in c) / sum(p @ w.sum(1) for p in c), "by itself"),
        (lambda w, c: len(c) - sum((p @ w @ p) / p.sum() for p in c), "not with 1"),
        (lambda w, c: soft_cut(w, c) + 0.1, "not"),
        (lambda w, c: soft_cut(np.eye(len(w)), c), "`weights` has no effect"),
    ],
    check.names: [
        (greedy, "largest count first"),
        (lambda t: t.argmax(axis=1), "Two clusters"),
        (lambda t: np.argsort(names(t)), "cluster of each label"),
        (lambda t: min(permutations(range(len(t))), key=lambda w: sum(t[c][w[c]] for c in range(len(t)))), "fewest"),
        (lambda t: sum(t[c][n] for c, n in enumerate(names(t))), "how many pixels"),
        (lambda t: [0] * len(t), "given once"),
        (lambda t: list(range(len(t))), "can be had"),
        (lambda t: [0, 1], "labels; yours has the shape"),
    ],
}
TestCheckers = checker_tests(SOLUTIONS, WRONG)
