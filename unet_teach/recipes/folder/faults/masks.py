"""What can be wrong with the numbers in masks (chapter 25)."""

from collections.abc import Iterator

import numpy as np

from unet_teach.recipes.folder.faults.fault import Fault, listed
from unet_teach.recipes.folder.looking import Look
from unet_teach.recipes.folder.material import Material
from unet_teach.recipes.folder.objects import holds_instances

WHITE = 255
FEW = 50  # the largest number that is a class beside 255; above, numbers are shades that stand for classes
TO_NUMBERS = "save each mask as a grey picture of whole numbers: 0 background, 1 first class, 2 second ..."


def colours(material: Material) -> Iterator[Fault]:
    """Find masks in colours, in layers, or in the transparency."""
    found = _of_kind(material, "colours")
    if found:
        shades = {tuple(c) for look in found if look.mask_channels is not None for c in look.mask_channels.T.tolist()}
        some = listed(sorted("#" + "".join(f"{int(v) % 256:02x}" for v in shade) for shade in shades))
        yield Fault(
            "error",
            "mask in colours",
            f"{_masks(found)} in colours ({some}): no rule says which colour is which class.",
            f"{TO_NUMBERS} (in Fiji: Image > Type > 8-bit after giving each colour its number).",
            _names(found),
        )
    layers = _of_kind(material, "layers")
    if layers:
        counts = listed(sorted({look.mask.channels for look in layers if look.mask}))
        yield Fault(
            "error",
            "mask in layers",
            f"{_masks(layers)} of {counts} layers: a mask has one number a pixel.",
            "make one layer of them: in each pixel the number of the layer that is set there, 0 where none is.",
            _names(layers),
        )
    alpha = _of_kind(material, "alpha", "see-through")
    if alpha:
        yield Fault(
            "error",
            "mask in transparency",
            f"{_masks(alpha)} partly transparent: what was drawn may stand in the transparency (alpha channel), which "
            "other programs do not read.",
            "save the masks without transparency (flatten), black where nothing is.",
            _names(alpha),
        )


def same_as_image(material: Material) -> Iterator[Fault]:
    """Find masks that are the images, or pictures."""
    same = _of_kind(material, "image")
    if same:
        yield Fault(
            "error",
            "mask is image",
            f"The mask of {listed(_names(same))} is the image itself, pixel by pixel.",
            "put what was drawn in its place.",
            _names(same),
        )
    pictures = _of_kind(material, "picture")
    if pictures:
        counts = listed(sorted({len(look.values.values) for look in pictures if look.values}))
        yield Fault(
            "error",
            "mask is picture",
            f"{_masks(pictures)} pictures, not masks ({counts} grey values, hardly two neighbours alike).",
            f"put what was drawn in its place, or threshold it; {TO_NUMBERS}.",
            _names(pictures),
        )


def lossy(material: Material) -> Iterator[Fault]:
    """Find masks that were compressed with loss."""
    found = _of_kind(material, "lossy")
    if found:
        yield Fault(
            "error",
            "lossy mask",
            f"{_masks(found)} saved as JPEG, or compressed like it: such files do not keep numbers, and edges hold values "
            "that nobody drew.",
            "export the masks again from where they were drawn, as PNG or TIFF. Changing the ending does not help.",
            _names(found),
        )
    kept = [look for look in material.good if look.mask and look.mask.facts.get("lossy")]
    if kept:
        yield Fault(
            "warning",
            "lossy mask",
            f"{_masks(kept)} JPEG; their two values have survived by luck.",
            "save masks as PNG or TIFF.",
            _names(kept),
        )


def numbers(material: Material) -> Iterator[Fault]:
    """Find masks whose numbers are none of a class."""
    for kind, what in {
        "not numbers": "hold values that are not numbers (NaN)",
        "negative": "hold numbers below 0",
        "fractions": "hold fractions: probabilities, or a mask that was resized",
    }.items():
        found = _of_kind(material, kind)
        if found:
            hint = "threshold probabilities at 0.5, or " if kind == "fractions" else ""
            yield Fault(
                "error", f"mask {kind}", f"The masks of {listed(_names(found))} {what}.", f"{hint}{TO_NUMBERS}.", _names(found)
            )


def smeared(material: Material) -> Iterator[Fault]:
    """Find masks with soft edges."""
    found = _of_kind(material, "smeared")
    if found:
        most = max(len(look.values.values) for look in found if look.values)
        yield Fault(
            "error",
            "smeared mask",
            f"{_masks(found)} smeared at the edges (up to {most} values, many between those of the regions): drawn with a "
            "soft brush, resized with smoothing, or once a JPEG.",
            "export the masks again without anti-aliasing, at full size; resize only by nearest neighbour.",
            _names(found),
        )


