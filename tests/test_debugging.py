"""Each fault of the clinic is really there and silent, and each test that one could have had tells it from its mend."""

import math

import numpy as np
import pytest
import torch

from unet_teach.course.debugging import checks, faults, material, runs
from unet_teach.course.debugging.charts import show_patients
from unet_teach.course.exercises.debugging import DIAGNOSES
from unet_teach.models import UNet


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def small(monkeypatch):
    """Noise in place of the sections, dark where there is membrane, and twelve steps."""
    noise = np.random.default_rng(0)
    masks = np.zeros((19, 128, 192), dtype=bool)
    masks[:, :, ::8] = masks[:, :, 1::8] = True
    masks[:, 64:] = False
    images = torch.from_numpy(noise.normal(size=masks.shape) - 2 * masks).float()
    for module in (runs, material):
        monkeypatch.setattr(
            module, "sections", lambda split: (images, masks) if split == "train" else (images[:1], masks[:1])
        )
    monkeypatch.setattr(runs, "STEPS", 12)


@pytest.mark.parametrize("patient", [runs.healthy, *runs.PATIENTS.values()], ids=lambda f: f.__name__)
def test_every_run_is_silent_and_repeatable(small, patient):
    found, again = patient(1), patient(1)
    assert len(found.loss) == 12
    assert all(map(math.isfinite, [*found.loss, found.validation, found.test]))
    assert found.loss == again.loss
    assert found.validation == again.validation
    assert found.truth.shape == found.prediction.shape == (128, 128)
    assert found.truth.dtype == found.prediction.dtype == bool


def test_there_is_a_patient_for_every_letter():
    assert list(runs.PATIENTS) == list(DIAGNOSES)
    assert len(set(runs.PATIENTS.values())) == 8


def test_faults_show_in_what_their_authors_report(small):
    healthy = runs.healthy()
    assert healthy.labels == (0, 1)
    assert runs.stored_masks().labels == (0, 255)
    assert runs.two_softmaxes().outputs[0] >= 0
    assert runs.two_softmaxes().outputs[1] <= 1
    assert min(runs.two_softmaxes().loss) > math.log1p(math.exp(-1))
    assert runs.sigmoid_before().channels == 1
    assert runs.no_eval().loss == healthy.loss  # nothing in the curve: that is the lesson
    assert runs.no_eval().validation != healthy.validation
    assert runs.rate_too_large().loss[0] == healthy.loss[0]
    assert max(runs.rate_too_large().loss) > max(healthy.loss)
    assert runs.background_counted().truth.sum() < healthy.truth.sum()


def test_labels():
    stored = torch.tensor([[0, 255], [255, 0]], dtype=torch.uint8)
    checks.labels_are_classes(faults.mended_labels(stored))
    with pytest.raises(AssertionError, match="255"):
        checks.labels_are_classes(faults.broken_labels(stored))


@pytest.mark.parametrize(
    ("broken", "mended", "channels", "costs"),
    [
        (faults.broken_softmax, faults.mended_softmax, 2, "0.31 on background, 0.31 on foreground"),
        (faults.broken_sigmoid, faults.mended_sigmoid, 1, "0.69 on background, 0.31 on foreground"),
    ],
)
def test_squeezed_losses(broken, mended, channels, costs):
    checks.being_right_costs_nothing(mended, channels)
    with pytest.raises(AssertionError, match=costs):
        checks.being_right_costs_nothing(broken, channels)


def test_company():
    torch.manual_seed(0)
    images = torch.stack([torch.randn(1, 16, 16), 3 + torch.randn(1, 16, 16)])
    network = UNet(width=2, depth=1)
    checks.company_changes_nothing(faults.mended_prediction, network, images)
    with pytest.raises(AssertionError, match="other company"):
        checks.company_changes_nothing(faults.broken_prediction, network, images)


def test_order():
    shares = torch.linspace(0, 0.5, 160)
    checks.an_epoch_has_no_trend(faults.mended_order(160, generator()), shares)
    with pytest.raises(AssertionError, match="6% in the first quarter, 44% in the last"):
        checks.an_epoch_has_no_trend(faults.broken_order(160, generator()), shares)
    assert sorted(faults.mended_order(160, generator()).tolist()) == list(range(160))


def test_score():
    checks.finding_nothing_scores_nothing(faults.mended_dice)
    with pytest.raises(AssertionError, match=r"0\.97"):
        checks.finding_nothing_scores_nothing(faults.broken_dice)


def test_split():
    checks.no_pixel_is_in_both(*faults.mended_split(generator()))
    with pytest.raises(AssertionError, match="% of the validation pixels"):
        checks.no_pixel_is_in_both(*faults.broken_split(generator()))


def test_one_batch():
    labels = torch.zeros(2, 16, 16, dtype=torch.int64)
    labels[:, :, 8:] = 1
    images = 2.0 * labels[:, None] - 1
    mended = checks.learn_one_batch(images, labels)
    checks.one_batch_can_be_learned(mended)
    broken = checks.learn_one_batch(images, labels, faults.broken_softmax)
    with pytest.raises(AssertionError, match="still costs"):
        checks.one_batch_can_be_learned(broken)
    with pytest.raises(AssertionError, match="below 0"):
        checks.one_batch_can_be_learned([0.5, -3.0])
    leaping = checks.learn_one_batch(images, labels, learning_rate=faults.BROKEN_RATE)
    with pytest.raises(AssertionError, match="leaps"):
        checks.one_batch_can_be_learned(leaping)


def test_a_verdict_puts_the_failure_into_words():
    assert checks.verdict(checks.one_batch_can_be_learned, [0.9, 0.05]) == "passes"
    assert checks.verdict(checks.one_batch_can_be_learned, [-1.0]) == "fails: the loss is below 0"


def test_patients_are_drawn():
    curve = [0.9 - 0.01 * step for step in range(20)]
    show_patients({"A": curve, "B": [30.0, *curve], "C": [-50.0, *curve]}, curve)
    with pytest.raises(ValueError, match="one patient"):
        show_patients({}, curve)
