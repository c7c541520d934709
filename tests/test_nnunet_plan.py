"""The planner: each rule on numbers that can be checked by hand, and whole plans against those of nnU-Net itself."""

import copy
import json
import os
from pathlib import Path

import numpy as np
import pytest

from unet_teach.models import NNUNet
from unet_teach.nnunet import plan
from unet_teach.nnunet.intensity import intensity_normalization
from unet_teach.nnunet.patch import batch_size, patch_size
from unet_teach.nnunet.spacing import axis_order, image_resampling, image_target_spacing
from unet_teach.nnunet.topology import Topology, feature_maps, memory_consumption, network_topology

SHARED = Path(__file__).parents[2] / "shared"  # beside this folder, or where the data are
REFERENCE = Path(os.environ.get("UNET_TEACH_DATA", SHARED / "data")).parent / "reference"
STORED = [
    pytest.param(pair, id=f"{path.stem}-{number}")
    for path in sorted(REFERENCE.glob("nnunet_plans*.json"))
    for number, pair in enumerate(json.loads(path.read_text(encoding="utf-8"))["pairs"])
]


def print_of(spacing, shape, cases=20, **changed):
    """The fingerprint of a data set whose cases are all alike."""
    return {
        "spacings": [list(spacing)] * cases,
        "shapes_after_crop": [list(shape)] * cases,
        "median_relative_size_after_cropping": 1.0,
        "channel_names": ["MRI"],
        "number_of_labels": 3,
        "number_of_cases": cases,
    } | changed


@pytest.mark.parametrize("pair", STORED)
def test_plans_are_those_of_the_real_planner(pair):
    assert plan(pair["fingerprint"], pair.get("memory_gb", 8)) == pair["plan"]


def test_the_hippocampus_gets_the_plan_that_chapter_13_draws():
    planned = plan(print_of((1, 1, 1), (36, 50, 35), 64))["configurations"]["3d_fullres"]
    assert planned["patch_size"] == [40, 56, 40]
    assert planned["features_per_stage"] == [32, 64, 128, 256]
    assert planned["strides"] == [[1, 1, 1], [2, 2, 2], [2, 2, 2], [2, 2, 2]]
    assert planned["kernel_sizes"] == [[3, 3, 3]] * 4
    assert NNUNet(planned, 1, 3).factor == (8, 8, 8)


def test_the_target_spacing_is_the_median():
    spacings = [[1, 1, 1], [2, 1, 1], [4, 1, 1]]
    shapes = [[90, 90, 90]] * 3
    assert image_target_spacing(spacings, shapes).tolist() == [2, 1, 1]


def test_a_coarse_and_short_axis_gets_the_tenth_percentile():
    spacings = [[1, 1, 4], [1, 1, 5], [1, 1, 10]]
    thin, deep = [[100, 100, 20]] * 3, [[100, 100, 60]] * 3
    assert image_target_spacing(spacings, thin).tolist() == [1, 1, pytest.approx(4.2)]  # 4 + 0.2 * (5 - 4)
    assert image_target_spacing(spacings, deep).tolist() == [1, 1, 5]  # not short: the median
    # Exactly three times as coarse is not yet coarse.
    assert image_target_spacing([[1, 1, 3], [1, 1, 1]], [[100, 100, 20]] * 2).tolist() == [1, 1, 2]
    assert image_target_spacing([[1, 1, 3]] * 3 + [[1, 1, 1.5]], [[100, 100, 20]] * 4).tolist() == [1, 1, 3]


def test_but_never_finer_than_the_others():
    spacings = [[2, 2, 1], [2, 2, 7], [2, 2, 7]]
    spacing = image_target_spacing(spacings, [[100, 100, 20]] * 3)
    assert spacing.tolist() == [2, 2, pytest.approx(2.2)]
    spacing = image_target_spacing([[2, 2, 1], [2, 2, 1], [2, 2, 7], [2, 2, 7], [2, 2, 7]], [[100, 100, 20]] * 5)
    assert spacing.tolist() == [2, 2, 2.00001]


def test_the_coarsest_axis_comes_first():
    assert axis_order(np.array([1.0, 1, 3])) == [2, 0, 1]
    assert axis_order(np.array([1.0, 3, 2])) == [1, 0, 2]
    assert axis_order(np.array([1.0, 1, 1])) == [0, 1, 2]


def test_how_large_a_resampled_image_is():
    assert image_resampling([10, 10, 5], [1, 2, 3], np.array([2.0, 1, 2])) == [5, 20, 8]  # 7.5, to the even number


def test_names_decide_how_grey_values_are_normalised():
    names = ["CT", "ct", "MRI", "noNorm", "rescale_to_0_1", "rgb_TO_0_1", "zscore", "computed tomography"]
    schemes, masks = intensity_normalization(names, 0.5)
    z = "ZScoreNormalization"
    assert schemes == [
        *["CTNormalization"] * 2,
        z,
        "NoNormalization",
        "RescaleTo01Normalization",
        "RGBTo01Normalization",
        z,
        z,
    ]
    assert masks == [scheme == z for scheme in schemes]
    assert not any(intensity_normalization(names, 0.75)[1])  # three quarters are no border


def test_the_topology_of_a_cube():
    topology = network_topology([1, 1, 1], [40, 50, 35])
    assert topology == ([40, 56, 40], [[1] * 3] + [[2] * 3] * 3, [[3] * 3] * 4)
    assert topology.multiples == [8, 8, 8]


