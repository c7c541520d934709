"""What a drawing of a network says in words: its title, its description, and what each kind of arrow stands for."""

from collections.abc import Sequence
from typing import NamedTuple

from torch import nn

from unet_teach.draw.network.graph import FeatureMap, turns

ORDER = ("conv", "stride", "copy", "add", "gate", "pool", "up", "resize", "point")  # of the legend, as in Figure 1
LEARNED = ("conv", "stride", "up", "point")
Key = tuple[str, str]  # kind and words of a step


class Entry(NamedTuple):
    """A line of the legend: its place among those of its kind, and what it says."""

    variant: int
    text: str


def title(network: nn.Module, maps: Sequence[FeatureMap]) -> str:
    """Say in two sentences what network this is."""
    first, last = maps[0], maps[-1]
    deepest, most = max(each.level for each in maps), max(each.channels for each in maps)
    name = type(network).__name__
    if deepest > 0 and last.level == 0:
        course = (
            f"drawn as a U: {first.channels} channel(s) of {first.size} pixels go down {deepest} level(s) to {most:,} "
            f"channels, and up again to {last.channels} channel(s) of {last.size}"
        )
    else:
        course = (
            f"drawn level by level: {first.channels} channel(s) of {first.size} pixels at level 0 become "
            f"{last.channels} channel(s) of {last.size} at level {last.level}"
        )
    kinds = [step.kind for each in maps for step in each.steps]
    counts = f"Copies across: {kinds.count('copy')}."
    counts += f" Additions: {kinds.count('add')}." * ("add" in kinds)
    counts += f" Gates: {kinds.count('gate') // 2}." * ("gate" in kinds)
    outputs = sum(bool(each.name) for each in maps) - 1
    counts += f" Outputs: {outputs}." * (outputs > 1)
    return f"{name}, {course}; {parameters(network)}. {counts}"


def parameters(network: nn.Module) -> str:
    """Count the parameters of a network, in words."""
    return f"{sum(weight.numel() for weight in network.parameters()):,} parameters"


def level_name(maps: Sequence[FeatureMap], level: int) -> list[str]:
    """Name a level as the chapters do: its number, and the bottleneck where the U turns."""
    return [f"level {level}".replace("-", "\N{MINUS SIGN}")] + ["bottleneck"] * turns(maps, level)


def describe(maps: Sequence[FeatureMap]) -> str:
    """Say level by level what a drawing shows, for a reader who cannot see it."""
    parts, level = [], None
    way = ways(maps)
    for number, each in enumerate(maps):
        if each.level != level:
            level = each.level
            parts.append(f"Level {level}, {'the bottleneck' if turns(maps, level) else way[number]}:")
        goes_on = number + 1 < len(maps) and maps[number + 1].level == level
        parts.append(_one(each, {way[step.source] for step in each.steps}) + (";" if goes_on else "."))
    return " ".join(parts)


def _one(each: FeatureMap, came: set[str]) -> str:
    """Describe one feature map, made from maps on those ways."""
    words = f"{each.channels} channel{'s' if each.channels > 1 else ''} of {each.size}"
    if each.copied:
        return f"{words}, {each.copied} of them copied from {'the way down' if 'down' in came else 'earlier maps'}"
    return words + {"add": ", a sum", "gate": ", weighted by a gate"}.get(each.joined, "")


def ways(maps: Sequence[FeatureMap]) -> list[str]:
    """Say of each map whether it lies on the way down, which includes the bottleneck, or on a way up."""
    found: list[str] = []
    for each in maps:
        rises = [maps[step.source].level - each.level for step in each.steps]
        fresh = [found[step.source] for step in each.steps[:1]] or ["down"]
        found.append("up" if any(rise > 0 for rise in rises) else "down" if any(rises) else fresh[0])
    return found


def entries(maps: Sequence[FeatureMap]) -> dict[Key, Entry]:
    """Say what each kind of arrow stands for, in the network at hand."""
    found = dict.fromkeys((step.kind, step.words) for each in maps for step in each.steps)
    made: dict[Key, Entry] = {}
    for kind, words in sorted(found, key=lambda key: ORDER.index(key[0])):
        led = [each for each in maps if any((step.kind, step.words) == (kind, words) for step in each.steps)]
        inside = [each for each in led if not each.name] or led
        shared = [word for word in inside[0].after if all(word in each.after for each in inside)]
        text = ", ".join([words, *shared]) if kind in LEARNED else words
        made[kind, words] = Entry(sum(other == kind for other, _ in made), text)
    return made
