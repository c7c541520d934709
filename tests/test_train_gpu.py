"""Training on a GPU, pretended: the same loop and nearly the same numbers, and a network that comes back."""

import numpy as np
import pytest
import torch
from pretend_gpu import CARDS, pretending
from test_train import Small, draw_batch, run, same_weights
from torch import nn

from unet_teach.predict import infer, sliding_window
from unet_teach.train import fit


@pytest.mark.parametrize("card", CARDS)
def test_it_learns_as_on_a_cpu_and_the_network_comes_back(card):
    kept = []

    def validate(network):
        images, labels = draw_batch(torch.Generator().manual_seed(99))
        kept.append(network[0].weight.device.type)
        answers = [
            network(images).detach(),
            infer(network, images),
            sliding_window(network, images[0], 8)[None],
            network(images.to("cuda")).detach().cpu(),
        ]
        assert all(answer.device.type == "cpu" for answer in answers)
        assert np.asarray(answers[0]).dtype == np.float32  # 16 bits are for learning
        return (answers[0].argmax(1) == labels).float().mean()

    cpu, expected = run(steps=40, device="cpu", validate_every=20)
    with pretending(card):
        network, history = run(steps=40, device=None, validate=validate, validate_every=20)
    assert kept == ["cuda", "cuda"]
    assert {type(weight) for weight in network.parameters()} == {nn.Parameter}
    assert not network.training
    assert not network._forward_hooks
    assert not network._forward_pre_hooks
    torch.testing.assert_close(history.loss, expected.loss, atol=0.02, rtol=0.02)
    assert history.loss != expected.loss  # it did compute with fewer bits
    assert history.score.keys() == expected.score.keys()
    images = draw_batch(torch.Generator().manual_seed(7))[0]
    assert (network(images).argmax(1) == cpu(images).argmax(1)).float().mean() > 0.95


def test_the_card_decides_on_the_type_and_the_loss_gets_32_bits():
    seen = []

    class Watched(Small):
        def forward(self, x):
            answer = super().forward(x)
            seen.append(answer.dtype)
            return answer

    def loss(logits, labels):
        seen.append(logits.dtype)
        return nn.functional.cross_entropy(logits, labels)

    for card in CARDS:
        with pretending(card):
            fit(Watched(), draw_batch, loss, steps=1, generator=torch.Generator())
    assert seen == [torch.bfloat16, torch.float32, torch.float16, torch.float32]
    images, labels = draw_batch(torch.Generator())
    fit(Watched().double(), lambda generator: (images.double(), labels), loss, steps=1, generator=torch.Generator())
    assert seen[4:] == [torch.float64, torch.float64]


@pytest.mark.parametrize(("first", "second"), [("cpu", None), (None, "cpu"), (None, None)])
@pytest.mark.parametrize("card", CARDS)
def test_a_run_goes_on_where_another_machine_left_it(tmp_path, card, first, second):
    def killed(generator):
        drawn.append(1)
        if len(drawn) == 9:
            raise KeyboardInterrupt
        return draw_batch(generator)

    drawn, checkpoint = [], tmp_path / "run.pt"
    torch.manual_seed(0)  # as `run` does where it makes the network
    learner = Small()
    with pretending(card):
        with pytest.raises(KeyboardInterrupt):
            run(network=learner, batches=killed, checkpoint=checkpoint, device=first)
        network, history = run(network=Small(), checkpoint=checkpoint, device=second)
        unbroken, expected = run(device=first)
    assert learner[0].weight.device.type == "cpu"
    torch.testing.assert_close(history.loss, expected.loss, atol=0.02, rtol=0.02)
    assert history.loss[:8] == expected.loss[:8]
    if first == second:
        assert same_weights(network, unbroken)


def test_a_step_that_float16_spoils_is_not_taken_and_does_not_advance_the_schedule(tmp_path):
    def loss(logits, labels):  # the slopes of the first steps leave the range of float16
        return nn.functional.cross_entropy(logits, labels) * (1e4 if len(drawn) <= 3 else 1)

    def draw(generator):
        drawn.append(1)
        return draw_batch(generator)

    drawn, moved = [], []
    learner = Small()
    before = [weight.detach().clone() for weight in learner.parameters()]

    def validate(network):
        moved.append(any((a != b.cpu()).any() for a, b in zip(before, network.parameters(), strict=True)))
        return 0.0

    options = {"steps": 8, "generator": torch.Generator(), "validate": validate, "validate_every": 1}
    with pretending("T4"):
        history = fit(learner, draw, loss, checkpoint=tmp_path / "run.pt", **options)
    state = torch.load(tmp_path / "run.pt", weights_only=True)
    skipped = moved.index(True)
    assert skipped >= 1
    assert len(history.loss) == 8  # the loss of a step that was not taken is kept
    assert state["schedule"]["last_epoch"] <= 8 - skipped
    assert state["schedule"]["last_epoch"] == state["optimiser"]["state"][0]["step"]
    assert state["scaler"]["scale"] < 65536


def test_losses_are_read_now_and_then_and_the_step_of_one_that_is_none_is_right(monkeypatch):
    def poisoned(generator):
        images, labels = draw_batch(generator)
        drawn.append(1)
        return images / 0 if len(drawn) == 6 else images, labels

    drawn = []
    with pretending(), pytest.raises(FloatingPointError, match="at step 6: look for NaN"):
        run(steps=300, batches=poisoned, device=None, validate=None, validate_every=8)
    assert len(drawn) == 8  # the GPU was not made to wait for the sixth
    reads, real = [], torch.stack
    monkeypatch.setattr(torch, "stack", lambda parts: reads.append(len(parts)) or real(parts))
    with pretending():
        _, history = run(steps=230, device=None, validate=None, validate_every=1000)
    assert reads == [100, 100, 30]
    assert len(history.loss) == 230


def test_a_network_that_was_on_the_gpu_stays_there():
    with pretending():
        network, _ = run(network=Small().to("cuda"), steps=1, validate=None, device="cpu")
        assert {weight.device.type for weight in network.parameters()} == {"cuda"}


def test_a_validation_that_fails_leaves_the_network_at_home_and_unwatched():
    network = Small()
    with pretending(), pytest.raises(ZeroDivisionError):
        run(network=network, validate=lambda n: n(torch.zeros(1, 1, 8, 8)).mean() * 0 + 1 / 0, device=None)
    assert network[0].weight.device.type == "cpu"
    assert not network._forward_hooks


def test_several_outputs_and_losses_of_them():
    class Two(Small):
        def forward(self, x):
            return super().forward(x), [super().forward(x)]

    def loss(both, labels):
        first, [second] = both
        assert first.dtype == second.dtype == torch.float32
        return nn.functional.cross_entropy(first, labels) + nn.functional.cross_entropy(second, labels)

    def validate(network):
        first, [second] = network(draw_batch(torch.Generator())[0])
        assert first.device.type == second.device.type == "cpu"
        return 0

    with pretending():
        fit(Two(), draw_batch, loss, steps=2, generator=torch.Generator(), validate=validate)
