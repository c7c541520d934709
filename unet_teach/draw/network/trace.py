"""What a network really does: every feature map of one forward pass, and how each came out of the others.

Torch hands every operation that it carries out to a recorder, whoever called it: a layer, a function or a plus sign.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.weak import WeakTensorKeyDictionary

from unet_teach.draw.network.graph import FeatureMap, Step, merge
from unet_teach.draw.network.operations import JOINING, finish, operation

FRESH = ("_like", "new_empty", "new_zeros", "new_ones", "new_full")  # tensors as large as another, with nothing of it


def trace(network: nn.Module, image: Tensor) -> list[FeatureMap]:
    """Run a network once and note every feature map that it makes, in the order of the run.

    The network is run as in prediction and left as it was found: modes, weights, random state.

    Parameters
    ----------
    network : any that takes one tensor, and gives one or several feature maps
    image : (1, C, H, W) or (1, C, D, H, W), of a size that the network takes

    Raises
    ------
    ValueError
        If what comes out is no feature map, or was not made from the image.

    Introduced in chapter 8.
    """
    if image.ndim not in (4, 5):
        raise ValueError(f"an image is (1, C, H, W) or (1, C, D, H, W), got {tuple(image.shape)}")
    recorder = Recorder(image)
    with _as_found(network, image), torch.no_grad(), recorder:
        answer = network(image)
    if not recorder.name_outputs(tree_leaves(answer)):
        given = ", ".join(str(tuple(leaf.shape)) for leaf in tree_leaves(answer) if isinstance(leaf, Tensor))
        raise ValueError(
            f"{type(network).__name__} gives {given or 'no tensor'}, and no map that was made from the image: "
            "draw_unet draws networks that take an image (1, C, H, W) or a volume (1, C, D, H, W) and give maps of it"
        )
    return merge(recorder.maps)


@contextmanager
def _as_found(network: nn.Module, image: Tensor) -> Iterator[None]:
    """Switch a network to evaluation, and put every layer's mode and the random state back, whatever happens."""
    modes = [(layer, layer.training) for layer in network.modules()]
    try:
        with torch.random.fork_rng(devices=[image.device] if image.is_cuda else []):
            network.eval()
            yield
    finally:
        for layer, training in modes:
            layer.training = training


class Recorder(TorchDispatchMode):
    """Note what torch does while this is entered; `maps` holds what was found."""

    def __init__(self, image: Tensor) -> None:
        super().__init__()
        sides = tuple(image.shape[2:])
        self.axis = sides.index(max(sides))
        self.maps = [FeatureMap(image.shape[1], sides, 0, name="image")]
        self.number = WeakTensorKeyDictionary()  # tensor -> which map it holds; keeps no tensor alive
        self.number[image] = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Carry out an operation, and note what became of the feature maps that went in."""
        result = func(*args, **(kwargs or {}))
        name = func.overloadpacket.__name__
        came = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, Tensor) and leaf in self.number]
        made = [leaf for leaf in tree_leaves(result) if isinstance(leaf, Tensor) and leaf.is_floating_point()]
        if came and made and not name.endswith(FRESH):
            number = self._note(name.strip("_"), args, came, made[0])
            for tensor in made:
                self.number[tensor] = number
        return result

    def _note(self, name: str, args: Sequence[Any], came: Sequence[Tensor], made: Tensor) -> int:
        """Return the number of the map that an operation's result holds: a new one, or that which went in."""
        sources: list[int] = [self.number[tensor] for tensor in came]
        newest, before = max(sources), self.maps[sources[0]]
        if self._is_map(made):
            if found := operation(name, args, came[0].shape[2:], made.shape[2:], self.axis):
                step = Step(sources[0], found.kind, found.words, made.shape[1])
                return self._add(made, before.level + found.down, [step])
            if name in JOINING and (made.shape[1] > came[0].shape[1] if name == "cat" else min(sources) < newest):
                largest = max(sources, key=lambda source: (self.maps[source].sides, source))
                return self._add(made, self.maps[largest].level, self._ways(name, came), JOINING[name][0])
        if word := finish(name):
            words = dict.fromkeys((*self.maps[newest].after, word))
            self.maps[newest] = replace(self.maps[newest], after=tuple(words))
        return newest

    def _is_map(self, tensor: Tensor) -> bool:
        """Say whether a tensor has the axes of the image."""
        return tensor.ndim == 2 + len(self.maps[0].sides)

    def _ways(self, name: str, came: Sequence[Tensor]) -> list[Step]:
        """Name the ways by which several maps became one."""
        kind, words = JOINING[name]
        steps: dict[int, Step] = {}
        for tensor in came:
            source = self.number[tensor]
            before, now = self.maps[source].sides, tuple(tensor.shape[2:])
            fitted = "" if before == now else " (cropped to fit)" if max(before) > max(now) else " (padded to fit)"
            more = steps[source].channels if source in steps and kind == "copy" else 0
            steps[source] = Step(source, kind, words + fitted, more + tensor.shape[1])
        return list(steps.values())

    def _add(self, made: Tensor, level: int, steps: Sequence[Step], joined: str = "") -> int:
        self.maps.append(FeatureMap(made.shape[1], tuple(made.shape[2:]), level, tuple(steps), joined))
        return len(self.maps) - 1

    def name_outputs(self, answer: Sequence[object]) -> int:
        """Write on the maps that leave the network what they are; return how many there are."""
        leaving = [leaf for leaf in answer if isinstance(leaf, Tensor) and leaf in self.number and self._is_map(leaf)]
        for number in (self.number[tensor] for tensor in leaving):
            done = set(self.maps[number].after) & {"sigmoid", "softmax"}
            self.maps[number] = replace(self.maps[number], name="probabilities" if done else "logits")
        return len(leaving)
