"""The soft N-cut: equal to the sum over all pairs of pixels, value and slope; and what it must not care about."""

from itertools import combinations

import numpy as np
import pytest
import torch

from unet_teach.losses import shifts, soft_n_cut


def brute_force(probabilities, image, radius, sigma_i, sigma_x):
    """Sum over all N x N pairs, as the paper writes it."""
    images = []
    for p, f in zip(probabilities.flatten(2), image.flatten(2), strict=True):  # (K, HW), (C, HW)
        height, width = image.shape[2:]
        place = (
            torch.stack(torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")).flatten(1).double()
        )
        apart = ((place[:, :, None] - place[:, None]) ** 2).sum(0)
        grey = ((f[:, :, None] - f[:, None]) ** 2).sum(0)
        w = torch.exp(-grey / sigma_i**2) * torch.exp(-apart / sigma_x**2) * (apart.sqrt() < radius)
        images.append(len(p) - sum((pk @ w @ pk) / (pk @ w.sum(1)) for pk in p))
    return torch.stack(images).mean()


def made(shape, clusters, seed=0):
    g = torch.Generator().manual_seed(seed)
    n, c, h, w = shape
    logits = 2 * torch.randn(n, clusters, h, w, generator=g, dtype=torch.float64)
    return logits.requires_grad_(), torch.randn(shape, generator=g, dtype=torch.float64)


@pytest.mark.parametrize(
    ("shape", "clusters", "radius", "sigmas"),
    [
        ((2, 1, 9, 13), 4, 5, (0.5, 4)),
        ((1, 3, 12, 7), 2, 5, (1.3, 2)),
        ((3, 1, 1, 6), 3, 5, (1.5, 3)),  # a row, narrower than the neighbourhood
        ((1, 2, 6, 2), 1, 2, (0.7, 1)),  # the radius itself is out
        ((1, 1, 7, 8), 3, 20, (0.9, 6)),  # everything is near
        ((1, 1, 5, 5), 2, 1, (1, 1)),  # nobody has a neighbour
        ((1, 1, 5, 6), 2, 2.5, (1, 1)),
    ],
)
def test_it_is_the_sum_over_all_pairs_in_value_and_slope(shape, clusters, radius, sigmas):
    logits, image = made(shape, clusters)
    results = []
    for cut in (soft_n_cut, brute_force):
        cost = cut(logits.softmax(1), image, radius, *sigmas)
        (slope,) = torch.autograd.grad(cost, logits)
        results.append((cost.detach(), slope))
    (ours, our_slope), (theirs, their_slope) = results
    torch.testing.assert_close(ours, theirs, atol=1e-12, rtol=1e-12)
    torch.testing.assert_close(our_slope, their_slope, atol=1e-12, rtol=1e-9)


def test_a_radius_of_5_has_69_pixels():
    steps = shifts(5)
    assert 1 + 2 * len(steps) == 69 == sum(i * i + j * j < 25 for i in range(-5, 6) for j in range(-5, 6))
    assert not {(-i, -j) for i, j in steps} & {*steps, (0, 0)}
    assert (5, 0) not in steps
    assert (3, -4) not in steps
    assert (4, -2) in steps


def test_clusters_have_no_names():
    logits, image = made((2, 1, 8, 11), 4)
    p = logits.detach().softmax(1)
    torch.testing.assert_close(soft_n_cut(p, image), soft_n_cut(p[:, [2, 0, 3, 1]], image), atol=1e-12, rtol=0)
    turned = soft_n_cut(p.flip(2).transpose(2, 3), image.flip(2).transpose(2, 3))
    torch.testing.assert_close(soft_n_cut(p, image), turned, atol=1e-12, rtol=0)


def test_what_is_known_beforehand():
    _, image = made((1, 1, 10, 12), 2)
    one = torch.ones(1, 1, 10, 12, dtype=torch.float64)
    torch.testing.assert_close(soft_n_cut(one, image), torch.zeros((), dtype=torch.float64))
    even = torch.full((1, 4, 10, 12), 0.25, dtype=torch.float64)
    torch.testing.assert_close(soft_n_cut(even, image).item(), 3.0)  # each keeps a quarter
    constant = soft_n_cut(even, torch.full_like(image, 7.0))
    torch.testing.assert_close(constant.item(), 3.0)


def test_an_empty_cluster_costs_one_and_has_a_slope():
    logits, image = made((1, 1, 8, 8), 2)
    full = logits.detach().softmax(1)
    empty = torch.cat([full, torch.zeros(1, 1, 8, 8)], dim=1).requires_grad_()
    cost = soft_n_cut(empty, image)
    torch.testing.assert_close(cost, soft_n_cut(full, image) + 1)
    cost.backward()
    assert torch.isfinite(empty.grad).all()
    sure = torch.tensor([0.0, -200.0])[None, :, None, None].expand(1, 2, 8, 8).clone().requires_grad_()
    soft_n_cut(sure.softmax(1), image.float()).backward()
    assert torch.isfinite(sure.grad).all()


def test_shades_far_apart_are_not_alike_and_half_precision_is_added_up_in_single():
    image = torch.zeros(1, 1, 100, 100)
    image[..., 50:] = 10
    halves = torch.stack([(image[0, 0] == 0), (image[0, 0] != 0)])[None]
    assert soft_n_cut(halves.float(), image) == pytest.approx(0, abs=1e-5)
    assert soft_n_cut(halves.half(), image.half()) == pytest.approx(0, abs=1e-5)
    assert soft_n_cut(halves.bfloat16(), image).dtype == torch.float32


def test_six_pixels_in_a_row_and_their_31_cuts():
    """By hand in the chapter: the cheapest cut takes one pixel off, the normalised one halves the row."""
    greys = np.array([0, 1, 1, 3, 3, 5])
    place = np.arange(6)
    w = np.exp(-(np.subtract.outer(greys, greys) ** 2) / 1.5**2 - np.subtract.outer(place, place) ** 2 / 3**2)
    image = torch.tensor(greys).double()[None, None, None]
    sides = [[0, *rest] for size in range(5) for rest in combinations(range(1, 6), size)]
    assert len(sides) == 31
    costs, cuts = {}, {}
    for side in sides:
        first = torch.zeros(6, dtype=torch.float64)
        first[side] = 1
        cuts[tuple(side)] = float(first.numpy() @ w @ (1 - first.numpy()))
        costs[tuple(side)] = float(soft_n_cut(torch.stack([first, 1 - first])[None, :, None], image, 6, 1.5, 3))
    assert min(cuts, key=cuts.get) == (0, 1, 2, 3, 4)
    assert min(costs, key=costs.get) == (0, 1, 2)
    assert cuts[0, 1, 2, 3, 4] == pytest.approx(0.26, abs=0.005)
    assert cuts[0, 1, 2] == pytest.approx(0.44, abs=0.005)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"probabilities": np.zeros((1, 2, 4, 4))}, TypeError, "torch tensor"),
        ({"image": torch.zeros(1, 1, 4, 4, dtype=torch.long)}, TypeError, "floats"),
        ({"probabilities": torch.zeros(2, 4, 4)}, ValueError, r"\(N, K, H, W\)"),
        ({"image": torch.zeros(1, 1, 4, 5)}, ValueError, "does not fit"),
        ({"image": torch.zeros(2, 1, 4, 4)}, ValueError, "does not fit"),
        ({"probabilities": torch.randn(1, 2, 4, 4) * 9}, ValueError, "softmax"),
        ({"probabilities": torch.full((1, 2, 4, 4), torch.nan)}, ValueError, "softmax"),
        ({"probabilities": torch.zeros(0, 2, 4, 4), "image": torch.zeros(0, 1, 4, 4)}, ValueError, "no pixel"),
        ({"radius": 0}, ValueError, "radius"),
        ({"radius": "five"}, TypeError, "radius"),
        ({"sigma_i": -1}, ValueError, "sigma_i"),
        ({"sigma_x": float("nan")}, ValueError, "sigma_x"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(change, error, words):
    arguments = {"probabilities": torch.full((1, 2, 4, 4), 0.5), "image": torch.zeros(1, 1, 4, 4)}
    with pytest.raises(error, match=words):
        soft_n_cut(**arguments | change)