def palettes(material: Material) -> Iterator[Fault]:
    """Say that the numbers behind colours are taken; find palettes that differ."""
    found = [look for look in material.good if look.mask and "palette" in look.mask.facts]
    if not found:
        return
    highest = max(material.classes, default=0)
    shades = {tuple(look.mask.facts["palette"][: 3 * (highest + 1)]) for look in found if look.mask}
    if len(shades) > 1 and not material.instances:
        yield Fault(
            "error",
            "palettes differ",
            f"The masks of {listed(_names(found))} keep a table of colours (palette), and the tables differ: one number "
            "may be two classes.",
            TO_NUMBERS + ".",
            _names(found),
        )
    else:
        yield Fault("note", "palette", f"{len(found)} masks have a table of colours: the numbers behind it are taken.")


def two_scales(material: Material) -> Iterator[Fault]:
    """Find 255 beside small numbers, in one mask or among masks."""
    shades = [value for value in material.classes if value != WHITE]
    if WHITE not in material.classes or not shades or max(shades) > FEW or material.instances or _instances(material):
        return
    whites = [look for look in material.good if look.values and WHITE in look.values.classes]
    mixed = [look for look in whites if look.values and len(look.values.classes - {0}) > 1]
    if mixed:
        yield Fault(
            "error",
            "255 among classes",
            f"The masks of {listed(_names(mixed))} hold 255 beside {listed(shades)}: often the sign for 'not drawn', "
            "sometimes a class of its own.",
            "give it the number of its class, or draw what was left open.",
            _names(mixed),
        )
        return
    rest = [look for look in material.good if look not in whites and look.values and look.values.classes - {0}]
    odd = min((whites, rest), key=len)
    own, other = (WHITE, shades) if odd is whites else (listed(shades), [WHITE])
    yield Fault(
        "error",
        "two scales",
        f"The masks of {listed(_names(odd))} say {own} where the others say {listed(other)}.",
        "write one number for one class in all masks (Fiji: Process > Math > Divide or Multiply by 255).",
        _names(odd),
    )


def instance_numbers(material: Material) -> Iterator[Fault]:
    """Ask whether many numbers are objects, not classes."""
    if material.instances:
        if material.good:
            yield Fault("note", "instances", "Each number in a mask is taken as one object; all are one class.")
        return
    if _instances(material):
        most = max(len(look.values.classes - {0}) for look in material.good if look.values)
        yield Fault(
            "error",
            "instance numbers",
            f"Masks hold up to {most} numbers, each for one connected object, and other numbers in other images: these "
            "are numbers of objects, not of classes.",
            "add --instances: a network learns object against background, and objects are numbered again afterwards.",
            _names([look for look in material.good if look.values and len(look.values.classes) > 2]),
        )


def gaps(material: Material) -> Iterator[Fault]:
    """Find numbers that no mask holds, between those that are there."""
    found = material.classes
    if material.instances or _instances(material) or not found:
        return
    if min(found) > FEW and len(found) < 10:
        yield Fault("note", "values", f"Masks hold 0 and {listed(found)}: taken as background and {_numbered(found)}.")
        return
    if WHITE in found and len(found) > 1:
        return  # `two_scales`
    missing = sorted(set(range(1, max(found))) - set(found))
    if missing:
        yield Fault(
            "warning",
            "gap in labels",
            f"Masks hold 0, {listed(found)}; no mask holds {listed(missing)}.",
            "if that is meant, go on: classes keep their numbers. Else look for a mask that was left out, or a slip.",
            _names(material.good),
        )


def empty(material: Material) -> Iterator[Fault]:
    """Find masks in which nothing is drawn, or everything."""
    none = [look for look in material.good if look.values and look.values.classes == {0}]
    if none and len(none) == len(material.good) and len(none) == len(material.looks):
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
    full = [look for look in material.good if look.values and len(look.values.values) == 1 and look not in none]
    if full:
        yield Fault(
            "error",
            "full mask",
            f"The mask of {listed(_names(full))} has one number throughout: no background.",
            "write 0 where nothing is drawn, or take the image out.",
            _names(full),
        )


def inverted(material: Material) -> Iterator[Fault]:
    """Find a mask in which inside and outside are exchanged."""
    two = [look for look in material.good if look.values and len(look.values.values) == 2 and np.isfinite(look.inside)]
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


def _share(look: Look) -> float:
    assert look.values is not None
    return float(1 - look.values.counts[0] / look.values.counts.sum())


def _instances(material: Material) -> bool:
    return holds_instances([look.values for look in material.good if look.values])


def _of_kind(material: Material, *kinds: str) -> list[Look]:
    return [look for look in material.looks if material.kinds[look.name] in kinds]


def _names(looks: list[Look]) -> tuple[str, ...]:
    return tuple(look.name for look in looks)


def _masks(looks: list[Look]) -> str:
    return f"The mask{'s' * (len(looks) > 1)} of {listed(_names(looks))} {'are' if len(looks) > 1 else 'is'}"


def _numbered(found: list[int]) -> str:
    return f"class{'es' * (len(found) > 1)} {listed(range(1, len(found) + 1))}"
