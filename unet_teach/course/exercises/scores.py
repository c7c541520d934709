"""Checkers for chapter 6, "When is a segmentation good?"."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach.course.exercises import FUNCTION, NotAnsweredYet, Wants, ask, checker, generator, numbers
from unet_teach.course.exercises.judging import judge
from unet_teach.metrics import dice, iou, precision, recall, surface

Mask = NDArray[np.bool_]
Pixels = NDArray[np.float64]


@checker("Exercise 1", "So a paper's IoU of 0.8 is a Dice of 0.89: compare like with like.", wants=FUNCTION)
def iou_from_dice(answer: Any) -> str | None:
    """A function Dice -> IoU, D / (2 - D)."""
    cases = [(float(d),) for d in (0.5, *generator().random(6), 0.0, 1.0)]
    mistakes = (
        (lambda d: 2 * d / (1 + d), "That is the way back, from IoU to Dice. Solve D = 2I / (1 + I) for I."),
        (lambda d: d / 2, "A perfect mask has Dice 1 and IoU 1, so half of Dice cannot be it."),
        (
            lambda d: d,
            "They agree at 0 and at 1, and nowhere between. What are both for 2 pixels each, one of them shared?",
        ),
        (lambda d: d / (2 + d), "Look at the sign: for Dice 1 the IoU must be 1."),
        (lambda d: 2 / (2 - d), "D stands on both sides of the fraction: I (2 - D) = D."),
        (lambda d: 100 * d / (2 - d), "Not in percent: an IoU lies between 0 and 1."),
        (lambda d: d**2, "A square also runs from 0 to 1, but at Dice 0.5 the IoU is a third."),
    )

    def otherwise(given: Any, wanted: Any, d: float) -> str:
        if d in (0, 1):
            return f"Between 0 and 1 all is right; for a Dice of {d:g} the IoU is {d:g}, yours is {given:.3g}."
        return f"Dice 0.5 should give 1/3; yours gives {numbers(answer(0.5)):.3g}. From D = 2I / (1 + I), bring all I to one side."

    return judge(answer, lambda d: d / (2 - d), cases, ("dice_score",), mistakes, otherwise)


def _with_a_neighbour_outside(mask: Mask, places: tuple[tuple[int, int], ...], mode: str = "constant") -> Mask:
    """The pixels of a mask of which one of the neighbours at these places is outside; `mode` continues the image."""
    padded = np.pad(mask, 1, mode=mode)  # type: ignore[call-overload]
    height, width = mask.shape
    outside = [~padded[1 + r : 1 + r + height, 1 + c : 1 + c + width] for r, c in places]
    return mask & np.any(outside, axis=0)


EDGES = ((-1, 0), (1, 0), (0, -1), (0, 1))
CORNERS = ((-1, -1), (-1, 1), (1, -1), (1, 1))


@checker("Exercise 2", "An erosion does the same: the mask without its eroded self is its surface.", wants=FUNCTION)
def surface_pixels(answer: Any) -> str | None:
    """A function mask -> surface: the mask's pixels with a neighbour across an edge outside mask or image."""
    draw = generator()
    island = np.zeros((7, 8), dtype=bool)
    island[1:6, 1:6] = True
    island[3:5, 4:7] = True
    masks = [island, np.ones((5, 6), dtype=bool), np.zeros((3, 4), dtype=bool), np.ones((1, 1), dtype=bool)]
    for shape in ((9, 12), (8, 5), (1, 9), (6, 1)):
        masks.append(ndimage.binary_closing(np.pad(draw.random(shape) < 0.45, 2))[2:-2, 2:-2])
    masks += [draw.random((10, 7)) < 0.9, draw.random((7, 10)) < 0.9]  # most of all four borders

    def looks(*places: tuple[int, int], mode: str = "constant") -> Any:
        return lambda mask: _with_a_neighbour_outside(mask, places, mode)

    border = "The border of the image counts as outside: a mask pixel in the first or last row or column is surface."
    wraps = (
        "A place of -1 counts from the other end: the neighbour beyond one border of the image is taken from the "
        "border across. Ask for row >= 0 and column >= 0, too."
    )
    four = "One side is not asked about. All four count: above, below, left, right."
    mistakes = (
        (looks(*EDGES, mode="edge"), border),
        (looks(*EDGES, mode="wrap"), wraps),
        (
            lambda mask: _with_a_neighbour_outside(np.pad(mask, ((0, 1), (0, 1))), EDGES, "wrap")[:-1, :-1],
            wraps,
        ),
        (
            looks(*EDGES, *CORNERS),
            "You look at eight neighbours. The four across an edge are enough; a corner does not count.",
        ),
        (looks(*CORNERS), "You look at the corners. The neighbours across an edge count."),
        *((looks(*(place for place in EDGES if place != left_out)), four) for left_out in EDGES),
        (looks(*EDGES[:2]), four),
        (looks(*EDGES[2:]), four),
        (lambda mask: mask & ~surface(mask), "That is the inside. The surface is the rest of the mask."),
        (lambda mask: mask, "That is the whole mask. Leave out what has all four neighbours inside."),
        (
            lambda mask: ndimage.binary_dilation(mask) & ~mask,
            "Your pixels lie just outside the mask. The surface belongs to the mask.",
        ),
    )

    def otherwise(given: Any, wanted: Any, mask: Mask) -> str:
        if given.shape != wanted.shape:
            return f"A mask of {mask.shape} should come back in its shape; yours came back as {given.shape}."
        if (given[~mask] != 0).any():
            return "Some of your pixels lie outside the mask. The surface belongs to the mask."
        row, column = np.argwhere(given != wanted)[0]
        grid = mask.astype(int)
        return f"Look at row {row}, column {column} of this mask: are all four of its neighbours in it?\n{grid}"

    return judge(answer, surface, [(mask,) for mask in masks], ("mask",), mistakes, otherwise)


