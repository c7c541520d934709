"""The real sets: which files they have, where those come from, on whose terms.

`manifest.tsv` lists the files, `sets.toml` describes the sets. Addresses are pinned to a commit and every file has its
SHA-256, so a set is the same bytes for everyone.
"""

import csv
import io
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import PurePosixPath


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


def read_manifest(facts: str, rows: str) -> dict[str, DataSet]:
    """Read what is known of the sets, and of their files.

    Parameters
    ----------
    facts : in `TOML`, a table a set: description, terms, citation
    rows : the files, a line each, tab-separated: set, path, bytes, sha256, url

    Raises
    ------
    ValueError
        If either is damaged, or a file would lie outside its set's folder.

    Introduced in chapter 1.
    """
    try:
        described = tomllib.loads(facts)
        found: dict[str, list[File]] = {name: [] for name in described}
        for row in csv.DictReader(io.StringIO(rows), delimiter="\t", strict=True):
            found[row["set"]].append(_checked(File(row["path"], int(row["bytes"]), row["sha256"], row["url"])))
        return {name: DataSet(name=name, files=tuple(found[name]), **given) for name, given in described.items()}
    except (ValueError, TypeError, KeyError, csv.Error) as error:
        raise ValueError(f"the list of the data sets is damaged ({error}): install the package again") from error


def _checked(file: File) -> File:
    path = PurePosixPath(file.path)
    if path.is_absolute() or not path.parts or {"..", "\\", ":", "\0"} & {*path.parts, *file.path}:
        raise ValueError(f"{file.path!r} is no path inside a set's folder")
    if file.bytes < 0 or not re.fullmatch("[0-9a-f]{64}", file.sha256) or not file.url.startswith("https://"):
        raise ValueError(f"{file.path} has no right size, checksum or address")
    return file


def _own(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


SETS: dict[str, DataSet] = read_manifest(_own("sets.toml"), _own("manifest.tsv"))
