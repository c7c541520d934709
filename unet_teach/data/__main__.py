"""`python -m unet_teach.data fetch [FOLDER]` and `python -m unet_teach.data status`."""

import argparse
import sys
from pathlib import Path

from unet_teach.data.download import FetchError, fetch
from unet_teach.data.folder import data_folder, problem_with
from unet_teach.data.manifest import SETS


def fetch_all(folder: Path) -> int:
    """Fill a folder with every set; go on after a failure. Returns the exit status, 0 if all is there."""
    failed = 0
    for name, dataset in SETS.items():
        try:
            fetch(name, folder)
        except FetchError as error:
            failed = 1
            print(f"{name}: failed", file=sys.stderr)
            print(f"  {error}", file=sys.stderr)
        else:
            print(f"{name}: {len(dataset.files)} files, {dataset.bytes / 1e6:.1f} MB, checked", flush=True)
    if not failed:
        print(f"Everything is in {folder}. To use it there or elsewhere, set UNET_TEACH_DATA to its path.")
    return failed


def status() -> int:
    """Print what is there, without using the network. Returns the exit status, 0 if everything is."""
    folder = data_folder()
    print(f"data folder: {folder}")
    complete = True
    for name, dataset in SETS.items():
        problems = [problem for file in dataset.files if (problem := problem_with(file, folder / name))]
        complete = complete and not problems
        print(f"{name:17} {_in_words(problems, len(dataset.files)):34} {dataset.terms}")
    if not complete:
        print("To fetch what is missing: python -m unet_teach.data fetch")
    return 0 if complete else 1


def _in_words(problems: list[str], files: int) -> str:
    missing = problems.count("missing")
    damaged = len(problems) - missing
    counts = [f"{count} of {files} {word}" for count, word in ((missing, "missing"), (damaged, "damaged")) if count]
    return ", ".join(counts) or "present"


def main(arguments: list[str] | None = None) -> int:
    """Run one of the two commands and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m unet_teach.data", description="The course's data sets.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("status", help="what is there; uses no network; exit 0 only if every file is present and right")
    filling = commands.add_parser("fetch", help="make every set present")
    filling.add_argument("folder", nargs="?", type=Path, help="for example a USB stick; default: the data folder")
    chosen = parser.parse_args(arguments)
    return status() if chosen.command == "status" else fetch_all((chosen.folder or data_folder()).resolve())


if __name__ == "__main__":
    sys.exit(main())
