"""What `fit` cannot train on: each way a number, a batch, a loss, a score or a file can be wrong gets a sentence."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_train import Small, accuracy, draw_batch, run, same_weights
from torch import nn

from unet_teach.train import fit


def network():
    torch.manual_seed(0)
    return Small()


def never(generator):
    raise AssertionError("it should have been refused before the first step")


@pytest.mark.parametrize("name", ["steps", "validate_every"])
@pytest.mark.parametrize("value", [0, -3, 10.0, True, False, "10", None, math.nan, [1], np.float64(4), np.bool_(1)])
def test_numbers_of_steps_are_whole_and_above_0(name, value):
    with pytest.raises(ValueError, match="start at 1") as caught:
        run(batches=never, **{name: value})
    assert repr(value) in str(caught.value)


@pytest.mark.parametrize("value", [0, 0.0, -1e-3, math.nan, math.inf, -math.inf, True, "0.1", None, 1j, [0.1]])
def test_a_rate_is_a_number_above_0(value):
    with pytest.raises(ValueError, match="learning_rate is a number above 0"):
        run(batches=never, learning_rate=value)


def test_numbers_of_numpy_are_numbers_and_their_checkpoint_can_be_read(tmp_path):
    options = {"validate_every": np.int32(4), "learning_rate": np.float32(0.05), "checkpoint": tmp_path / "run.pt"}
    first, history = run(steps=np.int64(12), **options)
    again, read = run(steps=12, batches=never, **options)
    assert same_weights(first, again)
    assert read == history
    assert history.loss == run(learning_rate=float(np.float32(0.05)))[1].loss


@pytest.mark.parametrize("generator", [None, 0, np.random.default_rng(0)])
def test_chance_comes_from_torchs_generator(generator):
    with pytest.raises(ValueError, match=r"torch\.Generator\(\) on the CPU"):
        fit(network(), never, nn.functional.cross_entropy, steps=1, generator=generator)


class Frozen(Small):
    def __init__(self):
        super().__init__()
        self.requires_grad_(False)


@pytest.mark.parametrize(("learner", "why"), [(nn.ReLU(), "no weights"), (Frozen(), "frozen")])
def test_a_network_that_cannot_learn_is_named(learner, why):
    with pytest.raises(ValueError, match=f"{type(learner).__name__} cannot learn: .*{why}"):
        run(network=learner, batches=never)


def test_a_gpu_that_is_not_there():
    if not torch.cuda.is_available():
        with pytest.raises(ValueError, match=r"no GPU here.*leave device out"):
            run(batches=never, device="cuda")


IMAGES, LABELS = draw_batch(torch.Generator().manual_seed(5))


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        (IMAGES, r"a tensor of shape \(4, 1, 8, 8\).*a pair"),
        (None, "nothing"),
        ((), "a tuple.*a pair"),
        ([], "a list"),
        ({"image": IMAGES}, "a dict"),
        ((IMAGES.numpy(), LABELS.numpy()), "from_numpy"),
        ((IMAGES, LABELS.numpy()), "from_numpy"),
        ((IMAGES, None), "nothing"),
        ((LABELS, IMAGES), "images of a batch come first"),
        ((IMAGES.byte(), LABELS), "uint8.*normalise"),
        ((IMAGES[:0], LABELS[:0]), r"no images: .*\(0, 1, 8, 8\)"),
    ],
)
def test_a_batch_is_images_and_what_the_loss_needs(batch, said):
    with pytest.raises(ValueError, match=said):
        run(batches=lambda generator: batch)


def test_a_batch_may_be_a_list_or_images_alone():
    run(steps=1, batches=lambda generator: [IMAGES, LABELS])
    fit(network(), lambda g: (IMAGES,), lambda x: x.square().mean(), steps=1, generator=torch.Generator())


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        (lambda x, y: nn.functional.cross_entropy(x, y, reduction="none"), r"shape \(4, 8, 8\).*mean"),
        (lambda x, y: x.sum().item(), "a float.*without item"),
        (lambda x, y: None, "nothing"),
        (lambda x, y: x.detach().sum(), "does not depend on the weights"),
        (lambda x, y: (x.argmax(1) == y).double().mean(), "does not depend on the weights"),
    ],
)
def test_a_loss_is_one_number_with_a_way_down(loss, said):
    with pytest.raises(ValueError, match=said):
        fit(network(), draw_batch, loss, steps=1, generator=torch.Generator())


@pytest.mark.parametrize("score", [math.nan, "0.5", None, [0.5, 0.7], torch.ones(2), torch.tensor(math.nan), 1j, {}])
def test_a_score_is_one_number(score):
    with pytest.raises(ValueError, match=r"validate gave .* at step 4: .*one number, higher is better"):
        run(validate=lambda network: score)


@pytest.mark.parametrize("score", [1, True, 0.5, -math.inf, np.float32(0.5), np.array(0.5), torch.tensor([0.5])])
def test_scores_of_every_kind_become_floats(score):
    _, history = run(steps=1, validate=lambda network: score)
    assert history.score == {1: float(score)}
    assert type(history.score[1]) is float


@pytest.mark.parametrize("at", [1, 7])
def test_a_loss_that_is_no_number_is_named_with_its_step_and_changes_no_weight(at):
    learner, drawn = network(), []
    expected, _ = run(steps=12, network=network(), validate=None)

    def poisoned(generator):
        images, labels = draw_batch(generator)
        drawn.append(1)
        return images / 0 if len(drawn) == at else images, labels

    with pytest.raises(FloatingPointError, match=f"at step {at}: look for NaN"):
        run(network=learner, batches=poisoned)
    assert all(weight.isfinite().all() for weight in learner.parameters())


def test_weights_that_are_no_numbers_at_the_start():
    learner = network()
    nn.init.constant_(learner[0].weight, math.nan)
    with pytest.raises(FloatingPointError, match=r"step 1: .*or in the network's weights"):
        run(network=learner)


# Files


def refused(path, error, said, **options):
    """Ask for a run with this checkpoint, and hold that nothing was drawn, and that no weight was changed."""
    learner, before = network(), network()
    with pytest.raises(error, match=said):
        run(network=learner, batches=never, checkpoint=path, **options)
    assert same_weights(learner, before)


def test_a_folder_that_is_not_there_is_named_before_the_first_step(tmp_path):
    refused(tmp_path / "no" / "such" / "x.pt", FileNotFoundError, r"x\.pt cannot be written.*name a file in a folder")


def test_a_folder_is_no_checkpoint_and_stays(tmp_path):
    refused(tmp_path, IsADirectoryError, "is a folder: name a file in it")
    assert tmp_path.is_dir()


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").touch()
    refused(tmp_path / "file" / "run.pt", OSError, r"run\.pt cannot be written")


def test_a_folder_that_is_read_only(tmp_path, monkeypatch):
    def forbidden(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", forbidden)  # an administrator may write everywhere
    refused(tmp_path / "run.pt", PermissionError, r"run\.pt cannot be written \(Permission denied\)")


def test_a_name_may_be_text_and_nothing_else_is_left_in_the_folder(tmp_path):
    run(checkpoint=str(tmp_path / "run.pt"))
    assert [path.name for path in tmp_path.iterdir()] == ["run.pt"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda: network().state_dict(), "a network's weights alone, which network.load_state_dict"),
        (lambda: {"model": network().state_dict()}, "a dict that fit did not write"),
        (lambda: torch.zeros(3), "a Tensor that fit did not write"),
        (lambda: [1, 2], "a list that fit did not write"),
        (lambda: None, "a NoneType that fit did not write"),
        (lambda: {}, "a dict that fit did not write"),
        (network, "damaged, or no checkpoint"),
    ],
)
def test_a_file_that_fit_did_not_write_says_what_it_is(tmp_path, content, said):
    torch.save(content(), tmp_path / "x.pt")
    before = (tmp_path / "x.pt").read_bytes()
    refused(tmp_path / "x.pt", ValueError, rf"cannot go on from x\.pt: .*{said}.*Delete the file.*or name another")
    assert (tmp_path / "x.pt").read_bytes() == before


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("run") / "run.pt"
    run(checkpoint=path)
    return path.read_bytes()


@settings(max_examples=30)
@given(st.data())
def test_a_file_cut_short_or_filled_with_noise(tmp_path_factory, written, data):
    length = data.draw(st.integers(0, len(written) - 1))
    path = tmp_path_factory.mktemp("cut") / "run.pt"
    path.write_bytes(written[:length] if data.draw(st.booleans()) else data.draw(st.binary(max_size=400)))
    refused(path, ValueError, r"cannot go on from run\.pt.*Delete the file")


@pytest.mark.parametrize("spoilt", [None, {"what": 1}, 3, "missing"])
@pytest.mark.parametrize("key", ["network", "optimiser", "schedule", "settings", "generator", "history", "best"])
def test_a_file_with_one_part_spoilt(tmp_path, written, key, spoilt):
    path = tmp_path / "run.pt"
    path.write_bytes(written)
    state = torch.load(path, weights_only=True)
    if spoilt == "missing":
        del state[key]
    else:
        state[key] = spoilt
    torch.save(state, path)
    if (key, spoilt) != ("schedule", {"what": 1}):  # a schedule takes what it is given
        refused(path, ValueError, "Delete the file")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"steps": 20}, "'steps': 12"),
        ({"learning_rate": 0.01}, "'learning_rate': 0.05"),
        ({"validate_every": 5}, "'validate_every': 4"),
    ],
)
def test_other_settings(tmp_path, written, other, said):
    (tmp_path / "run.pt").write_bytes(written)
    refused(tmp_path / "run.pt", ValueError, said, **other)


@pytest.mark.parametrize("other", [nn.Conv2d(1, 2, 1), nn.Sequential(nn.Conv2d(1, 4, 5, padding=2)), Small().double()])
def test_another_network(tmp_path, written, other):
    (tmp_path / "run.pt").write_bytes(written)
    before = {name: tensor.clone() for name, tensor in other.state_dict().items()}
    with pytest.raises(ValueError, match="another network"):
        run(network=other, batches=never, checkpoint=tmp_path / "run.pt")
    assert all(torch.equal(tensor, before[name]) for name, tensor in other.state_dict().items())


def test_without_a_score_the_file_goes_on_as_well(tmp_path):
    assert accuracy(run(validate=None, checkpoint=tmp_path / "run.pt")[0]) == accuracy(run(validate=None)[0])
