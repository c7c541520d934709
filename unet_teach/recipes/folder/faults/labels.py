"""What can be wrong with the numbers in masks (chapter 25)."""

from collections.abc import Iterator

import numpy as np

from unet_teach.recipes.folder.contents import FEW, Contents
from unet_teach.recipes.folder.faults.fault import Fault, listed
from unet_teach.recipes.folder.faults.stored import RENUMBER, TO_NUMBERS
from unet_teach.recipes.folder.looking import Look


def palettes(contents: Contents) -> Iterator[Fault]:
    """Say that the numbers behind colours are taken; find palettes that differ."""
    found = [look for look in contents.good if look.mask and "palette" in look.mask.facts]
    if not found:
        return
    highest = max(contents.classes, default=0)
    shades = {tuple(look.mask.facts["palette"][: 3 * (highest + 1)]) for look in found if look.mask}
    if len(shades) > 1 and not contents.instances:
        yield Fault(
            "error",
            "palettes differ",
            f"The masks of {listed(_names(found))} keep a table of colours (palette), and the tables differ: one "
            "number may be two classes.",
            TO_NUMBERS + ".",
            _names(found),
        )
    else:
        yield Fault("note", "palette", f"{len(found)} masks have a table of colours: the numbers behind it are taken.")


def instance_numbers(contents: Contents) -> Iterator[Fault]:
    """Ask whether many numbers are objects, not classes."""
    if contents.instances:
        if contents.good:
            yield Fault("note", "instances", "Each number in a mask is taken as one object; all are one class.")
        return
    if contents.numbered:
        most = max(len(look.values.classes - {0}) for look in contents.good if look.values)
        yield Fault(
            "error",
            "instance numbers",
            f"Masks hold up to {most} numbers, each for one connected object, and other numbers in other images: these "
            "are numbers of objects, not of classes.",
            "add --instances: a network learns object against background, and objects are numbered again afterwards.",
            _names([look for look in contents.good if look.values and len(look.values.classes) > 2]),
        )


def gaps(contents: Contents) -> Iterator[Fault]:
    """Find numbers that no mask holds, between those that are there."""
    found = contents.classes
    if contents.instances or contents.numbered or not found:
        return
    if min(found) > FEW and len(found) < 10:
        yield Fault("note", "values", f"Masks hold {listed([0, *found])}: taken as background and {_numbered(found)}.")
        return
    if contents.lone:
        return  # `scales` says it
    missing = sorted(set(range(1, max(found))) - set(found))
    if missing:
        yield Fault(
            "warning",
            "gap in labels",
            f"Masks hold 0, {listed(found)}; no mask holds {listed(missing)}.",
            "if that is meant, go on: classes keep their numbers. Else look for a mask that was left out, or a slip; "
            f"{RENUMBER}--numbers {found[-1]}={missing[0]}` changes one number into another.",
            _names(contents.good),
        )


def empty(contents: Contents) -> Iterator[Fault]:
    """Find masks in which nothing is drawn, or everything."""
    none = [look for look in contents.good if look.values and look.values.classes == {0} and look.traces]
    if none and len(none) == len(contents.good) and len(none) == len(contents.looks):
        yield Fault(
            "error", "nothing drawn", "Every mask is empty (all 0).", "look how the masks were exported.", _names(none)
        )
    elif none:
        yield Fault(
            "warning",
            "empty mask",
            f"Nothing is drawn in the mask of {listed(_names(none))}.",
            "right, if the image shows nothing of what is looked for; else draw it, or take the image out.",
            _names(none),
        )
    full = [
        look for look in contents.good if look.values and len(look.values.values) == 1 and 0 not in look.values.classes
    ]
    if full:
        yield Fault(
            "error",
            "full mask",
            f"The mask of {listed(_names(full))} has one number throughout: no background.",
            "write 0 where nothing is drawn, or take the image out.",
            _names(full),
        )


def inverted(contents: Contents) -> Iterator[Fault]:
    """Find a mask in which inside and outside are exchanged."""
    two = [look for look in contents.good if look.values and len(look.values.values) == 2 and np.isfinite(look.inside)]
    if len(two) < 4:
        return
    signs = np.array([look.inside for look in two])
    shares = np.array([_share(look) for look in two])
    usual, share = float(np.median(signs)), float(np.median(shares))
    odd = [
        look
        for look, sign, own in zip(two, signs, shares, strict=True)
        if sign * usual < 0 and min(abs(sign), abs(usual)) > 0.3 and (own - 0.5) * (share - 0.5) < 0
    ]
    if odd and len(odd) < len(two) / 2:
        yield Fault(
            "error",
            "inverted mask",
            f"In the mask of {listed(_names(odd))} inside and outside seem to be exchanged.",
            "invert it (Fiji: Edit > Invert), or look at the picture and leave it out.",
            _names(odd),
        )


def counted_from_one(contents: Contents) -> Iterator[Fault]:
    """Find masks whose classes count from 1 where those of the others count from 0."""
    if contents.instances or contents.numbered:
        return
    filled = [look for look in contents.good if look.values and len(look.values.classes) > 1]
    with_0 = [look for look in filled if look.values and 0 in look.values.classes]
    without = [look for look in filled if look not in with_0]
    highest = [max((max(look.values.classes) for look in some if look.values), default=0) for some in (with_0, without)]
    if not with_0 and len(without) > 1 and len(contents.classes) > 1:
        first = contents.classes[0]
        yield Fault(
            "warning",
            "no background",
            f"No mask holds 0: {listed(contents.classes)} are taken as classes, though {first} may be the background, "
            "as ilastik writes it.",
            f"if it is, {RENUMBER}--numbers {','.join(f'{n}={n - first}' for n in contents.classes)}` makes it 0; if "
            "each number is a class, go on.",
            _names(without),
        )
    if min(len(with_0), len(without)) > 1 and highest[1] == highest[0] + 1 > 2:
        yield Fault(
            "warning",
            "counted from 1",
            f"The masks of {listed(_names(without))} hold no 0 and go up to {highest[1]}, the others from 0 to "
            f"{highest[0]}: their classes may be counted from 1.",
            "take 1 from each number in them, if that is so (Fiji: Process > Math > Subtract).",
            _names(without),
        )


def _share(look: Look) -> float:
    assert look.values is not None
    return float(1 - look.values.counts[0] / look.values.counts.sum())


def _names(looks: list[Look]) -> tuple[str, ...]:
    return tuple(look.name for look in looks)


def _numbered(found: list[int]) -> str:
    return f"class{'es' * (len(found) > 1)} {listed(range(1, len(found) + 1))}"
