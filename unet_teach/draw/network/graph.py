"""What a pass through a network leaves behind: feature maps, and the operations that lead from one to the next."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Step:
    """A way into a feature map: from which map, by what kind of operation, in words, and with how many channels.

    Kinds: "conv", "point" (a 1x1 convolution), "stride" (a convolution that goes down), "pool", "up" (a transposed
    convolution), "resize" (interpolation); and where maps meet "copy", "add", "gate".
    """

    source: int
    kind: str
    words: str
    channels: int


@dataclass(frozen=True)
class FeatureMap:
    """One tensor of a pass: its channels, its sides, its level (0 on top), the ways in, and what was done to it then.

    `joined` is "copy", "add" or "gate" where several maps came together; `after` names the normalisation and the
    activation; `name` is "image", "logits" or "probabilities" at the ends.
    """

    channels: int
    sides: tuple[int, ...]
    level: int
    steps: tuple[Step, ...] = ()
    joined: str = ""
    after: tuple[str, ...] = ()
    name: str = ""

    @property
    def copied(self) -> int:
        """How many of the channels were copied from other maps."""
        return sum(step.channels for step in self.steps if step.kind == "copy")

    @property
    def size(self) -> str:
        """The sides in words: "572²", "32³", or "96×128" where they differ."""
        if len(set(self.sides)) == 1:
            return f"{self.sides[0]}{'²' if len(self.sides) == 2 else '³'}"
        return "×".join(map(str, self.sides))


def turns(maps: Sequence[FeatureMap], level: int) -> bool:
    """Say whether a level is the lowest, and something leads up from it: the bottleneck."""
    up = any(maps[step.source].level == level > each.level for each in maps for step in each.steps)
    return up and level == max(each.level for each in maps) > 0


def merge(maps: Sequence[FeatureMap]) -> list[FeatureMap]:
    """Draw together what is one box in every figure: a sum with its last convolution, a pair with its up-convolution.

    A map that is used once, and only to be joined to another, is no box of its own: the join takes over its steps.
    """
    uses = Counter(step.source for each in maps for step in each.steps)
    found, gone = list(maps), set[int]()
    for number, join in enumerate(found):
        taken = _taken(found, join, uses)
        steps, after = list[Step](), list[str]()
        for step in join.steps:
            part = found[step.source]
            steps += part.steps if step.source in taken else (step,)
            after += part.after if step.source in taken else ()
        found[number] = replace(join, steps=tuple(steps), after=tuple(dict.fromkeys([*after, *join.after])))
        gone |= taken
    kept = [number for number in range(len(found)) if number not in gone]
    new = {number: place for place, number in enumerate(kept)}
    return [
        replace(found[number], steps=tuple(replace(step, source=new[step.source]) for step in found[number].steps))
        for number in kept
    ]


def _taken(maps: Sequence[FeatureMap], join: FeatureMap, uses: Counter[int]) -> set[int]:
    """Choose the parts of a join that are no boxes of their own."""
    kinds = {step.source: {way.kind for way in maps[step.source].steps} for step in join.steps}
    alone = [
        step.source
        for step in join.steps
        if step.words in ("copy", "addition") and uses[step.source] == 1 and not maps[step.source].name
    ]
    made = {part for part in alone if not kinds[part] & {"copy", "gate"}}
    if join.joined != "copy":
        return made
    moved = {part for part in made if any(maps[way.source].level != join.level for way in maps[part].steps)}
    newest = {max(kinds, default=-1)} & made
    return {part for part in alone if kinds[part] == {"copy"}} | (moved or newest)
