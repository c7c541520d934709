"""The hill across the border: heights, slopes and walks are those of torch, and of chapter 3."""

import numpy as np
import pytest
import torch
from across import across

HILLS = {
    "chapter 3's bowl": lambda u, v: (u**2 + 8 * v**2) / 2,
    "a valley that lies aslant": lambda u, v: (u + v) ** 2 + 0.1 * (u - v) ** 2,
    "two dips, one deeper": lambda u, v: (u**2 - 1) ** 2 + 0.3 * u + 2 * v**2 + 0.4,
}


def by_torch(name, start, rate, momentum, steps):
    """Walk with torch's own optimiser."""
    point = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.SGD([point], lr=rate, momentum=momentum)
    path = [point.detach().tolist()]
    for _ in range(steps):
        optimiser.zero_grad()
        HILLS[name](*point).backward()
        optimiser.step()
        path.append(point.detach().tolist())
    return path


def test_every_walk_is_torch_s():
    cases = [
        [start, name, rate, momentum, 30]
        for name in HILLS
        for start in ([2, 1], [-1.5, 0.3], [0.2, -2])
        for rate in (0.005, 0.03, 0.06)
        for momentum in (0, 0.5, 0.9)
    ]
    for case, path in zip(cases, across("hill", "(m, c) => m.walk(...c)", cases), strict=True):
        start, name, *rest = case
        np.testing.assert_allclose(path, by_torch(name, start, *rest), rtol=1e-9, atol=1e-12, err_msg=str(case))
    assert len(cases) == 81


def test_the_bowl_s_three_walks_are_the_chapter_s():
    def walk(rate, steps=25):  # chapter 3's own code
        path = [np.array([2.0, 1.0])]
        for _ in range(steps):
            u, v = path[-1]
            path.append(path[-1] - rate * np.array([u, 8 * v]))
        return np.array(path)

    rates = [share * 2 / 8 for share in (0.05, 0.9, 1.03)]
    code = '(m, rate) => m.walk([2, 1], "chapter 3\'s bowl", rate, 0, 25)'
    for rate, path in zip(rates, across("hill", code, rates), strict=True):
        np.testing.assert_allclose(path, walk(rate), rtol=1e-12)


@pytest.mark.parametrize("name", HILLS)
def test_the_star_is_the_lowest_place_and_the_limit_is_two_over_the_curvature(name):
    (best,) = across("hill", "(m, n) => [...m.HILLS[n].best, m.HILLS[n].limit, m.HILLS[n].height(0.5, 1)]", [name])
    place = torch.tensor(best[:2], dtype=torch.float64)
    assert float(HILLS[name](0.5, 1)) == pytest.approx(best[3])
    slopes = torch.autograd.functional.jacobian(lambda p: HILLS[name](*p), place)
    assert slopes.abs().max() < 1e-5
    u, v = np.meshgrid(np.linspace(-2.5, 2.5, 101), np.linspace(-2.5, 2.5, 101))
    assert HILLS[name](*place).item() <= HILLS[name](u, v).min() + 1e-12
    curvature = torch.linalg.eigvalsh(torch.autograd.functional.hessian(lambda p: HILLS[name](*p), place)).max()
    assert best[2] == pytest.approx(2 / curvature.item(), rel=0.05)
