"""The answers of the self-test that are numbers, each computed from what its question says."""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from unet_teach.classical import output_size
from unet_teach.clinic.survival import kaplan_meier
from unet_teach.course.diffusion import velocity
from unet_teach.metrics import bland_altman, dice, exact_interval, iou, match, rand_f_score, sign_flip_test
from unet_teach.models import attention
from unet_teach.nnunet.topology import network_topology
from unet_teach.predict import decode_regions, merge_parts
from unet_teach.transforms import weight_map

CENTRE = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])


def grid(rows: list[str]) -> np.ndarray:
    return np.array([[float(number) for number in row.split()] for row in rows])


def one_step(x: float, y: float, w: float, rate: float) -> float:
    weight = torch.tensor(float(w), requires_grad=True)
    ((weight * x - y) ** 2).backward()
    return w - rate * weight.grad.item()


def field(layers: list[tuple[int, int]]) -> int:
    reach, step = 1, 1
    for kernel, stride in layers:
        reach, step = reach + (kernel - 1) * step, step * stride
    return reach


def unpadded(size: int, depth: int) -> int | None:
    for _ in range(depth):
        size -= 4
        if size <= 0 or size % 2:
            return None
        size //= 2
    size -= 4
    for _ in range(depth):
        size = 2 * size - 4
    return size if size > 0 else None


def legal(at_least: int, depth: int) -> int:
    return next(size for size in range(1, 2000) if (unpadded(size, depth) or 0) >= at_least)


def masks(found: int, missed: int, beside: int) -> tuple[np.ndarray, np.ndarray]:
    true, predicted = np.zeros((1, 100), bool), np.zeros((1, 100), bool)
    true[:, : found + missed] = True
    predicted[:, missed : found + missed + beside] = True
    return predicted, true


def perfect_mask(pairs: int, alone: int) -> tuple[np.ndarray, np.ndarray]:
    """Cells of 4 pixels each in a row: touching pairs, then single ones; and the pieces of their mask."""
    row, pieces, cell = [], [], 0
    for piece, size in enumerate([2] * pairs + [1] * alone, start=1):
        for _ in range(size):
            cell += 1
            row += [cell] * 4
            pieces += [piece] * 4
        row, pieces = [*row, 0], [*pieces, 0]
    return np.array([pieces]), np.array([row])


def plateau(curve: list[float], allowance: float) -> float:
    near = [place for place, height in enumerate(curve) if height >= max(curve) - allowance - 1e-9]
    return (near[0] + near[-1]) / 2


def parameters(*layers: nn.Module) -> list[int]:
    return [sum(part.numel() for part in layer.parameters()) for layer in layers]


def gap(one: int, two: int) -> float:
    """The weight of the pixel `one` pixel from a cell on the left, `two` from one on the right."""
    instances = np.zeros((1, one + two + 1), int)
    instances[0, 0], instances[0, -1] = 1, 2
    return float(weight_map(instances, w0=10, sigma=5)[0, one])


def two_cells(*sizes: int) -> tuple[np.ndarray, np.ndarray]:
    true = np.repeat([1, 2], sizes)[None]
    return np.ones_like(true), true


def cube_and_moved(side: int) -> tuple[np.ndarray, np.ndarray]:
    cube = np.zeros((side + 4,) * 3, bool)
    cube[2:-2, 2:-2, 2:-2] = True
    return cube, np.roll(cube, 1, axis=0)


def normalised_cut(likeness: np.ndarray, one: list[int], other: list[int]) -> float:
    through = likeness[np.ix_(one, other)].sum()
    return through / likeness[one].sum() + through / likeness[other].sum()


def heard(query: float, keys: list[float], values: list[float]) -> float:
    one, several, said = (torch.tensor(numbers, dtype=torch.float64)[:, None] for numbers in ([query], keys, values))
    return float(attention(one, several, said))


