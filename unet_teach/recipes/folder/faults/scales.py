"""What can be wrong with the scale of numbers in masks: 1 or 255, and large ones that may be no class (chapter 25)."""

from collections.abc import Iterator

from unet_teach.recipes.folder.contents import Contents
from unet_teach.recipes.folder.faults.fault import Fault, listed
from unet_teach.recipes.folder.faults.stored import RENUMBER

OPEN = (
    "training leaves no pixel out. {renumber}--numbers {white}=0` makes it background, right for seams around objects; "
    "--numbers {white}={free} makes it a class, if it is one. Where larger parts were left open, draw them, or cut the "
    "pictures to what is drawn."
)


def two_scales(contents: Contents) -> Iterator[Fault]:
    """Find 255 beside small numbers, in one mask or among masks."""
    white, shades = contents.white, [value for value in contents.classes if value != contents.white]
    if not white or contents.instances or contents.numbered:
        return
    whites = [look for look in contents.good if look.values and white in look.values.classes]
    mixed = [look for look in whites if look.values and len(look.values.classes - {0}) > 1]
    if mixed:
        yield Fault(
            "error",
            f"{white} among classes",
            f"The masks of {listed(look.name for look in mixed)} hold {white} beside {listed(shades)}: often the sign "
            "for 'not drawn', sometimes a class of its own.",
            OPEN.format(renumber=RENUMBER, white=white, free=max(shades) + 1),
            tuple(look.name for look in mixed),
        )
        return
    rest = [look for look in contents.good if look not in whites and look.values and look.values.classes - {0}]
    odd = min((whites, rest), key=len)
    own, other = (white, shades) if odd is whites else (listed(shades), [white])
    yield Fault(
        "error",
        "two scales",
        f"The masks of {listed(look.name for look in odd)} say {own} where the others say {listed(other)}.",
        f"write one number for one class in all masks (Fiji: Process > Math > Divide or Multiply by {white}).",
        tuple(look.name for look in odd),
    )


def lone_number(contents: Contents) -> Iterator[Fault]:
    """Find another large number that is alone beside small ones, such as 99 or 200."""
    lone = contents.lone
    if not lone or contents.white or contents.instances or contents.numbered:
        return
    holding = [look.name for look in contents.good if look.values and lone in look.values.classes]
    yield Fault(
        "warning",
        "lone number",
        f"Masks hold {lone} beside {listed(contents.classes[:-1])}: taken as a class, though so large a number often "
        "means 'not drawn'.",
        "if it is a class, go on. If not: " + OPEN.format(renumber=RENUMBER, white=lone, free=contents.classes[-2] + 1),
        tuple(holding),
    )
