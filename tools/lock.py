"""Renew the exact pins: install each layer of pyproject.toml into a fresh environment and write down what came.

Three layers, each on top of the one before: the site (no torch), the notebooks, the tests. Run it with the oldest
Python that the course supports, since a newer one may pin what the oldest cannot install:
`make lock PYTHON=python3.11`.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEADER = "# Exact pins, written by `make lock` from the group {group!r} of pyproject.toml. Do not edit by hand.\n"


def freeze(python: Path) -> set[str]:
    """List what is installed as name==version, without build tags such as +cpu, which other machines do not have."""
    lines = subprocess.run([python, "-m", "pip", "freeze"], check=True, capture_output=True, text=True).stdout
    return {re.sub(r"\+[\w.]+$", "", line.split(" @ ")[0]) for line in lines.splitlines()}


def main() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    for_notebooks = project["project"]["dependencies"] + groups["notebooks"]
    layers = [
        ("book", "book/requirements.txt", groups["book"], ""),
        ("notebooks", "requirements.txt", for_notebooks, "-r book/requirements.txt\n-e .\n"),
        ("tests", "tests/requirements.txt", groups["tests"], "-r ../requirements.txt\n"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python, before = Path(folder, "bin", "python"), set[str]()
        for group, path, wanted, includes in layers:
            constraints = Path(folder, "before.txt")  # what a lower layer has pinned stays as it is
            constraints.write_text("\n".join(before), encoding="utf-8")
            subprocess.run([python, "-m", "pip", "install", "--quiet", "-c", constraints, *wanted], check=True)
            after = freeze(python)
            pins = sorted(after - before, key=str.lower)
            (ROOT / path).write_text(HEADER.format(group=group) + includes + "\n".join(pins) + "\n", encoding="utf-8")
            print(f"{path}: {len(pins)} pins", file=sys.stderr)
            before = after


if __name__ == "__main__":
    main()
