"""`python -m unet_teach convert FOLDER NEW`: masks written anew with one number a pixel (chapter 25)."""

import argparse
from pathlib import Path

from unet_teach.recipes.folder.command import add_reading, checked_as_asked
from unet_teach.recipes.folder.commands import in_words


def add_convert(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of `python -m unet_teach`."""
    parser = commands.add_parser(
        "convert",
        help="give masks in colours, in layers or one file an object a number a pixel (chapter 25)",
        description="Write a new folder in which each mask holds one number a pixel, where masks are in exact colours, "
        "in layers, or in a file for each object. Black is 0; dataset.json says which colour or file became which "
        "number. Images are copied, and nothing is written over.",
    )
    parser.add_argument("folder", type=Path, help="the folder with images and masks")
    parser.add_argument("new", type=Path, help="a folder that is not there yet")
    add_reading(parser)
    parser.set_defaults(run=in_words(run_convert))


def run_convert(given: argparse.Namespace) -> int:
    """Convert, and say what became what; returns the exit status."""
    from unet_teach.recipes.folder.converting import convert_folder

    done = convert_folder(checked_as_asked(given).contents, given.new)
    for number, name in enumerate(done.names):
        print(f"  {number}  {name}")
    count = f"{done.masks} mask{'s' * (done.masks != 1)}"
    how = " --instances, for each number is an object" if not done.names else ", and look whether the numbers are right"
    print(f"{count} written to {given.new}. Now check {given.new}{how}.")
    return 0
