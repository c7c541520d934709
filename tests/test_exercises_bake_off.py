"""The checkers of chapter 19 accept what is right, and tell wrong answers apart."""

from itertools import product

import numpy as np
from checkers import checker_tests

from unet_teach.course.exercises import bake_off as check
from unet_teach.metrics import holm, pareto_front, sign_flip_test


def means(differences):
    return [np.mean(np.array(signs) * differences) for signs in product((-1, 1), repeat=len(differences))]


def signs(differences):
    found = abs(np.mean(differences))
    return np.mean([abs(mean) >= found for mean in means(differences)])


def by_bits(differences):
    n, count = len(differences), 0
    for pattern in range(2**n):
        total = sum(-d if pattern >> k & 1 else d for k, d in enumerate(differences))
        count += abs(total) >= abs(sum(differences))
    return count / 2**n


def stepped(p_values):
    ranked, largest, result = sorted(range(len(p_values)), key=lambda k: p_values[k]), 0.0, [0.0] * len(p_values)
    for rank, k in enumerate(ranked):
        largest = max(largest, min(1, (len(p_values) - rank) * p_values[k]))
        result[k] = largest
    return result


def times(p_values, factors, grows=True, most=1.0):
    order = np.argsort(p_values, kind="stable")
    found = np.minimum(np.array(factors) * np.array(p_values)[order], most)
    result = np.empty(len(order))
    result[order] = np.maximum.accumulate(found) if grows else found
    return result


def unbeaten(costs, scores, beats):
    pairs = list(zip(costs, scores, strict=True))
    return [not any(beats(c, s, cost, score) for c, s in pairs) for cost, score in pairs]


def front(costs, scores):
    return unbeaten(costs, scores, lambda c, s, x, y: c <= x and s >= y and (c, s) != (x, y))


def winner(public, private):
    best = np.argmax(public)
    return public[best] - np.mean(public), private[best] - np.mean(private)


def sorted_winner(public, private):
    score, kept = max(zip(public, private, strict=True))
    return [score - sum(public) / len(public), kept - sum(private) / len(private)]


def down(p_values):
    return range(len(p_values), 0, -1)


SOLUTIONS = {
    check.signs: [signs, by_bits, sign_flip_test],
    check.corrected: [stepped, holm],
    check.front: [front, pareto_front],
    check.winner: [winner, sorted_winner],
}
WRONG = {
    check.signs: [
        (0.0625, "function itself"),
        (lambda d: 0.0625, "whatever it is given"),
        (lambda d: np.mean(np.array(means(d)) >= np.mean(d)), "*either* side"),
        (lambda d: np.mean(np.array(means(d)) >= abs(np.mean(d))), "as far *below*"),
        (lambda d: np.mean(np.abs(means(d)) >= np.mean(d)), "may lie below zero"),
        (lambda d: np.mean(np.abs(means(d)) > abs(np.mean(d))), "never 0"),
        (lambda d: np.sum(np.abs(means(d)) >= abs(np.mean(d))), "Which share of all"),
        (lambda d: np.mean(np.abs(means(d)) <= abs(np.mean(d))), "not the nearer"),
        (lambda d: np.mean(np.abs(means(d)) < abs(np.mean(d))), "the rest"),
        (lambda d: np.sum(np.abs(means(d)) >= abs(np.mean(d))) / len(d), "how many patterns there are"),
        (lambda d: signs(np.sign(d)), "You flip ones"),
        (lambda d: np.mean(np.abs(means(d)) == abs(np.mean(d))), "farther counts as well"),
        (lambda d: 2 / 2 ** len(d), "the smallest p"),
        (lambda d: (by_bits(d) * 2 ** len(d) + 1) / (2 ** len(d) + 1), "Nothing is to be added"),
        (lambda d: signs(d) / 2, "patterns, 0.0625; yours says 0.03125"),
        (lambda d: 1 / 0, "ZeroDivisionError"),
    ],
    check.corrected: [
        ([0.05], "function itself"),
        (lambda p: [0.05] * len(p), "Among"),
        (lambda p: np.minimum(len(p) * np.array(p), 1), "Bonferroni"),
        (lambda p: sorted(stepped(p)), "sorted: put each back"),
        (lambda p: times(p, down(p), grows=False), "may not come out smaller"),
        (lambda p: times(p, down(p), most=np.inf), "above 1"),
        (lambda p: times(p, down(p), grows=False, most=np.inf), "Two things"),
        (lambda p: times(p, range(1, len(p) + 1)), "the largest once."),
        (lambda p: np.maximum.accumulate(np.minimum(down(p) * np.array(p), 1)), "sort first"),
        (lambda p: times(p, [n - 1 for n in down(p)]), "not m - 1"),
        (lambda p: times(p, [n + 1 for n in down(p)]), "not m + 1"),
        (lambda p: list(p), "as they came"),
        (lambda p: times(p, range(len(p))), "counts from 0"),
        (lambda p: stepped(p)[:1], "come 6 corrected ones"),
    ],
    check.front: [
        ([True], "function itself"),
        (lambda c, s: [True] * len(c), "number 3 is not on the front"),
        (lambda c, s: unbeaten(c, s, lambda a, b, x, y: a < x and b > y), "nobody takes the worse"),
        (lambda c, s: unbeaten(c, s, lambda a, b, x, y: a <= x and b >= y), "Nobody beats itself"),
        (lambda c, s: unbeaten(c, s, lambda a, b, x, y: a < x and b >= y), "costs the same and scores higher"),
        (lambda c, s: unbeaten(c, s, lambda a, b, x, y: a <= x and b > y), "scores the same and costs less"),
        (lambda c, s: front([-x for x in c], s), "Low costs are good"),
        (lambda c, s: front(c, [-x for x in s]), "High scores are good"),
        (lambda c, s: unbeaten(c, s, lambda a, b, x, y: a < x or b > y), "Cheaper *or* better"),
        (lambda c, s: [not on for on in front(c, s)], "the beaten ones"),
        (lambda c, s: [x == max(s) for x in s], "The best is on it"),
        (lambda c, s: [x == min(c) for x in c], "The cheapest is on it"),
        (lambda c, s: [k for k, on in enumerate(front(c, s)) if on], "answers, True or False"),
    ],
    check.winner: [
        ((0.1, 0.1), "function itself"),
        (lambda a, b: (0.25, -0.125), "whatever it is given"),
        (lambda a, b: (max(a) - np.mean(a), max(b) - np.mean(b)), "*public* winner"),
        (lambda a, b: winner(b, a)[::-1], "chosen on the public"),
        (lambda a, b: (max(a), b[int(np.argmax(a))]), "Take the mean of all away"),
        (lambda a, b: winner(a, b)[::-1], "other way round"),
        (lambda a, b: (min(a) - np.mean(a), b[int(np.argmin(a))] - np.mean(b)), "the last one"),
        (lambda a, b: (max(a) - np.mean(a), b[int(np.argmax(a))] - np.mean(a)), "the private one may be harder"),
        (lambda a, b: (max(a) - np.mean(b), b[int(np.argmax(a))] - np.mean(b)), "the public mean"),
        (lambda a, b: [-x for x in winner(a, b)], "Ahead is above 0"),
        (lambda a, b: (max(a) - np.median(a), b[int(np.argmax(a))] - np.median(b)), "not of the median"),
        (lambda a, b: winner(a, b)[0], "Give two numbers"),
        (lambda a, b: [*winner(a, b), 0], "Give two numbers"),
        (lambda a, b: [x + 1 for x in winner(a, b)], "yours says"),
    ],
}
TestCheckers = checker_tests(SOLUTIONS, WRONG)
