"""The score playground across the border: eight scores of painted masks are those of `unet_teach.metrics`."""

import math

import numpy as np
from across import across
from scipy import ndimage

from unet_teach.metrics import (
    dice,
    hausdorff95,
    iou,
    mean_surface_distance,
    precision,
    recall,
    surface_dice,
)


def wanted(predicted, truth, tolerance, spacing):
    """The eight, by Python."""
    return {
        "accuracy": (predicted == truth).mean(),
        "Dice": dice(predicted, truth),
        "IoU": iou(predicted, truth),
        "precision": precision(predicted, truth),
        "recall": recall(predicted, truth),
        "surface Dice": surface_dice(predicted, truth, tolerance, spacing),
        "mean surface distance": mean_surface_distance(predicted, truth, spacing),
        "HD95": hausdorff95(predicted, truth, spacing),
    }


def agree(found, ours):
    for name, value in ours.items():
        theirs = math.inf if found[name] is None else found[name]  # JSON has no infinity
        assert math.isclose(theirs, value, rel_tol=1e-9, abs_tol=1e-12), name


def test_scores_of_every_kind_of_masks_are_python_s():
    rng = np.random.default_rng(0)
    masks = []
    for shape in ((5, 7), (12, 9), (1, 6), (20, 20)):
        kinds = [np.zeros(shape, bool), np.ones(shape, bool)]
        kinds += [rng.random(shape) < share for share in (0.1, 0.5)]
        kinds += [ndimage.gaussian_filter(rng.random(shape), 1.5) > 0.5 for _ in range(2)]
        masks += [(a, b) for a in kinds for b in kinds]
    cases, ours = [], []
    for place, (predicted, truth) in enumerate(masks):
        tolerance, spacing = (0, 1, 2.5)[place % 3], [(1, 1), (5, 1), (0.7, 0.3)][place % 3]
        cases.append([predicted.tolist(), truth.tolist(), tolerance, spacing])
        ours.append(wanted(predicted, truth, tolerance, spacing))
    assert len(cases) == 144
    for found, one in zip(across("score-playground", "(m, c) => m.scores(...c)", cases), ours, strict=True):
        assert found.keys() == one.keys()
        agree(found, one)


def test_the_shapes_to_begin_with_have_python_s_scores_and_the_example_is_the_chapter_s():
    code = "(m, name) => [...m.TRUTHS[name], m.scores(m.TRUTHS[name][1], m.TRUTHS[name][0], 1, [1, 1])]"
    names = ["a disk", "a small disk", "a thin line", "two cells", "the chapter's first example", "nothing there"]
    for name, (truth, predicted, found) in zip(names, across("score-playground", code, names), strict=True):
        agree(found, wanted(np.array(predicted), np.array(truth), 1, (1, 1)))
        if "chapter" in name:
            assert math.isclose(found["Dice"], 4 / 9)
            assert math.isclose(found["surface Dice"], 8 / 9)


def test_growing_and_moving_are_those_of_scipy():
    mask = np.random.default_rng(1).random((20, 20)) < 0.2
    grown, moved = across(
        "score-playground",
        "(m, c) => m[c[0]](...c.slice(1))",
        [["grown", mask.tolist()], ["moved", mask.tolist(), 1, -2]],
    )
    assert (np.array(grown) == ndimage.binary_dilation(mask)).all()
    assert (np.array(moved) == ndimage.shift(mask, (1, -2), order=0)).all()
