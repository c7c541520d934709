"""Every size: pictures in tiles against the whole, and networks, which answer or name the nearest legal size."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from monai.inferers import sliding_window_inference

from fuzz.nets import padded_net, picture, valid_net, whole_picture
from unet_teach.models import (
    AttentionUNet,
    NNUNet,
    OriginalUNet,
    PatchCNN,
    ResidualUNet,
    SwinUNet,
    SwinUNETR,
    UNet,
    UNetPlusPlus,
    VNet,
    WNet,
    at_every_pixel,
)
from unet_teach.models.ablations import AddedSkips, Unpadded, WithoutSkips
from unet_teach.predict import overlap_tile, sliding_window

LARGEST = 300  # pixels a side
PLAN = {
    "features_per_stage": [2, 2, 2],
    "kernel_sizes": [[3, 3]] * 3,
    "strides": [[1, 1], [2, 2], [2, 2]],
    "n_conv_per_stage": [1, 1, 1],
    "n_conv_per_stage_decoder": [1, 1],
}


def tiled_at(side):
    """Predict pictures with that side in tiles and in windows; say what differs from the whole, or nothing."""
    shape = (side, 1 + (side * 7) % 61) if side % 2 else (1 + (side * 7) % 61, side)
    image = picture(1, *shape, seed=side)
    tile = (8, 16, 26, 64)[side % 4]
    found = overlap_tile(valid_net(), image, tile, 3, 2)
    if not torch.allclose(found, whole_picture(valid_net(), image, 3, 2, 0), atol=1e-4, rtol=1e-4):
        return f"tiles of {tile} on {shape} are not the whole"
    network, window = padded_net().eval(), (5 + side % 20, 32)
    found = sliding_window(network, image, window, 0.5)
    with torch.no_grad():
        wanted = sliding_window_inference(image[None], window, 4, network, 0.5, mode="gaussian")[0]
    if not torch.allclose(found, wanted, atol=1e-4, rtol=1e-4):
        return f"windows of {window} on {shape} are not MONAI's"
    return None


@dataclass(frozen=True)
class Rule:
    """A network, which sides it takes, and what it makes of them.

    make : -> a small network
    legal : side -> whether it takes it
    largest : side to try
    beside : the other sides
    lost : pixels that the answer has fewer
    """

    make: Callable
    legal: Callable
    largest: int
    beside: tuple[int, ...] = (16,)
    lost: int = 0
    named: str = "Nearest legal|must be multiples"


def multiple(of):
    """Take multiples, and 0 not."""
    return lambda side: side > 0 and side % of == 0


RULES = {
    "UNet": Rule(lambda: UNet(width=1, depth=3), multiple(8), 70),
    "UNet, three dimensions": Rule(lambda: UNet(width=1, depth=2, dims=3), multiple(4), 30, (8, 4)),
    "WithoutSkips": Rule(lambda: WithoutSkips(width=1, depth=2), multiple(4), 40),
    "AddedSkips": Rule(lambda: AddedSkips(width=1, depth=2), multiple(4), 40),
    "AttentionUNet": Rule(lambda: AttentionUNet(width=1, depth=2), multiple(4), 40),
    "UNetPlusPlus": Rule(lambda: UNetPlusPlus(width=1, depth=2), multiple(4), 40),
    "ResidualUNet": Rule(lambda: ResidualUNet(width=1, depth=2), multiple(4), 40),
    "Unpadded": Rule(
        lambda: Unpadded(width=1, depth=2), lambda side: side >= 44 and side % 4 == 0, 80, (48,), 40, "fit|legal"
    ),
    "OriginalUNet": Rule(lambda: OriginalUNet(width=1), lambda side: side >= 188 and side % 16 == 12, 300, (188,), 184),
    "SwinUNet": Rule(lambda: SwinUNet(width=2, depth=1, heads=1, window=2), multiple(8), 60),
    "NNUNet": Rule(lambda: NNUNet(PLAN), multiple(4), 40),
    "VNet": Rule(lambda: VNet(width=1, depth=2, kernel=3), multiple(4), 24, (8, 4)),
    "WNet": Rule(lambda: WNet(clusters=2, width=1, depth=2), multiple(4), 40),
    "SwinUNETR": Rule(lambda: SwinUNETR(in_channels=1, width=4, stages=1, heads=1, window=2), multiple(4), 24, (8, 8)),
    "PatchCNN": Rule(
        lambda: at_every_pixel(PatchCNN(width=1)), lambda side: side >= 33, 60, (33,), 32, "hold no patch|pad"
    ),
}


def sizes_of(name):
    """Try every side of one network, along its first and its last axis; return what went wrong."""
    rule, wrong = RULES[name], []
    torch.manual_seed(0)
    network = rule.make().eval()
    for side in range(1, rule.largest + 1):
        for shape in ((side, *rule.beside), (*rule.beside, side)):
            fared = fate(network, shape)
            wanted = [length - rule.lost for length in shape] if rule.legal(side) else rule.named
            if isinstance(wanted, list) != isinstance(fared, list) or (isinstance(wanted, list) and fared != wanted):
                wrong.append(f"{name} {shape}: {fared}")
            elif isinstance(fared, str) and not any(word in fared for word in wanted.split("|")):
                wrong.append(f"{name} {shape}, refused without help: {fared}")
    return wrong


def fate(network, shape):
    """Say what a network makes of a size: the sides of its answer, or its refusal."""
    images = torch.from_numpy(np.random.default_rng(shape).normal(size=(1, 1, *shape)).astype(np.float32))
    try:
        with torch.no_grad():
            answer = network(images)
    except ValueError as error:
        return str(error)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    answer = answer[0] if isinstance(answer, tuple | list) else answer
    return list(answer.shape[2:])
