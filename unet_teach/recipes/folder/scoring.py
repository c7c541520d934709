"""How a network does on the images that were held back, image by image, and the rule beside it (chapter 25)."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unet_teach.metrics import dice, match
from unet_teach.recipes.folder.cases import Meaning, case_of, dataset_of
from unet_teach.recipes.folder.contents import Contents
from unet_teach.recipes.folder.looking import Look, read_case
from unet_teach.recipes.folder.model import FolderModel
from unet_teach.recipes.folder.predicting import as_values, say
from unet_teach.recipes.folder.rule import EXAMPLES, FolderRule, best_rule, folder_dice


class Scored(NamedTuple):
    """How one image fared.

    name : the image's
    network, rule : mean Dice over its classes
    each : Dice of the network class by class; NaN where a class is neither there nor said to be
    objects : share of objects matched, of all that are there or were said to be, of the network; NaN without objects
    said, true, rule_said : class numbers
    """

    name: str
    network: float
    rule: float
    each: tuple[float, ...]
    objects: float
    said: NDArray[np.uint8]
    true: NDArray[np.uint8]
    rule_said: NDArray[np.uint8]


class Scores(NamedTuple):
    """The images, the worst first; what the rule does, and the rule itself."""

    images: list[Scored]
    rule: str
    by_rule: FolderRule


def score_folder(model: FolderModel, contents: Contents, beside: Scores | None = None) -> Scores:
    """Score each image that was held back, once; the rule is chosen on those that were learned from.

    Parameters
    ----------
    model : of `train_folder`
    contents : what `check_folder` understood
    beside : earlier scores, whose rule is taken, for all images of a folder that was never trained on

    Raises
    ------
    ValueError
        If a case is not in the folder.

    Introduced in chapter 25.
    """
    looks, classes = {look.name: look for look in contents.looks}, len(model.meaning.names)
    if beside is None:
        held, known = model.about["held_back"], model.about["known"]
        missing = [name for name in (*held, *known) if name not in looks]
        if missing:
            raise ValueError(f"there is no image {', '.join(missing)} in this folder: give the one that was trained on")
        name, rule = best_rule(dataset_of(contents, model.meaning, known[:EXAMPLES]).cases, classes)
    else:
        held, name, rule = list(looks), beside.rule, beside.by_rule
    found = [_scored(model, looks[one], rule, classes) for one in held]
    return Scores(sorted(found, key=lambda one: one.network), name, rule)


def _scored(model: FolderModel, look: Look, rule: FolderRule, classes: int) -> Scored:
    case = case_of(look, model.meaning)
    said = say(model, look.pair.images).classes
    by_rule = rule(case.image)
    true = case.labels.astype(np.uint8)
    each = tuple(
        dice(said == n, true == n) if (said == n).any() or (true == n).any() else float("nan")
        for n in range(1, classes)
    )
    objects = float("nan")
    if model.meaning.instances and true.ndim == 2:
        drawn = np.asarray(read_case(look.pair)[1].array[0], dtype=np.int64)
        objects = match(as_values(model, said), drawn).average_precision
    return Scored(
        look.name,
        folder_dice(said, true, classes),
        folder_dice(by_rule, true, classes),
        each,
        objects,
        said,
        true,
        by_rule,
    )


def scores_table(scores: Scores, meaning: Meaning) -> tuple[list[str], list[list[str]]]:
    """Return the head and the rows of a table of scores, as text.

    Introduced in chapter 25.
    """
    several = len(meaning.names) > 2
    head = ["image", "network", "rule", *(meaning.names[1:] if several else ()), *(["objects"] * meaning.instances)]
    rows = []
    for one in scores.images:
        row = [one.name, f"{one.network:.3f}", f"{one.rule:.3f}"]
        row += ["absent" if np.isnan(d) else f"{d:.3f}" for d in one.each] if several else []
        row += ["absent" if np.isnan(one.objects) else f"{one.objects:.3f}"] if meaning.instances else []
        rows.append(row)
    mean = [
        "mean",
        *(f"{np.mean([getattr(one, which) for one in scores.images]):.3f}" for which in ("network", "rule")),
    ]
    if several:
        mean += [
            f"{np.nanmean(column):.3f}" if not np.isnan(column).all() else "absent"
            for column in np.array([one.each for one in scores.images]).T
        ]
    if meaning.instances:
        mean.append(f"{np.nanmean([one.objects for one in scores.images]):.3f}")
    return head, [*rows, mean]


def with_scores(model: FolderModel, scores: Scores) -> FolderModel:
    """Note the scores in what is known about a model, for its card.

    Introduced in chapter 25.
    """
    kept = [{"name": one.name, "network": one.network, "rule": one.rule} for one in scores.images]
    return replace(model, about={**model.about, "scores": kept, "rule": scores.rule})


def write_scores(path: Path, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    """Write a table that spreadsheets open."""
    path.write_text(
        "\n".join("\t".join(row) for row in (head, *rows)) + "\n", encoding="utf-8", errors="backslashreplace"
    )
    return path
