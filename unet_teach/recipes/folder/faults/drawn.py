"""What can be wrong with how something was drawn: boxes and outlines in place of areas (chapter 25)."""

from collections.abc import Iterator

from unet_teach.recipes.folder.contents import Contents
from unet_teach.recipes.folder.faults.fault import Fault

FEWEST, BOXES, OUTLINES = 6, 0.7, 0.5  # pieces in the folder; shares of them, since some touch and some are cut off


def forms(contents: Contents) -> Iterator[Fault]:
    """Find folders in which most pieces are upright boxes, or outlines."""
    found = [look for look in contents.good if look.forms is not None]
    pieces = sum(look.forms.pieces for look in found if look.forms)
    if pieces < FEWEST:
        return
    where = tuple(look.name for look in found)
    if sum(look.forms.boxes for look in found if look.forms) >= BOXES * pieces:
        yield Fault(
            "warning",
            "boxes",
            "What is drawn are upright boxes: a network learns to fill boxes, not to follow what lies in them.",
            "if boxes were drawn around objects, draw the objects; U-Nets are made for areas.",
            where,
        )
    if sum(look.forms.outlines for look in found if look.forms) >= OUTLINES * pieces:
        yield Fault(
            "warning",
            "outlines in masks",
            "What is drawn are outlines with nothing inside: a network learns the line, not the area.",
            "if areas are meant, fill them (Fiji: Process > Binary > Fill Holes).",
            where,
        )
