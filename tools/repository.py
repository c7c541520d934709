"""Set the address of the repository, the one setting from which badges and setup cells follow.

`_config.yml` holds it; this command writes it there and into everything that cannot read it from there. Run by
`make repository URL=https://github.com/OWNER/NAME`; an empty URL unsets it.
"""

import re
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
ADDRESS = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+")
IN_CONFIG = re.compile(r'^(repository:\n(?:[ ]+.*\n)*?[ ]+url:)[ ]*(.*)$', re.MULTILINE)  # fmt: skip
IN_SETUP_CELL = re.compile(r'^REPOSITORY = "(.*?)"', re.MULTILINE)


def configured(root: Path = ROOT) -> str:
    """Return the address that stands in `_config.yml`; empty while there is none."""
    match = IN_CONFIG.search((root / "_config.yml").read_text(encoding="utf-8"))
    if match is None:
        raise SystemExit("_config.yml has no `repository:` with a `url:` below it; add both, the url may be empty")
    return match[2].split("#")[0].strip().strip("\"'")


def set_address(address: str, root: Path = ROOT) -> list[Path]:
    """Write the address everywhere it is needed; return the files that changed."""
    address = address.strip().rstrip("/").removesuffix(".git")
    if address and not ADDRESS.fullmatch(address):
        raise SystemExit(f"{address!r} is not of the form https://github.com/OWNER/NAME; nothing was changed")
    configured(root)  # stops here, before the first write, where there is no place for the setting
    changed = []
    for path in [root / "_config.yml", *sorted((root / "notebooks").glob("*.ipynb"))]:
        before = path.read_text(encoding="utf-8")
        if path.suffix == ".yml":
            after = IN_CONFIG.sub(lambda match: f'{match[1]} "{address}"', before)
        else:
            after = _with_address_in_setup_cell(before, address)
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed.append(path)
    return changed


def _with_address_in_setup_cell(notebook: str, address: str) -> str:
    book = nbformat.reads(notebook, as_version=4)
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.source = IN_SETUP_CELL.sub(f'REPOSITORY = "{address}"', cell.source)
    return nbformat.writes(book) + "\n"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: make repository URL=https://github.com/OWNER/NAME")
    for path in set_address(sys.argv[1]):
        print(f"changed {path.relative_to(ROOT)}")