def test_a_coarse_axis_waits():
    # 4 mm against 1: halved only once the others are within a factor of 2 of it, as are the kernels.
    topology = network_topology([4, 1, 1], [32, 128, 128])
    assert topology.strides == [[1, 1, 1], [1, 2, 2], [1, 2, 2], [2, 2, 2], [2, 2, 2], [2, 2, 2]]
    assert topology.kernel_sizes[:3] == [[1, 3, 3], [1, 3, 3], [3, 3, 3]]
    assert network_topology([2, 1, 1], [32, 128, 128]).kernel_sizes[0] == [1, 3, 3]  # exactly 2 is not within
    assert network_topology([1.99, 1, 1], [32, 128, 128]).kernel_sizes[0] == [3, 3, 3]


@pytest.mark.parametrize(("side", "levels"), [(7, 1), (8, 2), (14, 2), (15, 3), (16, 3)])
def test_an_axis_is_halved_while_eight_voxels_are_left(side, levels):
    assert len(network_topology([1, 1], [side, side]).strides) == levels


@pytest.mark.parametrize(("side", "levels"), [(8, 1), (11, 1), (12, 2), (22, 2), (23, 3)])
def test_the_last_axis_alone_needs_twelve(side, levels):
    assert len(network_topology([1, 1], [side, 4]).strides) == levels


def test_channels_double_up_to_a_limit():
    flat = Topology([256, 256], [[1, 1]] * 6, [[3, 3]] * 6)
    assert feature_maps(flat) == [32, 64, 128, 256, 512, 512]
    assert feature_maps(Topology([8, 8, 8], [[1] * 3] * 5, [[3] * 3] * 5)) == [32, 64, 128, 256, 320]


def test_memory_counts_what_convolutions_put_out():
    topology = Topology([8, 8], [[1, 1], [2, 2]], [[3, 3]] * 2)
    top, bottom = 32 * 64, 64 * 16
    assert memory_consumption(topology, 3) == 2 * top + 2 * bottom + top + 2 * top + 3 * 64


def test_the_patch_shrinks_where_it_covers_most():
    small = patch_size([1, 1, 1], [100, 200, 200], 2, 8)
    assert small.patch_size[0] <= 100
    less = patch_size([1, 1, 1], [100, 200, 200], 2, 4)
    assert np.prod(less.patch_size) < np.prod(small.patch_size)
    assert memory_consumption(less, 2) <= 560e6 / 2
    assert patch_size([1, 1], [300, 300], 2, 8).patch_size == [320, 320]  # rounded up to a multiple of 64


def test_a_batch_is_at_least_two_and_at_most_a_twentieth_of_the_data():
    topology = Topology([64, 64], [[1, 1], [2, 2]], [[3, 3]] * 2)
    held = memory_consumption(topology, 2)
    assert batch_size(topology, 2, 1e12, 8) == round(85e6 / held * 12)
    assert batch_size(topology, 2, 64 * 64 * 20 * 7, 8) == 7
    assert batch_size(topology, 2, 64 * 64, 8) == 2


def test_a_small_patch_in_a_large_image_asks_for_the_low_resolution():
    planned = plan(print_of((1, 1, 1), (400, 400, 400)))
    names = ["2d", "3d_lowres", "3d_fullres", "3d_cascade_fullres"]
    assert list(planned["configurations"]) == names
    low, full = planned["configurations"]["3d_lowres"], planned["configurations"]["3d_fullres"]
    assert np.prod(low["patch_size"]) >= 0.25 * np.prod(low["median_image_size_in_voxels"])
    assert (low["batch_dice"], full["batch_dice"]) == (False, True)
    assert list(plan(print_of((1, 1, 1), (150, 150, 150)))["configurations"]) == ["2d", "3d_fullres"]


def test_a_flat_data_set_gets_two_dimensions():
    planned = plan(print_of((999, 1, 1), (1, 512, 512)))
    assert list(planned["configurations"]) == ["2d"]
    assert planned["configurations"]["2d"]["patch_size"] == [512, 512]


def test_a_plan_is_json_and_leaves_the_fingerprint_alone():
    fingerprint = print_of(
        (1, 0.5, 0.5), (30, 200, 180), foreground_intensity_properties_per_channel={"0": {"mean": 1}}
    )
    before = copy.deepcopy(fingerprint)
    planned = plan(fingerprint)
    assert json.loads(json.dumps(planned)) == planned
    assert fingerprint == before
    assert planned["foreground_intensity_properties_per_channel"] == {"0": {"mean": 1}}
    numbered = plan(fingerprint | {"channel_names": {"0": "MRI"}})
    assert numbered == planned


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"spacings": [[1, 1]] * 20, "shapes_after_crop": [[9, 9]] * 20}, ValueError, "three numbers"),
        ({"spacings": [[1, 1, 1]]}, ValueError, "three numbers"),
        ({"spacings": [[1, 1, 0]] * 20}, ValueError, "above 0"),
        ({"shapes_after_crop": [[0, 9, 9]] * 20}, ValueError, "one voxel"),
        ({"number_of_labels": 2.5}, TypeError, "whole"),
        ({"spacings": "one"}, TypeError, "spacings"),
    ],
)
def test_a_wrong_fingerprint_is_refused(changed, error, words):
    with pytest.raises(error, match=words):
        plan(print_of((1, 1, 1), (50, 50, 50)) | changed)


def test_a_missing_field_is_named():
    fingerprint = print_of((1, 1, 1), (50, 50, 50))
    del fingerprint["number_of_labels"]
    with pytest.raises(KeyError, match="number_of_labels"):
        plan(fingerprint)


@pytest.mark.parametrize("memory", [0, -1, float("nan"), float("inf")])
def test_memory_is_above_0(memory):
    with pytest.raises(ValueError, match="memory_gb"):
        plan(print_of((1, 1, 1), (50, 50, 50)), memory)


def test_too_little_memory_is_said():
    with pytest.raises(ValueError, match="larger memory_gb"):
        plan(print_of((1, 1, 1), (50, 50, 50)), 1e-9)