PATCH = np.random.default_rng(0).integers(0, 100, (3, 3)).astype(float)
PATCH[1, 1] += (30 - (PATCH * CENTRE).sum()) / 8
BY_COUNTING = masks(found=9, missed=1, beside=6)


def claims(*spans: tuple[int, int]) -> tuple[list[np.ndarray], list[dict[int, int]]]:
    """Let each part claim a span of 100 voxels, counted from 1; the parts' final numbers are 1, 2 ..."""
    places = np.arange(1, 101)
    parts = [((places >= first) & (places <= last)).astype(int) for first, last in spans]
    return parts, [{1: number} for number in range(1, len(spans) + 1)]


NUMBERS: dict[str, Callable[[], float]] = {
    "lamp": lambda: np.convolve([2, 0, 3], [4, 2, 1])[2],
    "padding": lambda: next(p for p in range(9) if output_size(224, 7, padding=p, stride=2) == 112),
    "brighter": lambda: (CENTRE * (2 * PATCH + 100)).sum(),
    "one-step": lambda: one_step(3, 12, 2, 0.05),
    "start": lambda: math.log(0.05 / 0.95),
    "field": lambda: field([(3, 1), (3, 1), (2, 2), (3, 1), (2, 2), (5, 1)]),
    "iou": lambda: iou(*BY_COUNTING),
    "weight-back": lambda: 9 / (1 + 9),
    "shifts": lambda: (2**3) ** 2,
    "legal-size": lambda: legal(120, 3),
    "rand": lambda: rand_f_score(*two_cells(30, 10)),
    "halved": lambda: gap(2, 3),
    "precision": lambda: match(*perfect_mask(pairs=2, alone=6)).average_precision,
    "ras": lambda: (np.diag([-1, -1, 1]) @ [-12, 30, -400])[1],
    "thick": lambda: 3000 * abs(np.linalg.det(np.diag([0.5, 0.5, 4]))) / 1000,
    "surface": lambda: dice(*cube_and_moved(6)),
    "three-in-a-row": lambda: normalised_cut(np.array([[1, 0.5, 0], [0.5, 1, 0.25], [0, 0.25, 1]]), [0, 1], [2]),
    "two-values": lambda: heard(3, [0, 0], [10, 30]),
    "flips": lambda: sign_flip_test([0.3, 0.2, -0.1, 0.4]),
    "sigmoid-voxel": lambda: decode_regions(np.array([[0.9], [0.3], [0.6]]) > 0.5).item(),
    "still-there": lambda: kaplan_meier([3] * 2 + [5] * 4 + [6] + [9] * 3, [1] * 2 + [0] * 4 + [1] + [0] * 3).at(6),
    "area-bound": lambda: 150 * 0.8 / (2 - 0.8),
    "part-order": lambda: (merge_parts(*claims((1, 60), (41, 70), (51, 55))) == 2).sum(),
    "half-spacing": lambda: 0.9 * (3 / 1.5) ** 3,
    "parts-of-a-batch": lambda: np.average([1.0, 2.0], weights=[300, 100]),
    "eleven-of-eleven": lambda: 100 * exact_interval(0, 11)[1],
    "limits": lambda: bland_altman([-6, 4, 14], [0, 0, 0]).upper,
    "width-of-a-pixel": lambda: 1000 / (1550 / 100),
    "plateau": lambda: 0.1 + 0.1 * plateau([0.80, 0.93, 0.960, 0.951, 0.948, 0.955, 0.952, 0.90], 0.01),
    "seven-levels": lambda: len(network_topology([4, 1, 1], [32, 256, 256]).strides),
    "velocity-by-hand": lambda: velocity(*torch.tensor([1.0, 2.0]).view(2, 1, 1, 1, 1), torch.tensor([math.acos(0.6)])),
    "who-fell": lambda: np.mean(np.less([0.85, 0.7, 0.9, 0.75], [0.9, 0.6, 0.5, 0.8])),
}
