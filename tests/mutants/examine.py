"""Examine the checker of one exercise: make its mutants, try each, keep those that pass."""

import ast
import contextlib
import gc
import io
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from mutants import blocks, operators
from mutants.notebook import Solution, solutions
from mutants.places import Mutant, mutant, walk
from mutants.replaced import answers
from mutants.trial import NOTHING_CHANGED, PASSED, caught, in_a_child, judge, judge_program


@dataclass
class Result:
    """What became of an exercise's mutants: those that passed, with their lines, and those that may."""

    exercise: str
    prepared: float  # seconds of the processor that its part of the notebook took
    killed: int = 0
    passed: dict[str, int] = field(default_factory=dict)
    equivalent: dict[str, str] = field(default_factory=dict)

    def count(self, name: str, line: int, verdict: int) -> None:
        """Enter what became of a mutant."""
        if verdict == PASSED:
            self.passed[f"{self.exercise}: {name}"] = line
        elif verdict != NOTHING_CHANGED:
            self.killed += 1


def examine(path: Path, number: int) -> Result:
    """Try every mutant of one exercise, the `number`-th of its notebook."""
    torch.set_num_threads(1)
    solution = solutions(path)[number]
    names: dict[str, Any] = {"__name__": "notebook", "torch": torch}  # for `no_grad`, wherever it is put
    with contextlib.redirect_stdout(io.StringIO()):  # what the notebook prints is not the question
        began = time.process_time()
        exec(compile(solution.needs, path.name, "exec"), names)
        prepared = time.process_time()
        checker, answer = caught(ast.unparse(solution.tree), names, solution.alias)
        verdict = checker(answer)
        seconds = 2 + 10 * (time.process_time() - prepared)
    if verdict.passed is not True:
        raise RuntimeError(f"{path.name}, {solution.exercise}: the solution does not pass: {verdict}")
    result = Result(solution.exercise, prepared - began, equivalent=explained(checker, solution.exercise))
    gc.freeze()  # a child that collects would copy the whole memory
    for other in programs(solution):
        judging = lambda other=other: judge_program(other.source, names, solution.alias, answer)  # noqa: E731
        result.count(other.name, other.line, in_a_child(judging, seconds))
    for name, other in answers(answer):
        result.count(name, 0, in_a_child(lambda other=other: judge(checker, other), seconds))
    return result


def explained(checker: Callable[[Any], Any], exercise: str) -> dict[str, str]:
    """Return the mutants of an exercise that are right, with the reasons: `EQUIVALENT` of the checker's module.

    A name that ends in "..." stands for all that begin so, where a question has more right answers than one.
    """
    known = getattr(sys.modules[checker.__module__], "EQUIVALENT", {})
    return {name: why for name, why in known.items() if name.startswith(f"{exercise}: ")}


def programs(solution: Solution) -> Iterator[Mutant]:
    """Yield the solution's program changed in one place, each change once."""
    seen = {ast.unparse(solution.tree)}
    for node, path in walk(solution.tree):
        for new in (*operators.changes(node), *blocks.changes(node)):
            try:
                other = mutant(solution.tree, path, new)
            except (AttributeError, ValueError):  # such a tree cannot be written down
                continue
            if other.source not in seen:
                seen.add(other.source)
                yield other
