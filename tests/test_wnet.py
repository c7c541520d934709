"""A W-Net that learns without labels, and its rivals: small runs, and what each step may change."""

import numpy as np
import pytest
import torch
from pretend_gpu import pretending
from torch import nn

from unet_teach.course.experiments import without_labels
from unet_teach.course.wnet import comparison, rivals, training
from unet_teach.course.wnet.pictures import in_colours
from unet_teach.data.phantoms import texture_images


@pytest.fixture
def images():
    return torch.from_numpy(texture_images(2, 3).images)


def test_each_loss_alone_makes_itself_small_and_leaves_the_other(images):
    curves = {losses: training.train(images, 0, losses, steps=14)[1] for losses in (("cut",), ("image",))}
    assert curves["cut",].cut[-1] < curves["cut",].cut[0] - 0.2
    assert curves["image",].image[-1] < curves["image",].image[0]
    assert curves["image",].cut[-1] > curves["cut",].cut[-1] + 0.2


def test_the_step_on_the_cut_moves_the_first_u_alone(images):
    torch.manual_seed(5)
    before = training.WNet(clusters=training.CLUSTERS, width=training.WIDTH, depth=training.DEPTH)
    cut, _ = training.train(images, 5, ("cut",), steps=1)
    both, _ = training.train(images, 5, steps=1)
    weights = [dict(network.named_parameters()) for network in (before, cut, both)]
    for name, old in weights[0].items():
        assert torch.equal(old, weights[1][name]) == name.startswith("decode"), name
        assert not torch.equal(old, weights[2][name]) or name.endswith("bias"), name


def test_the_border_is_mirrored_unless_zeros_are_asked_for(images):
    for more, expected in (({}, "reflect"), ({"padding": "zeros"}, "zeros")):
        network, _ = training.train(images, 4, steps=1, **more)
        assert {layer.padding_mode for layer in network.modules() if isinstance(layer, nn.Conv2d)} == {expected}


def test_a_seed_gives_the_same_network_and_any_size_gets_an_answer(images):
    (one, curves), (two, again) = (training.train(images, 1, steps=2) for _ in range(2))
    assert (curves.cut, curves.image) == (again.cut, again.image)
    maps = training.probabilities_of(one, images[0, :37, :50])
    assert maps.shape == (4, 37, 50)
    np.testing.assert_allclose(maps.sum(0), 1, atol=1e-5)
    np.testing.assert_array_equal(maps, training.probabilities_of(two, images[0, :37, :50]))
    with pytest.raises(ValueError, match="learns from"):
        training.train(images, 0, ("cuts",))


@pytest.mark.parametrize("card", ["A100", "T4"])
def test_it_learns_on_a_gpu_and_comes_back(images, card):
    _, expected = training.train(images, 2, steps=4)
    with pretending(card):
        network, curves = training.train(images, 2, steps=4)
        maps = training.probabilities_of(network, images[0])
    assert {weight.device.type for weight in network.parameters()} == {"cpu"}
    assert maps.shape == (4, 96, 96)
    np.testing.assert_allclose(curves.cut, expected.cut, atol=0.1)


def test_k_means_finds_groups_and_with_two_of_grey_it_is_otsu():
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(0, 1, 3000), rng.normal(6, 1, 1000)])
    centres = np.sort(rivals.k_means(values[:, None], 2, 0)[:, 0])
    np.testing.assert_allclose(centres, [0, 6], atol=0.1)
    threshold = rivals.otsu_clusters([values.reshape(1, 40, 100)], 2)[0]
    assert centres.mean() == pytest.approx(threshold, abs=0.05)
    with pytest.raises(ValueError, match="different points"):
        rivals.k_means(np.ones((9, 1)), 2, 0)


def test_features_are_one_a_pixel_and_tell_stripes_apart():
    across = np.sin(np.arange(40))[:, None] * np.ones(48)
    bank = rivals.filter_bank(across, 2)
    assert bank.shape == (5, 40, 48)
    assert (bank[3, 10:30, 10:30] > 5 * bank[4, 10:30, 10:30]).all()
    assert rivals.grey(across, 0).shape == (1, 40, 48)
    centres = np.array([[-1.0], [1.0]])
    np.testing.assert_array_equal(rivals.nearest_centre(centres, across[None].astype(np.float32)), across > 0)


def test_every_method_gets_names_and_a_blur_from_validation_and_six_scores():
    for method in ("Otsu", "k-means", "k-means on filters", "W-Net"):
        row = comparison.compare("textures", method, 1, steps=2)
        assert list(row) == ["validation", "blur", *(f"score {n}" for n in range(6))]
        assert row["blur"] in comparison.BLURS
        assert min(row.values()) > 0 or row["blur"] == 0
    with pytest.raises(ValueError, match="EM, cells and textures"):
        comparison.material("lungs")


def test_a_random_division_scores_a_quarter_and_a_perfect_one_one():
    labels = np.random.default_rng(0).integers(0, 4, (2, 60, 60))
    assert comparison.scores(labels, labels) == [1, 1]
    assert comparison.scores(labels[::-1], labels) == pytest.approx([0.25, 0.25], abs=0.03)
    assert comparison.scores(labels > 1, labels > 1) == [1, 1]


def test_each_cluster_has_a_colour_of_its_own():
    shown = in_colours(np.array([[0, 1], [2, 3]]))
    assert shown.shape == (2, 2, 3)
    assert len({tuple(colour) for colour in shown.reshape(4, 3)}) == 4


def test_the_experiment_names_its_comparisons_and_seeds_beforehand():
    rows = without_labels.EXPERIMENT.runs
    of = {m: sorted({r["seed"] for r in rows if r["method"] == m}) for m in without_labels.METHODS}
    assert of["W-Net"] == of["k-means"] == [0, 1, 2, 3, 4]
    assert len({tuple(r.values()) for r in rows}) == len(rows)
