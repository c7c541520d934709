"""Chapter 26's workshop: a job's script, memory measured from outside, a drawn picture, checkpoints, a card's table."""

import copy
import shutil
import subprocess
import sys

import numpy as np
import pytest
import torch

from unet_teach.course.experiments import on_a_card
from unet_teach.course.scaling import peak_memory, slurm_script, traffic, write_picture
from unet_teach.course.scaling.tasks import slopes_in_pieces
from unet_teach.models import PatchCNN, UNet, checkpointed, multiplications, training_memory
from unet_teach.models.ablations import with_normalisation


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_bash_reads_the_job(tmp_path):
    job = tmp_path / "job.sh"
    job.write_text(slurm_script("train.py --name 'two words' --steps 1000", nodes=2, gpus=4, hours=9), encoding="utf-8")
    subprocess.run(["bash", "-n", job], check=True)
    lines = job.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/bin/bash"
    assert {"#SBATCH --nodes=2", "#SBATCH --gpus-per-node=4", "#SBATCH --time=09:00:00"} <= set(lines)
    assert lines[-1].strip() == "train.py --name 'two words' --steps 1000"
    first = next(number for number, line in enumerate(lines) if line and not line.startswith("#"))
    assert not any(line.startswith("#SBATCH") for line in lines[first:])  # Slurm reads none after a command


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"script": ""}, "one line"),
        ({"script": "a\nb"}, "one line"),
        ({"script": "a 'b"}, "not closed"),
        ({"name": "a b"}, "a job's name"),
        ({"gpus": 0}, "gpus is a whole number"),
        ({"hours": 1.5}, "hours is a whole number"),
    ],
)
def test_jobs_that_are_none(wrong, said):
    with pytest.raises(ValueError, match=said):
        slurm_script(**{"script": "train.py"} | wrong)


def test_the_picture_is_the_seeds(tmp_path):
    zarr = pytest.importorskip("zarr")
    one, again, other = (
        zarr.open(write_picture(tmp_path / f"{number}.zarr", 700, seed), mode="r")
        for number, seed in enumerate((0, 0, 1))
    )
    assert one.shape == (700, 700)
    assert one.chunks == (512, 512)
    assert one.dtype == np.uint8
    assert np.array_equal(one[:], again[:])
    assert not np.array_equal(one[:], other[:])
    larger = zarr.open(write_picture(tmp_path / "larger.zarr", 1100, 0), mode="r")
    assert np.array_equal(larger[:700, :700], one[:])  # a square does not ask how large the picture is
    assert not np.array_equal(larger[:500, :500], larger[512:1012, 512:1012])
    with pytest.raises(ValueError, match="at least one pixel"):
        write_picture(tmp_path / "none.zarr", 0)


@pytest.mark.slow
def test_memory_is_measured_in_a_process_of_its_own():
    pytest.importorskip("psutil")
    small, large = (peak_memory("a step", timeout=120, batch=batch, side=128) for batch in (1, 16))
    # 32 maps of 16 channels at 128 x 128 pixels are kept for each image, roughly
    assert large["peak MB"] > small["peak MB"] + 50
    held = np.ones(60_000_000)  # what this process holds is not the other's
    assert peak_memory("a step", timeout=120, batch=1, side=128)["peak MB"] < small["peak MB"] + held.nbytes / 4e6
    with pytest.raises(RuntimeError, match="'a step' failed: ValueError: a side of 3 pixels"):
        peak_memory("a step", timeout=120, batch=1, side=3)
    with pytest.raises(RuntimeError, match="did not end within"):
        peak_memory("a step", timeout=0.01)


def batch(count=4, side=16):
    generator = torch.Generator().manual_seed(0)
    images = torch.randn(count, 1, side, side, generator=generator, dtype=torch.float64)
    return images, (images[:, 0] > 0).long()


def grouped(network):
    return with_normalisation(network, lambda channels: torch.nn.GroupNorm(2, channels))


def slopes(network, pieces=1):
    network.zero_grad()
    slopes_in_pieces(network, *batch(), pieces)
    return torch.cat([weight.grad.flatten() for weight in network.parameters()])


