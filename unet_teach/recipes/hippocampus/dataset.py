"""Boxes of MR as cases for a planner (chapter 18)."""

from collections.abc import Sequence

from unet_teach.data import HippocampusCase
from unet_teach.nnunet.dataset import Case, Dataset
from unet_teach.recipes.hippocampus.cases import PARTS


def as_dataset(boxes: Sequence[HippocampusCase]) -> Dataset:
    """Make boxes, as `load_hippocampus` gives them, cases named after the files: "hippocampus_001" ...

    Introduced in chapter 18.
    """
    cases = [Case(f"hippocampus_{box.number:03}", box.image[None], box.labels, box.spacing) for box in boxes]
    return Dataset(cases, ("MRI",), ("background", *PARTS), "Hippocampus")
