"""The rules of one exercise: in which answers the checker says what, each asked of the checker itself."""

import math
import re
from collections.abc import Iterator
from itertools import product
from typing import Any

from number_answers import OPEN, Entry, Said, Value, asker, choices
from number_boxes import edge, plane

from unet_teach.classical import grating
from unet_teach.course.exercises.vision import sum_of_cells

ELSEWHERE = 123_456.789  # a number that no checker knows
Where = list[list[Any]]  # [place, from, to] or [place, options]; places are the fields and, behind them, the measures
Rule = tuple[Where, Said]


def bounds(limits: dict[str, float]) -> list[float | None]:
    """Return (from, to), both within, of such as {above: 0, most: 5}; `above` and `below` leave the number out."""
    low, high = limits.get("least"), limits.get("most")
    low = math.nextafter(limits["above"], math.inf) if "above" in limits else low
    return [low, math.nextafter(limits["below"], -math.inf) if "below" in limits else high]


def waves(place: int) -> list[list[float]]:
    """Return what chapter 2's cell answers to each phase of lying (0) or upright (1) stripes, from 8 before to 8 on."""
    fields = [sum_of_cells([(by, 0) if place == 0 else (0, by)]) for by in range(-8, 9)]
    stripes = (grating(45, 12, (90, 0)[place], phase) for phase in range(0, 180, 15))
    return [[float((field * one).sum()) for field in fields] for one in stripes]


class Rules:
    """The rules of one entry of `number-exercises.yml`, in the order in which they are tried: the first that fits."""

    def __init__(self, entry: Entry) -> None:
        self.entry, self.ask, self.choices = entry, asker(entry), choices(entry)
        self.right: list[Value] = entry["right"]
        self.names = [*entry["labels"], *entry.get("measures", {})]
        self.found: list[Rule] = []
        every: list[Value] = ["*"] * len(self.right)
        if not entry.get("many"):
            self.add(["R"] * len(self.right), right=True)
        for row in entry.get("wrong", []):
            self.add(row)
        if "plane" in entry:
            self.cover(entry["plane"])
        elif entry.get("many"):
            self.found.append(([], self.ask(self.right)))
        elif not self.choices:
            self.add(every)

    def add(self, row: Any, right: bool = False) -> None:
        """Add the rule of a row, or of each wrong choice that it stands for."""
        row = {"like": row} if isinstance(row, list) else row
        for like in self.spelled(row["like"]):
            values = self.example(like)
            said = self.ask(values)
            if (said.right is True) != right:
                raise ValueError(f"{self.entry['check']}: only the answer called right may be right, not {values}")
            where = [[self.names.index(name), *bounds(limits)] for name, limits in row.get("where", {}).items()]
            where = where or self.within(like, values)
            self.join(where, Said(said.right, self.told(said.say, row.get("tells", {}))))

    def spelled(self, row: list[Value]) -> Iterator[list[Value]]:
        """Yield the rows that one with "?" stands for: there each choice in turn, but for what would be right."""
        asked = [at for at, one in enumerate(row) if one == "?"]
        for picked in product(*(self.choices[at] for at in asked)):
            if not asked or list(picked) != [self.right[at] for at in asked]:
                turn = iter(picked)
                yield [next(turn) if one == "?" else one for one in row]

    def example(self, row: list[Value]) -> list[Value]:
        """Return one of the answers that a row stands for."""
        other = self.entry.get("elsewhere", 0 if self.entry.get("as") == "ticked" else ELSEWHERE)
        free = self.right if self.choices else [other] * len(row)
        known = {"R": self.right, "*": free}
        return [known[one][at] if one in ("R", "*") else one for at, one in enumerate(row)]

    def within(self, row: list[Value], values: list[Value]) -> Where:
        """Return where an answer is one of a row's: a number reaches as far as the same is said, "*" everywhere."""
        where: Where = []
        for at, one in enumerate(values):
            if row[at] == "*":
                continue
            if self.choices:
                where.append([at, [self.option(at, one)]])
            elif self.entry.get("as") == "ticked":
                where.append([at, one, one])
            else:
                where.append([at, *(edge(self.ask, values, at, way) for way in (-1, 1))])
        return where

    def option(self, at: int, one: Value) -> int:
        """Return the number of a choice: 0 while nothing is chosen."""
        return 0 if one == OPEN else 1 + self.choices[at].index(str(one))

    def told(self, say: str, tells: dict[str, str]) -> str:
        """Put a place in braces where a text has a number that belongs to a field or a measure."""
        for piece, name in tells.items():
            name, colon, digits = name.partition(":")
            place = name if name == "open" else str(self.names.index(name))
            say, times = re.subn(rf"(?<![\w.]){re.escape(piece)}(?!\w|\.\d)", f"{{{place}{colon}{digits}}}", say)
            if times != 1:
                raise ValueError(f"{self.entry['check']}: {piece!r} stands {times} times in {say!r}")
        return say

    def join(self, where: Where, said: Said) -> None:
        """Add a rule; two that say the same and differ in one choice are one."""
        before, spoke = self.found[-1] if self.found else ([], None)
        differ = [pair for pair in zip(before, where, strict=False) if pair[0] != pair[1]]
        one = len(before) == len(where) and spoke == said and len(differ) == 1
        if one and differ[0][0][0] == differ[0][1][0] and isinstance(differ[0][1][1], list):
            differ[0][0][1].extend(differ[0][1][1])
        else:
            self.found.append((where, said))

    def cover(self, ends: dict[str, list[int]]) -> None:
        """Add the boxes that cover a plane of two measures of whole numbers."""
        first, second = (self.names.index(name) for name in ends)
        across, down = ((low, high) for low, high in ends.values())
        for (left, right), (top, bottom), said in plane(self.ask, across, down):
            last = [None if end == span[1] else end for end, span in ((right, across), (bottom, down))]
            begin = [None if start == span[0] else start for start, span in ((left, across), (top, down))]
            self.found.append(([[first, begin[0], last[0]], [second, begin[1], last[1]]], said))

    def measures(self) -> list[list[Any]]:
        """Return how a page computes each measure: its kind, and what that needs."""
        found = []
        for kind, *rest in self.entry.get("measures", {}).values():
            given = [self.names.index(one) if isinstance(one, str) else one for one in rest]
            given += [[self.option(at, one) for at, one in enumerate(self.right)]] if kind == "same" else []
            found.append([kind, *given, *([waves(*rest)] if kind == "strongest" else [])])
        return found

    def written(self) -> dict[str, Any]:
        """Return one exercise as a page gets it."""
        verdicts = list(dict.fromkeys(said for _, said in self.found))
        rules = [[verdicts.index(said), *map(tidy, where)] for where, said in self.found]
        page = {"labels": self.entry["labels"], "as": self.entry.get("as", "list")}
        page |= {"legend": self.entry["legend"]} if "legend" in self.entry else {}
        page |= {"choices": self.choices} if self.choices else {}
        page |= {"measures": self.measures()} if "measures" in self.entry else {}
        return {**page, "verdicts": [list(said) for said in verdicts], "rules": rules}


def tidy(condition: list[Any]) -> list[Any]:
    """Write whole numbers as such."""
    return [int(one) if isinstance(one, float) and one.is_integer() else one for one in condition]
