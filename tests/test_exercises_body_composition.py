"""The checkers of chapter 21 accept what is right, and tell wrong answers apart."""

import numpy as np
from checkers import checker_tests

from unet_teach.course.exercises import body_composition as check


def fat(hu, depth, limit):
    said = np.zeros(hu.shape, int)
    inside = (hu >= -190) & (hu <= -30) & (depth > 0)
    said[inside & (depth <= limit)] = 1
    said[inside & (depth > limit)] = 2
    return said


def fat_by_loops(hu, depth, limit):
    return [
        [0 if not (-190 <= h <= -30 and d > 0) else 1 if d <= limit else 2 for h, d in zip(*rows, strict=True)]
        for rows in zip(hu, depth, strict=True)
    ]


def area(mask, spacing):
    return mask.sum() * spacing[1] * spacing[2] / 100 / len(mask)


def area_by_slices(mask, spacing):
    _, row, column = spacing
    return np.mean([part.sum() * row * column for part in mask]) / 100


def bounds(score):
    return score / (2 - score), 2 / score - 1


def against(modality, tilt, thickness, slices):
    reasons = []
    if modality != "CT":
        reasons.append("modality")
    if abs(tilt) > 5:
        reasons.append("tilt")
    if thickness > 10:
        reasons.append("thickness")
    if slices < 10:
        reasons.append("slices")
    return reasons


SOLUTIONS = {
    check.which_fat: [fat, fat_by_loops],
    check.area_cm2: [area, area_by_slices],
    check.area_left_open: [bounds, lambda score: [score / (2 - score), (2 - score) / score]],
    check.what_speaks_against: [against, lambda *scan: set(against(*scan)), lambda *scan: np.array(against(*scan))],
}
WRONG = {
    check.which_fat: [
        (lambda hu, depth, limit: np.where(fat(hu, depth, limit) > 0, 3 - fat(hu, depth, limit), 0), "Exchanged"),
        (lambda hu, depth, limit: np.where((hu >= -190) & (hu <= -30), np.where(depth <= limit, 1, 2), 0), "blanket"),
        (lambda hu, depth, limit: np.where(depth > 0, 1 + (depth > limit), 0), "Not everything"),
        (lambda hu, depth, limit: fat(np.maximum(hu, -190), depth, limit), "Below -190"),
        (lambda hu, depth, limit: fat(np.minimum(hu, -30), depth, limit), "Above -30"),
        (lambda hu, depth, limit: fat(np.where((hu == -190) | (hu == -30), 0, hu), depth, limit), "The ends"),
        (lambda hu, depth, limit: fat(hu, depth, limit - 0.1), "Exactly at the limit"),
        (lambda hu, depth, limit: fat(hu, depth, 26), "`limit` has no effect"),
        (lambda hu, depth, limit: fat(hu, depth, limit)[::-1], "upside down"),
        (lambda hu, depth, limit: fat(hu, depth, limit)[1:], "as large as"),
        (lambda hu, depth, limit: fat(hu, depth, limit) == 1, "A pixel of"),
    ],
    check.area_cm2: [
        (lambda mask, spacing: mask.sum() * np.prod(spacing) / 100 / len(mask), "makes a volume"),
        (lambda mask, spacing: mask.sum() * spacing[1] * spacing[2] / 100, "a mean is wanted"),
        (lambda mask, spacing: area(mask, spacing) * 100, "in mm2"),
        (lambda mask, spacing: area(mask, spacing) * 10, "10 times 10"),
        (lambda mask, spacing: mask.sum() * spacing[1] ** 2 / 100 / len(mask), "rows and columns"),
        (lambda mask, spacing: mask.sum() * spacing[2] ** 2 / 100 / len(mask), "columns and rows"),
        (lambda mask, spacing: mask.sum() * spacing[0] * spacing[1] / 100 / len(mask), "the last two"),
        (lambda mask, spacing: area(mask[mask.any(axis=(1, 2))], spacing), "counts too"),
        (lambda mask, spacing: area(mask, (5, 0.8, 0.7)), "`spacing` has no effect"),
        (lambda mask, spacing: area(mask, spacing) + 1, "pixels in"),
    ],
    check.area_left_open: [
        (lambda score: bounds(score)[::-1], "smallest comes first"),
        (lambda score: (score, 1 / score), "lies inside the true one"),
        (lambda score: (score, 2 - score), "lies inside the true one"),
        (lambda score: (bounds(score)[0] - 1, bounds(score)[1] - 1), "not the error"),
        (lambda score: (bounds(score)[0], 2 - bounds(score)[0]), "For the largest"),
        (lambda score: (82, 122), "same whatever"),
        (lambda score: bounds(score)[0], "Two numbers"),
        (lambda score: (bounds(score)[0], 1), "the largest area is not right"),
        (lambda score: np.multiply(bounds(score), 100), "not as 100"),
    ],
    check.what_speaks_against: [
        (lambda *scan: against(*scan)[:1], "stop at the first"),
        (lambda *scan: {"modality", "tilt", "thickness", "slices"} - set(against(*scan)), "things that are fine"),
        (lambda *scan: [], "same whatever"),
        (lambda m, tilt, t, n: against(m, tilt, t + 0.001, n), "Slices of 10 mm"),
        (lambda m, tilt, t, n: against(m, max(tilt, 0), t, n), "A tilt of -30"),
        (lambda m, tilt, t, n: against(m, tilt * 1.01, t, n), "A tilt of 5"),
        (lambda m, tilt, t, n: against(m, tilt, t, n - 1), "10 slices"),
        (lambda m, *rest: against("CT" if m == "PT" else m, *rest), "only a CT passes"),
        (lambda *scan: ["too thick" if name == "thickness" else name for name in against(*scan)], "The names are"),
        (lambda *scan: bool(against(*scan)), "list of names"),
        (lambda *scan: 2 * against(*scan), "once"),
    ],
}
TestCheckers = checker_tests(SOLUTIONS, WRONG)
