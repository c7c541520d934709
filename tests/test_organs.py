"""Volumes and greys of regions, and TotalSegmentator's names beside the installed package's own list."""

import importlib.util
import runpy
from pathlib import Path

import numpy as np
import pytest

from unet_teach.clinic.classes import TOTAL, TOTAL_MR
from unet_teach.clinic.organs import measure_organs
from unet_teach.clinic.total import WEIGHTS
from unet_teach.data import load_torso, load_torso_mr

NAMES = {1: "one", 2: "two", 7: "seven"}


def volume():
    labels = np.zeros((4, 5, 6), np.uint8)
    labels[1:3, 1:3, 1:3] = 1
    labels[2, 2, 4:] = 7
    return labels, np.arange(120.0).reshape(4, 5, 6)


def test_by_hand():
    labels, values = volume()
    one, seven = measure_organs(labels, values, (1, 2, 5), NAMES)
    assert one == ("one", 0.08, values[1:3, 1:3, 1:3].mean(), False)
    assert seven == ("seven", 0.02, values[2, 2, 4:].mean(), True)


@pytest.mark.parametrize("axis", range(3))
@pytest.mark.parametrize("end", [0, -1])
def test_every_edge_cuts(axis, end):
    labels = np.zeros((5, 5, 5), int)
    labels[2, 2, 2] = 1
    np.moveaxis(labels, axis, 0)[end, 2, 2] = 1
    assert measure_organs(labels, labels, (1, 1, 1), NAMES)[0].cut_off


def test_nothing_there():
    assert measure_organs(np.zeros((2, 2, 2), int), np.zeros((2, 2, 2)), (1, 1, 1), NAMES) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"labels": np.ones((4, 5), int)}, "one shape"),
        ({"labels": np.ones((4, 5, 6))}, "integers"),
        ({"labels": -np.ones((4, 5, 6), int)}, "from 0 on"),
        ({"labels": np.full((4, 5, 6), 3)}, "label 3"),
        ({"labels": np.zeros((0, 5, 6), int), "values": np.zeros((0, 5, 6))}, "no voxel"),
        ({"values": np.zeros((4, 5, 7))}, "one shape"),
        ({"values": np.full((4, 5, 6), np.nan)}, "finite"),
        ({"spacing": (1, 1)}, "three numbers"),
        ({"spacing": (1, 0, 1)}, "above 0"),
        ({"spacing": (1, np.inf, 1)}, "finite"),
    ],
)
def test_bad_input_ends_in_a_sentence(change, said):
    labels, values = volume()
    with pytest.raises((TypeError, ValueError), match=said):
        measure_organs(**{"labels": labels, "values": values, "spacing": (1, 1, 1), "names": NAMES} | change)


def in_the_package(name):
    found = importlib.util.find_spec("totalsegmentator")
    if found is None:
        pytest.skip("TotalSegmentator is not installed")
    return Path(found.submodule_search_locations[0], name)


def test_names_are_the_installed_packages():
    lists = runpy.run_path(str(in_the_package("map_to_binary.py")))  # without what the package depends on
    assert lists["class_map"]["total"] == TOTAL
    assert lists["class_map"]["total_mr"] == TOTAL_MR
    parts = {name: part for name, part in lists["class_map_5_parts"].items() if name != "test"}
    assert [len(part) for part in parts.values()] == [24, 26, 18, 23, 26]
    assert sorted(name for part in parts.values() for name in part.values()) == sorted(TOTAL.values())


def test_the_commands_of_the_page_are_the_installed_packages():
    options = in_the_package("bin/TotalSegmentator.py").read_text(encoding="utf-8")
    for option in ("-ta", "-ml", "--fast", "--roi_subset", "--statistics", "--list-classes", "--license_number"):
        assert f'"{option}"' in options
    assert '"send_usage_stats": True' in in_the_package("config.py").read_text(encoding="utf-8")
    trainers = in_the_package("map_tasks_config.py").read_text(encoding="utf-8")
    assert "nnUNetTrainerNoMirroring" in trainers
    for dataset in WEIGHTS.values():
        assert f'"task_id": {dataset.removeprefix("Dataset")},' in trainers


def test_every_label_of_the_real_scans_has_a_name(real_data):
    ct, mr = load_torso(), load_torso_mr()
    organs = measure_organs(ct.organs, ct.hu[..., ct.labelled], ct.spacing, TOTAL)
    assert len(organs) == 41
    assert {organ.name: round(organ.volume) for organ in organs if organ.name.startswith("kidney_right")}
    assert len(measure_organs(mr.organs, mr.image, mr.spacing, TOTAL_MR)) == 23
