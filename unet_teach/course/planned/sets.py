"""The two data sets of chapter 18, split as chapters 9 and 15 split them, and how what is said of them is scored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.data import load_em, load_hippocampus
from unet_teach.metrics import dice
from unet_teach.nnunet import Dataset, fingerprint, plan
from unet_teach.recipes import em, hippocampus
from unet_teach.recipes.hippocampus.scores import examine

PARTS = ("train", "validation", "test")
Labels = Mapping[str, NDArray[np.uint8]]


@dataclass(frozen=True)
class Split:
    """One of the two sets.

    known, held_back, test : "train", "validation" and "test" of chapter 9 or 15
    score : labels by the names of the test cases -> scores by name, such as "dice 24"
    configuration : of its plan, that is trained
    """

    known: Dataset
    held_back: Dataset
    test: Dataset
    score: Callable[[Labels], dict[str, float]]
    configuration: str

    @property
    def everything(self) -> Dataset:
        """Join the cases to learn from and those held back: what nnU-Net makes its fingerprint of."""
        known = self.known
        return Dataset([*known.cases, *self.held_back.cases], known.channel_names, known.labels, known.name)

    def plan(self, memory_gb: float) -> dict[str, Any]:
        """Plan for a graphics card of this memory."""
        return plan(fingerprint(self.everything), memory_gb)


def split_of(name: str) -> Split:
    """Load "em" or "hippocampus"."""
    if name == "em":
        known, held_back, test = (em.as_dataset(load_em(part)) for part in PARTS)
        return Split(known, held_back, test, _score_em, "2d")
    known, held_back, test = (hippocampus.as_dataset(load_hippocampus(part)) for part in PARTS)
    return Split(known, held_back, test, _score_hippocampus, "3d_fullres")


def _score_em(said: Labels) -> dict[str, float]:
    sections = load_em("test")
    numbered = zip(sections.numbers, sections.membrane, strict=True)
    return {f"dice {number}": dice(said[f"{number:02}"] == 1, truth) for number, truth in numbered}


def _score_hippocampus(said: Labels) -> dict[str, float]:
    test = hippocampus.load("test")
    by_number = {case.number: said[f"hippocampus_{case.number:03}"] for case in test}
    return {name: score for name, score in examine(by_number, test).items() if name.startswith("dice ")}
