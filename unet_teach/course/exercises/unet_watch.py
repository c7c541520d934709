"""Watching a reader's network of chapter 8 at work: what its layers get and give, and what it could learn from."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

Step = tuple[nn.Module, Tensor, Tensor]  # a layer, what it got, what it gave
LAYERS = nn.Conv2d | nn.ConvTranspose2d | nn.MaxPool2d
OTHER_NUMBERS = "With the package's weights in it, it gives other numbers. What happens between the layers?"
DROPOUTS = (F.dropout, F.dropout1d, F.dropout2d, F.dropout3d, F.alpha_dropout, F.feature_alpha_dropout, torch.dropout)


class WithoutDropout(TorchFunctionMode):
    """Within it every dropout, layer or function, hands on what it got: the paper has one, and an answer may."""

    def __torch_function__(
        self, function: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if function in DROPOUTS:
            return args[0] if args else (kwargs or {})["input"]
        return function(*args, **(kwargs or {}))


def random_image(*shape: int, seed: int = 0) -> Tensor:
    """Return an image, (N, C, H, W), of normal numbers: half of them below 0, some of them far from it."""
    return 20 * torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def watch(network: nn.Module, image: Tensor) -> tuple[list[Step], Any, Exception | None]:
    """Run a network; return what each layer got and gave, in order, the result, and what stopped it, if anything."""
    steps: list[Step] = []

    def note(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        steps.append((layer, inputs[0].clone(), output.clone()))  # an in-place ReLU would change them

    hooks = [layer.register_forward_hook(note) for layer in network.modules() if isinstance(layer, LAYERS)]
    try:
        with torch.no_grad():
            return steps, network(image.clone()), None
    except Exception as error:
        return steps, None, error
    finally:
        for hook in hooks:
            hook.remove()


def weighted(steps: list[Step]) -> list[Any]:
    """Return the layers that have weights, in the order in which they ran."""
    return [layer for layer, _, _ in steps if not isinstance(layer, nn.MaxPool2d)]


def has(network: nn.Module, part: str) -> bool:
    """Say whether a network holds one of torch's own layers with this in its name; a reader's have any name."""
    kinds = {type(layer) for layer in network.modules()}
    return any(part in one.__name__ and one.__module__.startswith("torch.") for one in kinds)


def kind(layer: nn.Module) -> str:
    """Return which of torch's watched layers a layer is, be it of a class derived from it."""
    return next(one.__name__ for one in (nn.Conv2d, nn.ConvTranspose2d, nn.MaxPool2d) if isinstance(layer, one))


def name(layer: Any) -> str:
    """Name a layer of a network as a hint does."""
    what = "up-convolution" if isinstance(layer, nn.ConvTranspose2d) else "convolution"
    return f"the {what} from {layer.in_channels} to {layer.out_channels} channels"


def unlike(
    ours: nn.Module, theirs: nn.Module, pairs: Sequence[tuple[Any, Any]], image: Tensor, dropout: bool
) -> str | None:
    """Give the reference's weights to ours, layer by layer, and say what differs: numbers, or slopes in training.

    `dropout` says whether the network may have some; it is left out of both.
    """
    for mine, its in pairs:
        mine.load_state_dict(its.state_dict())
    with torch.inference_mode():
        given, wanted = ours.eval()(image.clone()), theirs.eval()(image.clone())
    if not alike(given, wanted):
        return OTHER_NUMBERS
    untouched = image.clone()
    with WithoutDropout() if dropout else nullcontext(), torch.enable_grad():
        given, wanted = ours.train()(untouched), theirs.train()(image.clone())
    if not torch.equal(untouched, image):
        return "It changes the image that it was given. Make a new tensor instead."
    if not alike(given, wanted):
        return "In training mode it gives other numbers than after eval(). Both should be the same here."
    if not given.requires_grad:
        return "Nothing in it could learn: its result has lost the way back (torch.no_grad, detach, .data?)."
    direction = random_image(*wanted.shape, seed=1)
    for result in (given, wanted):
        (result * direction).sum().backward()
    for mine, its in reversed(pairs):
        if any(weights.grad is None or not weights.grad.any() for weights in mine.parameters()):
            return f"{name(mine).capitalize()} could not learn: no slope reaches it (torch.no_grad, detach, .data?)."
        if not all(alike(a.grad, b.grad) for a, b in zip(mine.parameters(), its.parameters(), strict=True)):
            return f"Part of the way back to {name(mine)} is cut (torch.no_grad, detach, .data?)."
    return None


def alike(given: Any, wanted: Tensor) -> bool:
    """Say whether a network gave what is wanted, but for float32's rounding."""
    if not isinstance(given, Tensor) or given.shape != wanted.shape:
        return False
    given, wanted = given.detach(), wanted.detach()
    return torch.allclose(given, wanted, rtol=1e-3, atol=1e-4 * float(wanted.abs().max()))
