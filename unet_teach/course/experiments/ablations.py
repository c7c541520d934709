"""Which part earns its place: the U-Net of chapter 9 with one part changed at a time, at equal steps and batches.

Best weights and thresholds are chosen on sections 20 to 22; what is reported is the score on sections 24 to 29.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from unet_teach.course.experiments import normalisation
from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.models import UNet
from unet_teach.models.ablations import AddedSkips, Unpadded, WithoutSkips, with_interpolation
from unet_teach.predict import average_symmetries, overlap_tile
from unet_teach.recipes.em import Batch, Map, augmented_batch, examine, membrane_map, plain_batch, section_batch, train
from unet_teach.recipes.em.batches import vary_grey
from unet_teach.transforms import flip_and_rotate

STEPS = 400
MARGIN = 44  # of the unpadded network, on each side
SIDE = 124  # of its output; an input of 212 is the legal size that comes nearest to 128 from below


@dataclass(frozen=True)
class Variant:
    """What to train, on which batches, and how it predicts a section."""

    build: Callable[[], nn.Module]
    batch: Batch = augmented_batch
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
    "no elastic": Variant(UNet, partial(section_batch, before=(flip_and_rotate,), after=(vary_grey,))),
    "instance norm": Variant(partial(normalisation.build, "instance")),
    "group norm": Variant(partial(normalisation.build, "group")),
    "interpolation": Variant(lambda: with_interpolation(UNet())),
    "unpadded": Variant(Unpadded, without_margin_batch, tiled_map),
}


@threads(1)
def run(variant: str, seed: int) -> dict[str, float]:
    """Train once on sections 0 to 18, and score sections 24 to 29 from the average of eight looks."""
    chosen = VARIANTS[variant]

    def eight_looks(network: nn.Module, image: Tensor) -> Map:
        once = partial(chosen.predict, network)
        return np.asarray(average_symmetries(lambda turned: torch.from_numpy(once(turned[0]))[None], image[None])[0])

    network, history = train(seed, chosen.batch, build=chosen.build, steps=STEPS, predict=chosen.predict)
    return {"validation dice": history.score[history.best_step]} | examine(network, eight_looks)


EXPERIMENT = Experiment(
    "ablations",
    f"What do sections 24 to 29 lose if one part of the U-Net is changed? {STEPS} steps on sections 0 to 18.",
    [{"variant": variant, "seed": seed} for seed in range(3) for variant in VARIANTS],
    run,
    {"validation dice": 0.01, "dice ": 0.02, "v_rand ": 0.1},
    needs=("isbi2012_em",),
    cheapest={"variant": "width 4"},
)
