"""The two parts of the hippocampus in boxes of MR (`hippocampus`), split by person, scored by person (chapter 15)."""

from unet_teach.recipes.hippocampus.batches import crop_batch
from unet_teach.recipes.hippocampus.cases import PARTS, InputBox, as_input, load, load_cases, of_people
from unet_teach.recipes.hippocampus.dataset import as_dataset
from unet_teach.recipes.hippocampus.rule import mean_shape, place_shape
from unet_teach.recipes.hippocampus.scores import by_person, examine, mean_dice_of_cases, score_case, segment
from unet_teach.recipes.hippocampus.training import SliceBySlice, course_network, dice_and_cross_entropy, train

__all__ = [
    "PARTS",
    "InputBox",
    "SliceBySlice",
    "as_dataset",
    "as_input",
    "by_person",
    "course_network",
    "crop_batch",
    "dice_and_cross_entropy",
    "examine",
    "load",
    "load_cases",
    "mean_dice_of_cases",
    "mean_shape",
    "of_people",
    "place_shape",
    "score_case",
    "segment",
    "train",
]
