"""The longest notebook runs first, its cells in order, and `xdist` hands them out so."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from longest_first import longest_first, run_times

pytest_plugins = "pytester"

ROOT = Path(__file__).parents[1]


def test_notebooks_come_by_their_time_and_cells_in_order():
    cells = [
        SimpleNamespace(path=Path(f"{book}.ipynb"), number=number)
        for book in ("01-quick", "02-slow", "03-new", "04-equal")
        for number in range(3)
    ]
    found = longest_first(cells, {"01-quick": 5.0, "02-slow": 190.0, "04-equal": 5.0})
    assert [cell.path.stem for cell in found[::3]] == ["03-new", "02-slow", "01-quick", "04-equal"]
    assert [cell.number for cell in found] == [0, 1, 2] * 4


def test_times_are_read_from_the_table_of_the_site():
    times = run_times()
    assert set(times) <= {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert times
    assert all(seconds > 0 for seconds in times.values())


@pytest.mark.slow
def test_xdist_gives_out_the_longest_notebook_first(pytester, monkeypatch):
    """Also the one that was collected last and has the fewest tests, by which `xdist` would sort if it were let."""
    for name, count in (("01-quick", 4), ("02-quick", 4), ("03-slow", 3)):
        tests = "\n".join(f"def test_{number}(): pass" for number in range(count))
        pytester.makepyfile(**{f"test_{name[:2]}": tests})
    pytester.makeconftest(
        "from longest_first import longest_first\n"
        "def pytest_collection_modifyitems(items):\n"
        "    items[:] = longest_first(items, {'test_01': 1.0, 'test_02': 2.0, 'test_03': 9.0})\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tests"))
    result = pytester.runpytest_subprocess(
        "-v", "-n", "1", "--dist", "loadscope", "--no-loadscope-reorder", "-p", "no:cacheprovider"
    )
    ran = re.findall(r"PASSED test_(\d\d)\.py", result.stdout.str())
    assert ran == ["03"] * 3 + ["02"] * 4 + ["01"] * 4
