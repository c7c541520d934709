"""Chapter 18's sets and runs: the same cases as chapters 9 and 15, scored alike; nnU-Net is asked for in words."""

import os
import sys

import numpy as np
import pytest

from unet_teach.course.experiments import planned, real_nnunet
from unet_teach.course.planned import real
from unet_teach.course.planned.sets import split_of
from unet_teach.data.em import SPLITS as SECTIONS
from unet_teach.data.hippocampus import SPLITS as BOXES
from unet_teach.nnunet import hand_over


@pytest.mark.usefixtures("real_data")
def test_the_cases_are_those_of_chapters_9_and_15_and_truth_scores_1():
    for name, numbers, form in (("em", SECTIONS, "{:02}"), ("hippocampus", BOXES, "hippocampus_{:03}")):
        split = split_of(name)
        for part, key in ((split.known, "train"), (split.held_back, "validation"), (split.test, "test")):
            assert [case.name for case in part.cases] == [form.format(number) for number in numbers[key]]
        assert [c.name for c in split.everything.cases] == [
            form.format(n) for key in ("train", "validation") for n in numbers[key]
        ]
        truth = {case.name: case.labels.astype(np.uint8) for case in (*split.held_back.cases, *split.test.cases)}
        scores = split.score(truth)
        assert set(scores.values()) == {1.0}
        assert len(scores) == len(split.test.cases) * (len(split.known.labels) - 1)
        assert split.configuration in split.plan(0.25)["configurations"]
        found = planned.held_back_scores(split, [0.5] * (len(split.known.labels) - 1), truth)
        assert set(found.values()) == {0.5, 1.0}
        nothing = {name: np.zeros_like(labels) for name, labels in truth.items()}
        assert set(split.score(nothing).values()) == {0.0}


@pytest.mark.usefixtures("real_data")
def test_the_plans_are_those_that_nnunetv2_made_of_the_same_files():
    em, boxes = split_of("em"), split_of("hippocampus")
    small, usual = (em.plan(memory)["configurations"]["2d"] for memory in (0.25, 8.0))
    assert (small["patch_size"], small["batch_size"], len(small["strides"])) == ([224, 224], 2, 6)
    assert (usual["patch_size"], usual["batch_size"], len(usual["strides"])) == ([512, 512], 2, 8)
    box = boxes.plan(8.0)["configurations"]["3d_fullres"]
    assert (box["patch_size"], box["batch_size"], len(box["strides"])) == ([40, 56, 40], 2, 4)
    assert (small["batch_dice"], box["batch_dice"]) == (True, False)


def test_what_is_left_of_the_loss_is_the_last_five_over_the_first():
    assert planned.left_of([4, 4, 4, 4, 4, 9, 9, 1, 1, 1, 1, 1]) == 0.25


def test_both_are_asked_for_the_same_runs():
    assert real_nnunet.HIPPOCAMPUS.runs == planned.HIPPOCAMPUS.runs
    assert real_nnunet.EM.runs == [run for run in planned.EM.runs if run["steps"] == planned.FEW]


def test_where_nnunet_is_not_installed_the_run_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "nnunetv2", None)
    before = dict(os.environ)
    with pytest.raises(RuntimeError, match=r"pip install nnunetv2==2\.8\.1"):
        real.train_real(None, 8.0, 2, 0)
    assert dict(os.environ) == before


@pytest.mark.slow
def test_nnunet_itself_follows_the_plan_on_the_fold_that_it_is_given(tmp_path):
    """Beside the course, where it is installed: two steps on four small images."""
    pytest.importorskip("nnunetv2")
    from test_nnunet_run import squares

    from unet_teach.course.planned.sets import Split
    from unet_teach.nnunet import Dataset, fingerprint, plan

    boxes = squares(6, side=40)

    def part(start, end):
        return Dataset(boxes.cases[start:end], boxes.channel_names, boxes.labels, boxes.name)

    split = Split(part(0, 3), part(3, 4), part(4, 6), lambda said: {}, "2d")
    said, pseudo, configuration = real.train_real(split, 0.25, 2, 0)
    assert {name: labels.shape for name, labels in said.items()} == {
        case.name: case.labels.shape for case in (*split.held_back.cases, *split.test.cases)
    }
    assert len(pseudo) == 1
    ours = plan(fingerprint(split.everything), 0.25)["configurations"]["2d"]
    theirs = configuration | configuration["architecture"]["arch_kwargs"]
    assert ours == {name: theirs[name] for name in ours}
    assert hand_over(split.everything, tmp_path, 3).exists()
