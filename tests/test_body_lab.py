"""Chapter 21's laboratory: the exam is opened once, and its scoring is right; the comparison comes shape by shape."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from unet_teach.clinic.body import load_body_network
from unet_teach.course.body import by_shape, exam, fat_dice, show_crossing
from unet_teach.course.body.exam import examine_tissue, read_exam
from unet_teach.course.experiments.body_shapes import EXPERIMENT, SHAPES
from unet_teach.course.experiments.table import load
from unet_teach.data.dicom import DicomVolume
from unet_teach.data.phantoms import torso
from unet_teach.recipes.torso import TISSUES


def test_the_exams_scoring_on_a_phantom():
    """As the exam's scan is stored: x to the right, y to the front."""
    person = torso(11, 0.4, slices=4, spacing=3, level=20)
    truth = np.zeros(person.labels.shape, np.uint8)
    for name, number in TISSUES.items():
        truth[person.mask(name)] = number
    hu = person.hu[:, ::-1, ::-1].transpose(2, 1, 0).astype(np.float32)
    scan = DicomVolume(hu, np.diag([3.0, 3, 3, 1]), (3.0, 3.0, 3.0), "CT", np.zeros(hu.shape, bool), 3.0, ())
    rows = examine_tissue(load_body_network(), scan, range(1, 3), truth[1:3], (26, 52))
    assert [row["method"] for row in rows] == [
        "network",
        "network, all of its pixels",
        "rule at 26 mm",
        "rule at 24 mm, in hindsight",
    ]
    for row in rows[:2]:
        assert row["dice subcutaneous_fat"] > 0.97
        assert row["dice torso_fat"] > 0.95
    for row in rows:
        assert row["true cm2 torso_fat"] == pytest.approx((truth[1:3] == 2).sum() * 0.09 / 2, abs=0.01)
    assert rows[0]["cm2 skeletal_muscle"] < rows[1]["cm2 skeletal_muscle"]


def test_the_exam_is_opened_once(capsys, monkeypatch):
    monkeypatch.setattr(exam, "load_torso_tissue", lambda: pytest.fail("opened again"))
    assert exam.main() == 1
    assert "opened once" in capsys.readouterr().err


def test_the_stored_exam_names_its_commit():
    rows = read_exam()
    assert len(rows) == 4
    for row in rows:
        assert str(row["commit"]).startswith("commit ")
        assert row["slices"] == "86 to 103"
        for name in TISSUES:
            assert 0 <= float(row[f"dice {name}"]) <= 1
            assert row[f"true cm2 {name}"] == rows[0][f"true cm2 {name}"]


def test_the_comparison_comes_shape_by_shape():
    rows = load(EXPERIMENT)
    assert by_shape(rows[0], "torso_fat").shape == (len(SHAPES), 8)
    assert by_shape(rows[0], "torso_fat")[2, 1] == rows[0]["torso_fat 0.25 3001"]
    wanted = (by_shape(rows[0], "torso_fat") + by_shape(rows[0], "subcutaneous_fat")) / 2
    np.testing.assert_allclose(fat_dice(rows[0]), wanted)
    show_crossing(rows[0], rows[1], rows[2:])
    lines = plt.gca().get_lines()
    assert len(lines) == 7
    np.testing.assert_allclose(lines[-1].get_ydata(), fat_dice(rows[0]).mean(axis=1))
    plt.close("all")
