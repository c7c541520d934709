"""`python -m unet_teach check FOLDER`: everything that is wrong with images and masks, in words (chapter 25)."""

import argparse
import sys
from pathlib import Path

from unet_teach.recipes.folder.checking import Checked, check_folder
from unet_teach.recipes.folder.page import check_page, write_page

LAYOUT = """Images and masks may lie in folders images and masks (or labels, annotations ...) under the same names,
or side by side as cell.png and cell_mask.png, or as nnU-Net has them (imagesTr, labelsTr). PNG, TIFF, NIfTI, DICOM and
NumPy files are read. A mask holds one number a pixel: 0 where nothing was drawn, 1 for the first class, and so on."""


def add_check(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of `python -m unet_teach`."""
    parser = commands.add_parser(
        "check",
        help="say everything that is wrong with a folder of images and masks (chapter 25)",
        description="Say everything that is wrong with a folder of images and masks, and show what was understood.",
        epilog=LAYOUT,
    )
    parser.add_argument("folder", type=Path, nargs="?", help="the folder with images and masks")
    parser.add_argument("--page", type=Path, help="also write a page with pictures to this file, such as check.html")
    parser.add_argument("--workshop", action="store_true", help="test this computer instead: packages, data, memory")
    add_reading(parser)
    parser.set_defaults(run=run_check)


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add what says how a folder is to be read."""
    parser.add_argument("--instances", action="store_true", help="numbers in masks count objects, such as cells")
    parser.add_argument("--images", default="", metavar="WORD", help="a word of the names that mean images")
    parser.add_argument("--masks", default="", metavar="WORD", help="a word of the names that mean masks")
    parser.add_argument(
        "--ungrouped", action="store_true", help="names do not say which images are of one patient, animal or sample"
    )


def checked_as_asked(given: argparse.Namespace) -> Checked:
    """Check the folder of a command."""
    return check_folder(
        given.folder,
        instances=given.instances,
        grouped=not given.ungrouped,
        images=given.images,
        masks=given.masks,
        quiet=not sys.stderr.isatty(),
    )


def run_check(given: argparse.Namespace) -> int:
    """Check, print, and write the page; returns the exit status, 1 where something blocks training."""
    if given.workshop:
        from unet_teach.recipes.folder.workshop import workshop

        return workshop()
    if given.folder is None:
        print("Which folder? python -m unet_teach check FOLDER; --workshop tests this computer.", file=sys.stderr)
        return 2
    try:
        found = checked_as_asked(given)
        print(found)
        if given.page is not None:
            if given.page.exists():
                print(f"{given.page} is there already: name another file, or remove it.", file=sys.stderr)
                return 1
            print(f"Pictures of what was understood: {write_page(given.page, check_page(found))}")
    except (OSError, ImportError) as problem:
        print(f"{given.folder} was not checked: {problem}", file=sys.stderr)
        return 1
    return 0 if found.may_train else 1
