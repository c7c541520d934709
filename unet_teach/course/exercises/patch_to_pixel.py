"""Checkers for chapter 7, "How do you get from a label to a map?"."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import FUNCTION, checker, generator, numbers
from unet_teach.course.exercises.judging import judge

Numbers = NDArray[np.float64]
EQUIVALENT = {
    "Exercise 2: `image.shape[1]` -> `image.shape[-1]`": "an image has two axes: the second is the last",
    "Exercise 2: `np.zeros((rows, columns))` -> `np.ones((rows, columns))`": "every place is written to",
    "Exercise 5: `image.shape[1]` -> `image.shape[-1]`": "an image has two axes: the second is the last",
    "Exercise 5: `means.repeat(factor, axis=0).repeat(factor, axis=1)` -> "
    "`means.repeat(factor, axis=0).repeat(factor, axis=-1)`": "the second axis is the last",
}


@checker("Exercise 1", "Patch by patch, even ten by ten pixels add up. A section has 512 by 512.")
def multiplications(answer: Any) -> str | None:
    """The multiplications of a 3 x 3 convolution with 5 filters on every 7 x 7 patch of a 10 x 10 image: 16 * 1125."""
    patches, places, weights = 16, 25, 9
    hints: dict[float, str] = {
        places * weights * 5: "That is one patch. How many patches of 7 x 7 fit into 10 x 10 pixels?",
        patches * places * weights: "There are 5 filters, and each has its own 9 weights.",
        patches * weights * 5: "In each patch the kernel has several places, not one.",
        patches * places * 5: "At each place every one of the 9 weights is multiplied.",
        100 * places * weights * 5: "Not every pixel has a whole patch around it: count the places where 7 x 7 fits.",
        9 * places * weights * 5: "10 - 7 + 1 places fit side by side, not 10 - 7.",
        patches * 49 * weights * 5: "The convolution is valid: in a patch of 7 x 7 a kernel of 3 x 3 has 5 x 5 places.",
        64 * weights * 5: "That is what the convolution costs on the whole image at once. Patch by patch, please.",
    }
    count = float(numbers(answer, ()))
    if count != patches * places * weights * 5:
        return hints.get(count, "Patches, times places of the kernel in a patch, times weights, times filters.")
    return None


def _map(image: Numbers, size: int, classify: Any, step: int = 1) -> Numbers:
    rows, columns = (range(0, side - size + 1, step) for side in image.shape)
    return np.array([[classify(image[r : r + size, c : c + size]) for c in columns] for r in rows])


@checker("Exercise 2", "Slow and right: the measure for everything that follows.", wants=FUNCTION)
def label_map(answer: Any) -> str | None:
    """A function (image, size, classify) -> the map of what `classify` says of every whole patch."""
    draw = generator()

    def lopsided(patch: Numbers) -> float:
        """Weigh each pixel of a patch by its place."""
        return float(np.sin(1 + np.arange(patch.size)) @ patch.ravel())

    image = draw.normal(size=(6, 7))
    sizes = ((9, 5), 2), ((4, 8), 4), ((5, 5), 5), ((3, 6), 1), ((5, 5), 2)
    cases: list[tuple[Any, ...]] = [
        (image, 3, lopsided),
        *((draw.normal(size=shape), size, lopsided) for shape, size in sizes),
    ]
    cases += [(image, 2, lopsided), (draw.normal(size=(6, 7)), 3, lopsided), (image, 3, np.max)]
    mistakes = (
        (lambda i, s, f: _map(i, s, f).T, "Rows and columns are swapped: the first axis counts rows."),
        (lambda i, s, f: _map(i.T, s, f), "Rows and columns are swapped: the first axis counts rows."),
        (lambda i, s, f: _map(i, s, lambda patch: f(patch.T)), "The patch lies on its side: cut it rows first."),
        (lambda i, s, f: _map(i, s, f)[:-1, :-1], "The last row and column are missing: a patch may end at the edge."),
        (lambda i, s, f: _map(i, s, f, step=s), "Patches overlap: the next one begins a pixel further, not a patch."),
        (lambda i, s, f: i, "Near the edges no whole patch fits, so the map is smaller than the image."),
    )

    def otherwise(given: Numbers, wanted: Numbers, image: Numbers, size: int, classify: Any) -> str:
        case = f"Near the edges no whole patch fits: of {image.shape} pixels and patches of {size}"
        if given.shape != wanted.shape:
            return f"{case} comes a map of {wanted.shape}; yours has the shape {given.shape}."
        return "The shape is right, the answers are not: cut rows r to r + size and columns c to c + size."

    return judge(answer, _map, cases, mistakes, otherwise, ("image", "size", "classify"))


def _stepping(row: Numbers, kernel: Numbers, step: int) -> Numbers:
    reach = step * (len(kernel) - 1)
    return np.array([kernel @ row[start : start + reach + 1 : step] for start in range(len(row) - reach)])


LOOKS_PAST = "With step 1 it is the filter of chapter 1; with step 2 it looks past every other number."


@checker("Exercise 3", LOOKS_PAST, wants=FUNCTION)
def stepping(answer: Any) -> str | None:
    """A function (row, kernel, step) -> the valid cross-correlation whose weights lie `step` apart."""
    draw = generator()
    sizes = ((7, 2, 1), (7, 2, 2), (8, 3, 2), (10, 2, 3), (9, 4, 2), (7, 3, 3), (6, 1, 4), (5, 5, 1))
    cases = [(draw.normal(size=n), draw.normal(size=k), step) for n, k, step in sizes]
    cases += [(*cases[0][:2], 3), (draw.normal(size=7), *cases[0][1:]), (cases[0][0], draw.normal(size=2), 1)]

    def plain(row: Numbers, kernel: Numbers) -> Numbers:
        return np.correlate(row, kernel, "valid")

    mistakes = (
        (
            lambda r, k, s: plain(r, k)[::s],
            "You keep every step-th answer. Keep all: it is the weights that lie apart.",
        ),
        (lambda r, k, s: plain(r, k), "The step changes nothing yet: the weights should lie `step` numbers apart."),
        (lambda r, k, s: _stepping(r, k[::-1], s), "The kernel is turned round: the first weight meets row[0]."),
        (lambda r, k, s: _stepping(r, k, s)[:-1], "The last answer is missing: the kernel may end at the last number."),
    )

    def otherwise(given: Numbers, wanted: Numbers, row: Numbers, kernel: Numbers, step: int) -> str:
        case = f"{len(row)} numbers, {len(kernel)} weights, step {step}"
        if given.shape != wanted.shape:
            reach = step * (len(kernel) - 1) + 1
            return f"{case}: the kernel reaches over {reach}, so {len(wanted)} answers; yours: {given.shape}."
        return f"{case}: the numbers are not right. The first is kernel[0] * row[0] + kernel[1] * row[step] + ..."

    return judge(answer, _stepping, cases, mistakes, otherwise, ("row", "kernel", "step"))


def _log_odds(share: float) -> float:
    return float(np.log(share / (1 - share)))


@checker("Exercise 4", "The evidence stays, the starting point moves.", wants=FUNCTION)
def true_share(answer: Any) -> str | None:
    """A function (logit, trained, real) -> the logit for a real share, from training with another share."""
    draw = generator()
    cases = [(0.0, 0.5, 0.2), (1.5, 0.5, 0.2), (1.5, 0.5, 0.9), (1.5, 0.1, 0.2), (-1.0, 0.3, 0.3), (0.3, 0.02, 0.97)]
    cases += [(float(draw.normal()), *draw.uniform(0.05, 0.95, 2).tolist()) for _ in range(6)]

    def right(logit: float, trained: float, real: float) -> float:
        return logit + _log_odds(real) - _log_odds(trained)

    mistakes = (
        (lambda z, t, r: right(z, r, t), "The wrong way: rarer than in training means that the logit goes down."),
        (lambda z, t, r: z - abs(right(0, t, r)), "Up, where membrane is more common than in training: no abs."),
        (lambda z, t, r: z + np.log(r / t), "Both classes change their share: use the odds, share / (1 - share)."),
        (lambda z, t, r: z * r / t, "Logits add where odds multiply. Add a number, do not multiply."),
        (lambda z, t, r: z + _log_odds(r), "The training share counts as well; its log odds are 0 only for a half."),
        (lambda z, t, r: z - _log_odds(t), "You took the training share away. Now add the log odds of the real one."),
        (lambda z, t, r: z + _log_odds(r) + _log_odds(t), "Add the one and take the other away."),
        (lambda z, t, r: right(z, t, r) - z, "That is the correction alone. Add it to the logit."),
        (lambda z, t, r: z + right(0, t, r) / np.log(10), "A logit is a natural logarithm: np.log, not np.log10."),
        (lambda z, t, r: z + right(0, t, r) / np.log(2), "A logit is a natural logarithm: np.log, not np.log2."),
        (lambda z, t, r: 1 / (1 + np.exp(-right(z, t, r))), "That is the probability. Stop before the sigmoid."),
        (lambda z, t, r: z + r / (1 - r) - t / (1 - t), "Those are the odds; their logarithms add."),
    )

    def otherwise(given: Any, wanted: Any, logit: float, trained: float, real: float) -> str:
        case = f"logit {logit:.2g}, trained with {trained:.2g}, really {real:.2g}"
        return f"{case}: yours gives {given:.3f}. Take the log odds in training away, add those of the real share."

    return judge(answer, right, cases, mistakes, otherwise, ("logit", "trained", "real"))


@checker("Exercise 5", "What a pooling averages away, no enlarging brings back.", wants=FUNCTION)
def there_and_back(answer: Any) -> str | None:
    """A function (image, factor) -> the image shrunk by averaging, and enlarged again by repeating."""
    draw = generator()
    sizes = ((4, 6), 2), ((6, 3), 3), ((2, 5), 1), ((8, 12), 4), ((5, 5), 5), ((12, 6), 2)
    cases = [(draw.normal(size=shape), factor) for shape, factor in sizes]
    cases += [(cases[-1][0], 3), (draw.normal(size=(4, 6)), 2)]

    def squares(image: Numbers, factor: int) -> Numbers:
        rows, columns = (side // factor for side in image.shape)
        return image.reshape(rows, factor, columns, factor)

    def back(small: Numbers, factor: int) -> Numbers:
        return small.repeat(factor, 0).repeat(factor, 1)

    def by(pool: Any) -> Any:
        return lambda image, factor: back(pool(squares(image, factor), axis=(1, 3)), factor)

    def means(image: Numbers, factor: int) -> Any:
        return squares(image, factor).mean(axis=(1, 3))

    def down(image: Numbers, factor: int) -> Any:
        return squares(image, factor).mean(axis=1).repeat(factor, 0).reshape(image.shape)

    mistakes = (
        (means, "That is the way there. Now repeat every number `factor` times in both directions."),
        (lambda i, f: back(i[::f, ::f], f), "You keep one pixel of each square. Average the square."),
        (by(np.max), "That is the largest of each square. Here, average."),
        (by(np.min), "That is the smallest of each square. Here, average."),
        (by(np.median), "That is the median of each square. Here, the mean."),
        (by(np.sum), "You add the pixels of a square up. Divide by their number."),
        (lambda i, f: np.tile(means(i, f), (f, f)), "Repeat each number where it stands, not the small image."),
        (down, "You average down the columns only. A square has both directions."),
        (lambda i, f: down(i.T, f).T, "You average along the rows only. A square has both directions."),
        (lambda i, f: i, "The image comes back as it was."),
    )

    def otherwise(given: Numbers, wanted: Numbers, image: Numbers, factor: int) -> str:
        case = f"{image.shape[0]} x {image.shape[1]} by {factor}"
        if given.shape != wanted.shape:
            return f"{case}: the result is as large as the image, {image.shape}; yours is {given.shape}."
        return f"{case}: the first {factor} rows and columns make one square. All its pixels become the mean of them."

    return judge(answer, by(np.mean), cases, mistakes, otherwise, ("image", "factor"))
