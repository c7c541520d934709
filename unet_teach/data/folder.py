"""The folder that holds the sets, and whether what lies in it is whole."""

import os
from pathlib import Path

from unet_teach.data.manifest import SETS, DataSet, File
from unet_teach.data.quiet import pooch

_checked: dict[Path, tuple[int, int]] = {}  # size and time of files whose checksum this process has found right


def data_folder() -> Path:
    """Name the folder that holds the sets, one folder each: `UNET_TEACH_DATA`, or the user's cache.

    A relative path counts from the repository's root when the package runs from a checkout, because a notebook's
    kernel starts in the notebook's folder; elsewhere it counts from the working directory.

    Introduced in chapter 1.
    """
    chosen = os.environ.get("UNET_TEACH_DATA")
    if not chosen:
        return Path(pooch.os_cache("unet_teach"))
    checkout = Path(__file__).resolve().parents[2]
    start = checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()
    return start / os.path.expanduser(chosen)  # an absolute path stays what it is


def problem_with(file: File, folder: Path) -> str | None:
    """Say what is wrong with a file of a set ("missing", "truncated: ...", "wrong checksum", ...), or None.

    Parameters
    ----------
    file : one row of the manifest
    folder : the set's own folder

    Introduced in chapter 1.
    """
    path = folder / file.path
    try:
        found = path.stat()
        if found.st_size < file.bytes:
            return f"truncated: {found.st_size} of {file.bytes} bytes"
        state = (found.st_size, found.st_mtime_ns)
        if _checked.get(path) != state:
            if found.st_size > file.bytes or pooch.file_hash(str(path)) != file.sha256:
                return "wrong checksum"
            _checked[path] = state
    except (FileNotFoundError, NotADirectoryError):
        return "missing"
    except OSError as error:
        return f"unreadable: {error.strerror}"
    return None


def is_present(name: str) -> bool:
    """Tell whether every file of a set is in the data folder, whole and right; never uses the network.

    Raises
    ------
    ValueError
        If there is no such set.

    Introduced in chapter 1.
    """
    return not any(problem_with(file, data_folder() / name) for file in set_named(name).files)


def set_named(name: str) -> DataSet:
    """Look up a set; the `ValueError` for a name that is none lists the names there are."""
    if not isinstance(name, str) or name not in SETS:
        raise ValueError(f"there is no set {name!r}; the sets are {', '.join(SETS)}")
    return SETS[name]
