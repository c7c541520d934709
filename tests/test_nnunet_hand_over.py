"""A data set handed over to nnU-Net, and the real planner's answers, from a process of its own."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from unet_teach.data.nifti import read_nifti
from unet_teach.nnunet import Case, Dataset, fingerprint, hand_over, plan

HAS_NNUNET = importlib.util.find_spec("nnunetv2") is not None


def case(name, shape, spacing, seed, channels=1, empty=0):
    chance = np.random.default_rng(seed)
    image = chance.uniform(1, 1000, (channels, *shape)).astype(np.float32)
    image[..., shape[-1] - empty :] = 0  # a border without anything
    labels = np.zeros(shape, np.uint8)
    labels[tuple(slice(2, side // 2) for side in shape)] = 1
    return Case(name, image, labels, spacing)


def volumes(count=8):
    spacings = [(0.75, 0.5, 3.0), (0.8, 0.5, 2.5)]  # of which 0.8 is no number of 32 bits
    cases = [case(f"v_{k}", (30 + k, 41, 12), spacings[k % 2], k, 2, empty=4) for k in range(count)]
    return Dataset(cases, ("CT", "T1"), ("background", "organ"), "Volumes")


def pictures(count=8):
    cases = [case(f"p-{k}", (40, 57 + k), (0.5, 0.25), k) for k in range(count)]
    return Dataset(cases, ("grey",), ("ground", "cell"), "Pictures")


def random_fingerprint(chance):
    """Draw the fingerprint of a data set as it may come: flat, cubes, slices, small, large."""
    cases = int(chance.choice([1, 3, 8, 40, 300]))
    flat = chance.random() < 0.25
    spacing = np.exp(chance.uniform(-1.5, 1.2, 3))
    shape = np.exp(chance.uniform(2.5, 6.5, 3))
    coarse = chance.integers(3)
    if chance.random() < 0.5:
        spacing[coarse] *= 4
        shape[coarse] /= 4
    spacings = spacing * np.exp(chance.normal(0, 0.1, (cases, 3)))
    shapes = np.maximum(2, np.round(shape * np.exp(chance.normal(0, 0.2, (cases, 3)))))
    if flat:
        shapes[:, 0], spacings[:] = 1, (999, 1, 1)
    names = ["CT", "T1", "noNorm", "zscore", "rescale_to_0_1", "RGB_to_0_1"]
    return {
        "spacings": np.round(spacings, 3).tolist(),
        "shapes_after_crop": shapes.astype(int).tolist(),
        "median_relative_size_after_cropping": float(chance.choice([1.0, 0.75, 0.4])),
        "channel_names": chance.choice(names, 2).tolist(),
        "number_of_labels": int(chance.integers(2, 12)),
        "number_of_cases": cases,
        "memory_gb": float(chance.choice([8, 8, 2, 24])),
    }


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What the real nnU-Net says about two data sets, eight cases each, and about twelve fingerprints."""
    if not HAS_NNUNET:
        pytest.skip("nnunetv2 is not installed")
    folder = tmp_path_factory.mktemp("nnunet")
    for number, dataset in enumerate((volumes(), pictures()), start=1):
        hand_over(dataset, folder / "raw", number, folds=[["v_0"], ["v_1"]] if number == 1 else None)
    questions = [random_fingerprint(np.random.default_rng(seed)) for seed in range(12)]
    (folder / "questions.json").write_text(json.dumps(questions), encoding="utf-8")
    script = Path(__file__).with_name("real_nnunet.py")
    run = subprocess.run(
        [sys.executable, script, folder], capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return folder


@pytest.mark.slow
def test_the_real_planner_plans_the_same_for_any_fingerprint(answers):
    questions, plans = (json.loads((answers / f"{n}.json").read_text(encoding="utf-8")) for n in ("questions", "plans"))
    assert len(plans) == 12
    assert any("3d_lowres" in one["configurations"] for one in plans)
    assert any("3d_fullres" not in one["configurations"] for one in plans)
    for question, real in zip(questions, plans, strict=True):
        assert plan(question, question["memory_gb"]) == real


@pytest.mark.slow
@pytest.mark.parametrize("dataset", [volumes(), pictures()], ids=lambda dataset: dataset.name)
def test_the_real_planner_reads_what_was_handed_over_and_agrees(answers, dataset):
    number = 1 if dataset.name == "Volumes" else 2
    real = json.loads((answers / f"Dataset00{number}_{dataset.name}.json").read_text(encoding="utf-8"))
    ours = fingerprint(dataset)
    # NIfTI keeps spacings in 32 bits.
    assert np.allclose(ours["spacings"], real["fingerprint"]["spacings"], rtol=1e-7, atol=0)
    assert ours["shapes_after_crop"] == real["fingerprint"]["shapes_after_crop"]
    kept = real["fingerprint"]["median_relative_size_after_cropping"]
    assert ours["median_relative_size_after_cropping"] == pytest.approx(kept)
    for channel, measured in ours["foreground_intensity_properties_per_channel"].items():
        theirs = real["fingerprint"]["foreground_intensity_properties_per_channel"][channel]
        assert measured == pytest.approx(theirs, rel=1e-6)  # the same draws, for the same number of them
    planned = plan(ours)
    assert planned["transpose_forward"] == real["plan"]["transpose_forward"]
    for name, configuration in real["plan"]["configurations"].items():
        ours_too = planned["configurations"][name]
        assert ours_too.pop("spacing") == pytest.approx(configuration.pop("spacing"), rel=1e-7)
        assert ours_too == configuration
    assert set(planned["configurations"]) == set(real["plan"]["configurations"])


def test_what_is_written(tmp_path):
    dataset = volumes(3)
    place = hand_over(dataset.of(["v_0", "v_2"]), tmp_path, 7, [["v_2"], ["v_0"]], dataset.of(["v_1"]))
    assert place == tmp_path / "Dataset007_Volumes"
    assert sorted(str(path.relative_to(place)) for path in place.rglob("*.nii.gz")) == [
        "imagesTr/v_0_0000.nii.gz",
        "imagesTr/v_0_0001.nii.gz",
        "imagesTr/v_2_0000.nii.gz",
        "imagesTr/v_2_0001.nii.gz",
        "imagesTs/v_1_0000.nii.gz",
        "imagesTs/v_1_0001.nii.gz",
        "labelsTr/v_0.nii.gz",
        "labelsTr/v_2.nii.gz",
    ]
    assert json.loads((place / "dataset.json").read_text(encoding="utf-8")) == {
        "channel_names": {"0": "CT", "1": "T1"},
        "labels": {"background": 0, "organ": 1},
        "numTraining": 2,
        "file_ending": ".nii.gz",
    }
    splits = json.loads((place / "splits_final.json").read_text(encoding="utf-8"))
    assert splits == [{"train": ["v_0"], "val": ["v_2"]}, {"train": ["v_2"], "val": ["v_0"]}]
    image, affine = read_nifti(place / "imagesTr" / "v_0_0001.nii.gz")
    assert np.array_equal(image.T, dataset.cases[0].image[1])
    assert np.allclose(np.abs(affine[:3, :3]).max(axis=0), (3.0, 0.5, 0.75))


def test_without_folds_there_is_no_file_of_splits(tmp_path):
    place = hand_over(pictures(2), tmp_path)
    assert not (place / "splits_final.json").exists()
    assert not (place / "imagesTs").exists()
    labels = json.loads((place / "dataset.json").read_text(encoding="utf-8"))["labels"]
    assert labels == {"background": 0, "cell": 1}  # nnU-Net insists on that name


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda d, f: hand_over(d, f, 0), ValueError, "1 to 999"),
        (lambda d, f: hand_over(d, f, 1, [["p-9"]]), ValueError, "p-9"),
        (lambda d, f: (hand_over(d, f), hand_over(d, f)), FileExistsError, "another number"),
        (lambda d, f: hand_over(Dataset(d.cases, ("g",), d.labels, "a/b"), f), ValueError, "letters, digits"),
    ],
)
def test_refusals(tmp_path, change, error, words):
    with pytest.raises(error, match=words):
        change(pictures(2), tmp_path)
