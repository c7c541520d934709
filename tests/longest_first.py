"""A plugin of `pytest` for `make notebooks-test`: the longest notebook first, so that none is left over at the end.

With `--dist loadscope --no-loadscope-reorder`, `xdist` hands out whole notebooks in the order in which they were
collected. How long each takes, `make notebooks` has written into `book/run-times.tsv`.
"""

import csv
import math
from collections.abc import Mapping
from pathlib import Path

import pytest

TIMES = Path(__file__).parents[1] / "book" / "run-times.tsv"


def run_times(file: Path = TIMES) -> dict[str, float]:
    """Read how many core-seconds each notebook takes, by its name."""
    with file.open(encoding="utf-8") as text:
        return {row["notebook"]: float(row["core_seconds"]) for row in csv.DictReader(text, delimiter="\t")}


def longest_first(items: list[pytest.Item], times: Mapping[str, float]) -> list[pytest.Item]:
    """Sort by notebook, whose cells stay in order; one that was never timed comes before all others."""
    return sorted(items, key=lambda item: -times.get(item.path.stem, math.inf))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest notebook first."""
    items[:] = longest_first(items, run_times())
