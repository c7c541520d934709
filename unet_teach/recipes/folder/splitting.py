"""Which cases are learned from, and which are held back: by group, never by image (chapter 25)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from unet_teach.recipes.folder.contents import Contents

HELD_BACK = 0.2  # of the cases, about; at least one group
TRIES = 200


@dataclass(frozen=True)
class SplitByGroup:
    """Names of cases, and why they are where they are.

    Introduced in chapter 25.
    """

    known: tuple[str, ...]
    held_back: tuple[str, ...]
    why: str


def split_by_group(contents: Contents, seed: int = 0) -> SplitByGroup:
    """Hold back a fifth of the cases: whole groups, with neighbours and copies of their images, and every class.

    Where folders such as train and val say it already, they are followed.

    Parameters
    ----------
    contents : what `check_folder` understood
    seed : another draws other groups

    Raises
    ------
    ValueError
        If everything hangs together, so that nothing can be held back.

    Introduced in chapter 25.
    """
    names = [look.name for look in contents.looks]
    if contents.parts:
        held = tuple(name for name in names if contents.parts[name] == "held back")
        known = tuple(name for name in names if name not in held)
        return SplitByGroup(known, held, "as the folders say (train, val ...)")
    groups = contents.groups
    if len(set(groups.values())) == 1:
        groups = {name: name for name in names}
    members = list(joined(groups, [two[:2] for two in contents.twins]).values())
    if len(members) < 2:
        raise ValueError(
            "all images belong to one group or show nearly the same, so none can be held back: add images of other "
            "samples, or put those to hold back into folders named train and val"
        )
    classes = {look.name: look.values.classes if look.values else set() for look in contents.looks}
    if contents.instances:
        classes = {name: set() for name in names}  # their numbers are no classes
    chance, wanted = np.random.default_rng(seed), max(round(HELD_BACK * len(names)), 1)
    tries = [_drawn(members, wanted, len(names) // 2, chance) for _ in range(TRIES)]

    def worth(chosen: list[str]) -> tuple[int, int, int]:
        """More classes to learn from first, then more to be examined in, then the right number."""
        left = set().union(*(classes[name] for name in names if name not in chosen))
        return len(left), len(set().union(*(classes[name] for name in chosen))), -abs(len(chosen) - wanted)

    best = max(tries, key=worth)
    own = len(members) < len(names)
    why = "by group, so that nothing alike is on both sides" if own else "each image is a group of its own"
    return SplitByGroup(tuple(n for n in names if n not in best), tuple(n for n in names if n in best), why)


def _drawn(members: list[list[str]], wanted: int, most: int, chance: np.random.Generator) -> list[str]:
    """Draw groups until there are enough cases."""
    chosen: list[str] = []
    for number in chance.permutation(len(members)).tolist():
        if len(chosen) < wanted and len(chosen) + len(members[number]) <= max(most, 1):
            chosen += members[number]
    return chosen or min(members, key=len)


def joined(groups: Mapping[str, str], together: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """Join groups that share something alike; returns a member's name -> all members, once for each joined group.

    Parameters
    ----------
    groups : case -> group
    together : pairs of cases that must stay on one side

    Introduced in chapter 25.
    """
    leader = {name: groups[name] for name in groups}

    def top(group: str) -> str:
        while heads.setdefault(group, group) != group:
            group = heads[group]
        return group

    heads: dict[str, str] = {}
    for one, other in together:
        heads[top(leader[one])] = top(leader[other])
    members: dict[str, list[str]] = {}
    for name, group in leader.items():
        members.setdefault(top(group), []).append(name)
    return {names[0]: names for names in members.values()}
