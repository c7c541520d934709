"""Do the stored experiments still hold? The cheapest row of a table is run again if its code has changed.

`make experiments-test` has three minutes for all tables, the quickest first, and names those that it does not reach;
`make experiments-test ALL=1` runs a row of every table, changed or not. What held is written into `tools/examined.tsv`,
to be committed: the table, the code that it held for, and the core-seconds. Code is every module of ours that the
experiment stands on; the version of torch and the stored row belong to it.
"""

import csv
import hashlib
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import torch
from dependencies import bare, closure, source

from unet_teach.course import experiments
from unet_teach.course.experiments.table import TABLES, Experiment, Row, differences, load
from unet_teach.data import is_present, standins_in_use

EXAMINED = Path(__file__).parent / "examined.tsv"
HEAD = ("table", "code", "core_seconds", "date")
BUDGET = 180.0  # seconds for all tables together
Record = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Outcome:
    """What became of one table: what to say of it, whether it failed, and the core-seconds if its row held."""

    words: str
    failed: bool = False
    seconds: float | None = None


def stored_row(experiment: Experiment) -> Row:
    """Read the row that takes the least time to compute again."""
    return load(experiment, TABLES, **experiment.cheapest_run)[0]


def module_of(experiment: Experiment) -> str:
    """Find the module that an experiment is written in: what it runs may be written elsewhere."""
    modules = {name: module for name, module in sys.modules.items() if name.startswith(f"{experiments.__name__}.")}
    return next(name for name, module in modules.items() if any(it is experiment for it in vars(module).values()))


def fingerprint(experiment: Experiment) -> str:
    """Shorten to a few letters all that the stored row depends on, and the row itself."""
    files = [file for module in sorted(closure(module_of(experiment))) if (file := source(module))]
    parts = [bare(file.read_text(encoding="utf-8")) for file in files]
    parts += [torch.__version__.split("+")[0], json.dumps(stored_row(experiment))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def read_record(file: Path) -> Record:
    """Read what was found to hold, by table."""
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as text:
        return {row["table"]: row for row in csv.DictReader(text, delimiter="\t")}


def write_record(file: Path, record: Record) -> None:
    """Store what was found to hold, a line a table, sorted."""
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, HEAD, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(record[name] for name in sorted(record))


def repeat(experiment: Experiment) -> tuple[float, str]:
    """Compute the row again; return how far the worst result is off, in tolerances, and which it is."""
    off = differences(experiment, stored_row(experiment), experiment.run(**experiment.cheapest_run))
    if standins_in_use():
        raise RuntimeError(f"{experiment.name} ran on stand-in data: {', '.join(sorted(standins_in_use()))}")
    worst = max(off, key=off.__getitem__)
    return off[worst], worst


def examine(experiment: Experiment, expected: float, deadline: float) -> Outcome:
    """Repeat a row in a process of its own, unless that would not end before the deadline."""
    begun = time.monotonic()
    late = Outcome("changed, but there was no time: make experiments-test ALL=1")
    if begun + expected > deadline:
        return late
    left = None if deadline == math.inf else deadline - begun
    command = [sys.executable, __file__, "--one", experiment.name]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=left, check=False)
    except subprocess.TimeoutExpired:
        return late
    if done.returncode:
        return Outcome(f"its row could not be computed again: {done.stderr.strip()[-2000:]}", failed=True)
    off, worst, seconds = json.loads(done.stdout.splitlines()[-1])
    words = f"again in {seconds:.0f} core-seconds, {worst} is {off:.2f} of its tolerance off"
    return Outcome(words, seconds=seconds) if off <= 1 else Outcome(f"{words}: NOT REPRODUCED", failed=True)


def main(chosen: Sequence[Experiment], everything: bool, file: Path = EXAMINED) -> int:
    """Examine what changed, or everything; print a line a table, and return 1 if a row does not hold."""
    record = {name: row for name, row in read_record(file).items() if name in {e.name for e in chosen}}
    codes = {experiment.name: fingerprint(experiment) for experiment in chosen}
    todo: list[Experiment] = []
    for experiment in chosen:
        absent = [name for name in experiment.needs if not is_present(name)]
        absent += [name for name in experiment.beside if find_spec(name) is None]
        if not everything and record.get(experiment.name, {}).get("code") == codes[experiment.name]:
            print(f"{experiment.name}: unchanged since {record[experiment.name]['date']}")
        elif absent:
            print(f"{experiment.name}: not examined, for {', '.join(absent)} is not here")
        else:
            todo.append(experiment)

    expected = {e.name: float(record.get(e.name, {}).get("core_seconds", 0)) for e in todo}
    todo.sort(key=lambda e: expected[e.name] or math.inf)  # those of unknown length last
    deadline = math.inf if everything else time.monotonic() + BUDGET
    failed = False
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = pool.map(lambda e: examine(e, expected[e.name], deadline), todo)
        for experiment, outcome in zip(todo, outcomes, strict=True):
            name = experiment.name
            print(f"{name}: {outcome.words}", flush=True)
            failed |= outcome.failed
            if outcome.seconds is not None:
                today = datetime.now(UTC).date().isoformat()
                values = (name, codes[name], f"{outcome.seconds:.0f}", today)
                record[name] = dict(zip(HEAD, values, strict=True))
                write_record(file, record)
    return int(failed)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        found = repeat(next(e for e in experiments.ALL if e.name == sys.argv[2]))
        print(json.dumps([*found, time.process_time()]))  # of this core, whatever else the machine is doing
    else:
        sys.exit(main(experiments.ALL, everything=sys.argv[1:] == ["--all"]))
