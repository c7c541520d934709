"""How to call each public function with arrays or numbers, and what it has to give: a line each.

A reference takes the arguments as float64, or as Python's integers where float64 would round; what it does is written
anew in numpy where that is a line, and is otherwise the function itself on the plain types that its own tests check.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from scipy import ndimage
from types_of_arrays import Argument, floats, labels, mask, numbers, one, whole, whole_tensors

from unet_teach import classical, losses, metrics, models, transforms
from unet_teach.course.claims import claim
from unet_teach.data.cells import without_specks
from unet_teach.data.hippocampus import group_of
from unet_teach.data.nifti import spacing_of
from unet_teach.data.phantoms.lesions import lesion_patches
from unet_teach.data.phantoms.noise import seeded
from unet_teach.data.phantoms.textures import texture_images
from unet_teach.data.tumour import patient_numbered
from unet_teach.metrics.overlap import check_mask, check_masks
from unet_teach.models import ablations


@dataclass(frozen=True)
class Row:
    call: Callable
    arguments: tuple[Argument, ...]
    reference: Callable
    dims: int = 2
    examples: int = 40
    sums: bool = False  # of products: what rounding may lose is a share of the terms' sizes, for they may cancel

    def allowed(self, values):
        """How large the numbers are whose rounding shows in the result."""
        terms = self.reference(*(np.abs(value) for value in values)) if self.sums else np.zeros(1)
        return float(terms[np.isfinite(terms)].max(initial=0))


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


def plain(value):
    """Return one number as Python's own, a whole one as a whole one."""
    number = value.item()
    return int(number) if isinstance(number, float) and number.is_integer() else number


def on_lists(call):
    """Call the function itself, on Python's own numbers and lists of them."""

    def listed(value):
        if not value.ndim:
            return plain(value)
        if value.ndim > 1:
            return value.tolist()
        numbers = [plain(np.asarray(number)) for number in value]
        return [float(number) if abs(number) >= 2**63 else number for number in numbers]  # no list of numpy's takes it

    return lambda *values: call(*map(listed, values))


def folded(places, size):
    """Count back from either end, as often as it takes."""
    period = max(2 * (int(size) - 1), 1)
    return np.array([min(place % period, period - place % period) for place in places.ravel()]).reshape(places.shape)


def millimetres(score):
    """Call a score of surfaces on plain masks, and plain numbers."""
    return lambda a, b, *more: score(*(np.asarray(m.astype(float) == 1) for m in (a, b)), *(m.tolist() for m in more))


def by_itself(call):
    """Call the function itself, on tensors of float64 or int64."""

    def reference(*values):
        tensors = [torch.tensor(v.astype(np.int64) if v.dtype == object else v.astype(float)) for v in values]
        return call(*tensors)

    return reference


def on_float64(call):
    """Call the function itself, on numpy's float64."""
    return lambda *values: call(*(np.asarray(v, dtype=float) for v in values))


def on_plain(call):
    """Call the function itself, on Python's own numbers."""
    return lambda *values: call(*map(plain, values))


def renumbered(values):
    """Number integers of any size 0, 1, 2 ... in their order, 0 staying 0."""
    assert all(v >= 0 for v in values.ravel())
    order = {number: place for place, number in enumerate(sorted({0, *values.ravel().tolist()}))}
    return np.array([order[v] for v in values.ravel().tolist()], dtype=np.int64).reshape(values.shape)


def of_regions(call):
    return lambda *values: call(*(renumbered(v) for v in values))


def bools(call):
    return lambda *values: call(*(v.astype(float) == 1 for v in values))


def standardised(x):
    x = np.asarray(x, float)
    axes = tuple(range(1, x.ndim))
    return (x - x.mean(axes, keepdims=True)) / x.std(axes, keepdims=True)


def cross_entropy(logits, truth, weights=None):
    logits, truth = logits.astype(float), truth.astype(int)
    shifted = logits - logits.max(1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(1)) - np.take_along_axis(shifted, truth[:, None], 1)[:, 0]
    return losses.mean() if weights is None else np.where(weights == 0, 0, weights * losses).mean()


