"""The W-Net beside k-means and Otsu, on three kinds of images (chapter 16).

Nobody sees a label while it divides. Labels of the validation images then do two things, for every method alike: they
give the clusters their names, and choose the one dial that each has, a blur. The test images only get the score.
"""

from collections.abc import Callable
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

from unet_teach.course.wnet.rivals import (
    Features,
    filter_bank,
    grey,
    k_means,
    nearest_centre,
    otsu_clusters,
    some_pixels,
)
from unet_teach.course.wnet.training import CLUSTERS, LOSSES, STEPS, Padding, probabilities_of, train
from unet_teach.data import load_cells, load_em
from unet_teach.data.phantoms import texture_images
from unet_teach.metrics import best_union, dice, match_clusters
from unet_teach.recipes.cells import half_size
from unet_teach.transforms import standardise

Labels = NDArray[Any]  # booleans of a mask, or the numbers of several classes
BLURS = (0, 1, 2, 4)  # pixels
LEARNED_FROM = {"W-Net": LOSSES, "cut alone": ("cut",), "image alone": ("image",), "W-Net, zeros": LOSSES}
Divide = Callable[[Tensor, float], NDArray[np.int64]]  # image (H, W), blur -> clusters (H, W)
Ways = Callable[[float], Divide]  # one for each blur


class Material(NamedTuple):
    """Images without labels to divide, and images with labels to be asked about."""

    train: Tensor  # (N, H, W), standardised
    validation: tuple[Tensor, Labels]
    test: tuple[Tensor, Labels]


@cache
def material(kind: str) -> Material:
    """Load "EM" (membrane or not), "cells" (cell or not, at half the size) or "textures" (`texture_images`)."""
    splits = ("train", "validation", "test")
    pairs: list[tuple[Tensor, Labels]]
    if kind == "EM":
        sections = [load_em(split) for split in splits]
        pairs = [(standardise(s.images), s.membrane) for s in sections]
    elif kind == "cells":
        fields = [half_size(load_cells(split)) for split in splits]
        pairs = [(images, instances > 0) for images, instances in fields]
    elif kind == "textures":
        drawn = [texture_images(count, seed) for count, seed in ((24, 0), (6, 1), (6, 2))]
        pairs = [(torch.from_numpy(images), labels) for images, labels in drawn]
    else:
        raise ValueError(f"there are EM, cells and textures, got {kind!r}")
    return Material(pairs[0][0], pairs[1], pairs[2])


def ways_to_divide(
    method: str, images: Tensor, seed: int, groups: int, steps: int = STEPS
) -> Callable[[float], Divide]:
    """Divide without labels; return, for each blur, how an image is divided.

    Parameters
    ----------
    method : "Otsu", "k-means" (of grey values), "k-means on filters", "W-Net", "cut alone", "image alone", or
        "W-Net, zeros", whose convolutions see zeros beyond the border
    images : (N, H, W), standardised
    seed : of whatever chance there is
    groups : how many groups Otsu makes; all others make four
    """
    if method in LEARNED_FROM:
        padding: Padding = "zeros" if method.endswith("zeros") else "reflect"
        network, _ = train(images, seed, LEARNED_FROM[method], padding, steps)
        return lambda blur: lambda image, _: smoothed(probabilities_of(network, image), blur).argmax(axis=0)
    few = images[:: max(1, len(images) // 6)].numpy()
    features = filter_bank if method == "k-means on filters" else grey

    def of_blur(blur: float) -> Divide:
        seen = [features(image, blur) for image in few]
        if method == "Otsu":
            thresholds = otsu_clusters(seen, groups)
            return lambda image, blur: np.digitize(grey(image.numpy(), blur)[0], thresholds)
        points = some_pixels(seen, seed)
        spread = points.std(axis=0)
        centres = k_means(points / spread, CLUSTERS, seed)
        return lambda image, blur: nearest_centre(centres, _scaled(features(image.numpy(), blur), spread))

    return of_blur


def smoothed(maps: NDArray[np.floating], blur: float) -> NDArray[np.floating]:
    """Blur each of several maps.  (K, H, W) -> (K, H, W)"""
    return np.stack([ndimage.gaussian_filter(each, blur, mode="reflect") for each in maps])


def name(clusters: Labels, labels: Labels, groups: int) -> Labels:
    """Give each cluster its label: the best union for a mask, else one label each."""
    return (best_union if labels.dtype == bool else match_clusters)(clusters, labels, groups)


def scores(found: Labels, labels: Labels) -> list[float]:
    """Score each image: the Dice of the mask, or the mean over the labels.  (N, H, W) twice -> N numbers"""
    if labels.dtype == bool:
        return [dice(f, t) for f, t in zip(found, labels, strict=True)]
    numbers = range(labels.max() + 1)
    return [float(np.mean([dice(f == n, t == n) for n in numbers])) for f, t in zip(found, labels, strict=True)]


class Chosen(NamedTuple):
    """A division that has got its blur and its names on validation images: see `choose`."""

    validation: float
    blur: float
    clusters: Callable[[Tensor], NDArray[np.int64]]  # (N, H, W) -> (N, H, W)
    names: Labels

    def find(self, images: Tensor) -> Labels:
        """Label several images.  (N, H, W) -> (N, H, W)"""
        return self.names[self.clusters(images)]


def choose(kind: str, method: str, seed: int, steps: int = STEPS) -> Chosen:
    """Divide without labels, then choose blur and names on the labelled validation images."""
    images, (unseen, labels), _ = material(kind)
    groups = 2 if method == "Otsu" and labels.dtype == bool else CLUSTERS
    of_blur = ways_to_divide(method, images, seed, groups, steps)
    candidates = []
    for blur in BLURS:
        clusters = partial(_divided, of_blur(blur), blur)
        found = clusters(unseen)
        names = name(found, labels, groups)
        candidates.append(Chosen(float(np.mean(scores(names[found], labels))), blur, clusters, names))
    return max(candidates, key=lambda chosen: chosen.validation)


def compare(kind: str, method: str, seed: int, steps: int = STEPS) -> dict[str, float]:
    """Choose on validation images, score the test images: "score 0", "score 1" ..."""
    chosen, (images, labels) = choose(kind, method, seed, steps), material(kind).test
    found = scores(chosen.find(images), labels)
    return {"validation": chosen.validation, "blur": chosen.blur} | {f"score {n}": s for n, s in enumerate(found)}


def _divided(divide: Divide, blur: float, images: Tensor) -> NDArray[np.int64]:
    return np.stack([divide(image, blur) for image in images])


def _scaled(features: Features, spread: NDArray[np.floating]) -> Features:
    return features / spread[:, None, None]
