"""Tables of long runs: computed once by `make experiments`, stored as small text files, drawn and checked by chapters.

A table is a list of runs. What a run was asked to do stands in its settings, what it found in its results; when and
with which versions stands beside them. A run that was stored is not repeated, so a killed `make experiments` goes on
where it stopped.
"""

import csv
import io
import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch

from unet_teach.data import fetch, standins_in_use

TABLES = Path(__file__).parent / "tables"
Value = str | int | float
Row = dict[str, Value]


class TableError(ValueError):
    """A stored table cannot be read, or does not hold what was asked for."""


@dataclass(frozen=True)
class Experiment:
    """What to run, and how closely another processor comes to the same numbers.

    name : of the stored table, `tables/NAME.csv`
    question : what the table answers, in a sentence; its first line
    runs : the settings of each run, all with the same names
    run : settings, as keywords -> results by name
    tolerance : result -> how much a repeated run may differ from the stored one; a name that ends in a blank stands for
        all that begin with it, so "dice " for "dice 24", "dice 25" ...
    needs, beside : data sets, made present before the first run; packages that a run imports beside the course's
    cheapest : settings of a run that takes the least time, which tests repeat; the first run, unless some are given

    Introduced in chapter 9.
    """

    name: str
    question: str
    runs: Sequence[Mapping[str, Value]]
    run: Callable[..., Mapping[str, float]]
    tolerance: Mapping[str, float]
    needs: Sequence[str] = ()
    beside: Sequence[str] = ()
    cheapest: Mapping[str, Value] = field(default_factory=dict)

    @property
    def cheapest_run(self) -> Mapping[str, Value]:
        """Return the settings of a run that takes the least time."""
        return next(settings for settings in self.runs if _matches(settings, self.cheapest))


def compute(experiment: Experiment, folder: Path = TABLES) -> Iterator[Row]:
    """Run what the table does not hold yet; store, then yield, each new row.

    Rows whose settings the experiment no longer asks for are dropped with the first new row.

    Raises
    ------
    TableError
        If the stored table cannot be read.
    FetchError
        If a data set is not here and cannot be had.
    RuntimeError
        If a run used a stand-in all the same: such a row is not stored.
    """
    path = folder / f"{experiment.name}.csv"
    stored = read(path) if path.exists() else []
    kept = [row for settings in experiment.runs for row in stored if _matches(row, settings)]
    missing = [settings for settings in experiment.runs if not any(_matches(row, settings) for row in kept)]
    for name in experiment.needs if missing else ():
        fetch(name)
    for settings in missing:
        results = experiment.run(**settings)
        if standins_in_use():
            names = ", ".join(sorted(standins_in_use()))
            raise RuntimeError(f"{experiment.name} ran on stand-in data ({names}), so nothing was stored")
        rounded = {name: value if isinstance(value, int) else round(float(value), 6) for name, value in results.items()}
        row: Row = {**settings, **rounded, **_made_with()}
        kept.append(row)
        _write(path, experiment, [r for s in experiment.runs for r in kept if _matches(r, s)])  # in the runs' order
        yield row


def load(experiment: Experiment, folder: Path = TABLES, **settings: Value) -> list[Row]:
    """Read an experiment's stored rows; with settings, only those that match.

    Raises
    ------
    TableError
        If the table is missing, damaged, or has no such row.
    """
    path = folder / f"{experiment.name}.csv"
    if not path.exists():
        raise TableError(f"there is no table {path.name}: `make experiments` computes it")
    rows = [row for row in read(path) if _matches(row, settings)]
    if not rows:
        raise TableError(f"{path.name} has no row with {settings}: `make experiments` computes what is missing")
    return rows


def read(path: Path) -> list[Row]:
    """Read a table; numbers become int or float.

    Raises
    ------
    TableError
        If it is no text, a line has too few or many fields, or there is no line with the names.
    """
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
        names, *rows = csv.reader(lines)
    except (ValueError, csv.Error) as error:
        raise TableError(f"{path.name} is empty or damaged: delete it, and `make experiments` makes it anew") from error
    for number, fields in enumerate(rows, start=1):
        if len(fields) != len(names):
            wrong = f"row {number}: {len(fields)} fields for {len(names)} names"
            raise TableError(f"{path.name}, {wrong}. Delete that line, and `make experiments` computes it again.")
    return [{name: _value(field) for name, field in zip(names, fields, strict=True)} for fields in rows]


def differences(experiment: Experiment, stored: Row, live: Mapping[str, float]) -> dict[str, float]:
    """Compare a live run with its stored row: |difference| / tolerance for every result that has a tolerance.

    At most 1 everywhere means: reproduced. Raises `TableError` if no result has a tolerance.
    """
    found = {
        name: abs(float(value) - float(stored[name])) / tolerance
        for name, value in live.items()
        if (tolerance := _tolerance(experiment, name)) is not None
    }
    if not found:
        raise TableError(f"{experiment.name} states no tolerance for any of {', '.join(live)}")
    return found


def column(rows: Sequence[Row], prefix: str) -> np.ndarray:
    """Collect the columns whose names begin with `prefix`: "dice " -> (rows, sections) floats, in the table's order.

    Raises `TableError` if there is no row or no such column.
    """
    names = [name for name in rows[0] if name.startswith(prefix)] if rows else []
    if not rows:
        raise TableError(f"there are no rows to take {prefix!r} from")
    if not names:
        raise TableError(f"no column begins with {prefix!r}; there are {', '.join(rows[0])}")
    return np.array([[row[name] for name in names] for row in rows], dtype=float)


def _matches(row: Mapping[str, Value], settings: Mapping[str, Value]) -> bool:
    return all(row.get(name) == value for name, value in settings.items())


def _tolerance(experiment: Experiment, name: str) -> float | None:
    prefixes = [p for p in experiment.tolerance if name == p or (p.endswith(" ") and name.startswith(p))]
    return experiment.tolerance[prefixes[0]] if prefixes else None


def _made_with() -> Row:
    gpu = torch.cuda.is_available()
    return {
        "torch": torch.__version__.split("+")[0],
        "unet_teach": version("unet_teach"),
        "processor": torch.cuda.get_device_name() if gpu else torch.backends.cpu.get_cpu_capability(),
        "python": platform.python_version(),
        "date": date.today().isoformat(),
    }


def _write(path: Path, experiment: Experiment, rows: Sequence[Row]) -> None:
    text = io.StringIO()
    tolerances = ", ".join(f"{name.strip()} ± {value:g}" for name, value in experiment.tolerance.items())
    text.write(f"# {experiment.question}\n# Made by `make experiments`. Another processor may differ: {tolerances}.\n")
    writer = csv.DictWriter(text, fieldnames=list(rows[-1]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    unfinished.write_text(text.getvalue(), encoding="utf-8")
    unfinished.replace(path)  # a kill leaves the old table or the new one


def _value(field: str) -> Value:
    for kind in (int, float):
        try:
            return kind(field)
        except ValueError:
            continue
    return field
