"""The real sets: which files they have, where those come from, on whose terms.

`manifest.tsv` lists the files, `sets.toml` describes the sets. Addresses are pinned to a commit and every file has its
SHA-256, so a set is the same bytes for everyone.
"""

import csv
import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True)
class File:
    """One file of a set; `path` is relative to the set's folder, with forward slashes."""

    path: str
    bytes: int
    sha256: str
    url: str


@dataclass(frozen=True)
class DataSet:
    """One public set, with the terms and the citation that its authors ask for."""

    name: str
    description: str
    terms: str
    citation: str
    files: tuple[File, ...]

    @property
    def bytes(self) -> int:
        """The size of all files together, in bytes."""
        return sum(file.bytes for file in self.files)


def _read() -> dict[str, DataSet]:
    here = files(__package__)
    described = tomllib.loads(here.joinpath("sets.toml").read_text(encoding="utf-8"))
    found: dict[str, list[File]] = {name: [] for name in described}
    with here.joinpath("manifest.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            found[row["set"]].append(File(row["path"], int(row["bytes"]), row["sha256"], row["url"]))
    return {name: DataSet(name=name, files=tuple(found[name]), **facts) for name, facts in described.items()}


SETS: dict[str, DataSet] = _read()
