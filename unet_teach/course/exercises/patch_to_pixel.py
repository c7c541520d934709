"""Checkers for chapter 7, "How do you get from a label to a map?"."""

from typing import Any

import numpy as np

from unet_teach.course.exercises import NotAnsweredYet, checker


@checker("Exercise 1", "Patch by patch, even ten by ten pixels add up. A section has 512 by 512.")
def multiplications(answer: Any) -> str | None:
    """The multiplications of a 3 x 3 convolution with 5 filters on every 7 x 7 patch of a 10 x 10 image: 16 * 1125."""
    if isinstance(answer, bool) or not isinstance(answer, int | float | np.number):
        return "Give one number."
    patches, places, weights = 16, 25, 9
    hints = {
        places * weights * 5: "That is one patch. How many patches of 7 x 7 fit into 10 x 10 pixels?",
        patches * places * weights: "There are 5 filters, and each has its own 9 weights.",
        100 * places * weights * 5: "Not every pixel has a whole patch around it: count the places where 7 x 7 fits.",
        patches * 49 * weights * 5: "The convolution is valid: in a patch of 7 x 7 a kernel of 3 x 3 has 5 x 5 places.",
        64 * weights * 5: "That is what the convolution costs on the whole image at once. Patch by patch, please.",
    }
    if answer != patches * places * weights * 5:
        return hints.get(int(answer), "Patches, times places of the kernel in a patch, times weights, times filters.")
    return None


@checker("Exercise 2", "Slow and right: the measure for everything that follows.")
def label_map(answer: Any) -> str | None:
    """A function (image, size, classify) -> the map of what `classify` says of every whole patch."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    image = np.arange(42, dtype=float).reshape(6, 7) ** 1.5

    def classify(patch: np.ndarray) -> float:
        return float(patch[0, 0] - 2 * patch[-1, -1] + patch.max())

    given = answer(image.copy(), 3, classify)
    if given is None or given is ...:
        raise NotAnsweredYet
    given = np.asarray(given, dtype=float)
    wanted = np.array([[classify(image[r : r + 3, c : c + 3]) for c in range(5)] for r in range(4)])
    if given.shape == image.shape:
        return "Near the edges no whole patch fits: of 6 x 7 pixels, 4 x 5 get an answer with patches of 3."
    if given.shape == wanted.shape[::-1]:
        return "Rows and columns are swapped: the first axis counts rows."
    if given.shape == (3, 4):
        return "The last row and column are missing: a patch may end exactly at the edge."
    if given.shape != wanted.shape:
        return f"Of 6 x 7 pixels and patches of 3, the map has 4 rows and 5 columns; yours has the shape {given.shape}."
    if not np.allclose(given, wanted):
        return "The shape is right, the answers are not: cut rows r to r + size and columns c to c + size."
    return None


@checker("Exercise 3", "With step 1 it is the filter of chapter 1; with step 2 it looks past every other number.")
def stepping(answer: Any) -> str | None:
    """A function (row, kernel, step) -> the valid cross-correlation whose weights lie `step` apart."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    row = np.array([1.0, 4, 2, 8, 5, 7, 3])
    for kernel, step in (([1.0, -1.0], 1), ([1.0, -1.0], 2), ([2.0, 1.0, 3.0], 2), ([1.0, 10.0], 3)):
        weights = np.array(kernel)
        given = answer(row.copy(), weights.copy(), step)
        if given is None or given is ...:
            raise NotAnsweredYet
        given = np.asarray(given, dtype=float)
        reach = step * (len(weights) - 1)
        wanted = np.array([weights @ row[i : i + reach + 1 : step] for i in range(len(row) - reach)])
        case = f"kernel {kernel}, step {step}"
        plain = np.correlate(row, weights, "valid")
        if given.shape == plain[::step].shape and np.allclose(given, plain[::step]) and step > 1:
            return f"{case}: you kept every {step}th answer. Keep all answers, and let the weights lie {step} apart."
        if step > 1 and given.shape == plain.shape and np.allclose(given, plain):
            return f"{case}: the step changes nothing in yours. The weights should lie {step} numbers apart."
        if given.shape != wanted.shape:
            return (
                f"{case}: the kernel reaches over {reach + 1} numbers, so {len(wanted)} answers; yours: {given.shape}."
            )
        if not np.allclose(given, wanted):
            hint = "the kernel is turned round" if np.allclose(given, _turned(row, weights, step)) else "look again"
            return f"{case}: {wanted.tolist()} is wanted, {hint}."
    return None


