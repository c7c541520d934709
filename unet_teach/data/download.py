"""Make a set present: keep the files that are there and right, download the others.

A download goes to a file of its own beside the final place, and is moved there once it is whole and checked, in one
step that nobody can see half-done. A kill, a full disk or a second download at the same time therefore leaves either
no file or the right one.
"""

import builtins
import errno
import os
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import requests
from tqdm import tqdm

from unet_teach.data.folder import data_folder, problem_with, set_named
from unet_teach.data.manifest import DataSet, File
from unet_teach.data.network import (
    explain,
    network_is_lost,
    network_problem,
)
from unet_teach.data.quiet import pooch

STALLED = 20.0  # seconds without a byte after which a download counts as lost
AT_ONCE = 6  # downloads at a time
ABANDONED = 24 * 3600  # seconds after which a part file belongs to nobody


class FetchError(OSError):
    """A set could not be made present; `reason` says why, without any path of this machine."""

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason or message


def fetch(name: str, folder: Path | None = None) -> Path:
    """Make a set present and return its folder; every file in it then has the right size and SHA-256.

    Parameters
    ----------
    name : one of `SETS`
    folder : where the sets live, one folder each; default `data_folder()`

    Raises
    ------
    FetchError
        If a file is not there and cannot be had: no network, an error of the server, a wrong checksum, a folder
        that cannot be written, a full disk. What did arrive stays, and the next call goes on from there.
    ValueError
        If there is no such set.

    Introduced in chapter 1.
    """
    dataset = set_named(name)
    home = (folder or data_folder()) / name
    problems = {file: problem for file in dataset.files if (problem := problem_with(file, home))}
    if not problems:
        return home
    first, problem = next(iter(problems.items()))
    if no_network := network_problem(first.url):
        raise _error(dataset, first, f"{problem}, and {no_network}")
    _sweep(home)
    failed = []
    with (
        tqdm(total=sum(file.bytes for file in problems), unit="B", unit_scale=True, desc=name, disable=_quiet()) as bar,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        for file, reason in zip(problems, pool.map(lambda file: _download(file, home), problems), strict=True):
            bar.update(file.bytes)
            if reason:
                failed.append((file, reason))
    if failed:
        raise _error(dataset, *failed[0])
    return home


def _quiet() -> bool | None:
    """Show a bar in a notebook and on a terminal (None lets tqdm find out), but not in a log."""
    return False if hasattr(builtins, "get_ipython") else None


def _download(file: File, home: Path) -> str | None:
    """Bring one file, checked, to its place; return why not, if not."""
    if lost := network_problem(file.url):
        return lost
    target = home / file.path
    part = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        pooch.HTTPDownloader(chunk_size=1 << 16, timeout=STALLED)(file.url, str(part), None)
        if pooch.file_hash(str(part)) != file.sha256:
            return (
                f"wrong checksum: {part.stat().st_size} bytes arrived, {file.bytes} were expected "
                "(a login page instead of the file?)"
            )
        os.replace(part, target)
    except requests.RequestException as error:
        reason = explain(error)
        if reason.startswith("no network"):
            network_is_lost(reason)
        return reason
    except OSError as error:
        # On Windows a file that another process is reading cannot be replaced; if it is right, all is well.
        return None if problem_with(file, home) is None else _explain_disk(error)
    finally:
        with suppress(OSError):
            part.unlink()
    return None


def _sweep(home: Path) -> None:
    """Remove what killed downloads have left, unless it is so young that it may be a living one's."""
    with suppress(OSError):
        for part in home.rglob(".*.part"):
            if time.time() - part.stat().st_mtime > ABANDONED:
                part.unlink()


def _explain_disk(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "the data folder cannot be written"
    return f"the data folder cannot be used: {error.strerror}"


def _error(dataset: DataSet, file: File, reason: str) -> FetchError:
    return FetchError(
        f"{dataset.name}/{file.path}: {reason}. Set UNET_TEACH_DATA to a folder that you can write and that has "
        f"{dataset.bytes / 1e6:.0f} MB free, or to one that holds the data: where there is a network, "
        "`python -m unet_teach.data fetch FOLDER` fills a folder, for example on a USB stick.",
        reason,
    )
