"""The checker of chapter 8's last exercise: it runs the reader's U-Net, and watches what its layers get and give.

It asks of the network only what the paper's has: valid convolutions, poolings and up-convolutions that are torch's
layers. How the class is written, and what its parts are called, is the reader's business.
"""

from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from unet_teach.course.exercises import NotAnsweredYet, checker
from unet_teach.models.original_unet import OriginalUNet, centre_crop

Step = tuple[nn.Module, Tensor, Tensor]  # a layer, what it got, what it gave
LAYERS = nn.Conv2d | nn.ConvTranspose2d | nn.MaxPool2d
SIZE, WIDTH = 204, 8


@checker(
    "Exercise 6",
    "With the same weights it gives the same numbers as the package's, and none of its skips is idle. It is yours.",
)
def whole(answer: Any) -> str | None:
    """A class whose MyUNet(in_channels, classes, width) is the paper's network."""
    if not callable(answer):
        return "Give the class itself, MyUNet, without brackets."
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)  # the same answer gets the same verdict, and the reader's own chance goes on undisturbed
        network, reference = answer(1, 2, WIDTH), OriginalUNet(1, 2, WIDTH).eval()
    if network is None or network is ...:
        raise NotAnsweredYet
    if not isinstance(network, nn.Module):
        return "MyUNet(...) should give a torch module: write class MyUNet(nn.Module)."
    image = torch.randn(1, 1, SIZE, SIZE, generator=torch.Generator().manual_seed(0))
    steps, result, problem = watch(network.eval(), image)
    if not steps and (problem is None or isinstance(problem, NotImplementedError)) and not isinstance(result, Tensor):
        raise NotAnsweredYet
    stopped = f"Its forward stops after {len(steps)} layers with {type(problem).__name__}: {problem}"
    if not steps and problem is not None:
        return f"Given {tuple(image.shape)}: {stopped}"
    hint = _by_the_layers(steps) or _by_the_skips(steps)
    if hint is None and problem is not None:
        hint = stopped
    return hint or _by_the_numbers(network, reference, image, steps, result)


def watch(network: nn.Module, image: Tensor) -> tuple[list[Step], Any, Exception | None]:
    """Run a network; return what each layer got and gave, in order, the result, and what stopped it, if anything."""
    steps: list[Step] = []

    def note(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        steps.append((layer, inputs[0].clone(), output.clone()))  # an in-place ReLU would change them

    hooks = [layer.register_forward_hook(note) for layer in network.modules() if isinstance(layer, LAYERS)]
    try:
        with torch.inference_mode():
            return steps, network(image.clone()), None
    except Exception as error:
        return steps, None, error
    finally:
        for hook in hooks:
            hook.remove()


def _by_the_layers(steps: list[Step]) -> str | None:
    """Look at the layers alone: padding, poolings, and whether each convolution's output passed a ReLU."""
    convolutions = [layer for layer, _, _ in steps if isinstance(layer, nn.Conv2d)]
    if not convolutions:
        return "No convolution ran. Create the layers in __init__, as attributes, and call them in forward."
    if any(layer.padding not in (0, (0, 0)) for layer in convolutions):
        return "The paper's network does not pad: its convolutions are valid, and 204 pixels become 20."
    for (layer, _, gave), (after, got, _) in pairwise(steps):
        if isinstance(layer, nn.Conv2d) and isinstance(after, LAYERS) and gave.shape == got.shape:
            place = f"{layer.in_channels} to {layer.out_channels} channels"
            if torch.equal(got, gave):
                return f"No ReLU follows the convolution from {place}. Each but the last 1x1 has one."
    pools = sum(isinstance(layer, nn.MaxPool2d) for layer, _, _ in steps)
    if not pools:
        return "No nn.MaxPool2d ran. Create the pooling as a layer too (not F.max_pool2d), so that it can be watched."
    return f"The paper halves the image four times; yours {pools} times." if pools > 4 else None


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


def _by_the_numbers(
    network: nn.Module, reference: OriginalUNet, image: Tensor, steps: list[Step], result: Any
) -> str | None:
    """Compare sizes, parameters and, with the weights copied over, every number; then cross out each skip."""
    wanted_steps, wanted, _ = watch(reference, image)
    count, right = (sum(weight.numel() for weight in net.parameters()) for net in (network, reference))
    if not isinstance(result, Tensor):
        return "forward should return one tensor, the logits. Is the return missing?"
    if result.shape[1] == 2 and torch.allclose(result.sum(1), torch.ones(())):
        return "It returns probabilities. Return logits: the loss of this course does the softmax."
    if result.shape != wanted.shape:
        return f"{tuple(image.shape)} should become {tuple(wanted.shape)}; yours gives {tuple(result.shape)}."
    if count != right:
        where = _where(steps, wanted_steps)
        return f"With width {WIDTH} it should have {right:,} parameters; yours has {count:,}: {where}"
    weighted, theirs = (
        [layer for layer, _, _ in run if not isinstance(layer, nn.MaxPool2d)] for run in (steps, wanted_steps)
    )
    if [layer.weight.shape for layer in weighted] != [layer.weight.shape for layer in theirs]:
        return f"The parameters are as many as they should be, the layers are not: {_where(steps, wanted_steps)}"
    for ours, layer in zip(weighted, theirs, strict=True):
        ours.load_state_dict(layer.state_dict())
    with torch.inference_mode():
        copied = network(image)
    if not torch.allclose(copied, wanted, rtol=1e-3, atol=1e-4):
        return "With the package's weights in it, it gives other numbers. What happens between the layers?"
    for level, up in enumerate(layer for layer in weighted if isinstance(layer, nn.ConvTranspose2d)):
        after = weighted[weighted.index(up) + 1]
        cut = after.register_forward_pre_hook(_without_copy)
        with torch.inference_mode():
            changed = network(image)
        cut.remove()
        if torch.equal(changed, copied):
            return f"Setting the copy of level {3 - level} to zero changes nothing in the result."
    return None


def _without_copy(layer: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor]:
    crossed_out = inputs[0].clone()
    crossed_out[:, : crossed_out.shape[1] // 2] = 0
    return (crossed_out,)


def _where(steps: list[Step], wanted: list[Step]) -> str:
    """Say which layer is the first that differs."""
    for number, (step, right) in enumerate(zip(steps, wanted, strict=False), start=1):
        mine, theirs = ([type(layer).__name__, *got.shape[1:2], *gave.shape[1:2]] for layer, got, gave in (step, right))
        bias = getattr(step[0], "bias", None) is None and not isinstance(step[0], nn.MaxPool2d)
        if mine != theirs or bias:
            return (
                f"layer {number} of the run is {mine[0]} from {mine[1]} to {mine[2]} channels"
                f"{' without a bias' if bias else ''}, and should be {theirs[0]} from {theirs[1]} to {theirs[2]}."
            )
    return f"{len(steps)} layers run, and {len(wanted)} should."
