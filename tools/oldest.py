"""Run the unit tests with each dependency of the package at its lower bound, in an environment that is thrown away.

torch alone is not at its bound: for Linux the package index holds its older releases only as GPU builds of several
gigabytes. It is the release that the notebooks pin, unless you name another and, as the README says, the index that has
its CPU build: `make oldest TORCH=2.4.0`. The rest of the environment is as new as the bounds allow.
"""

import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
UNIT_TESTS = ["-m", "pytest", "-q", "-n", "2", "-m", "not browser and not slow"]


def wanted(project: dict[str, Any], torch: str = "") -> list[str]:
    """List what to install: dependencies at their lower bounds, and what the site, the notebooks and the tests need."""
    groups = project["dependency-groups"]
    bounds = [bound for bound in project["project"]["dependencies"] if not bound.startswith("torch>")]
    oldest = [bound.replace(">=", "==") for bound in bounds]
    rest = [name for group in ("book", "notebooks", "tests") for name in groups[group]]
    return oldest + [f"torch=={torch}" if torch and name.startswith("torch==") else name for name in rest]


def main(torch: str) -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    python = project["project"]["requires-python"].removeprefix(">=")
    if python != f"{sys.version_info.major}.{sys.version_info.minor}":
        raise SystemExit(f"The oldest releases install on the oldest Python: make oldest PYTHON=python{python}")
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        inside = str(Path(folder, "bin", "python"))
        install = [inside, "-m", "pip", "install", "--quiet", *wanted(project, torch), "-e", "."]
        subprocess.run(install, check=True, cwd=ROOT)
        return subprocess.run([inside, *UNIT_TESTS], check=False, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main("".join(sys.argv[1:])))
