"""The checker of chapter 8's last exercise: it runs the reader's U-Net, and watches what its layers get and give.

It asks of the network only what the paper's has: valid convolutions, poolings and up-convolutions that are torch's
layers. How the class is written, and what its parts are called, is the reader's business.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from unet_teach.course.exercises import NotAnsweredYet, Wants, checker
from unet_teach.course.exercises.unet_watch import LAYERS, Step, alike, name, random_image, unlike, watch, weighted
from unet_teach.models.original_unet import OriginalUNet, centre_crop

A_CLASS = Wants(
    lambda answer: callable(answer) and not isinstance(answer, nn.Module),
    "Give the class itself, MyUNet, without brackets.",
)
NETWORKS = (  # in_channels, classes and width, and two images: the first small, the second with another height or batch
    ((1, 2, 8), ((1, 1, 204, 204), (2, 1, 188, 204))),
    ((3, 4, 5), ((1, 3, 188, 188), (1, 3, 220, 188))),
)
FOREIGN = {  # in the name of a layer
    "AvgPool": "The paper pools with nn.MaxPool2d, which keeps the largest of four, not their mean.",
    "Upsample": "The paper goes up with nn.ConvTranspose2d, kernel 2 and stride 2, not with nn.Upsample.",
    "Norm": "The paper's network has no normalisation: convolutions, ReLUs, poolings, up-convolutions.",
}
AFTER_THE_HEAD: dict[str, Callable[[Tensor], Tensor]] = {
    "It returns probabilities. Return logits: the loss of this course does the softmax.": lambda x: x.softmax(1),
    "It returns the logarithms of probabilities. Return logits: the loss does the rest.": lambda x: x.log_softmax(1),
    "It ends with a sigmoid. Return logits, which the last convolution gives.": torch.sigmoid,
    "It ends with a ReLU. Logits may be below 0: nothing comes after the 1x1 convolution.": torch.relu,
    "It returns the class of each pixel. Return the logits of all classes.": lambda x: x.argmax(1),
}


@checker(
    "Exercise 6",
    "With the same weights it gives the same numbers as the package's, and none of its skips is idle. It is yours.",
    wants=A_CLASS,
)
def whole(answer: Any) -> str | None:
    """A class whose MyUNet(in_channels, classes, width) is the paper's network."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)  # the same answer gets the same verdict, and the reader's own chance goes on undisturbed
        for arguments, shapes in NETWORKS:
            made, images = answer(*arguments), [random_image(*shape) for shape in shapes]
            hint = _judge(made, OriginalUNet(*arguments), images)
            if hint:
                return hint if arguments == (1, 2, 8) else f"Of MyUNet{arguments}, where all is different: {hint}"
        if {id(weights) for weights in made.parameters()} & {
            id(weights) for weights in answer(*arguments).parameters()
        }:
            return "Two networks share their weights. Create the layers in __init__, as attributes of self."
    return None


def _judge(network: Any, reference: OriginalUNet, images: list[Tensor]) -> str | None:
    if network is None or network is ...:
        raise NotAnsweredYet
    if not isinstance(network, nn.Module):
        return "MyUNet(...) should give a torch module: write class MyUNet(nn.Module)."
    steps, result, problem = watch(network.eval(), images[0])
    if not steps and (problem is None or isinstance(problem, NotImplementedError)) and not isinstance(result, Tensor):
        raise NotAnsweredYet
    stopped = f"Its forward stops after {len(steps)} layers with {type(problem).__name__}: {problem}"
    if not steps and problem is not None:
        return f"Given {tuple(images[0].shape)}: {stopped}"
    hint = _by_the_layers(network, steps, finished=problem is None) or _by_the_skips(steps)
    if hint is None and problem is not None:
        return stopped
    return hint or _by_the_result(reference, images[0], steps, result) or _by_the_weights(network, reference, images)


