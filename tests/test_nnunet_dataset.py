"""Data sets as a planner sees them, and their fingerprints."""

import numpy as np
import pytest

from unet_teach.nnunet import Case, Dataset, fingerprint
from unet_teach.nnunet.fingerprint import crop_to_nonzero


def case(name="a", shape=(6, 8), spacing=(1.0, 2.0), label=1, channels=1):
    labels = np.zeros(shape, np.uint8)
    labels[tuple(slice(1, 3) for _ in shape)] = label
    image = np.arange(1, 1 + channels * labels.size, dtype=np.float32).reshape(channels, *shape)
    return Case(name, image, labels, spacing)


def of(*cases, channels=("grey",), labels=("ground", "cell")):
    return Dataset(cases, channels, labels)


def test_a_flat_image_is_one_slice_far_from_the_next():
    measured = fingerprint(of(case(), case("b", (7, 9))))
    assert measured["spacings"] == [[1998.0, 1.0, 2.0]] * 2
    assert measured["shapes_after_crop"] == [[1, 6, 8], [1, 7, 9]]
    assert measured["number_of_cases"] == 2
    assert measured["number_of_labels"] == 2
    assert measured["channel_names"] == ["grey"]


def test_the_empty_border_is_cut_off_and_holes_stay():
    image = np.ones((2, 10, 10, 10), np.float32)
    image[:, :4], image[:, :, 8:], image[:, 6:8, 3:5, 3:5] = 0, 0, 0
    image[1, 3, 0, 0] = 5  # in one channel only
    assert crop_to_nonzero(image) == (slice(3, 10), slice(0, 8), slice(0, 10))
    labels = np.ones((10, 10, 10), np.uint8)
    one = Case("a", image, labels, (1, 1, 3))
    measured = fingerprint(of(one, channels=("CT", "PET")))
    assert measured["shapes_after_crop"] == [[7, 8, 10]]
    assert measured["median_relative_size_after_cropping"] == pytest.approx(0.56)
    assert crop_to_nonzero(np.zeros((1, 3, 4), np.float32)) == (slice(0, 3), slice(0, 4))


def test_grey_values_are_the_foregrounds():
    image = np.full((1, 20, 20), 1000, np.float32)
    labels = np.zeros((20, 20), np.uint8)
    labels[5:15, 5:15] = 2
    image[0, 5:15, 5:15] = np.arange(100).reshape(10, 10)
    one = Case("a", image, labels, (1, 1))
    grey = fingerprint(of(one, labels=("a", "b", "c")))["foreground_intensity_properties_per_channel"]["0"]
    assert grey["mean"] == pytest.approx(49.5, abs=1)
    assert (grey["min"], grey["max"]) == (0, 99)
    assert grey["percentile_99_5"] == pytest.approx(99, abs=1)
    assert grey["std"] == pytest.approx(28.9, abs=0.5)


def test_nothing_to_learn_is_said():
    with pytest.raises(ValueError, match="no case has a label above 0"):
        fingerprint(of(case(label=0)))
    one, empty = case(), case("b", label=0)
    assert fingerprint(of(one, empty))["number_of_cases"] == 2  # one of them may be empty


def test_folds_keep_the_order_that_was_asked_for():
    dataset = of(case("a"), case("b"), case("c"))
    assert [one.name for one in dataset.of(["c", "a"]).cases] == ["c", "a"]
    with pytest.raises(ValueError, match="no case"):
        dataset.of(["d"])


def test_what_a_case_keeps():
    one = Case("a", np.ones((1, 3, 4), np.uint8), np.ones((3, 4), bool), [1, 2])
    assert one.image.dtype == np.float32
    assert one.labels.dtype == np.uint8
    assert one.spacing == (1.0, 2.0)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((np.ones((3, 4)), np.ones((3, 4), int), (1, 1)), ValueError, "channels"),
        ((np.ones((1, 3, 4)), np.ones((4, 3), int), (1, 1)), ValueError, "channels"),
        ((np.full((1, 3, 4), np.nan), np.ones((3, 4), int), (1, 1)), ValueError, "NaN"),
        ((np.ones((1, 3, 4)), np.ones((3, 4)), (1, 1)), TypeError, "whole numbers"),
        ((np.ones((1, 3, 4)), -np.ones((3, 4), int), (1, 1)), TypeError, "from 0"),
        ((np.ones((1, 3, 4)), np.ones((3, 4), int), (1, 1, 1)), ValueError, "spacing"),
        ((np.ones((1, 3, 4)), np.ones((3, 4), int), (1, 0)), ValueError, "spacing"),
    ],
)
def test_a_case_that_does_not_fit_together_is_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        Case("a", *arguments)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: of(), "at least one"),
        (lambda: of(case(), case()), "twice"),
        (lambda: of(case(), case("b", (4, 4, 4), (1, 1, 1))), "axes"),
        (lambda: of(case(channels=2)), "channels"),
        (lambda: of(case(label=2)), "label 2"),
    ],
)
def test_a_data_set_that_does_not_fit_together_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()
