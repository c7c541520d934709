"""Put a changed answer before its checker, in a child process of its own."""

import ast
import os
import resource
import signal
from collections.abc import Callable
from typing import Any

from unet_teach.course.exercises import same

DEADLOCK = 300  # seconds on the clock, of which a busy machine takes its share
MEMORY = 6 * 2**30
PASSED, FAILED, NOTHING_CHANGED = range(3)


class Caught(Exception):
    """Holds the checker and the answer that a solution cell ends with."""


class Catcher:
    """Stands in for the module of checkers: hands the answer out, and judges nothing."""

    def __init__(self, checkers: Any) -> None:
        self.checkers = checkers

    def __getattr__(self, name: str) -> Callable[[Any], None]:
        def catch(answer: Any) -> None:
            raise Caught(getattr(self.checkers, name), answer)

        return catch


def caught(source: str, names: dict[str, Any], alias: str) -> tuple[Callable[[Any], Any], Any]:
    """Run a solution cell up to its last call; return the checker and the answer."""
    first: dict[str, Any] = {}
    names = names | {alias: Catcher(names[alias]), "always_the_first": first.setdefault}
    try:
        exec(compile(ast.parse(source), "solution", "exec"), names)
    except Caught as found:
        checker, answer = found.args
        return checker, answer
    raise RuntimeError("a solution ends with a call of its checker")


def in_a_child(judging: Callable[[], int], seconds: float) -> int:
    """Run a function in a copy of this process and return its number.

    Whatever stops it counts as FAILED, and so does a loop without an end: it gets so many seconds of the processor.
    """
    child = os.fork()
    if child == 0:
        try:
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            signal.setitimer(signal.ITIMER_PROF, seconds)
            signal.alarm(DEADLOCK)
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
            os._exit(judging())
        finally:
            os._exit(FAILED)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def judge_program(source: str, names: dict[str, Any], alias: str, right: Any) -> int:
    """Run a changed solution and judge what it hands in."""
    checker, answer = caught(source, names, alias)
    if not callable(answer) and same(answer, right):
        return NOTHING_CHANGED
    return judge(checker, answer)


def judge(checker: Callable[[Any], Any], answer: Any) -> int:
    """Ask the checker; an answer that only pretends to be changed is none."""
    passed = checker(answer).passed is True
    done = getattr(answer, "done", None)
    if done is not None and not any(part is not False for part in done):
        return NOTHING_CHANGED
    return PASSED if passed else FAILED
