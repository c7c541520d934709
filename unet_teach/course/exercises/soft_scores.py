"""Checkers for chapter 6's exercises about probabilities: a loss, and a threshold."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import FUNCTION, checker, generator
from unet_teach.course.exercises.judging import judge
from unet_teach.metrics import dice, precision, recall

Mask = NDArray[np.bool_]
Pixels = NDArray[np.float64]
EQUIVALENT = {
    "Exercise 5: `dice(probability > t, is_true)` -> `dice(is_true, probability > t)`": "Dice treats both masks alike",
}


@checker("Exercise 4", "No step, no threshold: so it has a slope everywhere.", wants=FUNCTION)
def soft_dice_loss(answer: Any) -> str | None:
    """A function (probability, is_true) -> 1 - 2 sum(p y) / (sum(p) + sum(y)), for pixels in a row."""
    draw = generator()
    cases = [(np.array([0.9, 0.6, 0.2, 0.1]), np.array([1.0, 1.0, 0.0, 0.0]))]
    cases += [(draw.random(n), np.round(draw.random(n))) for n in (5, 9, 40)]
    cases += [(cases[2][0], 1 - cases[2][1]), (draw.random(9), cases[2][1])]
    cases += [(cases[0][1], cases[0][1]), (1 - cases[0][1], cases[0][1]), (cases[0][0], np.zeros(4))]

    def soft(p: Pixels, y: Pixels) -> Any:
        return 2 * (p * y).sum() / (p.sum() + y.sum())

    mistakes = (
        (soft, "That is the soft Dice itself. A loss falls when things get better: subtract from 1."),
        (lambda p, y: -soft(p, y), "Minus the soft Dice has the right slope; ours adds 1, so that 0 is perfect."),
        (
            lambda p, y: 1 - 2 * ((p > 0.5) * y).sum() / ((p > 0.5).sum() + y.sum()),
            "You cut the probabilities at 0.5. A mask has no slope: keep the probabilities as they are.",
        ),
        (lambda p, y: 1 - soft(p, y) / 2, "The factor 2 is missing above the line."),
        (
            lambda p, y: 1 - 2 * (p * y).sum() / ((p**2).sum() + (y**2).sum()),
            "That is V-Net's version, with squares below the line. Here, the plain sums.",
        ),
        (
            lambda p, y: 1 - (p * y).sum() / (p.sum() + y.sum() - (p * y).sum()),
            "That is one minus a soft IoU, with the union below the line. Dice has the sum of both there.",
        ),
        (
            lambda p, y: 1 - (2 * (p * y).sum() + 1) / (p.sum() + y.sum() + 1),
            "A 1 above and below the line smooths it. That is often done; here, without.",
        ),
        (
            lambda p, y: 1 - 2 * (p * y).sum() / (p.sum() + 2),
            "Below the line stands the number of true pixels, which is 2 only in the example: add up the truth.",
        ),
        (
            lambda p, y: 1 - 2 * (p * y).mean() / (p.sum() + y.sum()),
            "A mean above the line and sums below: take the same for all three.",
        ),
    )

    def otherwise(given: Any, wanted: Any, p: Pixels, y: Pixels) -> str:
        if len(p) == 4 and y.any():
            return f"For {p} against {y} yours is {given:.4g}. Add up p y, p, and y, each over all pixels, and divide."
        return "Right for the four pixels of the text, not for others: add up p y, p, and y, whatever they are."

    return judge(answer, lambda p, y: 1 - soft(p, y), cases, mistakes, otherwise, ("probability", "is_true"))


def _validation() -> list[tuple[Pixels, Mask, list[float]]]:
    """Probabilities in steps, as coarse as the thresholds, so that `above` is not `at or above`."""
    draw = generator()
    cases = []
    for lesion, list_of in (
        (0.7, [0.02, 0.15, 0.3, 0.45, 0.6, 0.75]),
        (0.3, [0.8, 0.1, 0.5, 0.2, 0.65]),
        (0.55, [0.05, 0.9, 0.35, 0.4]),
        (0.8, [0.7, 0.2, 0.95, 0.1]),
        (0.4, [0.25]),
    ):
        truth = draw.random(300) < 0.1
        spread = np.where(truth, draw.normal(lesion, 0.12, 300), draw.normal(0.15, 0.1, 300))
        cases.append((np.clip(np.round(spread * 20) / 20, 0, 1), truth, list_of))
    groups = {(0.1, False): 200, (0.3, True): 15, (0.4, False): 30, (0.8, True): 55}  # Dice falls, and rises again
    pixels = [group for group, count in groups.items() for _ in range(count)]
    probability, truth = np.array(pixels).T
    cases.append((probability, truth.astype(bool), [0.05, 0.2, 0.35, 0.5, 0.9]))
    return [*cases, (cases[0][0], cases[0][1], [0.9, 0.05]), (cases[0][0], draw.permutation(cases[0][1]), cases[0][2])]


@checker("Exercise 5", "And the test patches never heard of it.", wants=FUNCTION)
def choose_threshold(answer: Any) -> str | None:
    """A function (probability, truth, thresholds) -> the threshold with the best Dice; on validation data."""

    def best(score: Any, cut: Any = np.greater) -> Any:
        return lambda p, y, thresholds: max(thresholds, key=lambda t: score(cut(p, t), y))

    def first_fall(p: Pixels, y: Mask, thresholds: list[float]) -> float:
        for t, following in pairwise(thresholds):
            if dice(p > following, y) < dice(p > t, y):
                return t
        return thresholds[-1]

    right = best(dice)
    stops = "Dice may fall and rise again: try every threshold before you choose."
    mistakes = (
        (
            lambda p, y, ts: max(dice(p > t, y) for t in ts),
            "That is the best score. The threshold that reaches it is wanted.",
        ),
        (
            lambda p, y, ts: ts.index(right(p, y, ts)),
            "That is the place of the best threshold in the list. Return the threshold itself.",
        ),
        (
            best(lambda cut, y: (cut == y).mean()),
            "That one has the most pixels right. With so few lesions this favours finding none: use Dice.",
        ),
        (best(lambda cut, y: -dice(cut, y)), "That is the worst of them: max, not min."),
        (best(dice, np.less), "You call what is *below* the threshold lesion: probability > threshold."),
        (best(dice, np.less_equal), "You call what is *below* the threshold lesion: probability > threshold."),
        (best(dice, np.greater_equal), "A pixel just at the threshold is not above it: > instead of >=."),
        (best(precision), "That one has the best precision. Dice asks for what was missed, too."),
        (best(recall), "That one has the best recall. Dice asks for false alarms, too."),
        (first_fall, stops),
        (lambda p, y, ts: first_fall(p, y, sorted(ts)), stops),
        (lambda p, y, ts: np.median(ts), "The middle of the list is only one of the candidates. Try each of them."),
        (lambda p, y, ts: ts[0], "You return the first candidate. Is there a return inside the loop?"),
        (lambda p, y, ts: ts[-1], "You return the last candidate. Keep the best one that you have seen."),
        (lambda p, y, ts: right(p, y, ts[1:] or ts), "The first of the thresholds is never tried."),
        (lambda p, y, ts: right(p, y, ts[:-1] or ts), "The last of the thresholds is never tried."),
    )

    def otherwise(given: Any, wanted: Any, p: Pixels, y: Mask, thresholds: list[float]) -> str:
        if not np.isclose(given, thresholds).any():
            return f"Yours is {given:g}, which is none of the candidates {thresholds}."
        scores = [round(float(dice(p > t, y)), 2) for t in thresholds]
        return f"Of {thresholds} you take {given:g}. The Dice scores there are {scores}."

    return judge(answer, right, _validation(), mistakes, otherwise, ("probability", "is_true", "thresholds"))
