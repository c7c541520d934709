"""Each fault of the clinic is really there and silent, and each test that one could have had tells it from its mend."""

import itertools
import math

import numpy as np
import pytest
import torch

from unet_teach.course.debugging import checks, faults, laboratory, material, runs, second_ward, training
from unet_teach.course.debugging.charts import looks_perfect, show_detail, show_patients, spectrum
from unet_teach.course.debugging.laboratory import abnormal
from unet_teach.course.exercises.debugging import DIAGNOSES, MORE_DIAGNOSES
from unet_teach.models import UNet

WARDS = runs.WARD | second_ward.WARD


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def drawn(seed, count, height, width):
    """Noise, dark where there are lines, which no flip or turn leaves in place; pictures and masks of it."""
    noise = np.random.default_rng(seed)
    masks = np.zeros((count, height, width), dtype=bool)
    masks[:, : height // 2, ::8] = masks[:, : height // 2, 1::8] = True
    masks[:, 3, : width // 2] = True
    return noise.normal(size=masks.shape) - 4 * masks, masks


@pytest.fixture(scope="module")
def small():
    """The runs of both wards, on small noise in place of the sections and the patients, in few steps."""
    stacks = {split: drawn(seed, 4, 128, 192) for seed, split in enumerate(("train", "validation", "test"))}

    def sections(split):
        images, masks = stacks[split]
        return material.standardise(images[: None if split == "train" else 1]), masks[: None if split == "train" else 1]

    def slices(patient):
        images, masks = drawn(10 + patient, 6, 96, 96)
        names = [f"{patient}_{number:03}" for number in range(6)]
        return dict(zip(names, zip(material.standardise(images), masks, strict=True), strict=True))

    class Stored:
        images = (20 * stacks["validation"][0][:1] + 130).clip(0, 255).astype(np.uint8)

    with pytest.MonkeyPatch.context() as patch:
        for module in (runs, second_ward, training, material):
            patch.setattr(module, "sections", sections, raising=False)
        patch.setattr(second_ward, "noisy_sections", sections)
        patch.setattr(second_ward, "tumour_slices", slices)
        patch.setattr(second_ward, "load_em", lambda split: Stored)
        patch.setattr(training, "STEPS", 20)
        return {"healthy": runs.healthy(), **{letter: train() for letter, train in WARDS.items()}}


@pytest.mark.slow
def test_every_run_is_silent(small):
    for run in small.values():
        assert len(run.loss) == 20
        assert list(run.validation_loss) == [10, 20]
        assert all(map(math.isfinite, [*run.loss, *run.validation_loss.values(), run.validation, run.test]))
        assert run.image.shape == run.truth.shape == run.prediction.shape
        assert run.truth.dtype == run.prediction.dtype == bool


@pytest.mark.slow
def test_a_run_can_be_repeated(small):
    assert small["healthy"].loss != small["O"].loss  # another seed
    for letter in "AIKN":  # what was wrong came after training
        assert small[letter].loss == small["healthy"].loss


def test_there_is_a_patient_for_every_letter():
    assert list(runs.WARD) == list(DIAGNOSES)
    assert list(second_ward.WARD) == list(MORE_DIAGNOSES)
    assert len(set(WARDS.values())) == 16


EXPECTED = {  # what must be abnormal wherever the fault is; more may be, in so short a training
    "A": "another answer in company",
    "C": "labels of train",
    "D": "pixels on both sides",
    "E": "outputs never below 0",
    "F": "finding nothing scores",
    "G": "outputs never below 0",
    "I": "labels turned in validation",
    "K": "inputs of validation",
    "L": "a specimen on both sides",
    "N": "probabilities do not add to 1",
    "P": "detail was lost",
}


@pytest.mark.slow
def test_faults_show_in_the_laboratory_and_only_there(small):
    where = {
        name: {letter for letter, run in small.items() if name in abnormal(run.values)} for name in EXPECTED.values()
    }
    for letter, name in EXPECTED.items():
        assert letter in where[name], (letter, abnormal(small[letter].values))
    for name, letters in where.items():
        assert letters <= {letter for letter, also in EXPECTED.items() if also == name} | {"D"}, name


@pytest.mark.slow
def test_no_two_patients_have_the_same_abnormal_values_and_the_healthy_have_none():
    found = {letter: abnormal(train().values) for letter, train in WARDS.items()}
    diagnoses = DIAGNOSES | MORE_DIAGNOSES
    assert not abnormal(runs.healthy().values)
    assert {letter for letter, names in found.items() if not names} == {
        letter for letter, name in diagnoses.items() if name == "healthy"
    }
    for one, other in itertools.combinations(found, 2):
        assert found[one] != found[other] or diagnoses[one] == diagnoses[other], (one, other, found[one])


def test_the_laboratory_measures_what_it_says():
    found = laboratory.range_of(torch.tensor([[0, 255], [255, 0]], dtype=torch.uint8))
    assert found == (0, 255, 127.5, 127.5)
    assert laboratory.entropy(torch.tensor([[0, 1], [3, 1]])) == pytest.approx(1.5 * math.log(2))
    images, masks = (torch.from_numpy(part) for part in drawn(0, 3, 32, 32))
    assert laboratory.misfits(images[:, None], masks.long()) == 0
    assert laboratory.misfits(images[:, None].flip(-1), masks.long()) == 1
    assert laboratory.misfits(images[:, None, :20], masks[:, :20].long()) == 0  # not square
    assert laboratory.misfits(images[:, None], torch.zeros(3, 32, 32)) == 0  # nothing to compare
    assert laboratory.copies(images[:2, None], images[2:, None]) == 0
    assert laboratory.copies(images[:2, None], images[1:2, None, 3:29, 5:31]) == 1
    assert laboratory.detail(torch.randn(4, 1, 32, 32, generator=generator())) > 0.8
    assert laboratory.detail(torch.arange(32.0).expand(1, 1, 32, 32)) < 0.01


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


def test_patients():
    names = [f"{patient}_{number:03}" for patient in (1, 2, 3) for number in range(4)]
    checks.no_patient_is_in_both(*faults.mended_patients(names))
    assert sorted(itertools.chain(*faults.mended_patients(names))) == names
    with pytest.raises(AssertionError, match="1, 2, 3 are on both sides"):
        checks.no_patient_is_in_both(*faults.broken_patients(names))


def test_reading():
    stored = np.random.default_rng(0).integers(0, 256, (2, 8, 8), dtype=np.uint8)
    checks.inputs_are_standardised(faults.mended_reading(stored))
    with pytest.raises(AssertionError, match="the mean is 1"):
        checks.inputs_are_standardised(faults.broken_reading(stored))


def test_axes():
    checks.classes_add_to_one(faults.mended_axis)
    for wrong in (faults.broken_axis, lambda x: x.softmax(0), lambda x: x.softmax(2), torch.sigmoid):
        with pytest.raises(AssertionError, match="they add up to"):
            checks.classes_add_to_one(wrong)


def test_masks_that_were_turned():
    images, masks = drawn(0, 3, 32, 32)
    images = torch.from_numpy(images)[:, None]
    checks.labels_lie_on_their_images(images, torch.from_numpy(faults.mended_export(masks)))
    with pytest.raises(AssertionError, match="100% of the labels"):
        checks.labels_lie_on_their_images(images, torch.from_numpy(faults.broken_export(masks)))


def test_bending_that_blurs():
    checks.noise_stays_noise(faults.mended_bending)
    with pytest.raises(AssertionError, match=r"keeps 0\.6"):
        checks.noise_stays_noise(faults.broken_bending)
    image, labels = torch.randn(1, 24, 40, generator=generator()), torch.arange(960).reshape(24, 40)
    linear, cubic = (bend(image, labels, generator(3), 2.0) for bend in (faults.broken_bending, faults.mended_bending))
    assert torch.equal(linear[1], cubic[1])  # the same places
    assert torch.corrcoef(torch.stack([linear[0].flatten(), cubic[0].flatten()]))[0, 1] > 0.9
    still = faults.broken_bending(image, labels, generator(), 0.0)
    torch.testing.assert_close(still[0], image, atol=1e-5, rtol=0)


@pytest.mark.slow
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


def test_the_rule_for_a_perfect_curve():
    healthy = [0.3 + 0.6 * 0.9**step for step in range(120)]
    assert looks_perfect(healthy, healthy)
    assert looks_perfect([0.5 * loss for loss in healthy], healthy)
    assert not looks_perfect([loss + 0.11 for loss in healthy], healthy)  # ends too high
    assert not looks_perfect([5.0, *healthy[1:]], healthy)  # leaps
    assert not looks_perfect([loss - 0.31 for loss in healthy], healthy)  # below 0
    assert not looks_perfect([loss + 0.3 * (50 < step < 70) for step, loss in enumerate(healthy)], healthy)  # a wave
    assert not looks_perfect([0.3] * 120, healthy)  # it does not fall


@pytest.mark.slow
def test_pictures_are_drawn(small):
    few = {letter: small[letter] for letter in "BCK"}
    show_patients(few, small["healthy"])
    with pytest.raises(ValueError, match="one patient"):
        show_patients({}, small["healthy"])
    show_detail({"noise": torch.randn(2, 1, 64, 64, generator=generator())})


def test_noise_has_as_much_of_every_wavelength_and_a_wave_one_only():
    frequencies, power = spectrum(torch.randn(64, 1, 64, 64, generator=generator()))
    np.testing.assert_allclose(power, power.mean(), rtol=0.1)
    wave = torch.sin(2 * math.pi * torch.arange(64) / 8).expand(1, 1, 64, 64)
    frequencies, power = spectrum(wave)
    assert frequencies[power.argmax()] == pytest.approx(10 / 8)
