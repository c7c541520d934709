"""The hippocampus recipe: any box in, labels of its size out; cuts that are where they say; scores person by person."""

import numpy as np
import pytest
import torch
from scipy import ndimage
from torch import nn

from unet_teach.course.experiments import three_dimensions, twenty_minutes
from unet_teach.recipes import hippocampus as recipe
from unet_teach.recipes.hippocampus import InputBox, batches, training


def made_up(number, shape=(34, 50, 33), seed=0):
    """A bright ball in front, a dark one behind."""
    place = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"))
    labels = np.zeros(shape, np.uint8)
    for label, share in ((1, 0.6), (2, 0.4)):
        middle = np.array([shape[0] / 2, share * shape[1], shape[2] / 2])
        labels[np.linalg.norm(place - middle[:, None, None, None], axis=0) < 5.2] = label
    grey = np.random.default_rng(seed).normal(size=shape) + 3 * (labels == 1) - 3 * (labels == 2)
    return InputBox(number, recipe.as_input(1000 + 50 * grey), labels, (1.0, 1.0, 1.0))


CASES = [made_up(n, shape, n) for n, shape in ((1, (34, 50, 33)), (2, (30, 41, 40)), (3, (40, 55, 26)))]


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("kind", [np.uint8, np.int16, ">f4", np.float64])
def test_the_scale_of_grey_values_does_not_matter(kind):
    grey = np.random.default_rng(0).integers(0, 200, (5, 6, 7))
    once = recipe.as_input(grey.astype(kind))
    assert once.dtype == np.float32
    assert abs(once.mean()) < 1e-5
    assert once.std() == pytest.approx(1, abs=1e-4)
    np.testing.assert_allclose(recipe.as_input(grey.astype(np.float64) * 7e5 - 3), once, atol=1e-4)


def test_a_bright_vessel_does_not_stretch_the_scale():
    grey = np.random.default_rng(0).normal(size=(20, 20, 20))
    with_vessel = grey.copy()
    with_vessel[3, 3, :5] = 1e4
    apart = np.abs(recipe.as_input(with_vessel) - recipe.as_input(grey))
    assert (apart > 0.05).sum() == 5  # the vessel's own
    assert recipe.as_input(with_vessel).max() < 3


def test_a_box_that_is_none_is_refused():
    for image, message in (
        (np.full((3, 4, 5), 7), "one grey value"),
        (np.zeros((3, 4)), r"\(X, Y, Z\)"),
        (np.full((2, 2, 2), np.nan), "finite"),
    ):
        with pytest.raises(ValueError, match=message):
            recipe.as_input(image)


class Bright(nn.Module):
    """Say anterior where it is bright, posterior where it is dark; sides must be multiples of 4."""

    def forward(self, x):
        assert all(side % 4 == 0 for side in x.shape[2:])
        return torch.cat([0 * x + 1.5, x, -x], dim=1)


@pytest.mark.parametrize("shape", [(34, 50, 33), (4, 5, 6), (1, 3, 2), (31, 43, 27)])
def test_any_box_gets_labels_of_its_size(shape):
    grey = np.random.default_rng(1).normal(size=shape)
    labels = recipe.segment(Bright(), 1e6 * grey)
    assert labels.dtype == np.uint8
    scaled = recipe.as_input(grey)
    np.testing.assert_array_equal(labels, np.where(scaled > 1.5, 1, np.where(scaled < -1.5, 2, 0)))


def test_an_unbent_cut_is_a_piece_of_its_box():
    generator = chance()
    for _ in range(5):
        images, labels = recipe.crop_batch([CASES[0]], generator, bent=False, size=(12, 14, 16))
        windows = np.lib.stride_tricks.sliding_window_view(CASES[0].image, (12, 14, 16))
        for image, truth in zip(images, labels, strict=True):
            at = np.argwhere(np.isclose(windows[:, :, :, 0, 0, 0], image[0, 0, 0, 0], atol=1e-4))
            fits = [tuple(p) for p in at if np.allclose(windows[tuple(p)], image[0], atol=1e-3)]
            assert len(fits) == 1
            x, y, z = fits[0]
            np.testing.assert_array_equal(CASES[0].labels[x : x + 12, y : y + 14, z : z + 16], truth)


def test_a_cut_larger_than_its_box_is_mirrored():
    small = made_up(9, (26, 40, 26))
    images, labels = recipe.crop_batch([small], chance(3), bent=False)
    assert images.shape == (2, 1, 28, 44, 28)
    assert images.isfinite().all()
    assert (labels[0] == 1).sum() >= (small.labels == 1).sum()


def test_bent_images_and_labels_go_together_and_keep_their_detail():
    images, labels = recipe.crop_batch([CASES[0]], chance(4))
    for image, truth in zip(images, labels, strict=True):
        bright, dark = image[0][truth == 1].mean(), image[0][truth == 2].mean()
        assert bright > image.mean() + 1 > dark + 2
    noise = InputBox(7, recipe.as_input(np.random.default_rng(5).normal(size=(40, 56, 40))), CASES[0].labels, (1, 1, 1))
    where = batches.places(noise.image.shape, batches.SIZE, chance(6), True, False)
    assert batches.look_up(noise, where).std() > 0.75  # linear sampling would keep about 0.55 in three dimensions


def test_a_mirrored_cut_is_the_other_side():
    lopsided = np.zeros((28, 44, 28), np.uint8)
    lopsided[:10] = 1
    case = InputBox(5, CASES[0].image[:28, :44, :28], lopsided, (1, 1, 1))
    seen = {
        bool(truth[:6].float().mean() > 0.5)
        for seed in range(6)
        for truth in recipe.crop_batch([case], chance(seed), bent=False, mirrored=True)[1]
    }
    assert seen == {True, False}
    for seed in range(6):
        truths = recipe.crop_batch([case], chance(seed), bent=False)[1]
        assert truths[:, :6].float().mean() == 1


