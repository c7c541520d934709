"""Training learns, chooses on validation data, and goes on after a kill as if nothing had happened."""

import math
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from unet_teach.train import fit


class Small(nn.Sequential):
    """A network with every kind of state: weights, running statistics, dropout."""

    def __init__(self):
        super().__init__(
            nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.Dropout(0.2), nn.Conv2d(4, 2, 1)
        )


def draw_batch(generator):
    images = torch.rand(4, 1, 8, 8, generator=generator)
    return images, (images[:, 0] > 0.5).long()


def accuracy(network):
    images, labels = draw_batch(torch.Generator().manual_seed(99))
    with torch.inference_mode():
        return (network(images).argmax(1) == labels).double().mean().item()


def run(steps=12, network=None, batches=draw_batch, **options):
    if network is None:
        torch.manual_seed(0)
        network = Small()
    options = {"validate": accuracy, "validate_every": 4, "device": "cpu", "learning_rate": 0.05} | options
    generator = torch.Generator().manual_seed(1)
    return network, fit(network, batches, nn.functional.cross_entropy, steps=steps, generator=generator, **options)


def same_weights(one, other):
    return all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), other.state_dict().values(), strict=True))


def test_it_learns():
    network, history = run(steps=150, validate_every=50)
    assert len(history.loss) == 150
    assert sum(history.loss[-10:]) < sum(history.loss[:10]) / 3
    assert accuracy(network) > 0.95
    assert not network.training


def test_another_descent_may_be_named():
    seen = {}

    def plain(weights, learning_rate, steps):
        seen.update(weights=weights, rate=learning_rate, steps=steps)
        optimiser = torch.optim.SGD(weights, lr=learning_rate)
        return optimiser, torch.optim.lr_scheduler.ConstantLR(optimiser, factor=1)

    def step(network, images, labels):
        cost = nn.functional.cross_entropy(network(images), labels)
        cost.backward()
        return [weight - 0.5 * weight.grad for weight in network.parameters()]

    torch.manual_seed(0)
    network, twin = nn.Conv2d(1, 2, 1), nn.Conv2d(1, 2, 1)
    twin.load_state_dict(network.state_dict())
    images, labels = draw_batch(torch.Generator().manual_seed(5))
    wanted = step(twin, images, labels)
    run(1, network, lambda generator: (images, labels), validate=None, learning_rate=0.5, descent=plain)
    for weight, value in zip(network.parameters(), wanted, strict=True):
        torch.testing.assert_close(weight, value)
    assert (seen["rate"], seen["steps"]) == (0.5, 1)


def test_slopes_are_shortened_to_the_steepest_and_shorter_ones_left_alone():
    def moved(steepest):
        torch.manual_seed(0)
        network = nn.Conv2d(1, 2, 1)
        before = torch.nn.utils.parameters_to_vector(network.parameters()).detach().clone()
        run(1, network, validate=None, learning_rate=1.0, descent=plain_descent, steepest=steepest)
        return torch.nn.utils.parameters_to_vector(network.parameters()).detach() - before

    free = moved(math.inf)
    assert float(free.norm()) > 0.02
    torch.testing.assert_close(moved(100.0), free)
    torch.testing.assert_close(moved(0.01), free * 0.01 / free.norm(), atol=1e-5, rtol=1e-3)
    with pytest.raises(ValueError, match="steepest is a length above 0"):
        moved(0)


def plain_descent(weights, learning_rate, steps):
    optimiser = torch.optim.SGD(weights, lr=learning_rate)
    return optimiser, torch.optim.lr_scheduler.ConstantLR(optimiser, factor=1)


def test_the_same_generator_gives_the_same_weights_whatever_the_global_seed():
    first, _ = run()
    torch.manual_seed(0)
    network = Small()
    torch.manual_seed(12345)
    second, _ = run(network=network)
    assert same_weights(first, second)


def test_the_best_weights_are_those_of_the_best_score():
    kept, scores = {}, iter([0.1, 0.9, 0.4])

    def validate(network):
        assert not network.training
        kept[len(kept)] = {name: tensor.clone() for name, tensor in network.state_dict().items()}
        return next(scores)

    network, history = run(validate=validate)
    assert history.score == {4: 0.1, 8: 0.9, 12: 0.4}
    assert history.best_step == 8
    assert all(torch.equal(tensor, kept[1][name]) for name, tensor in network.state_dict().items())