def forward(make, smallest, step):
    """Pass images through a network of float32; the reference is the same network in float64."""
    torch.manual_seed(0)
    network = make().eval()
    double = copy.deepcopy(network).double()

    def sides(shape):
        return (1, 1, *(smallest + step * (side % 3) for side in shape))

    images = Argument(np.arange(np.prod(sides((1, 0)))).reshape(sides((1, 0))) % 4, (), (torch.float32,), shape=sides)
    return Row(
        torch.no_grad()(network), (images,), torch.no_grad()(by_itself(lambda x: double(x.double()))), examples=8
    )


PLAN = {
    "features_per_stage": [1, 2, 4],
    "kernel_sizes": [[3, 3]] * 3,
    "strides": [[1, 1], [2, 2], [2, 2]],
    "n_conv_per_stage": [2, 2, 2],
    "n_conv_per_stage_decoder": [2, 2],
}
IMAGE = np.arange(12.0).reshape(3, 4) % 4
GRID = np.array([[0, 1, 2, 3], [3, 1, 0, 2], [1, 1, 3, 0]])
CELLS = np.array([[1, 1, 0, 2], [1, 0, 2, 2], [3, 3, 0, 0]])
MASK, OTHER = GRID > 1, GRID < 2
TABLE = np.array([[0, 1, 3, 2], [2, 0, 1, 3], [3, 3, 1, 0], [1, 2, 0, 0], [0, 2, 2, 1], [3, 0, 0, 1]])
SOFT = floats(np.stack([MASK, OTHER])[None] / 2, shape=lambda s: (1, 2, *s))
LOGITS = np.arange(24).reshape(1, 2, 3, 4) % 5 % 4
PAIR = (floats(IMAGE[None], shape=lambda s: (1, *s)), whole_tensors(GRID))
STACK = (
    floats(np.stack([IMAGE, IMAGE + 1]) % 4, shape=lambda s: (2, *s)),
    whole_tensors(np.stack([GRID, GRID[::-1]]), shape=lambda s: (2, *s)),
)
BATCH = (
    floats(LOGITS, shape=lambda s: (1, 2, *s)),
    Argument(GRID[None] % 2, (), (torch.int64,), shape=lambda s: (1, *s)),
)
SPACING = numbers([1, 2], shape=lambda s: (len(s),))
RNG = np.random.default_rng
OF_TWO = (mask(MASK), mask(OTHER))
TWO_LABELS = (labels(CELLS), labels(GRID))
VOLUME = np.arange(24).reshape(2, 3, 4) % 5 % 4
AFFINE = np.array([[1, 0, 0, 3], [0, 2, 0, 1], [0, 0, 1, 2], [0, 0, 0, 1]])
SHEAR = np.array([[1, 0, 0, 2], [0, 1, 1, 1], [0, 0, 2, 2], [0, 0, 0, 1]])
FOUR = lambda s: (4, 4)  # noqa: E731
THREE = labels([2, 3, 2], shape=lambda s: (3,), gentle=True)
TWO_MM = (*OF_TWO, SPACING)


def overlap(score):
    def reference(a, b):
        a, b = a.astype(float) == 1, b.astype(float) == 1
        assert a.shape == b.shape
        assert a.size
        return score(a, b)

    return bools(reference)