@checker("Exercise 3", "Whatever you choose for empty masks, write it beside the number.", wants=FUNCTION)
def safe_dice(answer: Any) -> str | None:
    """A function (predicted, true) -> Dice; two empty masks give 1, one empty mask 0."""
    draw = generator()
    some = np.zeros((3, 4), dtype=bool)
    some[0, :3] = True
    more = np.zeros((3, 4), dtype=bool)
    more[0, 1:], more[1, 0] = True, True
    cases = [(more, some), (some, more), (some, draw.random((3, 4)) < 0.5), (draw.random((3, 4)) < 0.5, some)]
    cases += [(draw.random(shape) < 0.3, draw.random(shape) < 0.6) for shape in ((5, 7), (1, 9), (8, 8))]
    cases += [(some, some), (some, ~some)]  # all shared, nothing shared

    def smoothed(a: Mask, b: Mask) -> float:
        return (2 * (a & b).sum() + 1) / (a.sum() + b.sum() + 1)

    mistakes = (
        (lambda a, b: dice(a, b) / 2, "The factor 2 is missing: shared pixels count in both masks."),
        (iou, "That is the IoU: you divided by the union. Dice divides by the sum of the two sizes."),
        (smoothed, "A 1 above and below the line changes every score. Leave it out, and ask for empty masks instead."),
        (precision, "That is precision: you divided by the predicted pixels alone."),
        (recall, "That is recall: you divided by the true pixels alone."),
        (lambda a, b: (a == b).mean(), "That is accuracy: the pixels outside both masks do not count in Dice."),
        (lambda a, b: (a & b).sum(), "Those are the shared pixels. Dice is twice their number over both sizes."),
    )
    wrong = judge(
        answer,
        dice,
        cases,
        ("predicted", "true"),
        mistakes,
        lambda given, wanted, a, b: (
            f"Masks of {a.sum()} and {b.sum()} pixels that share {(a & b).sum()}: yours is {given:.3g}. "
            "Twice the shared pixels, over the sum of the two sizes."
        ),
    )
    return wrong or _empty_masks(answer, some)


