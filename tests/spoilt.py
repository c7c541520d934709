"""Right answers, spoilt: what no checker may accept, whatever the exercise asks."""

import copy

import numpy as np
import torch

from unet_teach.course.exercises import same


def mapped(change, thing):
    """Change every number that a thing holds, in arrays, tensors, lists and dictionaries; leave all else as it is."""
    if isinstance(thing, np.ndarray) and thing.dtype.kind in "biuf":
        return change(thing)
    if isinstance(thing, torch.Tensor):
        return torch.as_tensor(change(thing.detach().double().numpy()))
    if isinstance(thing, list | tuple):
        return type(thing)(mapped(change, part) for part in thing)
    if isinstance(thing, dict):
        return {key: mapped(change, part) for key, part in thing.items()}
    if isinstance(thing, bool | int | float | np.number | np.bool_):
        return change(np.array(thing))[()]
    return thing


def _noise(array):
    return np.random.default_rng(99).normal(size=array.shape)


CHANGES = {
    "NaN": lambda array: np.full(array.shape, np.nan),
    "infinity": lambda array: np.full(array.shape, np.inf),
    "noise": _noise,
    "zeros": np.zeros_like,
    "cut to whole numbers": lambda array: array.astype(int),
}
KINDS = {  # the same numbers in other clothes: right answers, all of them
    "a list": lambda thing: thing.tolist() if isinstance(thing, np.ndarray | torch.Tensor) else thing,
    "float32": lambda thing: mapped(np.float32, thing) if not isinstance(thing, torch.Tensor) else thing.float(),
    "a tensor": lambda thing: torch.as_tensor(thing) if isinstance(thing, np.ndarray) else thing,
}


def replaced(function, change):
    """Return the function with what it gives changed, and a list that says of each call whether that changed it."""
    changed = []

    def spoilt(*arguments):
        result = function(*arguments)
        other = change(result)
        changed.append(not same(other, result))
        return other

    return spoilt, changed


def the_first_for_ever(function):
    """Return a function that gives what it gave for the first call, for every call."""
    kept = []

    def spoilt(*arguments):
        if not kept:
            kept.append(function(*arguments))
        return copy.deepcopy(kept[0])

    return spoilt


def overwriting(function):
    """Return the function, and a list of its calls: it leaves every array, tensor and list that it got at zero."""
    emptied = []

    def spoilt(*arguments):
        result = copy.deepcopy(function(*arguments))
        for argument in arguments:
            if isinstance(argument, np.ndarray | torch.Tensor):
                argument[...] = 0
                emptied.append(argument)
            elif isinstance(argument, list):
                argument.clear()
                emptied.append(argument)
        return result

    return spoilt, emptied
