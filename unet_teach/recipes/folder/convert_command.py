"""`python -m unet_teach convert FOLDER NEW`: masks written anew with one number a pixel (chapter 25)."""

import argparse
from pathlib import Path

from unet_teach.recipes.folder.command import add_reading, checked_as_asked
from unet_teach.recipes.folder.commands import in_words


def add_convert(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of `python -m unet_teach`."""
    parser = commands.add_parser(
        "convert",
        help="write masks anew: one number a pixel, or other numbers (chapter 25)",
        description="Write a new folder in which each mask holds one number a pixel, where masks are in exact colours, "
        "in layers, or in a file for each object. Black is 0; dataset.json says which colour or file became which "
        "number. With --numbers, numbers become others, such as a 255 that means 'not drawn'. Images are copied, and "
        "nothing is written over.",
    )
    parser.add_argument("folder", type=Path, help="the folder with images and masks")
    parser.add_argument("new", type=Path, help="a folder that is not there yet")
    parser.add_argument(
        "--numbers",
        type=_numbers,
        default={},
        metavar="OLD=NEW,...",
        help="numbers in the masks that become others: 255=0 makes what was not drawn background; -1=0 is written "
        "--numbers=-1=0",
    )
    add_reading(parser)
    parser.set_defaults(run=in_words(run_convert))


def run_convert(given: argparse.Namespace) -> int:
    """Convert, and say what became what; returns the exit status."""
    from unet_teach.recipes.folder.converting import convert_folder

    done = convert_folder(checked_as_asked(given).contents, given.new, given.numbers)
    for old, new in given.numbers.items():
        print(f"  {old} became {new}")
    for number, name in enumerate(done.names):
        print(f"  {number}  {name}")
    count = f"{done.masks} mask{'s' * (done.masks != 1)}"
    objects = given.instances if given.numbers else not done.names
    how = " --instances, for each number is an object" if objects else ", and look whether the numbers are right"
    print(f"{count} written to {given.new}. Now check {given.new}{how}.")
    return 0


def _numbers(text: str) -> dict[int, int]:
    found: dict[int, int] = {}
    for part in text.split(","):
        old, _, new = part.partition("=")
        try:
            key, value = int(old), int(new)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"pairs such as 255=0,4=3, not {text!r}") from error
        if key in found:
            raise argparse.ArgumentTypeError(f"{key} stands there twice: {text}")
        found[key] = value
    return found