def _empty_masks(answer: Any, some: Mask) -> str | None:
    empty = np.zeros_like(some)
    try:
        both, no_truth, no_prediction = (
            float(np.asarray(ask(answer, *pair))) for pair in ((empty, empty), (some, empty), (empty, some))
        )
    except ZeroDivisionError:
        return "Two empty masks divide 0 by 0. Look first whether there is any pixel at all."
    one = {no_truth, no_prediction}
    if np.isnan(both):
        return "Two empty masks give NaN, 0 divided by 0. Look first whether there is any pixel at all."
    if one != {0.0} and max(one) < 0.1:
        return (
            f"Where one mask is empty yours gives {max(one):.1e}, not 0: a small number above the line bends every "
            "score a little. Ask whether both masks are empty instead."
        )
    if one == {0.0, 1.0}:
        return "You ask only one of the two masks whether it is empty. Two empty ones give 1; one of them alone, 0."
    if one != {0.0}:
        return "Where just one of the two masks is empty they share nothing: 0."
    if both == 0:
        return "Two empty masks agree completely. Ours gives them 1 (a small number below the line gives them 0)."
    if both != 1:
        return f"Two empty masks should give 1; yours give {both:.3g}."
    return None


@checker("Exercise 4", "No step, no threshold: so it has a slope everywhere.", wants=FUNCTION)
def soft_dice_loss(answer: Any) -> str | None:
    """A function (probability, is_true) -> 1 - 2 sum(p y) / (sum(p) + sum(y)), for pixels in a row."""
    draw = generator()
    cases = [(np.array([0.9, 0.6, 0.2, 0.1]), np.array([1.0, 1.0, 0.0, 0.0]))]
    cases += [(draw.random(n), np.round(draw.random(n))) for n in (5, 9, 40)]
    cases += [(cases[2][0], 1 - cases[2][1]), (draw.random(9), cases[2][1])]
    cases += [(cases[0][1], cases[0][1]), (1 - cases[0][1], cases[0][1]), (cases[0][0], np.zeros(4))]

    def soft(p: Pixels, y: Pixels) -> float:
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

    return judge(answer, lambda p, y: 1 - soft(p, y), cases, ("probability", "is_true"), mistakes, otherwise)


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
        for t, following in zip(thresholds, thresholds[1:], strict=False):
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
        if given not in np.float32(thresholds) and given not in thresholds:
            return f"Yours is {given:g}, which is none of the candidates {thresholds}."
        scores = [round(float(dice(p > t, y)), 2) for t in thresholds]
        return f"Of {thresholds} you take {given:g}. The Dice scores there are {scores}."

    return judge(answer, right, _validation(), ("probability", "is_true", "thresholds"), mistakes, otherwise)


RIGHT = {
    "tumour volume": "Dice",
    "radiation margin": "surface",
    "screening": "recall",
    "nerve cells": "regions",
}
WHY = {
    "tumour volume": "a volume is a number of voxels; the question is whether the same ones are meant: an overlap.",
    "radiation margin": "the margin is given in mm, so the score has to be, too: a distance between surfaces.",
    "screening": "what must not happen is a lesion that nobody is told of: count what was found of what is there.",
    "nerve cells": "the question is which pixels belong together; a single gap can join two cells.",
}


@checker(
    "Exercise 6",
    "And report a second score beside it: each of them is blind to something.",
    wants=Wants(lambda answer: isinstance(answer, Mapping), "Give a dictionary, question to score."),
)
def right_score(answer: Any) -> str | None:
    """A dictionary: four clinical questions -> "Dice", "surface", "recall" or "regions"."""
    given = {question: answer.get(question) for question in RIGHT}
    blank = [question for question, score in given.items() if score is None or score is ...]
    if len(blank) == len(RIGHT) and not set(answer) - set(RIGHT):
        raise NotAnsweredYet
    if blank:
        return f"There is no answer for {', '.join(blank)}."
    for question, right in RIGHT.items():
        if given[question] not in RIGHT.values():
            return f"For {question!r}, choose one of {', '.join(RIGHT.values())}."
        if given[question] != right:
            return f"{question}: {given[question]} is not what decides here. Think again: {WHY[question]}"
    return None