def _by_the_layers(network: nn.Module, steps: list[Step], finished: bool) -> str | None:
    """Look at the layers alone: which they are, padding, poolings, and what happens between one and the next."""
    ran = [layer for layer, _, _ in steps]
    convolutions = [layer for layer in ran if isinstance(layer, nn.Conv2d)]
    pools = [layer for layer in ran if isinstance(layer, nn.MaxPool2d)]
    if not convolutions:
        return "No convolution ran. Create the layers in __init__, as attributes, and call them in forward."
    for layer in network.modules():
        for part, hint in FOREIGN.items():
            if part in type(layer).__name__:
                return hint
    if finished and not any(isinstance(layer, nn.ConvTranspose2d) for layer in ran):
        return "No nn.ConvTranspose2d ran. Use it as a layer to go up (not F.interpolate), so that it can be watched."
    if any(layer.padding not in ((0, 0), "valid") for layer in convolutions):
        return "The paper's network does not pad: its convolutions are valid, and 204 pixels become 20."
    if any(layer.stride != (1, 1) for layer in convolutions):
        return "A convolution takes steps of 2. In the paper the poolings halve the image, and nothing else."
    for (layer, _, gave), (after, got, _) in pairwise(steps):
        if isinstance(layer, nn.Conv2d) and gave.shape == got.shape and not torch.equal(got, gave.relu()):
            if torch.equal(got, gave):
                return f"No ReLU follows {name(layer)}. Each but the last 1x1 has one."
            if isinstance(after, LAYERS) and isinstance(after, nn.Conv2d):
                return f"Something other than a ReLU follows {name(layer)}."
    if not pools:
        return "No nn.MaxPool2d ran. Create the pooling as a layer too (not F.max_pool2d), so that it can be watched."
    if len(pools) > 4 or (finished and len(pools) < 4):
        return f"The paper halves the image four times; yours {len(pools)} times."
    return None


def _by_the_skips(steps: list[Step]) -> str | None:
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
        if index + 1 == len(steps):  # it stopped here
            return (
                f"It stops {level}, where {tuple(up.shape[2:])} pixels come from below. The copy is what the block "
                f"gave, before the pooling ({tuple(skip.shape[2:])} pixels, not {tuple(pooled.shape[2:])}), cropped to "
                "the middle, and joined with torch.cat(..., dim=1); what was kept last is used first."
            )
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
        if not across.any():
            return f"The copy {level} is all zeros."
        if not torch.equal(across, centre_crop(skip, up)):
            return (
                f"What comes across {level} is not what the block of that level gave before the pooling, after its "
                "ReLU, cut to the middle. Is the last one kept the first one used, as pop() does?"
            )
    return None


def _by_the_result(reference: OriginalUNet, image: Tensor, steps: list[Step], result: Any) -> str | None:
    """Look at what came out, and at how many weights there are in which layers."""
    wanted_steps, wanted, _ = watch(reference.eval(), image)
    if not isinstance(result, Tensor):
        return "forward should return one tensor, the logits. Is the return missing?"
    head = steps[-1][2]
    for hint, mistake in AFTER_THE_HEAD.items():
        if not torch.equal(result, head) and alike(result.double(), mistake(head).double()):
            return hint
    if result.shape != wanted.shape:
        return f"{tuple(image.shape)} should become {tuple(wanted.shape)}; yours gives {tuple(result.shape)}."
    for number, (step, right) in enumerate(zip(steps, wanted_steps, strict=False), start=1):
        mine, theirs = ([type(layer).__name__, *got.shape[1:2], *gave.shape[1:2]] for layer, got, gave in (step, right))
        bias = getattr(step[0], "bias", None) is None and not isinstance(step[0], nn.MaxPool2d)
        if mine != theirs or bias:
            return (
                f"Layer {number} of the run is {mine[0]} from {mine[1]} to {mine[2]} channels"
                f"{' without a bias' if bias else ''}, and should be {theirs[0]} from {theirs[1]} to {theirs[2]}."
            )
    return None


def _by_the_weights(network: nn.Module, reference: OriginalUNet, images: list[Tensor]) -> str | None:
    """Count the weights; then, with the package's weights copied over, compare every number and every slope."""
    ours, theirs = (weighted(watch(net, images[0])[0]) for net in (network, reference))
    for place, layer in enumerate(ours):
        if layer in ours[:place]:
            return f"{name(layer).capitalize()} runs twice. Each convolution has weights of its own."
    if len(ours) != len(theirs):
        return f"{len(ours)} convolutions run, and {len(theirs)} should, the up-convolutions among them."
    for mine, its in zip(ours, theirs, strict=True):
        if mine.weight.shape != its.weight.shape:
            return f"{name(mine).capitalize()} has a kernel of {mine.kernel_size}, the paper's of {its.kernel_size}."
    count, right = (sum(weights.numel() for weights in net.parameters()) for net in (network, reference))
    if count != right:
        return (
            f"It should have {right:,} parameters; yours has {count:,}: something in it has weights and is never run."
        )
    hints = (unlike(network, reference, list(zip(ours, theirs, strict=True)), image, dropout=True) for image in images)
    return next(filter(None, hints), None)
