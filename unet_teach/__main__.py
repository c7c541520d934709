"""`python -m unet_teach COMMAND`: what the course leaves behind for use; a command a chapter."""

import argparse
import io
import sys
from collections.abc import Sequence

from unet_teach.clinic.body.command import add_bodycomp
from unet_teach.recipes.folder.command import add_check
from unet_teach.recipes.folder.commands import add_export, add_predict, add_train
from unet_teach.recipes.folder.convert_command import add_convert

COMMANDS = (add_check, add_convert, add_train, add_predict, add_export, add_bodycomp)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status, 0 if it did what was asked."""
    parser = argparse.ArgumentParser(prog="python -m unet_teach", description="What the course leaves behind for use.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in COMMANDS:
        add(commands)
    _print_anything()
    given = parser.parse_args(arguments)
    return int(given.run(given))


def _print_anything() -> None:
    """Let names be printed that a terminal has no letters for, such as Japanese ones on a Western Windows."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
