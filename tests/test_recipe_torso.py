"""The recipe on torsos: who is trained on, the rule by depth, and what the network gets and gives."""

import numpy as np
import pytest
import torch
from scipy import ndimage

from unet_teach.metrics import dice
from unet_teach.recipes import torso as recipe

DISC = np.hypot(*np.mgrid[-32:32, -40:40])  # pixels from the middle


def disc(fat=-100.0, muscle=50.0):
    """A round body of 24 pixels: skin of one, fat of nine, muscle of four, fat inside. And a table."""
    hu = np.full(DISC.shape, -1000.0)
    hu[DISC < 24], hu[DISC < 23], hu[DISC < 14], hu[DISC < 10] = 60, fat, muscle, fat
    hu[60:62] = 300
    return hu


def test_nobody_is_in_two_groups():
    people = [set(group) for group in recipe.PEOPLE.values()]
    assert len(set.union(*people)) == sum(map(len, people))


def test_a_number_is_a_person_whose_shape_may_be_asked_for():
    one, again = recipe.tissue_slice(3001, shape=0.5), recipe.tissue_slice(3001, shape=0.5)
    np.testing.assert_array_equal(one.hu, again.hu)
    assert one.hu.shape == one.labels.shape == (128, 160)
    assert (one.labels.dtype, set(np.unique(one.labels))) == (np.uint8, {0, 1, 2, 3})
    fatter = recipe.tissue_slice(3001, shape=1)
    assert (fatter.labels == 1).sum() > 1.5 * (one.labels == 1).sum()
    assert (recipe.tissue_slice(3002, shape=0.5).hu != one.hu).any()


def test_groups_hold_all_shapes_and_only_training_sees_other_pixels():
    validation = recipe.slices_of("validation")
    assert len(validation) == 40
    fat = [(one.labels == 1).mean() for one in validation]
    assert max(fat) > 4 * min(fat)
    assert {one.spacing for one in validation} == {(3.0, 3.0)}
    with pytest.raises(ValueError, match="train, validation, test"):
        recipe.slices_of("exam")


def test_what_the_network_sees():
    np.testing.assert_allclose(recipe.as_hu_input([-2000, -250, 0, 125, 250, 3000]), [-1, -1, 0, 0.5, 1, 1])
    with pytest.raises(ValueError, match="finite"):
        recipe.as_hu_input([0, np.nan])


def test_the_body_is_the_largest_piece_with_its_holes_filled():
    hu = disc()
    hu[30:34, 38:42] = -1000  # gas
    body = recipe.body_of(hu)
    assert body[DISC < 22].all()
    assert not body[60:62].any()
    with pytest.raises(ValueError, match="is it in Hounsfield units"):
        recipe.body_of(np.full((9, 9), -1000))
    with pytest.raises(ValueError, match=r"a slice is \(H, W\)"):
        recipe.body_of(np.zeros((2, 9, 9)))


def test_depth_is_in_millimetres_and_the_pictures_edge_is_an_edge():
    depth = recipe.depth_below_skin(disc(), (2, 2))
    assert depth[32, 40] == pytest.approx(48, abs=3)
    assert depth[0, 0] == 0
    flat = recipe.depth_below_skin(np.zeros((9, 7)), (1, 3))
    assert (flat[0, 3], flat[4, 3], flat[4, 0]) == (1, 5, 3)


def test_the_rule_names_fat_by_its_depth():
    said = recipe.by_depth(disc(), (2, 2), 22, 40)
    ring = (DISC >= 15) & (DISC < 22)
    assert (said[ring] == 1).mean() > 0.95
    assert (said[DISC < 9] == 2).all()
    assert (said[(DISC > 11) & (DISC < 13)] == 3).all()
    assert (recipe.by_depth(disc(), (2, 2), 80, 40)[DISC < 9] == 1).all()
    assert (recipe.by_depth(disc(), (2, 2), 22, 10)[(DISC > 11) & (DISC < 13)] == 0).all()
    assert not np.isin(recipe.by_depth(disc(fat=0), (2, 2), 22, 80), (1, 2)).any()


def test_the_best_depths_are_found_and_fit_one_and_not_all():
    thin, obese = recipe.tissue_slice(3000, 0.0, 0.0), recipe.tissue_slice(3000, 1.0, 0.0)
    (shallow, _), (deep, _) = recipe.best_depths([thin]), recipe.best_depths([obese])
    assert shallow < 16 < 30 < deep
    scores = []
    for most in (shallow, deep):
        said = recipe.by_depth(thin.hu, thin.spacing, most, 50)
        scores.append(sum(dice(said == n, thin.labels == n) for n in (1, 2)))
    assert scores[0] > scores[1] + 0.3
    with pytest.raises(ValueError, match="no slice"):
        recipe.best_depths([])


def test_a_tissue_stays_only_in_its_range():
    labels = np.array([1, 1, 1, 2, 3, 3, 3, 0], np.uint8)
    hu = np.array([-191, -190, -29, -30, -30, -29, 151, -100])
    np.testing.assert_array_equal(recipe.within_ranges(labels, hu), [0, 1, 0, 2, 0, 3, 0, 0])


def test_a_batch_depends_on_its_generator_alone(monkeypatch):
    known = tuple(recipe.tissue_slice(2000 + n) for n in range(3))
    first, again, other = (recipe.tissue_batch(known, torch.Generator().manual_seed(seed)) for seed in (0, 0, 1))
    assert torch.equal(first[0], again[0])
    assert not torch.equal(first[0], other[0])
    images, labels = first
    assert (images.shape, labels.shape) == ((4, 1, 128, 160), (4, 128, 160))
    assert (images.dtype, labels.dtype) == (torch.float32, torch.int64)
    assert images.min() == -1
    assert images.max() <= 1


def test_labels_move_with_the_image():
    known = (recipe.tissue_slice(2001),)
    for seed in range(4):
        images, labels = recipe.tissue_batch(known, torch.Generator().manual_seed(seed))
        fat = labels == 1
        for image, mask in zip(images[:, 0], fat, strict=True):
            assert (
                ndimage.uniform_filter(image.numpy(), 3)[mask] < 0.05
            ).mean() > 0.85  # dark, where fat is said to be


def test_a_network_names_slices_of_any_size(monkeypatch):
    class ByGrey(torch.nn.Module):
        def forward(self, x):
            assert x.shape[2] % 8 == x.shape[3] % 8 == 0
            return torch.cat([x * 0, 1 - (x + 0.4).abs(), x - 2, x - 2], dim=1)

    hu = np.full((3, 21, 30), 200.0)
    hu[1] = -100
    said = recipe.segment_tissue(ByGrey(), hu)
    assert said.shape == hu.shape
    assert said.dtype == np.uint8
    assert (said[1] == 1).all()
    assert recipe.tissue_logits(ByGrey(), hu[0]).shape == (4, 21, 30)


def test_two_steps_of_training_are_the_same_twice():
    known = tuple(recipe.tissue_slice(2000 + n) for n in range(3))
    losses = [recipe.train_tissue(0, known, steps=2)[1].loss for _ in range(2)]
    assert losses[0] == losses[1]
