"""The filter lab across the border: its numbers are those of `unet_teach.classical`, case by case."""

from itertools import product

import numpy as np
from across import across

from unet_teach.classical import difference_of_gaussians, filters, gabor

KERNELS = {
    "Sobel, to the right": filters.SOBEL_X,
    "Sobel, downwards": filters.SOBEL_Y,
    "box blur": filters.BOX,
    "sharpen": filters.SHARPEN,
    "Laplacian": filters.LAPLACIAN,
    "centre minus surround": difference_of_gaussians(0.5, 0.75),
}
ODD_ONES = [[[2.5]], [[1, -2]], [[0.5], [3], [-1]], [[1, 2, 3, 4], [5, 6, 7, 8]]]
SHAPES = [(3, 3), (5, 8), (7, 4), (9, 9)]
MODES = {"zeros": "constant", "mirror": "reflect"}


def test_presets_are_the_kernels_of_the_course():
    found = across("filter-lab", "(m, name) => m.PRESETS[name]()", list(KERNELS))
    for ours, theirs in zip(KERNELS.values(), found, strict=True):
        np.testing.assert_allclose(theirs, ours, atol=1e-12)
    cases = [[wavelength, angle, 1] for wavelength in (4, 6.5) for angle in range(0, 180, 15)]
    code = "(m, c) => [m.gabor(...c), m.gabor(...c, Math.sin)]"
    for case, (even, odd) in zip(cases, across("filter-lab", code, cases), strict=True):
        np.testing.assert_allclose(even, gabor(*case).real, atol=1e-12)
        np.testing.assert_allclose(odd, gabor(*case).imag, atol=1e-12)


def test_every_output_is_python_s():
    rng = np.random.default_rng(0)
    kernels = [kernel.tolist() for kernel in list(KERNELS.values())[:5]] + ODD_ONES
    cases, wanted = [], []
    for shape, kernel, padding, fill, stride, flip in product(
        SHAPES, kernels, (0, 1, 2), MODES, (1, 2, 3), (False, True)
    ):
        image = rng.integers(0, 256, shape)
        ground = np.pad(image, padding, mode=MODES[fill])
        cases.append([image.tolist(), kernel, {"padding": padding, "fill": fill, "stride": stride, "flip": flip}])
        way = filters.convolve2d if flip else filters.correlate2d
        fits = all(size >= k for size, k in zip(ground.shape, np.shape(kernel), strict=True))
        wanted.append(way(ground, np.array(kernel, float))[::stride, ::stride] if fits else None)
    found = across("filter-lab", "(m, c) => m.filtered(...c)", cases)
    assert len(cases) == 1296
    for case, ours, theirs in zip(cases, wanted, found, strict=True):
        if ours is None:
            assert theirs.startswith("RangeError: the kernel is larger than the picture"), case
        else:
            np.testing.assert_allclose(theirs, ours, atol=1e-9)
    assert any(one is None for one in wanted)


def test_sizes_are_python_s():
    cases = [[n, k, p, s] for n in range(1, 13) for k in range(1, 6) for p in range(3) for s in range(1, 4)]
    cases = [case for case in cases if case[0] + 2 * case[2] >= case[1]]
    found = across("filter-lab", "(m, c) => m.outputSize(...c)", cases)
    assert found == [filters.output_size(*case) for case in cases]
