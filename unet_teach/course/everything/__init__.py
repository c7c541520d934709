"""Chapter 20's laboratory: slices of torsos, three kinds of mirroring, an annotator who draws, two part-models."""

from unet_teach.course.everything.annotator import Drawn, correct, outline_length
from unet_teach.course.everything.engine import EXAM_SLICES, ROUNDS, engine_exam, mean_organ_dice, run_engine
from unet_teach.course.everything.parts import PARTS, merged, parts_to_learn_from, train_parts
from unet_teach.course.everything.real import RealSlices, as_if_ct, real_ct, real_mr
from unet_teach.course.everything.sides import KINDS, SCENES, kidneys_to_examine, right_side, score_sides, train_sides
from unet_teach.course.everything.slices import (
    ORGANS,
    TorsoSlices,
    answer,
    as_input,
    dice_by_organ,
    draw_slices,
    organ_loss,
    train_on,
)

__all__ = [
    "EXAM_SLICES",
    "KINDS",
    "ORGANS",
    "PARTS",
    "ROUNDS",
    "SCENES",
    "Drawn",
    "RealSlices",
    "TorsoSlices",
    "answer",
    "as_if_ct",
    "as_input",
    "correct",
    "dice_by_organ",
    "draw_slices",
    "engine_exam",
    "kidneys_to_examine",
    "mean_organ_dice",
    "merged",
    "organ_loss",
    "outline_length",
    "parts_to_learn_from",
    "real_ct",
    "real_mr",
    "right_side",
    "run_engine",
    "score_sides",
    "train_on",
    "train_parts",
    "train_sides",
]
