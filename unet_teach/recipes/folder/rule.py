"""The dumbest rules, which a network has to beat: thresholds, and one class everywhere (chapter 25)."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import permutations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.filters import threshold_multiotsu, threshold_otsu

from unet_teach.metrics import dice
from unet_teach.nnunet import Case

MOST_BINS = 4  # classes that thresholds may part
EXAMPLES = 8  # cases on which a rule is chosen
THIN = 100_000  # grey values from which a threshold is found
ROUGH = 3.0  # pixels of the neighbourhood whose roughness is measured

Labelling = NDArray[np.uint8]
FolderRule = Callable[[NDArray[np.floating]], Labelling]


def rules(classes: int) -> dict[str, FolderRule]:
    """List rules by what they do: each takes an image (C, ...) and gives class numbers.

    Introduced in chapter 25.
    """
    found: dict[str, FolderRule] = {
        f"class {number} everywhere": partial(_everywhere, number=number) for number in range(1, classes)
    }
    words = {"grey value": ("bright", "dark"), "roughness": ("rough", "smooth")}
    for what, see in {"grey value": _grey, "roughness": _rough}.items():
        for order in permutations(range(classes)) if classes <= MOST_BINS else ():
            said = f"{what} by Otsu's thresholds, classes from low to high: {', '.join(map(str, order))}"
            if classes == 2:
                said = f"{words[what][order[0]]} places, by Otsu's threshold"
            found[said] = partial(_cut, see=see, order=order)
    return found


def best_rule(cases: Sequence[Case], classes: int) -> tuple[str, FolderRule]:
    """Choose the rule with the best mean Dice on cases to learn from.

    Raises
    ------
    ValueError
        If there is no case.

    Introduced in chapter 25.
    """
    if not cases:
        raise ValueError("a rule is chosen on cases, and there is none")
    some = cases[:: max(len(cases) // EXAMPLES, 1)][:EXAMPLES]
    scores = {
        name: np.mean([folder_dice(rule(case.image), case.labels, classes) for case in some])
        for name, rule in rules(classes).items()
    }
    best = max(scores, key=lambda name: scores[name])
    return best, rules(classes)[best]


def folder_dice(said: NDArray[np.integer], true: NDArray[np.integer], classes: int) -> float:
    """Average the Dice of the classes above 0 that are there, or were said to be; 1 if there is none.

    Introduced in chapter 25.
    """
    found = [
        dice(said == number, true == number)
        for number in range(1, classes)
        if (said == number).any() or (true == number).any()
    ]
    return float(np.mean(found)) if found else 1.0


def _everywhere(image: NDArray[np.floating], number: int) -> Labelling:
    return np.full(image.shape[1:], number, np.uint8)


def _cut(image: NDArray[np.floating], see: Callable[..., NDArray[np.floating]], order: Sequence[int]) -> Labelling:
    grey = see(image)
    thin = grey.ravel()[:: max(grey.size // THIN, 1)]
    try:
        cuts = [threshold_otsu(thin)] if len(order) == 2 else threshold_multiotsu(thin, len(order), nbins=64)
    except ValueError:  # fewer values than classes
        return np.zeros(grey.shape, np.uint8)
    return np.array(order, np.uint8)[np.digitize(grey, cuts)]


def _grey(image: NDArray[np.floating]) -> NDArray[np.floating]:
    return image.mean(axis=0)


def _rough(image: NDArray[np.floating]) -> NDArray[np.floating]:
    grey = image.mean(axis=0).astype(np.float64)
    grey = (grey - grey.mean()) / max(float(grey.std()), 1e-12)
    blurred = ndimage.gaussian_filter(grey, ROUGH)
    return np.sqrt(np.maximum(ndimage.gaussian_filter(grey**2, ROUGH) - blurred**2, 0))
