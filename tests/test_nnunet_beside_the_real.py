"""Step by step the same as nnU-Net itself, where it is installed beside the course: no test depends on it."""

import numpy as np
import pytest
import torch

from unet_teach.nnunet import Case, augment, grey
from unet_teach.nnunet.learning import planned_loss
from unet_teach.nnunet.patches import larger_patch
from unet_teach.nnunet.predicting import patch_dice, predict_logits
from unet_teach.nnunet.prepare import prepare, put_back

pytest.importorskip("nnunetv2")
RESAMPLED = {"order_z": 0, "force_separate_z": None}


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


def blob(shape, seed=0, channels=1):
    random = np.random.default_rng(seed)
    image = random.normal(100, 20, (channels, *shape)).astype(np.float32)
    image[:, :3] = 0  # cut away
    image[:, 5, 5] = 0  # and this is not
    labels = np.zeros(shape, dtype=np.uint8)
    labels[6:10, 4:12] = 1
    labels[8:11, 9:14] = 2
    return Case("blob", image, labels, (1.0, 0.9, 1.3)[: len(shape)])


@pytest.mark.parametrize("patch", [(40, 56, 40), (20, 160, 96), (224, 224), (320, 256), (64, 512)])
def test_the_larger_patch_is_nnunets(patch):
    from nnunetv2.training.data_augmentation.compute_initial_patch_size import get_patch_size

    for degrees in (15.0, 30.0, 180.0):
        turn = np.radians(degrees)
        theirs = get_patch_size(np.array(patch), (-turn, turn), (-turn, turn), (-turn, turn), (0.85, 1.25))
        assert larger_patch(patch, degrees) == tuple(theirs)


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (2.0, 0.5, 0.5), (5.0, 0.7, 0.8)])
@pytest.mark.parametrize("scheme", ["ZScoreNormalization", "CTNormalization", "RescaleTo01Normalization"])
def test_a_case_is_prepared_and_put_back_as_nnunet_does(spacing, scheme):
    from nnunetv2.preprocessing.cropping.cropping import crop_to_nonzero
    from nnunetv2.preprocessing.normalization import default_normalization_schemes as schemes
    from nnunetv2.preprocessing.resampling.default_resampling import compute_new_shape, resample_data_or_seg_to_shape

    case = blob((16, 18, 20))
    masked = scheme == "ZScoreNormalization"
    measured = {"mean": 100.0, "std": 20.0, "percentile_00_5": 60.0, "percentile_99_5": 140.0}
    wanted = {"patch_size": [8, 8, 8], "spacing": list(spacing), "normalization_schemes": [scheme]}
    plan = {"transpose_forward": [2, 0, 1], "configurations": {"3d_fullres": wanted | {"use_mask_for_norm": [masked]}}}
    plan["foreground_intensity_properties_per_channel"] = {"0": measured}
    ready = prepare(case, plan, "3d_fullres")

    image, labels = case.image.transpose(0, 3, 1, 2), case.labels.transpose(2, 0, 1)[None].astype(np.int16)
    old = [case.spacing[axis] for axis in (2, 0, 1)]
    image, labels, box = crop_to_nonzero(image.copy(), labels.copy())
    size = compute_new_shape(image.shape[1:], old, spacing)
    image = getattr(schemes, scheme)(masked, measured).run(image[0].copy(), labels[0])[None]
    cut = image.shape[1:]
    image = resample_data_or_seg_to_shape(image, size, old, spacing, order=3, **RESAMPLED)
    labels = resample_data_or_seg_to_shape(labels, size, old, spacing, is_seg=True, order=1, **RESAMPLED)
    assert [[side.start, side.stop] for side in ready.box] == [list(side) for side in box]
    np.testing.assert_allclose(ready.image.numpy(), image, atol=1e-4)
    np.testing.assert_array_equal(ready.labels.numpy(), labels[0])

    logits = torch.randn(3, *size.tolist(), generator=chance())
    said = put_back(logits, ready, plan, 3)
    theirs = resample_data_or_seg_to_shape(logits.numpy(), cut, spacing, old, order=1, **RESAMPLED).argmax(0)
    whole = np.zeros(ready.whole)
    whole[ready.box] = theirs
    np.testing.assert_array_equal(said, whole.transpose(1, 2, 0))


