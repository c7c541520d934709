"""Hold a tag against the version, and print the changelog's part on it: `python tools/release.py v0.1.0`."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def notes(tag: str, root: Path = ROOT) -> str:
    """Return what the changelog says of the version that a tag names.

    Raises
    ------
    SystemExit
        If the tag is not the version of pyproject.toml and of CITATION.cff, or the changelog does not know it, or still
        calls it unreleased.
    """
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    if tag != f"v{version}":
        sys.exit(f"the tag is {tag}, but pyproject.toml says {version}: tag v{version}, or change the version first")
    if f"version: {version}\n" not in (root / "CITATION.cff").read_text(encoding="utf-8"):
        sys.exit(f"CITATION.cff does not say version: {version}")
    parts = re.split(r"^## ", (root / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    for part in parts:
        heading, _, text = part.partition("\n")
        if heading.split(",")[0] == version:
            if not re.search(r"\d{4}-\d\d-\d\d", heading):
                sys.exit(f"CHANGELOG.md gives no date for {version}: write '## {version}, YYYY-MM-DD'")
            return text.strip() + "\n"
    sys.exit(f"CHANGELOG.md has no part '## {version}, YYYY-MM-DD'")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("which tag? python tools/release.py v0.1.0")
    print(notes(sys.argv[1]), end="")
