"""What the run of a reader's U-Net of chapter 8 shows: the layers in their order, and what the skips bring."""

import re
from itertools import pairwise

import torch
from torch import Tensor, nn

from unet_teach.course.exercises.unet_watch import Step, has, name
from unet_teach.models.original_unet import centre_crop

FOREIGN = {  # in the name of one of torch's layers
    "AvgPool": "The paper pools with nn.MaxPool2d, which keeps the largest of four, not their mean.",
    "Upsample": "The paper goes up with nn.ConvTranspose2d, kernel 2 and stride 2, not with nn.Upsample.",
    "Norm": "The paper's network has no normalisation: convolutions, ReLUs, poolings, up-convolutions.",
}


def by_the_layers(network: nn.Module, steps: list[Step], finished: bool) -> str | None:
    """Look at the layers alone: which they are, padding, poolings, and what happens between one and the next."""
    ran = [layer for layer, _, _ in steps]
    convolutions = [layer for layer in ran if isinstance(layer, nn.Conv2d)]
    pools = [layer for layer in ran if isinstance(layer, nn.MaxPool2d)]
    if not convolutions:
        return "No convolution ran. Create the layers in __init__, as attributes, and call them in forward."
    for part, hint in FOREIGN.items():
        if has(network, part):
            return hint
    if finished and not any(isinstance(layer, nn.ConvTranspose2d) for layer in ran):
        return "No nn.ConvTranspose2d ran. Use it as a layer to go up (not F.interpolate), so that it can be watched."
    if any(layer.padding not in ((0, 0), "valid") for layer in convolutions):
        return "The paper's network does not pad: its convolutions are valid, and 204 pixels become 20."
    if any(layer.stride != (1, 1) for layer in convolutions):
        return "A convolution takes steps of 2. In the paper the poolings halve the image, and nothing else."
    for (layer, _, gave), (_, got, _) in pairwise(steps):
        if isinstance(layer, nn.Conv2d) and gave.shape == got.shape and not torch.equal(got, gave.relu()):
            if torch.equal(got, gave):
                return f"No ReLU follows {name(layer)}. Each but the last 1x1 has one."
            return f"Something other than a ReLU follows {name(layer)}."
    if not pools:
        return "No nn.MaxPool2d ran. Create the pooling as a layer too (not F.max_pool2d), so that it can be watched."
    if len(pools) > 4 or (finished and len(pools) < 4):
        return f"The paper halves the image four times; yours {len(pools)} times."
    return None


def by_the_skips(steps: list[Step], problem: Exception | None) -> str | None:
    """Look at every join: what came in beside the up-convolution's output, and where it was taken."""
    before_pools = [got for layer, got, _ in steps if isinstance(layer, nn.MaxPool2d)]
    after_pools = [gave for layer, _, gave in steps if isinstance(layer, nn.MaxPool2d)]
    for index, (layer, _, up) in enumerate(steps):
        if not isinstance(layer, nn.ConvTranspose2d):
            continue
        if not before_pools:
            return "It goes up more often than down: four poolings, four up-convolutions."
        skip, pooled, c = before_pools.pop(), after_pools.pop(), up.shape[1]
        level = f"at the up-convolution to {c} channels"
        if index + 1 == len(steps):
            return f"It stops {level}. {_at_the_stop(str(problem), skip, pooled, up)} ({problem})"
        got = steps[index + 1][1]
        if got.shape == up.shape:
            if torch.equal(got, up):
                return f"Nothing comes across {level}. Keep what each block gave on the way down, and join it here."
            return f"The copy is added {level}. In a U-Net it is concatenated: {c} and {c} channels make {2 * c}."
        if got.shape[1] != 2 * c or got.shape[2:] != up.shape[2:]:
            return (
                f"The join {level} should give {2 * c} channels of {tuple(up.shape[2:])}: got {tuple(got.shape[1:])}."
            )
        if torch.equal(got[:, :c], up) and torch.equal(got[:, c:], centre_crop(skip, up)):
            return "The copy and what comes from below are joined in the other order: the copy comes first here."
        across = got[:, :c]
        if torch.equal(got[:, c:], up.relu()):
            return "The up-convolution has no ReLU of its own in the paper: the two convolutions after it have."
        if not torch.equal(got[:, c:], up):
            return f"The second half of what is joined {level} should be what the up-convolution gave."
        if torch.equal(across, skip[:, :, : up.shape[2], : up.shape[3]]) and skip.shape != up.shape:
            return f"The copy {level} is the top left corner of the block's output. Cut out its middle."
        if torch.equal(across.relu(), centre_crop(skip, up)) and not torch.equal(across, across.relu()):
            return f"The copy {level} was taken before the block's last ReLU. Take it after."
        if not across.any():
            return f"The copy {level} is all zeros."
        if not torch.equal(across, centre_crop(skip, up)):
            return (
                f"What comes across {level} is not what the block of that level gave before the pooling, cut to the "
                "middle. Is the last one kept the first one used, as pop() does?"
            )
    return None


def _at_the_stop(problem: str, skip: Tensor, pooled: Tensor, up: Tensor) -> str:
    """Tell from the error what the copy was that did not fit."""
    size, right, below = (tuple(part.shape[2:]) for part in (skip, up, pooled))
    if str(size[0]) in re.findall(r"\d+", problem):
        return f"The copy of {size} pixels must be cropped to the middle, {right}, and then joined along dimension 1."
    if "channels" in problem:
        return "The copy of another level came across: what was kept last is used first, as pop() does."
    return f"The copy is what the block gave before the pooling, {size} pixels and not {below}, cropped to {right}."
