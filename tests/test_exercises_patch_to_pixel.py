"""The checkers of chapter 7 accept what is right, and tell wrong answers apart."""

import math

import numpy as np
from checkers import checker_tests
from scipy import ndimage

from unet_teach.course.exercises import patch_to_pixel as check


def mapped(image, size, classify):
    rows, columns = image.shape[0] - size + 1, image.shape[1] - size + 1
    return np.array([[classify(image[r : r + size, c : c + size]) for c in range(columns)] for r in range(rows)])


def by_windows(image, size, classify):
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size))
    return [[classify(window) for window in row] for row in windows]


def in_tiles(image, size, classify):
    rows, columns = (range(0, side - size + 1, size) for side in image.shape)
    return np.array([[classify(image[r : r + size, c : c + size]) for c in columns] for r in rows])


def four_by_five(image, size, classify):
    return np.array([[classify(image[r : r + size, c : c + size]) for c in range(5)] for r in range(4)])


def stepped(row, kernel, step):
    reach = step * (len(kernel) - 1)
    return [sum(kernel * row[i : i + reach + 1 : step]) for i in range(len(row) - reach)]


def with_holes(row, kernel, step):
    wide = np.zeros(step * (len(kernel) - 1) + 1)
    wide[::step] = kernel
    return np.correlate(row, wide, "valid")


def beyond_the_ends(row, kernel, step):
    wide = np.zeros(step * (len(kernel) - 1) + 1)
    wide[::step] = kernel
    return ndimage.correlate1d(row, wide, mode="constant")


def log_odds(share):
    return math.log(share / (1 - share))


def share_solution(logit, trained, real):
    return logit + np.log(real / (1 - real)) - np.log(trained / (1 - trained))


def by_probabilities(logit, trained, real):
    membrane = real / trained / (1 + math.exp(-logit))
    background = (1 - real) / (1 - trained) / (1 + math.exp(logit))
    return math.log(membrane / background)


