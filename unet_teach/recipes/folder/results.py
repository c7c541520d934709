"""The summary page of a training, and the files of a prediction (chapter 25)."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.recipes.folder.looking import Look, read_image
from unet_teach.recipes.folder.model import FolderModel
from unet_teach.recipes.folder.page import gallery, html_table, outlined, page
from unet_teach.recipes.folder.scoring import Scores, scores_table
from unet_teach.recipes.folder.shrinking import small_slice

SHOWN, FINE = 4, 512  # images, the worst ones; pixels of their longer side


def training_page(model: FolderModel, scores: Scores, looks: Sequence[Look], said: Sequence[str]) -> str:
    """Write how a training went: what was decided, the scores, and the worst images with the rule beside them.

    Introduced in chapter 25.
    """
    head, rows = scores_table(scores, model.meaning)
    mean = float(np.mean([one.network for one in scores.images]))
    rule = float(np.mean([one.rule for one in scores.images]))
    verdict = (
        "The network does better than the rule on average."
        if mean > rule
        else "<b>The rule does as well as the network or better: use the rule, or train longer.</b>"
    )
    parts = [
        f"<p>{len(model.about['known'])} images to learn from, {len(scores.images)} held back and examined once. "
        f"Mean Dice {mean:.3f}, the rule's {rule:.3f}. {verdict}</p>",
        f"<p>The rule: {scores.rule}, the best on images to learn from.</p>",
        "<h2>Image by image, the worst first</h2>",
        html_table(head, rows),
        "<h2>The worst, as drawn, by the network, by the rule</h2>",
        worst_gallery(scores, looks),
        "<h2>What was decided</h2>",
        "<ul>" + "".join(f"<li>{escape(sentence)}</li>" for sentence in said) + "</ul>",
    ]
    return page(f"Training on {model.about['folder']}", parts)


def worst_gallery(scores: Scores, looks: Sequence[Look]) -> str:
    """Show the worst images three times: as drawn, by the network, by the rule."""
    by_name = {look.name: look for look in looks}
    figures = []
    for one in scores.images[:SHOWN]:
        look = by_name[one.name]
        array = read_image(look.pair.images).array
        for what, labels, score in (
            ("as drawn", one.true, None),
            ("network", one.said, one.network),
            ("rule", one.rule_said, one.rule),
        ):
            picture, small = beside(array, labels, one.true, (look.low, look.high))
            number = "" if score is None else f", Dice {score:.3f}"
            figures.append((outlined(picture, small), f"{one.name}: {what}", f"{one.name}, {what}{number}"))
    return gallery(figures)


def beside(
    array: NDArray[Any], labels: NDArray[np.integer], true: NDArray[np.integer], limits: tuple[float, float]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return a small slice of an image and of labels, the slice of a volume in which most was drawn."""
    number = int(np.argmax((true > 0).sum(axis=(1, 2)))) if true.ndim == 3 else 0
    flat = array[:, number] if array.ndim == 4 else array
    own = labels[number] if labels.ndim == 3 else labels
    picture, step = small_slice(flat, limits, FINE)
    return picture, own[::step, ::step].astype(np.int64)


def write_text(path: Path, text: str) -> Path:
    """Write a text file."""
    path.write_text(text, encoding="utf-8", errors="backslashreplace")
    return path