def test_checkpoints_change_no_slope_and_less_is_kept():
    torch.manual_seed(0)
    network = UNet(width=4, depth=2).double()
    other = copy.deepcopy(network)
    plain = slopes(network)
    with checkpointed(other):
        torch.testing.assert_close(slopes(other), plain, rtol=0, atol=1e-12)
        kept = training_memory(other, batch()[0])
        with torch.inference_mode():
            assert other(batch()[0]).shape == (4, 2, 16, 16)
    assert kept < 0.6 * training_memory(other, batch()[0])
    assert network.state_dict().keys() == other.state_dict().keys()
    copy.deepcopy(other)  # nothing is left on it
    assert all("forward" not in vars(part) for part in other.modules())


def test_a_checkpointed_batch_norm_notes_each_batch_twice():
    torch.manual_seed(0)
    network = UNet(width=4, depth=1).double()
    other = copy.deepcopy(network)
    slopes(network)
    with checkpointed(other):
        slopes(other)
    once, twice = (n.encoder[0][1].running_mean for n in (network, other))
    torch.testing.assert_close(twice, once * (1 + 0.9), rtol=0, atol=1e-12)


def test_networks_without_such_blocks():
    with pytest.raises(ValueError, match="PatchCNN has no Block to checkpoint"), checkpointed(PatchCNN()):
        pass


@pytest.mark.parametrize("pieces", [2, 4])
def test_pieces_add_up_with_group_norm_and_not_with_batch_norm(pieces):
    torch.manual_seed(0)
    network = grouped(UNet(width=4, depth=1)).double()
    torch.testing.assert_close(slopes(network, pieces), slopes(network), rtol=0, atol=1e-12)
    other = UNet(width=4, depth=1).double()
    assert (slopes(other, pieces) - slopes(other)).abs().max() > 1e-4


def test_a_card_is_asked_for(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(RuntimeError, match="there is no graphics card"):
        on_a_card.EXPERIMENT.run(**on_a_card.EXPERIMENT.runs[0])


def test_what_a_card_would_do_runs_here(monkeypatch):
    monkeypatch.setattr(on_a_card, "SIDE", 32)
    monkeypatch.setattr(on_a_card, "WARM", 1)
    monkeypatch.setattr(on_a_card, "OriginalUNet", lambda: on_a_card.UNet(width=2, depth=1))
    monkeypatch.setattr(
        on_a_card,
        "_squares",
        lambda count, side: (torch.zeros(count, 1, 32, 32), torch.zeros(count, 32, 32).long()),
    )
    for run in on_a_card.EXPERIMENT.runs:
        if run["what"] == on_a_card.COURSE and not run["compiled"] and run["repeat"] == 0:
            found = on_a_card.run(**run | {"steps": 1, "batch": 2}, device="cpu")
            assert found["images a second"] > 0
            assert 0 <= found["loss"] <= 1


def test_squares_of_the_papers_size():
    images, labels = on_a_card._squares(1, 572)
    assert images.shape == (1, 1, 572, 572)
    assert labels.shape == (1, 572, 572)
    assert torch.equal(images[..., 511, :], images[..., 513, :])


@pytest.mark.slow
def test_the_command_knows_what_is_asked_for_by_name():
    done = subprocess.run(
        [sys.executable, "-m", "unet_teach.course.experiments", "no such"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "on_a_card" in done.stderr


def test_traffic_is_counted_by_hand():
    with torch.device("meta"):
        network = torch.nn.Sequential(
            torch.nn.Conv2d(3, 8, 3, padding=1, bias=False),
            torch.nn.BatchNorm2d(8),
            torch.nn.ReLU(),
            torch.nn.MaxPool2d(2),
        )
        found = traffic(network, torch.zeros(2, 3, 10, 12))
    pixels = 2 * 10 * 12
    assert found == [
        ("convolution", 2 * pixels * 3 * 8 * 9, 4 * (pixels * (3 + 8) + 3 * 8 * 9)),
        ("normalisation", 2 * pixels * 8, 4 * (2 * pixels * 8 + 16)),
        ("ReLU", pixels * 8, 4 * 2 * pixels * 8),
        ("MaxPool2d", pixels * 8, 4 * (pixels * 8 + pixels * 8 // 4)),
    ]


def test_traffic_agrees_with_the_multiplications():
    with torch.device("meta"):
        network, images = UNet(), torch.zeros(1, 1, 64, 64)
    convolutions = sum(row.operations for row in traffic(network, images) if row.kind == "convolution")
    assert convolutions == 2 * multiplications(network, images)