ROWS = {
    # transforms
    "standardise": Row(
        transforms.standardise,
        (numbers(np.stack([IMAGE, GRID]), shape=lambda s: (2, *s)),),
        standardised,
    ),
    "turn": Row(transforms.turn, (whole_tensors(GRID), whole(3)), lambda p, t: np.rot90(p, int(t), (-2, -1))),
    "mirror": Row(transforms.mirror, (whole_tensors([0, 1, 2, 3]), whole(3)), folded, dims=1),
    "flip_and_rotate": Row(
        lambda i, y: transforms.flip_and_rotate(i, y, chance(3)),
        PAIR,
        by_itself(lambda i, y: transforms.flip_and_rotate(i, y, chance(3))),
    ),
    "shift_grey": Row(
        lambda i, c, b: transforms.shift_grey(i, chance(3), c, b),
        (PAIR[0], one(0.5), one(1)),
        lambda i, c, b: (
            (i - i.mean()) * (1 + c * (d := 2 * torch.rand(2, generator=chance(3)).double().numpy() - 1)[0])
            + i.mean()
            + b * d[1] * i.std()
        ),
    ),
    "elastic": Row(
        lambda i, y, s, g: transforms.elastic(i, y, chance(3), s, g),
        (*PAIR, one(1, gentle=True), whole(3, gentle=True)),
        lambda i, y, s, g: by_itself(lambda i, y: transforms.elastic(i, y, chance(3), plain(s), plain(g)))(i, y),
    ),
    "displacement": Row(
        lambda h, w, s, g: transforms.displacement(h, w, chance(3), s, g),
        (whole(3, gentle=True), whole(4, gentle=True), one(1, gentle=True), whole(3, gentle=True)),
        on_plain(lambda h, w, s, g: transforms.displacement(h, w, chance(3), s, g)),
        dims=0,
    ),
    "random_crops": Row(
        lambda i, y, s, n, f: transforms.random_crops(i, y, s, n, chance(3), f),
        (*STACK, whole(2, gentle=True), whole(3, gentle=True), one(0.5, gentle=True)),
        lambda i, y, s, n, f: by_itself(
            lambda i, y: transforms.random_crops(i, y, plain(s), plain(n), chance(3), plain(f))
        )(i, y),
    ),
    "centre_patches": Row(
        lambda i, y, s, n: transforms.centre_patches(i, y, s, n, chance(3)),
        (*STACK, whole(1), whole(2)),
        lambda i, y, s, n: by_itself(lambda i, y: transforms.centre_patches(i, y, plain(s), plain(n), chance(3)))(i, y),
    ),
    "with_seams": Row(transforms.with_seams, (labels(CELLS),), of_regions(transforms.with_seams)),
    "two_nearest": Row(
        transforms.two_nearest, (labels(CELLS), one(3)), lambda c, r: transforms.two_nearest(renumbered(c), plain(r))
    ),
    "weight_map": Row(
        transforms.weight_map,
        (labels(CELLS), one(3), one(2)),
        lambda c, w, s: transforms.weight_map(renumbered(c), plain(w), plain(s)),
    ),
    # metrics
    "dice": Row(
        metrics.dice, OF_TWO, overlap(lambda a, b: 2 * (a & b).sum() / (a.sum() + b.sum()) if (a | b).any() else 1)
    ),
    "iou": Row(metrics.iou, OF_TWO, overlap(lambda a, b: (a & b).sum() / (a | b).sum() if (a | b).any() else 1)),
    "precision": Row(
        metrics.precision, OF_TWO, overlap(lambda a, b: (a & b).sum() / a.sum() if a.any() else not b.any())
    ),
    "recall": Row(metrics.recall, OF_TWO, overlap(lambda a, b: (a & b).sum() / b.sum() if b.any() else not a.any())),
    "check_masks": Row(check_masks, OF_TWO, lambda a, b: None),
    "check_mask": Row(lambda m: check_mask("the mask", m), (mask(MASK),), lambda m: None),
    "surface": Row(metrics.surface, (mask(MASK),), bools(lambda m: m & ~ndimage.binary_erosion(m))),
    "surface_distances": Row(metrics.surface_distances, TWO_MM, millimetres(metrics.surface_distances)),
    "surface_dice": Row(metrics.surface_dice, (*OF_TWO, one(1), SPACING), millimetres(metrics.surface_dice)),
    "hausdorff95": Row(metrics.hausdorff95, TWO_MM, millimetres(metrics.hausdorff95)),
    "mean_surface_distance": Row(metrics.mean_surface_distance, TWO_MM, millimetres(metrics.mean_surface_distance)),
    "overlaps": Row(
        metrics.overlaps,
        TWO_LABELS,
        of_regions(
            lambda p, t: np.array(
                [
                    [((p == i) & (t == j)).sum() for j in range(t.max(initial=0) + 1)]
                    for i in range(p.max(initial=0) + 1)
                ]
            )
        ),
    ),
    "match": Row(
        metrics.match, (*TWO_LABELS, one(0.5)), lambda p, t, i: metrics.match(renumbered(p), renumbered(t), plain(i))
    ),
    "rand_f_score": Row(metrics.rand_f_score, TWO_LABELS, of_regions(metrics.rand_f_score)),
    "regions": Row(metrics.regions, (mask(MASK),), bools(lambda m: ndimage.label(~m)[0])),
    "thin": Row(metrics.thin, (mask(MASK),), bools(metrics.thin)),
    "v_rand": Row(
        metrics.v_rand,
        (numbers(MASK.astype(float)), labels(CELLS), one(0.5)),
        lambda p, t, h: metrics.v_rand(p.astype(float), renumbered(t), plain(h)),
    ),
    "v_rand_curve": Row(
        metrics.v_rand_curve,
        (numbers(MASK.astype(float)), labels(CELLS), numbers([0, 1], shape=lambda s: (2,))),
        lambda p, t, h: metrics.v_rand_curve(p.astype(float), renumbered(t), h.astype(float).ravel().tolist()),
    ),
    "in_blocks": Row(
        metrics.in_blocks,
        (numbers(GRID), whole(2)),
        lambda s, n: s.astype(float).reshape(*s.shape[:-1], s.shape[-1] // int(n), int(n)).mean(-1),
    ),
    "interval": Row(
        metrics.interval, (numbers(GRID), one(0.5)), lambda s, c: metrics.interval(s.astype(float), plain(c))
    ),
    "sign_flip_test": Row(
        metrics.sign_flip_test, (numbers([1, 2, 0, 3, 1]),), on_float64(metrics.sign_flip_test), dims=1
    ),
    "bland_altman": Row(
        metrics.bland_altman, (numbers([1, 2, 0, 3]), numbers([0, 2, 1, 2])), on_float64(metrics.bland_altman), dims=1
    ),
    "exact_interval": Row(
        metrics.exact_interval,
        (whole(0, gentle=True), whole(6, gentle=True)),
        lambda s, n: metrics.exact_interval(int(s), int(n)),
        dims=0,
    ),
    "area_under_curve": Row(
        metrics.area_under_curve,
        (numbers([1, 2, 0, 3]), mask([1, 0, 0, 1])),
        lambda d, f: metrics.area_under_curve(d.astype(float), f.astype(float) == 1),
        dims=1,
    ),
    "reliability": Row(
        metrics.reliability,
        (numbers([0, 1, 1, 0]), mask([1, 0, 1, 1]), whole(4, gentle=True)),
        lambda p, h, b: metrics.reliability(p.astype(float), h.astype(float) == 1, int(b)),
        dims=1,
    ),
    "calibration_error": Row(
        metrics.calibration_error,
        (numbers([0, 1, 1, 0]), mask([1, 0, 1, 1]), whole(4, gentle=True)),
        lambda p, h, b: metrics.calibration_error(p.astype(float), h.astype(float) == 1, int(b)),
        dims=1,
    ),
    "holm": Row(metrics.holm, (numbers([0.25, 0.5, 0, 1]),), on_float64(metrics.holm), dims=1),
    "pareto_front": Row(
        metrics.pareto_front, (numbers([1, 2, 0, 3]), numbers([0, 2, 1, 2])), on_float64(metrics.pareto_front), dims=1
    ),
    "coverage": Row(metrics.coverage, (whole(3), whole(2)), lambda s, b: metrics.coverage(int(s), int(b))),
    "contingency": Row(
        lambda c, y, k, n: metrics.contingency(c, y, (k, n)),
        (*TWO_LABELS, whole(4, gentle=True), whole(5, gentle=True)),
        lambda c, y, k, n: np.array([[((c == i) & (y == j)).sum() for j in range(int(n))] for i in range(int(k))]),
    ),
    "match_clusters": Row(
        metrics.match_clusters,
        (*TWO_LABELS, whole(4, gentle=True)),
        lambda c, y, k: metrics.match_clusters(c.astype(np.int64), y.astype(np.int64), int(k)),
    ),
    "best_union": Row(
        metrics.best_union,
        (labels(CELLS), mask(MASK), whole(4, gentle=True)),
        lambda c, m, k: metrics.best_union(c.astype(np.int64), np.asarray(m.astype(float) == 1), int(k)),
    ),
    # losses
    "cross_entropy": Row(losses.cross_entropy, (*BATCH, floats(GRID[None], shape=lambda s: (1, *s))), cross_entropy),
    "dice_loss": Row(losses.dice_loss, BATCH, by_itself(losses.dice_loss)),
    "focal_loss": Row(
        losses.focal_loss,
        (*BATCH, one(2)),
        lambda x, y, g: by_itself(lambda x, y: losses.focal_loss(x, y, plain(g)))(x, y),
    ),
    "soft_n_cut": Row(
        losses.soft_n_cut,
        (SOFT, floats(IMAGE[None, None], shape=lambda s: (1, 1, *s)), one(3), one(2), one(3)),
        lambda p, f, *n: by_itself(lambda p, f: losses.soft_n_cut(p, f, *map(plain, n)))(p, f),
    ),
    "shifts": Row(losses.shifts, (one(3, gentle=True),), on_plain(losses.shifts), dims=0),
    # classical
    "convolve1d": Row(
        classical.convolve1d,
        (numbers([0, 3, 1]), numbers([2, 1], shape=lambda s: (2,))),
        lambda a, b: np.convolve(a.astype(float), b.astype(float)),
        dims=1,
        sums=True,
    ),
    "correlate2d": Row(
        classical.correlate2d,
        (numbers(IMAGE), numbers([[1, 2], [3, 0]], shape=lambda s: (2, 2))),
        lambda a, b: np.einsum(
            "ijkl,kl", np.lib.stride_tricks.sliding_window_view(a.astype(float), b.shape), b.astype(float)
        ),
        sums=True,
    ),
    "convolve2d": Row(
        classical.convolve2d,
        (numbers(IMAGE), numbers([[1, 2], [3, 0]], shape=lambda s: (2, 2))),
        lambda a, b: np.einsum(
            "ijkl,kl", np.lib.stride_tricks.sliding_window_view(a.astype(float), b.shape), np.flip(b.astype(float))
        ),
        sums=True,
    ),
    "gaussian_kernel": Row(
        classical.gaussian_kernel, (one(2, gentle=True),), on_plain(classical.gaussian_kernel), dims=0
    ),
    "output_size": Row(
        classical.output_size,
        (whole(60), whole(3), whole(5), whole(2)),
        lambda n, k, p, s: (int(n) + 2 * int(p) - int(k)) // int(s) + 1,
        dims=0,
    ),
    "sample_patches": Row(
        lambda i, s, n: classical.sample_patches([i], s, n, RNG(0)),
        (numbers(IMAGE), whole(2, gentle=True), whole(3, gentle=True)),
        lambda i, s, n: classical.sample_patches([i.astype(float)], plain(s), plain(n), RNG(0)),
    ),
    "even_contrast": Row(classical.even_contrast, (numbers(TABLE),), on_float64(classical.even_contrast)),
    "whiten": Row(
        classical.whiten, (numbers(TABLE), whole(2)), lambda p, n: classical.whiten(p.astype(float), plain(n))
    ),
    "fast_ica": Row(
        lambda w, n: classical.fast_ica(w, RNG(0), n),
        (numbers(TABLE), whole(3, gentle=True)),
        lambda w, n: classical.fast_ica(w.astype(float), RNG(0), plain(n)),
    ),
    "gabor_fit": Row(
        classical.gabor_fit, (numbers(TABLE), whole(2)), lambda f, n: classical.gabor_fit(f.astype(float), plain(n))
    ),
    "difference_of_gaussians": Row(
        classical.difference_of_gaussians,
        (one(1, gentle=True), one(3, gentle=True)),
        on_plain(classical.difference_of_gaussians),
        dims=0,
    ),
    "gabor": Row(
        lambda w, a, s: np.stack([(g := classical.gabor(w, a, s)).real, g.imag]),
        (one(4, gentle=True), one(3, gentle=True), one(2, gentle=True)),
        on_plain(lambda w, a, s: np.stack([(g := classical.gabor(w, a, s)).real, g.imag])),
        dims=0,
    ),
    "grating": Row(
        classical.grating,
        (whole(5, gentle=True), one(4, gentle=True), one(3, gentle=True), one(1, gentle=True)),
        on_plain(classical.grating),
        dims=0,
    ),
    "half_width": Row(classical.half_width, (one(3), one(2)), on_plain(classical.half_width), dims=0),
    "otsu": Row(classical.otsu, (numbers(GRID),), on_float64(classical.otsu)),
    "grow_region": Row(
        classical.grow_region,
        (numbers(GRID), numbers([1, 0], shape=lambda s: (2,)), one(1), one(3)),
        lambda i, s, low, high: classical.grow_region(
            i.astype(float), tuple(map(int, s.tolist())), plain(low), plain(high)
        ),
    ),
    # models
    "UNet": forward(lambda: models.UNet(width=1, depth=2), 8, 4),
    "WithoutSkips": forward(lambda: ablations.WithoutSkips(width=1, depth=2), 8, 4),
    "AttentionUNet": forward(lambda: models.AttentionUNet(width=1, depth=2), 8, 4),
    "NNUNet": forward(lambda: models.NNUNet(PLAN), 8, 4),
    "UNetPlusPlus": forward(lambda: models.UNetPlusPlus(width=1, depth=2), 8, 4),
    # Layer normalisation of two numbers is little more than a sign, which stretches rounding: four.
    "SwinUNet": forward(lambda: models.SwinUNet(width=4, depth=1, heads=1, window=2), 8, 8),
    "VNet": forward(lambda: models.VNet(width=1, depth=2, dims=2), 8, 4),
    "ResidualUNet": forward(lambda: models.ResidualUNet(width=1, depth=2), 8, 4),
    "AddedSkips": forward(lambda: ablations.AddedSkips(width=1, depth=2), 8, 4),
    "Unpadded": forward(lambda: ablations.Unpadded(width=1, depth=1), 20, 2),
    "OriginalUNet": forward(lambda: models.OriginalUNet(width=1), 188, 16),
    "PatchCNN": forward(lambda: models.PatchCNN(width=1), 33, 4),
    "window": Row(
        transforms.window,
        (numbers(GRID), one(2), one(3)),
        lambda v, c, w: np.clip((v.astype(float) - float(c)) / float(w) + 0.5, 0, 1),
    ),
    "resample": Row(
        transforms.resample,
        (numbers(VOLUME), numbers(AFFINE, shape=FOUR), THREE, numbers(SHEAR, shape=FOUR), whole(1), one(2)),
        on_lists(transforms.resample),
        dims=3,
    ),
    "grid_of": Row(
        transforms.grid_of,
        (THREE, numbers(AFFINE, shape=FOUR), numbers([1, 2, 3], shape=lambda s: (3,))),
        on_lists(transforms.grid_of),
        dims=3,
    ),
    "same_grid": Row(
        transforms.same_grid,
        (THREE, numbers(AFFINE, shape=FOUR), THREE, numbers(SHEAR, shape=FOUR), one(1)),
        on_lists(transforms.same_grid),
        dims=3,
    ),
    # data
    "spacing_of": Row(
        spacing_of,
        (numbers(np.diag([1, 2, 3, 1]), shape=lambda s: (4, 4)),),
        lambda a: tuple(np.sqrt((a.astype(float)[:3, :3] ** 2).sum(0))),
    ),
    "without_specks": Row(without_specks, (labels(CELLS),), lambda c: np.zeros(c.shape)),
    "group_of": Row(group_of, (whole(3),), lambda n: (int(n) + 1) // 2, dims=0),
    "patient_numbered": Row(patient_numbered, (whole(3),), int, dims=0),
    "lesion_patches": Row(
        lambda n, s: tuple(lesion_patches(n, s)),
        (whole(1, gentle=True), whole(3)),
        on_plain(lambda n, s: tuple(lesion_patches(n, s))),
        dims=0,
    ),
    "texture_images": Row(
        lambda n, s: tuple(texture_images(n, s)),
        (whole(1, gentle=True), whole(3)),
        on_plain(lambda n, s: tuple(texture_images(n, s))),
        dims=0,
        examples=8,
    ),
    "seeded": Row(lambda s: seeded(s).random(), (whole(3),), lambda s: RNG(plain(s)).random(), dims=0),
    # claims
    "claim": Row(lambda v, low: claim("it", v, at_least=low), (one(3), one(2)), lambda v, low: None, dims=0),
}

ELSEWHERE = {
    "read_nifti read_labels unpacked TooLargeError read_manifest": "read files: test_nifti.py, test_data_manifest.py",
    "read_dicom read_slice read_flat write_dicom pydicom_or_advice swells": "read and write files: test_dicom.py",
    "with_interpolation with_normalisation he_initialise at_every_pixel multiplications "
    "training_memory": "test_networks.py, test_memory.py",
    "checkpointed": "changes how a network works: test_scaling.py",
    "WNet": "gives two tensors: test_nn_unet.py",
    "temperature_of": "takes tensors alone: test_calibration.py",
    "deep_supervision": "takes a loss, returns another: test_deep_supervision.py",
    "PlannedStage Block ValidBlock AttentionGate ResidualBlock ResidualStage convolution centre_crop require_legal "
    "require_divisible": "parts of networks above: test_networks.py, test_variants.py, test_nn_unet.py, test_vnet.py",
    "attention Mix MultiHeadAttention WindowAttention to_windows from_windows may_ask relative_places SwinBlock Level "
    "PatchEmbedding PatchMerging PatchExpanding": "parts of the Swin-Unet: test_attention.py, test_swin_unet.py",
    "SwinUNETR BoxAttention BoxBlock BoxMerging SkipBlock to_boxes from_boxes may_ask_in_boxes "
    "relative_places_in_boxes": "volumes only, and parts of it: test_swin_unetr.py",
    "DenoisingUNet TimedBlock TimeWaves": "takes a time as well: test_diffusion.py",
    "region_loss": "maps of 0 and 1: test_regions.py",
    "load_em load_vnc_sstem load_cells load_hippocampus load_ct_slice load_mr_slice load_brain_tumour load_torso "
    "load_torso_mr load_torso_tissue leave_one_patient_out brain_tumour_files numbers_of "
    "grouped_folds": "take a split: test_data_loaders.py",
    "ct_slice em_sections vnc_sections cell_field mr_slice torso_ct torso_mr hippocampus_box": "take a seed or a "
    "number, see `seeded`: test_data_standin.py",
    "torso head Torso Head": "take a seed, give a scan: test_phantoms_torso.py, test_phantoms_head.py",
    "Places grid spacing_given size_given finite share seed_given clay Build Outline outline table_height Substance "
    "brightness BodyCanvas Organ shells spine chest bowel plan lay_table arms HeadTissue Times signal textures Skull "
    "Anatomy anatomy Growth grown painted scanned bends height_of require_heights": "parts of those two",
    "smooth_noise enlarged length Section Tissue Painter Part Animal Microscope Micrograph": "the phantoms' own clay",
    "CTSlice CellFields EMSections VNCSections MRSlice LesionPatches TextureImages HippocampusCase BrainTumour "
    "TorsoCT TorsoMR TorsoTissue "
    "Match Agreement DataSet File DicomSlice DicomFlat DicomVolume": "hold what a function returned",
    "shapes membrane instances Shape": "read a text: test_annotate_text.py",
    "fetch data_folder problem_with is_present set_named announce standins_in_use "
    "network_problem network_is_lost explain FetchError ClaimError": "take names and paths: test_data_*.py",
}