def _turned(row: np.ndarray, weights: np.ndarray, step: int) -> np.ndarray:
    reach = step * (len(weights) - 1)
    return np.array([weights[::-1] @ row[i : i + reach + 1 : step] for i in range(len(row) - reach)])


@checker("Exercise 4", "The evidence stays, the starting point moves.")
def true_share(answer: Any) -> str | None:
    """A function (logit, trained, real) -> the logit for a real share, from training with another share."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    for logit, trained, real in ((0.0, 0.5, 0.2), (1.5, 0.5, 0.2), (-1.0, 0.5, 0.5), (0.3, 0.3, 0.1)):
        given = answer(logit, trained, real)
        if given is None or given is ...:
            raise NotAnsweredYet
        change = np.log(real / (1 - real)) - np.log(trained / (1 - trained))
        case = f"logit {logit}, trained with {trained}, really {real}"
        if np.isclose(given, logit - change) and change:
            return f"{case}: the wrong way. Membrane is rarer than in training, so its logit has to go down."
        if np.isclose(given, logit + np.log(real) - np.log(trained)) and change:
            return f"{case}: both classes change their share. Use the odds, share / (1 - share), not the share."
        if np.isclose(given, logit * real / trained) and not np.isclose(given, logit + change):
            return f"{case}: logits add where odds multiply. Add a number, do not multiply."
        if np.isclose(given, logit + np.log(real / (1 - real))) and not np.isclose(given, logit + change):
            return f"{case}: the training share counts as well; it is 0 only for a half."
        if not np.isclose(given, logit + change):
            return f"{case}: {logit + change:.3f} is wanted. Log odds of the real share, minus log odds in training."
    return None


@checker("Exercise 5", "What a pooling averages away, no enlarging brings back.")
def there_and_back(answer: Any) -> str | None:
    """A function (image, factor) -> the image shrunk by averaging, and enlarged again by repeating."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    for shape, factor in (((4, 6), 2), ((6, 3), 3), ((2, 2), 1)):
        image = (np.arange(np.prod(shape), dtype=float) ** 2).reshape(shape)
        given = answer(image.copy(), factor)
        if given is None or given is ...:
            raise NotAnsweredYet
        given = np.asarray(given, dtype=float)
        small = image.reshape(shape[0] // factor, factor, shape[1] // factor, factor)
        means = small.mean(axis=(1, 3))
        wanted = means.repeat(factor, 0).repeat(factor, 1)
        case = f"{shape[0]} x {shape[1]} by {factor}"
        if given.shape == means.shape and factor > 1:
            return f"{case}: that is the way there. Now repeat every number {factor} times in both directions."
        if given.shape != wanted.shape:
            return f"{case}: the result is as large as the image, {shape}; yours is {given.shape}."
        if np.allclose(given, image[::factor, ::factor].repeat(factor, 0).repeat(factor, 1)) and factor > 1:
            return f"{case}: you kept one pixel of each square. Average the square."
        if np.allclose(given, small.max(axis=(1, 3)).repeat(factor, 0).repeat(factor, 1)) and factor > 1:
            return f"{case}: that is the largest of each square. Here, average."
        if not np.allclose(given, wanted):
            return f"{case}: {wanted.tolist()} is wanted."
    return None
