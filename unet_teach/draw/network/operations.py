"""What torch's own names for its operations mean to a reader of the figure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

NORMS = ("batch_norm", "group_norm", "layer_norm", "instance_norm")
ACTIVATIONS = {
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "prelu_kernel": "PReLU",
    "hardtanh": "ReLU6",
    "elu": "ELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "mish": "Mish",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "softmax": "softmax",
    "log_softmax": "softmax",
}
JOINING = {
    "cat": ("copy", "copy"),
    "add": ("add", "addition"),
    "sub": ("add", "subtraction"),
    "mul": ("gate", "multiplication (gate)"),
}


@dataclass(frozen=True)
class Operation:
    """An operation that makes a new feature map: its kind, its words, and how many levels it goes down."""

    kind: str
    words: str
    down: int


def finish(name: str) -> str:
    """Name the normalisation or the activation that an operation of torch is, or return nothing."""
    return "norm" if name.endswith(NORMS) or "batch_norm" in name else ACTIVATIONS.get(name, "")


def operation(
    name: str, given: Sequence[Any], sides: Sequence[int], made: Sequence[int], axis: int
) -> Operation | None:
    """Name an operation that makes a new feature map, or return None for anything else.

    Parameters
    ----------
    name : torch's, such as "max_pool2d_with_indices"
    given : what it was called with
    sides, made : of the map that went in and of the one that came out
    axis : the one along which levels are counted
    """
    if name == "convolution":
        return _convolution(given, axis)
    if name.startswith(("max_pool", "avg_pool")):
        kernel = _all(given[1], len(sides))
        stride = _all(given[2] if len(given) > 2 and given[2] else kernel, len(sides))
        kind = "max" if name.startswith("max") else "average"
        apart = "" if stride == kernel else f", stride {_of(stride)}"
        return Operation("pool", f"{kind} pooling {_times(kernel)}{apart}", _halvings(stride[axis]))
    if name.startswith(("mean", "amax", "adaptive")):
        kind = "max" if "max" in name else "average"
        if not made or list(made) == list(sides):
            return None
        if set(made) == {1}:
            return Operation("pool", f"global {kind} pooling", 0)
        return Operation("pool", f"{kind} pooling to fit", _halvings(sides[axis] / made[axis]))
    if name.startswith("upsample") and list(made) != list(sides):
        way = name.removeprefix("upsample_").removesuffix("_aa").rstrip("123d")
        way = "nearest-neighbour" if way.startswith("nearest") else way
        return Operation("resize", f"{way} interpolation", _halvings(sides[axis] / made[axis]))
    if name == "pixel_shuffle":
        return Operation("up", f"pixel shuffle {given[1]}", -_halvings(given[1]))
    return None


def _convolution(given: Sequence[Any], axis: int) -> Operation:
    kernel, stride, dilation, transposed = given[1].shape[2:], tuple(given[3]), tuple(given[5]), given[6]
    words = f"convolution {_times(kernel)}"
    apart = "" if set(stride) == {1} or (transposed and stride == tuple(kernel)) else f", stride {_of(stride)}"
    apart += "" if set(dilation) == {1} else f", dilation {_of(dilation)}"
    if set(stride) == {1}:
        kind = "point" if set(kernel) == {1} else "conv"
        return Operation(kind, ("transposed " if transposed else "") + words + apart, 0)
    if transposed:
        return Operation("up", f"up-{words}{apart}", -_halvings(stride[axis]))
    return Operation("stride", words + apart, _halvings(stride[axis]))


def _halvings(factor: float) -> int:
    """Count how often a side is halved: 2 -> 1, 4 -> 2, 1/2 -> -1."""
    return round(math.log2(factor))


def _all(value: int | Sequence[int], dims: int) -> tuple[int, ...]:
    """Say for every axis what may be said once for all."""
    values = (value,) if isinstance(value, int) else tuple(value)
    return values if len(values) == dims else values * dims


def _times(sides: Sequence[int]) -> str:
    return "×".join(map(str, sides))


def _of(sides: Sequence[int]) -> str:
    """Name one number if all are equal, else each."""
    return str(sides[0]) if len(set(sides)) == 1 else _times(sides)
