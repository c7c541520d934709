"""Cells of `usiigaci`: a U-Net that keeps neighbours apart by a weight map, a learned border, a watershed (chapter 10).

Trained on fields 1-8, 13-15 and 46 of the phase-contrast cells, at half their size. Best weights and thresholds are
chosen on fields 9 and 47; what is reported are fields 10-12 and 48-50, three of each population.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from scipy import ndimage
from torch import Tensor, nn
from torch.nn import functional as F

from unet_teach.data import CellFields, load_cells
from unet_teach.losses import cross_entropy
from unet_teach.metrics import Match, dice, match
from unet_teach.models import UNet
from unet_teach.predict import by_border, by_distance, components, infer
from unet_teach.predict.instances import Instances, Map
from unet_teach.train import History, fit
from unet_teach.transforms import flip_and_rotate, shift_grey, standardise, weight_map, with_seams

STEPS = 500
CROP, BATCH = 128, 4
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
CELL, BORDER = 1, 2  # classes; 0 is background, and two of the three kinds of network have no border


def half_size(fields: CellFields) -> tuple[Tensor, Instances]:
    """Halve the fields and standardise each: images (N, 511, 512) by averaging, instances by every second pixel."""
    means = F.avg_pool2d(torch.from_numpy(fields.images.astype(np.float32)), 2)
    return standardise(means.numpy()), np.ascontiguousarray(fields.instances[:, ::2, ::2])


def targets(instances: Instances, kind: str) -> tuple[Tensor, Tensor]:
    """Return the classes that a network should name, and the weight of each pixel.  (H, W) -> (H, W) and (H, W)

    kind : "plain", "weight map" and "even" know background and cell, with a seam of background between cells that
        touch; "even" spreads the weight map's extra weight evenly over the background; "border" knows a third class,
        the outermost pixel of each cell
    """
    cells = with_seams(instances)
    classes = cells.astype(np.int64)
    if kind == "border":
        inner = ndimage.minimum_filter(instances, 3) == ndimage.maximum_filter(instances, 3)
        classes = np.where(instances > 0, np.where(inner, CELL, BORDER), 0)
    weights = weight_map(instances) if kind in ("weight map", "even") else np.ones(instances.shape, np.float32)
    if kind == "even":
        weights[~cells] = weights[~cells].mean()
    return torch.from_numpy(classes), torch.from_numpy(weights)


def batch(
    images: Tensor, classes: Tensor, weights: Tensor, generator: torch.Generator, crop: int = CROP
) -> tuple[Tensor, ...]:
    """Cut crops at random places, turn each, vary its grey.  (N, H, W) thrice -> (4, 1, S, S) and (4, S, S) twice"""
    crops: list[tuple[Tensor, Tensor, Tensor]] = []
    for _ in range(BATCH):
        field, row, column = (
            int(torch.randint(high, (), generator=generator))
            for high in (len(images), images.shape[1] - crop + 1, images.shape[2] - crop + 1)
        )
        place = (field, slice(row, row + crop), slice(column, column + crop))
        pair = torch.stack([images[place], weights[place]])  # so that the weights are turned alike
        pair, truth = flip_and_rotate(pair, classes[place], generator)
        crops.append((shift_grey(pair[:1], generator), truth, pair[1]))
    image, truth, weight = (torch.stack(parts) for parts in zip(*crops, strict=True))
    return image, truth, weight


def train(
    kind: str,
    seed: int,
    fields: tuple[Tensor, Instances] | None = None,
    steps: int = STEPS,
    crop: int = CROP,
    build: Callable[[int], nn.Module] = lambda classes: UNet(classes=classes),
    loss: Callable[..., Tensor] = cross_entropy,
    learning_rate: float = 3e-3,
    validate_every: int = 250,
) -> tuple[nn.Module, History]:
    """Train one network on the training fields, or on others; the best weights have the best Dice on 9 and 47.

    build : how many classes -> a network
    loss : what the network answers, classes (N, H, W), weights (N, H, W) -> a number
    """
    images, instances = fields if fields is not None else half_size(load_cells("train"))
    classes, weights = (torch.stack(parts) for parts in zip(*(targets(i, kind) for i in instances), strict=True))
    unseen, true = half_size(load_cells("validation"))

    def validate(network: nn.Module) -> float:
        found = [foreground(network, image) > 0.5 for image in unseen]
        return float(np.mean([dice(f, t > 0) for f, t in zip(found, true, strict=True)]))

    torch.manual_seed(seed)
    network = build(3 if kind == "border" else 2)
    history = fit(
        network,
        partial(batch, images, classes, weights, crop=crop),
        loss,
        steps=steps,
        generator=torch.Generator().manual_seed(seed),
        learning_rate=learning_rate,
        validate=validate,
        validate_every=validate_every,
    )
    return network, history


def class_probabilities(network: nn.Module, image: Tensor) -> Map:
    """Predict every class at every pixel of a field.  (H, W) -> (K, H, W)"""
    height, width = image.shape
    bottom, right = -height % 8, -width % 8  # the network halves three times
    logits = infer(network, F.pad(image[None, None], (0, right, 0, bottom), mode="reflect"))
    return np.asarray(logits.softmax(dim=1)[0, :, :height, :width])


def foreground(network: nn.Module, image: Tensor) -> Map:
    """Predict the probability of a cell, its border included.  (H, W) -> (H, W)"""
    return np.asarray(1 - class_probabilities(network, image)[0])


def ways(network: nn.Module, kind: str, image: Tensor) -> dict[str, Callable[[float], Instances]]:
    """Name the ways from a network's answer to cells; each takes the threshold that is chosen on validation fields."""
    classes = class_probabilities(network, image)
    cell = 1 - classes[0]
    if kind == "border":
        return {
            "pieces": lambda t: components(classes[CELL] > t),
            "watershed": lambda t: by_border(classes[CELL], cell, t),
        }
    return {"pieces": lambda t: components(cell > t), "watershed": lambda t: by_distance(cell > t)}


def examine(network: nn.Module, kind: str) -> dict[str, float]:
    """Choose a threshold for each way on fields 9 and 47, then score each of the six test fields."""
    fields, held_out = load_cells("test"), load_cells("validation")
    images, true = half_size(held_out)
    tuned: dict[str, dict[float, Match]] = {"pieces": {}, "watershed": {}}
    for image, instances in zip(images, true, strict=True):
        for way, cut in ways(network, kind, image).items():
            for t in THRESHOLDS:
                tuned[way][t] = tuned[way].get(t, Match()) + match(cut(t), instances)
    best = {way: max(found, key=lambda t: found[t].average_precision) for way, found in tuned.items()}
    results: dict[str, float] = {f"{way} threshold": threshold for way, threshold in best.items()}
    images, true = half_size(fields)
    for number, image, instances in zip(fields.numbers, images, true, strict=True):
        results[f"dice {number}"] = dice(foreground(network, image) > 0.5, instances > 0)
        for way, cut in ways(network, kind, image).items():
            found = match(cut(best[way]), instances)
            results[f"{way} ap {number}"] = found.average_precision
            results |= {
                f"{way} {name} {number}": getattr(found, name) for name in ("missed", "false", "merged", "split")
            }
    return results