@pytest.mark.parametrize(("larger", "patch"), [((40, 33), (20, 24)), ((30, 26, 28), (12, 16, 20))])
def test_a_patch_is_turned_and_scaled_as_nnunet_does(larger, patch, monkeypatch):
    from batchgeneratorsv2.transforms.spatial.spatial import SpatialTransform

    drawn = [0.0, 0.0, *([0.9] if len(patch) == 2 else [0.9, 0.2, 0.7]), 0.3]  # turned, scaled, angles, scale
    asked = iter(drawn)
    monkeypatch.setattr(augment, "chance", lambda generator: next(asked))
    monkeypatch.setattr(augment, "between", lambda low, high, generator: low + (high - low) * next(asked))
    image = torch.randn(2, *larger, generator=chance())
    labels = torch.randint(-1, 3, (1, *larger), generator=chance()).to(torch.int16)
    labels = labels[..., : larger[-1] // 3].repeat_interleave(3, -1)
    labels = torch.nn.functional.pad(labels, (0, larger[-1] - labels.shape[-1]))
    ours = augment.turn_and_scale(image, labels, chance(), patch, 30.0)

    theirs = SpatialTransform(
        patch, 0, False, p_rotation=1, p_scaling=1, rotation=0.1, scaling=1.0, bg_style_seg_sampling=False,
        border_mode_seg="constant", padding_value_seg=-1, p_synchronize_scaling_across_axes=1,
    )  # fmt: skip
    turns = [np.radians(60 * share - 30) for share in drawn[2:-1]]
    theirs.rotation = lambda image, dim: turns[dim] if len(turns) == 3 else turns[0]
    theirs.scaling = 0.7 + 0.7 * drawn[-1]
    found = theirs(image=image.clone(), segmentation=labels.clone())
    torch.testing.assert_close(ours[0], found["image"], atol=1e-4, rtol=1e-4)
    assert (ours[1] == found["segmentation"]).float().mean() > 0.995  # ties, in half precision there


@pytest.mark.parametrize("change", ["brightness", "contrast", "gamma", "inverted", "low_resolution", "blur"])
def test_grey_values_are_changed_as_nnunet_does(change, monkeypatch):
    from batchgeneratorsv2.transforms.intensity.brightness import MultiplicativeBrightnessTransform
    from batchgeneratorsv2.transforms.intensity.contrast import ContrastTransform
    from batchgeneratorsv2.transforms.intensity.gamma import GammaTransform
    from batchgeneratorsv2.transforms.noise.gaussian_blur import GaussianBlurTransform
    from batchgeneratorsv2.transforms.spatial.low_resolution import SimulateLowResolutionTransform

    monkeypatch.setattr(grey, "either_side", lambda low, high, generator: 1.2)
    monkeypatch.setattr(grey, "between", lambda low, high, generator: 0.8)
    monkeypatch.setattr(grey, "chance", lambda generator: 0.0)
    ours, theirs = {
        "brightness": (grey.brightness, MultiplicativeBrightnessTransform(1.2, False, 1)),
        "contrast": (grey.contrast, ContrastTransform(1.2, True, False, 1)),
        "gamma": (grey.gamma, GammaTransform(1.2, 0, False, 1, 1)),
        "inverted": (lambda x, g: grey.gamma(x, g, inverted=True), GammaTransform(1.2, 1, False, 1, 1)),
        "low_resolution": (grey.low_resolution, SimulateLowResolutionTransform(0.8, False, True, None, None, 1)),
        "blur": (grey.blur, GaussianBlurTransform(0.8, False, False, 1)),
    }[change]
    image = torch.randn(2, 21, 16, 18, generator=chance())
    torch.testing.assert_close(ours(image.clone(), chance()), theirs(image=image.clone())["image"], atol=2e-3, rtol=0)


@pytest.mark.parametrize("of_batch", [True, False])
def test_the_loss_is_nnunets_and_one_more(of_batch):
    from nnunetv2.training.loss.compound_losses import DC_and_CE_loss
    from nnunetv2.training.loss.deep_supervision import DeepSupervisionWrapper
    from nnunetv2.training.loss.dice import MemoryEfficientSoftDiceLoss

    sides = [16, 8, 4]
    answers = [torch.randn(3, 3, side, side, generator=chance(side)) for side in sides]
    labels = torch.randint(0, 3, (3, 16, 16), generator=chance())
    truths = [torch.nn.functional.interpolate(labels[:, None].float(), (s, s), mode="nearest-exact") for s in sides]
    settings = {"batch_dice": of_batch, "smooth": 1e-5, "do_bg": False, "ddp": False}
    both = DC_and_CE_loss(settings, {}, dice_class=MemoryEfficientSoftDiceLoss)
    theirs = DeepSupervisionWrapper(both, np.array([1, 0.5, 0]) / 1.5)(answers, truths)
    ours = planned_loss({"batch_dice": of_batch, "features_per_stage": [8, 16, 32, 64]})(answers, labels)
    torch.testing.assert_close(ours, (theirs + 1).to(ours), atol=1e-5, rtol=1e-5)


def test_pseudo_dice_is_counted_as_nnunet_does():
    from nnunetv2.training.loss.dice import get_tp_fp_fn_tn

    network = torch.nn.Conv2d(1, 3, 1)
    batches = [(torch.randn(2, 1, 9, 8, generator=chance(n)), torch.randint(0, 3, (2, 9, 8))) for n in range(3)]
    counts = np.zeros((3, 3))
    for images, labels in batches:
        said = torch.nn.functional.one_hot(network(images).argmax(1), 3).movedim(-1, 1).half()
        counts += np.stack([c.numpy() for c in get_tp_fp_fn_tn(said, labels[:, None], axes=[0, 2, 3])[:3]])
    right, added, missed = counts[:, 1:]
    theirs = 2 * right / (2 * right + added + missed)
    np.testing.assert_allclose(patch_dice(network, batches, 3), theirs, rtol=1e-4)


@pytest.mark.parametrize("shape", [(1, 11, 18, 14), (1, 24, 16, 30)])
def test_a_case_is_predicted_nearly_as_nnunet_does(shape):
    from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

    torch.manual_seed(0)
    network = torch.nn.Conv3d(1, 2, 3, padding=1)
    window = [16, 16, 16]
    theirs = nnUNetPredictor(device=torch.device("cpu"), allow_tqdm=False)
    theirs.network, theirs.allowed_mirroring_axes = network, (0, 1, 2)
    theirs.configuration_manager = type("Configuration", (), {"patch_size": window})
    theirs.label_manager = type("Labels", (), {"num_segmentation_heads": 2})
    image = torch.randn(shape, generator=chance())
    found = theirs.predict_sliding_window_return_logits(image).float()
    ours = predict_logits([network], image, {"patch_size": window})
    apart = (ours - found).abs()  # half precision there, which spoils corners; and where an even step differs from ours
    assert apart.median() < 2e-3
    assert (apart > 0.05).float().mean() < 0.04
