"""Several processes train one network: two ranks, the weights of one, and a sentence when one of them dies."""

import shutil
import time

import pytest
import torch
from torch import nn

from unet_teach.course.scaling import toy_batch, toy_network, toy_training, train_on_processes
from unet_teach.course.scaling.start import command
from unet_teach.train import fit
from unet_teach.train.processes import Processes

accelerate = pytest.importorskip("accelerate")
EVERY = [{"norm": norm, "loss": loss} for norm in ("group", "batch") for loss in ("mean per pixel", "batch Dice")]
SEEDS = [{"seed": seed} for seed in (1, 2, 3, 4)]  # EVERY has seed 0
ONE_THREAD = 1


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(ONE_THREAD)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def on_two():
    return train_on_processes(EVERY + SEEDS, timeout=120)


def furthest(network, weights):
    return max(float((own.detach() - weights[name]).abs().max()) for name, own in network.named_parameters())


def test_torchrun_is_asked_for_two_processes_on_this_machine_alone():
    line = command(2, "folder")
    assert line[1:3] == ["-m", "torch.distributed.run"]
    assert line[line.index("--nproc_per_node") + 1] == "2"
    assert "--standalone" in line
    assert line[line.index("--local-addr") + 1] == "127.0.0.1"


@pytest.mark.slow
def test_two_ranks_took_part_and_agree(on_two):
    for result in on_two:
        assert result["ranks"] == [0, 1]
        assert result["apart"] == 0


@pytest.mark.slow
def test_group_norm_and_a_mean_per_pixel_give_one_process_weights(on_two):
    network, history = toy_training(**EVERY[0])
    assert furthest(network, on_two[0]["weights"]) < 1e-10
    assert furthest(toy_network("group"), on_two[0]["weights"]) > 0.1  # it learned something
    assert history.loss == pytest.approx(on_two[0]["loss"], abs=1e-10)
    assert history.loss[-1] < history.loss[0] / 2
    assert history.score == pytest.approx(on_two[0]["score"], abs=1e-10)


@pytest.mark.slow
def test_so_do_other_seeds(on_two):
    for task, result in zip(SEEDS, on_two[len(EVERY) :], strict=True):
        assert furthest(toy_training(**task)[0], result["weights"]) < 1e-10


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2, 3])
def test_batch_norm_and_batch_dice_do_not(on_two, number):
    network, _ = toy_training(**EVERY[number])
    assert furthest(network, on_two[number]["weights"]) > 1e-3


@pytest.mark.slow
def test_a_killed_process_is_named_and_the_run_goes_on_as_if_nothing_had_happened(tmp_path, on_two):
    checkpoint, began = str(tmp_path / "run.pt"), time.monotonic()
    with pytest.raises(RuntimeError, match=r"process 1 of 2 .* was killed by signal 9 .* goes on from the last one"):
        train_on_processes([{"checkpoint": checkpoint, "killed": [1, 35]}], timeout=120)
    assert time.monotonic() - began < 100
    state = torch.load(checkpoint, weights_only=True)
    assert len(state["history"]["loss"]) == 30
    shutil.copy(checkpoint, tmp_path / "copy.pt")
    alone, _ = toy_training(checkpoint=str(tmp_path / "copy.pt"))  # one process goes on as well
    assert furthest(alone, on_two[0]["weights"]) < 1e-10
    resumed = train_on_processes([{"checkpoint": checkpoint}], timeout=120)[0]
    assert {name: value.tolist() for name, value in resumed["weights"].items()} == {
        name: value.tolist() for name, value in on_two[0]["weights"].items()
    }
    assert resumed["loss"] == on_two[0]["loss"]


@pytest.mark.slow
def test_a_reason_is_handed_on():
    with pytest.raises(RuntimeError, match=r"process 0 of 1 .* failed: ValueError: norm is one of group, batch"):
        train_on_processes([{"norm": "none"}], processes=1, timeout=120)


@pytest.mark.slow
def test_processes_that_do_not_end_are_ended():
    with pytest.raises(RuntimeError, match="did not end within 6 s"):
        train_on_processes([{"steps": 10**6}], processes=1, timeout=6)


def test_no_processes():
    with pytest.raises(ValueError, match="at least one"):
        train_on_processes([], processes=0)


class Two:
    """What an Accelerator of two processes says to this one."""

    num_processes, process_index, device = 2, 1, torch.device("cpu")
    mixed_precision, gradient_accumulation_steps = "no", 1

    def __init__(self, **said):
        vars(self).update(said)
        self.added = 0

    def gather(self, own):
        return torch.cat([own, own + self.added])


def test_shares_are_slices_and_together_the_batch():
    batch = [torch.arange(6).float()[:, None], torch.arange(6)]
    first, second = (Processes(Two(process_index=rank)).share(batch) for rank in (0, 1))
    for whole, one, other in zip(batch, first, second, strict=True):
        assert torch.equal(torch.cat([one, other]), whole)
    assert Processes().share(batch) is batch


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        ([torch.zeros(3, 1)], "share a batch of 3 equally: draw 2 images"),
        ([torch.zeros(1, 1)], "share a batch of 1 equally: draw 2 images"),
        ([torch.zeros(4, 1), torch.zeros(2)], "first axis"),
        ([torch.zeros(4, 1), torch.tensor(1.0)], "first axis"),
    ],
)
def test_what_cannot_be_shared(batch, said):
    with pytest.raises(ValueError, match=said):
        Processes(Two()).share(batch)


def test_processes_that_start_apart_are_told():
    together = Processes(Two())
    together.agree(3, torch.Generator().manual_seed(0))
    together.accelerator.added = torch.tensor([1, 0])
    with pytest.raises(ValueError, match=r"steps \[3, 4\]: let the checkpoint lie"):
        together.agree(3, torch.Generator().manual_seed(0))
    together.accelerator.added = torch.tensor([0, 1])
    with pytest.raises(ValueError, match="seed them alike"):
        together.agree(3, torch.Generator().manual_seed(0))


def a_fit(**options):
    network = toy_network("group")
    options = {"steps": 2, "generator": torch.Generator().manual_seed(0)} | options
    return network, fit(
        network, toy_batch, lambda logits, labels: nn.functional.cross_entropy(logits, labels), **options
    )


def test_an_accelerator_of_one_process_changes_nothing():
    accelerator = accelerate.Accelerator(cpu=True)
    assert accelerator.num_processes == 1
    (one, alone), (other, with_it) = a_fit(device="cpu"), a_fit(accelerator=accelerator)
    assert alone == with_it
    assert furthest(one, other.state_dict()) == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"accelerator": Two(mixed_precision="bf16")}, "mixed_precision='no', got 'bf16'"),
        ({"accelerator": Two(gradient_accumulation_steps=4)}, "gradient_accumulation_steps=1, got 4"),
        ({"accelerator": "two"}, "takes an accelerate.Accelerator"),
        ({"accelerator": Two(), "device": "cpu"}, "leave device out"),
    ],
)
def test_accelerators_that_fit_cannot_use(options, said):
    with pytest.raises(ValueError, match=said):
        a_fit(**options)