def shrunk(image, factor):
    return image.reshape(image.shape[0] // factor, factor, image.shape[1] // factor, factor).mean(axis=(1, 3))


def back(image, factor):
    return np.kron(shrunk(image, factor), np.ones((factor, factor)))


def back_in_loops(image, factor):
    result = np.zeros(image.shape)
    for r in range(0, image.shape[0], factor):
        for c in range(0, image.shape[1], factor):
            result[r : r + factor, c : c + factor] = image[r : r + factor, c : c + factor].mean()
    return result


def pooled_in(pool):
    def wrong(image, factor):
        result = np.zeros(image.shape)
        for r in range(0, image.shape[0], factor):
            for c in range(0, image.shape[1], factor):
                result[r : r + factor, c : c + factor] = pool(image[r : r + factor, c : c + factor])
        return result

    return wrong


def back_in_place(image, factor):
    image[...] = back(image, factor)
    return image


SOLUTIONS = {
    check.multiplications: [16 * 25 * 9 * 5, 18000.0],
    check.label_map: [mapped, by_windows],
    check.stepping: [stepped, with_holes],
    check.true_share: [share_solution, by_probabilities, lambda z, t, r: z + log_odds(r) - log_odds(t)],
    check.there_and_back: [back, back_in_loops],
}
WRONG = {
    check.multiplications: [
        (25 * 9 * 5, "one patch"),
        (16 * 25 * 9, "5 filters"),
        (16 * 9 * 5, "several places"),
        (16 * 25 * 5, "9 weights"),
        (64 * 9 * 5, "at once"),
        (16 * 49 * 9 * 5, "valid"),
        (100 * 25 * 9 * 5, "whole patch around"),
        (9 * 25 * 9 * 5, "side by side"),
        (7, "Patches, times"),
        ("many", "one number"),
    ],
    check.label_map: [
        (lambda i, s, f: i, "no whole patch"),
        (lambda i, s, f: mapped(i, s, f).T, "swapped"),
        (lambda i, s, f: mapped(i.T, s, f), "swapped"),
        (lambda i, s, f: mapped(i, s, lambda patch: f(patch.T)), "lies on its side"),
        (lambda i, s, f: mapped(i, s, f)[:-1, :-1], "last row"),
        (in_tiles, "overlap"),
        (four_by_five, "comes a map of"),
        (lambda i, s, f: mapped(i, s, f).astype(int), "fractions"),
        (lambda i, s, f: mapped(i, 3, f), "`size` has no effect"),
        (lambda i, s, f: mapped(i, s, np.mean), "`classify` has no effect"),
        (lambda i, s, f: mapped(np.full_like(i, 2.0), s, f), "answers are not"),
        (lambda i, s, f: mapped(i, s, f) + 1, "answers are not"),
        (lambda i, s, f: (mapped(i, s, f), i.fill(0))[0], "Work on a copy"),
        (3, "function itself"),
    ],
    check.stepping: [
        (lambda r, k, s: np.correlate(r, k, "valid")[::s], "every step-th"),
        (lambda r, k, s: np.correlate(r, k, "valid"), "changes nothing"),
        (lambda r, k, s: stepped(r, k[::-1], s), "turned round"),
        (lambda r, k, s: stepped(r, k, s)[:-1], "last answer"),
        (lambda r, k, s: np.array(stepped(r, k, s)).astype(int), "fractions"),
        (beyond_the_ends, "reaches over"),
        (lambda r, k, s: stepped(r, k, s + 1), "reaches over"),
        (lambda r, k, s: stepped(r, k[:2], s), "reaches over"),
        (lambda r, k, s: np.abs(stepped(r, k, s)), "the numbers are not"),
        (lambda r, k, s: stepped(r, np.ones_like(k), s), "`kernel` has no effect"),
        (lambda r, k, s: (stepped(r, k, s), r.sort())[0], "Work on a copy"),
    ],
    check.true_share: [
        (lambda z, t, r: 2 * z - share_solution(z, t, r), "wrong way"),
        (lambda z, t, r: z - abs(log_odds(t) - log_odds(r)), "no abs"),
        (lambda z, t, r: z + np.log(r / t), "use the odds"),
        (lambda z, t, r: z * r / t, "Logits add"),
        (lambda z, t, r: z + log_odds(r), "training share"),
        (lambda z, t, r: z - log_odds(t), "add the log odds of the real"),
        (lambda z, t, r: z + log_odds(r) + log_odds(t), "take the other away"),
        (lambda z, t, r: log_odds(r) - log_odds(t), "correction alone"),
        (lambda z, t, r: z + (log_odds(r) - log_odds(t)) / math.log(10), "natural logarithm"),
        (lambda z, t, r: 1 / (1 + math.exp(-share_solution(z, t, r))), "probability"),
        (lambda z, t, r: z + r / (1 - r) - t / (1 - t), "their logarithms"),
        (lambda z, t, r: z, "`trained` has no effect"),
        (lambda z, t, r: -1.2 + z, "`trained` has no effect"),
        (lambda z, t, r: share_solution(z, t, r) + 1, "yours gives"),
        (lambda z, t, r: float("nan"), "NaN"),
    ],
    check.there_and_back: [
        (shrunk, "way there"),
        (lambda i, f: i[::f, ::f].repeat(f, 0).repeat(f, 1), "keep one pixel"),
        (pooled_in(np.max), "largest"),
        (pooled_in(np.min), "smallest"),
        (pooled_in(np.median), "median"),
        (pooled_in(np.sum), "Divide by their number"),
        (lambda i, f: np.tile(shrunk(i, f), (f, f)), "where it stands"),
        (pooled_in(lambda square: square.mean(axis=0)), "down the columns only"),
        (pooled_in(lambda square: square.mean(axis=1, keepdims=True)), "along the rows only"),
        (lambda i, f: back(i, f).astype(int), "fractions"),
        (lambda i, f: i, "as it was"),
        (lambda i, f: back(i, 2) if i.shape[0] % 2 == i.shape[1] % 2 == 0 else back(i, f), "`factor` has no effect"),
        (lambda i, f: back(i, f) + 1, "one square"),
        (lambda i, f: [[1.0]], "whatever it is given"),
        (back_in_place, "Work on a copy"),
    ],
}

TestCheckers = checker_tests(SOLUTIONS, WRONG)