@pytest.mark.parametrize("every", [1, 2, 8])
def test_sparse_labels_say_nothing_between_the_slices(every):
    said = batches.annotated(CASES[0], every)
    rows = (said >= 0).all(axis=(0, 2))
    assert set(np.unique(said)) <= {-1, 0, 1, 2}
    assert rows.sum() == len(range(every // 2, 50, every))
    np.testing.assert_array_equal(said[:, rows], CASES[0].labels[:, rows])
    assert (said[:, ~rows] == -1).all()
    _, labels = recipe.crop_batch(CASES, chance(), every=every)
    assert (labels >= 0).float().mean() == pytest.approx(1 / every, abs=0.08)


def test_voxels_that_nobody_annotated_cost_nothing():
    logits = torch.randn(2, 3, 4, 5, 6, requires_grad=True)
    labels = torch.randint(3, (2, 4, 5, 6))
    labels[:, :, 1::2] = -1
    loss = recipe.dice_and_cross_entropy(logits, labels)
    loss.backward()
    assert (logits.grad[:, :, :, 1::2] == 0).all()
    assert (logits.grad[:, :, :, ::2] != 0).any()
    kept = recipe.dice_and_cross_entropy(logits[:, :, :, ::2], labels[:, :, ::2])
    torch.testing.assert_close(loss, kept)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_flat_network_sees_one_slice_at_a_time(axis):
    seen = nn.Conv2d(1, 3, 3, padding=1, bias=False)
    network = training.SliceBySlice(seen, axis)
    x = torch.zeros(2, 1, 4, 6, 8)
    x.select(axis + 2, 1)[...] = torch.randn(x.select(axis + 2, 1).shape)
    out = network(x)
    assert out.shape == (2, 3, 4, 6, 8)
    torch.testing.assert_close(out.select(axis + 2, 1), seen(x.select(axis + 2, 1)))
    assert (out.select(axis + 2, 2) == 0).all()


def test_the_mean_shape_of_one_case_is_that_case():
    case = CASES[0]
    shape = recipe.mean_shape([case], case.labels.shape)
    np.testing.assert_array_equal(recipe.place_shape(shape, case.labels.shape), case.labels)
    larger = recipe.place_shape(recipe.mean_shape(CASES), (50, 60, 40))
    assert larger.shape == (50, 60, 40)
    assert set(np.unique(larger)) == {0, 1, 2}
    with pytest.raises(ValueError, match="no case"):
        recipe.mean_shape([])


def test_scores_and_people():
    case = CASES[0]
    assert set(recipe.score_case(case.labels, case).values()) == {1.0}
    moved = np.roll(case.labels, 1, axis=0)
    row = recipe.score_case(moved, case)
    assert 0.8 < row["dice anterior"] < 1
    assert row["surface anterior"] == 1  # a voxel is within the tolerance
    rows = recipe.examine({c.number: c.labels for c in CASES}, CASES)
    assert list(rows)[:4] == ["dice anterior 1", "dice anterior 2", "dice anterior 3", "surface anterior 1"]
    np.testing.assert_array_equal(recipe.by_person([[1.0, 0.5, 0.2]], [1, 2, 3]), [[0.75, 0.2]])
    assert [case.number for case in recipe.of_people(CASES, {1})] == [1, 2]


def test_it_learns_and_the_seed_says_what():
    def small():
        return training.course_network(2)

    twice = [recipe.train(0, small, cases=CASES, unseen=CASES, steps=6) for _ in range(2)]
    other, _ = recipe.train(1, small, cases=CASES, steps=1)
    assert twice[0][1].loss == twice[1][1].loss
    assert twice[0][1].score.keys() == {6}
    assert not torch.equal(next(other.parameters()), next(twice[0][0].parameters()))
    labels = recipe.segment(twice[0][0], 40 * CASES[1].image)
    assert labels.shape == CASES[1].labels.shape


@pytest.mark.slow
@pytest.mark.parametrize("arm", three_dimensions.ARMS)
def test_every_arm_runs(arm, monkeypatch):
    monkeypatch.setattr(training, "load", lambda split: CASES)
    monkeypatch.setattr(three_dimensions, "load_split", lambda split: CASES)
    monkeypatch.setattr(three_dimensions, "STEPS", 1)
    row = three_dimensions.run(arm, 0)
    assert {"dice anterior 1", "surface posterior 3"} <= set(row)


def test_the_long_run_joins_validation(monkeypatch):
    asked, place = {}, {"train": 0, "validation": 1, "test": 2}
    monkeypatch.setattr(twenty_minutes, "load_split", lambda split: [CASES[place[split]]])
    monkeypatch.setattr(
        twenty_minutes, "train", lambda seed, cases, steps: asked.update(cases=cases) or (Bright(), None)
    )
    row = twenty_minutes.run("long", 1, 0)
    assert [case.number for case in asked["cases"]] == [1, 2]
    assert "dice anterior 3" in row
    assert "dice anterior 1" not in row


@pytest.mark.usefixtures("real_data")
def test_the_rule_on_real_cases():
    validation = recipe.load("validation")
    shape = recipe.mean_shape(recipe.load("train"))
    scores = [recipe.score_case(recipe.place_shape(shape, case.labels.shape), case) for case in validation]
    assert 0.65 < np.mean([row["dice anterior"] for row in scores]) < 0.8
    assert ndimage.label(recipe.place_shape(shape, (36, 50, 36)) > 0)[1] == 1
