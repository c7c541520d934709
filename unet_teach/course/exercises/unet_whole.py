"""The checker of chapter 8's last exercise: it runs the reader's U-Net, and watches what its layers get and give.

It asks of the network only what the paper's has: valid convolutions, poolings and up-convolutions that are torch's
layers. How the class is written, and what its parts are called, is the reader's business.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from unet_teach.course.exercises import NotAnsweredYet, Wants, checker
from unet_teach.course.exercises.unet_run import by_the_layers, by_the_skips
from unet_teach.course.exercises.unet_watch import (
    OTHER_NUMBERS,
    Step,
    alike,
    kind,
    name,
    random_image,
    unlike,
    watch,
    weighted,
)
from unet_teach.models.original_unet import OriginalUNet

A_CLASS = Wants(
    lambda answer: callable(answer) and not isinstance(answer, nn.Module),
    "Give the class itself, MyUNet, without brackets.",
)
NETWORKS = (  # in_channels, classes and width, and two images: the first small, the second with another height or batch
    ((1, 2, 8), ((1, 1, 204, 204), (2, 1, 188, 204))),
    ((3, 4, 5), ((1, 3, 188, 188), (1, 3, 220, 188))),
)
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
        again = {id(weights) for weights in answer(*arguments).parameters()}
        if any(id(weights) in again for weights in made.parameters()):
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
    hint = by_the_layers(network, steps, finished=problem is None) or by_the_skips(steps, problem)
    if hint is None and problem is not None:
        return stopped
    return hint or _by_the_result(reference, images[0], steps, result) or _by_the_weights(network, reference, images)


def _by_the_result(reference: OriginalUNet, image: Tensor, steps: list[Step], result: Any) -> str | None:
    """Look at what came out, and at how many weights there are in which layers."""
    wanted_steps, wanted, _ = watch(reference.eval(), image)
    if not isinstance(result, Tensor):
        return "forward should return one tensor, the logits. Is the return missing?"
    head = steps[-1][2]
    for hint, mistake in AFTER_THE_HEAD.items():
        if not torch.equal(result, head) and alike(result.double(), mistake(head).double()):
            return hint
    if result.shape == head.shape and not torch.equal(result, head):
        return "Return what the last 1x1 convolution gives, unchanged: these are the logits."
    if result.shape != wanted.shape:
        return f"{tuple(image.shape)} should become {tuple(wanted.shape)}; yours gives {tuple(result.shape)}."
    for number, (step, right) in enumerate(zip(steps, wanted_steps, strict=False), start=1):
        mine, theirs = ([kind(layer), *got.shape[1:2], *gave.shape[1:2]] for layer, got, gave in (step, right))
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
    for image in images:
        hint = unlike(network, reference, list(zip(ours, theirs, strict=True)), image, dropout=True)
        if hint == OTHER_NUMBERS and image is not images[0]:
            return f"{tuple(images[0].shape)} comes out right, {tuple(image.shape)} does not: every image by itself."
        if hint:
            return hint
    return None


EQUIVALENT = {  # changed solutions that are right
    "Exercise 6: `def __init__(self, in_channels=1, classes=2, width=64):...": "nobody asks for these defaults",
    "Exercise 6: `[in_channels, *c[:-1]]` -> `[in_channels, *c[:]]`": "zip stops with the shorter list",
}
