"""One sentence for what many files share, so that a folder of a thousand images can be read about (chapter 25)."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from unet_teach.recipes.folder.faults.fault import Fault, listed

EACH = 3  # alike: up to so many are said one by one


def gathered(faults: Iterable[Fault]) -> list[Fault]:
    """Put faults together whose sentences differ in names and numbers only.

    Introduced in chapter 25.
    """
    alike: dict[tuple[str, ...], list[Fault]] = defaultdict(list)
    for fault in faults:
        alike[fault.level, fault.name, _plain(fault.what, fault.where), _plain(fault.todo, fault.where)].append(fault)
    found = []
    for several in alike.values():
        if len(several) <= EACH:
            found += several
            continue
        first, *rest = several
        where = tuple(dict.fromkeys(name for fault in several for name in fault.where))
        names = dict.fromkeys(fault.where[0] if fault.where else fault.what for fault in rest)
        if len(names) > 1:
            names.pop(first.where[0] if first.where else first.what, None)
        found.append(replace(first, what=f"{first.what} The same holds for {listed(names)}.", where=where))
    return found


def _plain(sentence: str, names: tuple[str, ...]) -> str:
    for name in sorted(names, key=len, reverse=True):
        sentence = sentence.replace(name, "#")
    return re.sub(r"\S*[\d#]\S*", "#", sentence)
