"""Chapter 9's training run, and the same with one part changed at a time, at equal steps and batches.

Best weights, thresholds and shifts are chosen on sections 20 to 22; what is reported is the score on sections 24 to 29.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.data import load_em
from unet_teach.models import UNet
from unet_teach.models.ablations import AddedSkips, Unpadded, WithoutSkips, with_interpolation, with_normalisation
from unet_teach.predict import average_symmetries, overlap_tile
from unet_teach.recipes.em import (
    Batch,
    Map,
    ask,
    augmented_batch,
    examine,
    examine_aligned,
    membrane_map,
    plain_batch,
    scores_by_section,
    section_batch,
    train,
    weighted_loss,
)
from unet_teach.recipes.em.batches import vary_grey
from unet_teach.recipes.em.training import STEPS
from unet_teach.transforms import flip_and_rotate

MARGIN = 44  # of the unpadded network, on each side
SIDE = 124  # of its output; an input of 212 is the legal size that comes nearest to 128 from below


@dataclass(frozen=True)
class Variant:
    """What to train, on which batches, by which loss, and how it predicts a section."""

    build: Callable[[], nn.Module]
    batch: Batch = augmented_batch
    loss: Callable[[Tensor, Tensor], Tensor] = weighted_loss
    predict: Callable[[nn.Module, Tensor], Map] = membrane_map


def without_margin_batch(images: Tensor, membrane: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Mirror sections beyond their border, cut larger crops, label their middle.  -> (4, 1, 212, 212), (4, 124, 124)"""
    wide = F.pad(images[:, None], (MARGIN,) * 4, mode="reflect")[:, 0]
    wide_truth = F.pad(membrane[:, None].float(), (MARGIN,) * 4, mode="reflect")[:, 0].long()
    crops, truth = augmented_batch(wide, wide_truth, generator, side=SIDE + 2 * MARGIN)
    return crops, truth[:, MARGIN:-MARGIN, MARGIN:-MARGIN]


def tiled_map(network: nn.Module, image: Tensor) -> Map:
    """Predict the probability of membrane with the unpadded network.  (H, W) -> (H, W)"""
    tile = -(-max(image.shape) // 8) * 8 + 92  # one tile holds the section: 92 is the smallest legal, then steps of 8
    return np.asarray(overlap_tile(network, image[None], tile, MARGIN).softmax(dim=0)[1])


def instance_norm() -> nn.Module:
    """Make the course's U-Net with instance normalisation."""
    return with_normalisation(UNet(), partial(nn.InstanceNorm2d, affine=True))


def group_norm() -> nn.Module:
    """Make the course's U-Net with group normalisation, eight groups a layer."""
    return with_normalisation(UNet(), partial(nn.GroupNorm, 8))


VARIANTS = {
    "the U-Net": Variant(UNet),
    "without skips": Variant(WithoutSkips),
    "skips added": Variant(AddedSkips),
    "depth 1": Variant(partial(UNet, depth=1)),
    "depth 2": Variant(partial(UNet, depth=2)),
    "depth 4": Variant(partial(UNet, depth=4)),
    "width 4": Variant(partial(UNet, width=4)),
    "width 8": Variant(partial(UNet, width=8)),
    "no augmentation": Variant(UNet, plain_batch),
    "no class weight": Variant(UNet, loss=partial(weighted_loss, weight=1)),
    "no elastic": Variant(UNet, partial(section_batch, before=(flip_and_rotate,), after=(vary_grey,))),
    "instance norm": Variant(instance_norm),
    "group norm": Variant(group_norm),
    "interpolation": Variant(lambda: with_interpolation(UNet())),
    "unpadded": Variant(Unpadded, without_margin_batch, predict=tiled_map),
}


@threads(1)
def run(variant: str, seed: int) -> dict[str, float]:
    """Train once on sections 0 to 18, and score sections 24 to 29 from one look at each and from the mean of eight."""
    chosen = VARIANTS[variant]

    def eight_looks(network: nn.Module, image: Tensor) -> Map:
        once = partial(chosen.predict, network)
        return np.asarray(average_symmetries(lambda turned: torch.from_numpy(once(turned[0]))[None], image[None])[0])

    network, history = train(seed, chosen.batch, chosen.loss, chosen.build, predict=chosen.predict)
    results = {"validation dice": history.score[history.best_step], "best step": history.best_step}
    for look, prefix in ((chosen.predict, ""), (eight_looks, "averaged ")):
        unseen, exam = ask(network, look)
        results |= examine(unseen, exam, prefix) | examine_aligned(unseen, exam, prefix)
    chosen_at = float(results["averaged threshold"])
    return results | scores_by_section(unseen, load_em("validation"), chosen_at, "averaged validation ")


# Before a run was made: what is compared with the U-Net over five seeds. The others are a look, over two.
NAMED = ("depth 1", "without skips", "no augmentation", "no elastic", "no class weight")
RUNS = [
    *((variant, seed) for seed in range(5) for variant in ("the U-Net", *NAMED)),
    *((variant, seed) for seed in range(2) for variant in VARIANTS if variant not in ("the U-Net", *NAMED)),
]
EXPERIMENT = Experiment(
    "ablations",
    f"What do sections 24 to 29 lose if one part of chapter 9's recipe is changed? {STEPS} steps on sections 0 to 18.",
    [{"variant": variant, "seed": seed} for variant, seed in RUNS],
    run,
    {"validation dice": 0.01, "dice ": 0.02, "v_rand ": 0.15, "averaged dice ": 0.02, "averaged v_rand ": 0.1},
    needs=("isbi2012_em",),
    cheapest={"variant": "width 4"},
)