def test_without_validation_the_last_weights_stay():
    network, history = run(validate=None)
    assert history.score == {}
    assert not same_weights(network, run(validate=None, steps=11)[0])


def test_the_learning_rate_falls_to_zero():
    before = {}

    def remember(network):
        before[len(before)] = [weight.clone() for weight in network.parameters()]
        return len(before)

    run(steps=40, validate=remember, validate_every=1)
    moved = [
        sum((a - b).abs().sum().item() for a, b in zip(before[i], before[i + 1], strict=True))
        for i in range(len(before) - 1)
    ]
    assert max(moved[-3:]) < max(moved[:3]) / 10


@pytest.mark.parametrize("killed_at", [1, 3, 4, 5, 9, 12])
def test_a_run_killed_at_any_step_ends_with_the_same_weights(tmp_path, killed_at):
    unbroken, history = run()
    drawn = 0

    def killed(generator):
        nonlocal drawn
        drawn += 1
        if drawn == killed_at:
            raise KeyboardInterrupt
        return draw_batch(generator)

    with pytest.raises(KeyboardInterrupt):
        run(batches=killed, checkpoint=tmp_path / "run.pt")
    torch.manual_seed(777)
    resumed, resumed_history = run(network=Small() if killed_at > 4 else None, checkpoint=tmp_path / "run.pt")
    assert same_weights(unbroken, resumed)
    assert resumed_history == history


def test_a_finished_run_is_not_repeated(tmp_path):
    finished, history = run(checkpoint=tmp_path / "run.pt")

    def never(generator):
        raise AssertionError("nothing is left to learn")

    again, history_again = run(batches=never, checkpoint=tmp_path / "run.pt")
    assert same_weights(finished, again)
    assert history_again == history


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import torch, test_train
save = torch.save
def kill_while_writing(state, path):
    if len(state["history"]["loss"]) == 8:
        Path(path).write_bytes(b"half")
        os.kill(os.getpid(), signal.SIGKILL)
    save(state, path)
torch.save = kill_while_writing
test_train.run(checkpoint=Path(sys.argv[1]))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_kill_while_the_checkpoint_is_written_leaves_the_last_one(tmp_path):
    checkpoint = tmp_path / "run.pt"
    done = subprocess.run([sys.executable, "-c", KILLED, checkpoint, Path(__file__).parent], check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(torch.load(checkpoint, weights_only=True)["history"]["loss"]) == 4
    assert same_weights(run()[0], run(checkpoint=checkpoint)[0])


FULL = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import test_train
test_train.run(steps=4, checkpoint=Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))  # no file may be larger: a disk with so much room
try:
    test_train.run(checkpoint=Path(sys.argv[3]))
except OSError as error:
    print(error)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="only Unix limits the size of files")
def test_a_full_disk_is_named_and_leaves_no_half_file(tmp_path):
    old, new = tmp_path / "old.pt", tmp_path / "new.pt"
    command = [sys.executable, "-c", FULL, old, Path(__file__).parent, new]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "new.pt cannot be written: is the disk full?" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["old.pt"]
    assert old.stat().st_size > 3000


@pytest.mark.parametrize("damage", [b"", b"not a checkpoint"])
def test_a_damaged_checkpoint_says_what_to_do(tmp_path, damage):
    (tmp_path / "run.pt").write_bytes(damage)
    with pytest.raises(ValueError, match=r"cannot go on from run\.pt.*Delete the file"):
        run(checkpoint=tmp_path / "run.pt")


def test_a_checkpoint_of_another_run_is_refused(tmp_path):
    run(checkpoint=tmp_path / "run.pt")
    with pytest.raises(ValueError, match=r"'steps': 12.*Delete the file"):
        run(steps=20, checkpoint=tmp_path / "run.pt")
    with pytest.raises(ValueError, match="Delete the file"):
        run(network=nn.Conv2d(1, 2, 1), checkpoint=tmp_path / "run.pt")


def test_a_loss_that_is_no_number_stops_the_run():
    def poisoned(generator):
        images, labels = draw_batch(generator)
        images[0, 0, 0, 0] = float("nan")
        return images, labels

    with pytest.raises(FloatingPointError, match=r"at step 1: look for NaN in the images"):
        run(batches=poisoned)


@pytest.mark.parametrize("wrong", [{"steps": 0}, {"validate_every": 0}])
def test_impossible_settings_are_refused(wrong):
    with pytest.raises(ValueError, match="start at 1"):
        run(**wrong)
