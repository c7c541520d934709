"""What can be wrong with how masks are stored (chapter 25)."""

from collections.abc import Iterator

from unet_teach.recipes.folder.contents import Contents
from unet_teach.recipes.folder.faults.fault import Fault, listed
from unet_teach.recipes.folder.looking import Look

TO_NUMBERS = "save each mask as a grey picture of whole numbers: 0 background, 1 first class, 2 second, and so on"
CONVERT = "let `python -m unet_teach convert FOLDER NEW` write them anew with numbers, or "
RENUMBER = "`python -m unet_teach convert FOLDER NEW "
TO_ONE_LAYER = "make one layer of them: in each pixel the number of the layer that is set there, 0 where none is."


def colours(contents: Contents) -> Iterator[Fault]:
    """Find masks in colours, in layers, or in the transparency."""
    found = _of_kind(contents, "colours")
    if found:
        shades = {tuple(c) for look in found if look.mask_channels is not None for c in look.mask_channels.T.tolist()}
        some = listed(sorted("#" + "".join(f"{int(v) % 256:02x}" for v in shade) for shade in shades))
        yield Fault(
            "error",
            "mask in colours",
            f"{_masks(found)} in colours ({some}): no rule says which colour is which class.",
            f"{CONVERT}{TO_NUMBERS}.",
            _names(found),
        )
    layers = _of_kind(contents, "layers")
    if layers:
        counts = listed(sorted({look.mask.channels for look in layers if look.mask}))
        yield Fault(
            "error",
            "mask in layers",
            f"{_masks(layers)} of {counts} layers: a mask has one number a pixel.",
            CONVERT + TO_ONE_LAYER,
            _names(layers),
        )
    alpha = _of_kind(contents, "alpha", "see-through")
    if alpha:
        yield Fault(
            "error",
            "mask in transparency",
            f"{_masks(alpha)} partly transparent: what was drawn may stand in the transparency (alpha channel), which "
            "other programs do not read.",
            "save the masks without transparency (flatten), black where nothing is.",
            _names(alpha),
        )


def same_as_image(contents: Contents) -> Iterator[Fault]:
    """Find masks that are the images, or pictures."""
    same = _of_kind(contents, "image")
    if same:
        yield Fault(
            "error",
            "mask is image",
            f"The mask of {listed(_names(same))} is the image itself, pixel by pixel.",
            "put what was drawn in its place.",
            _names(same),
        )
    pictures = _of_kind(contents, "picture")
    if pictures:
        counts = listed(sorted({len(look.values.values) if look.values else "many" for look in pictures}, key=str))
        yield Fault(
            "error",
            "mask is picture",
            f"{_masks(pictures)} pictures, not masks ({counts} grey values, hardly two neighbours alike).",
            f"put what was drawn in its place, or threshold it; {TO_NUMBERS}.",
            _names(pictures),
        )


def lossy(contents: Contents) -> Iterator[Fault]:
    """Find masks that were compressed with loss."""
    found = _of_kind(contents, "lossy")
    if found:
        yield Fault(
            "error",
            "lossy mask",
            f"{_masks(found)} saved as JPEG, or compressed like it: such files do not keep numbers, and edges hold "
            "values that nobody drew.",
            "export the masks again from where they were drawn, as PNG or TIFF. Changing the ending does not help.",
            _names(found),
        )
    kept = [look for look in contents.good if look.mask and look.mask.facts.get("lossy")]
    if kept:
        yield Fault(
            "warning",
            "lossy mask",
            f"{_masks(kept)} JPEG; their two values have survived by luck.",
            "save masks as PNG or TIFF.",
            _names(kept),
        )


def not_whole(contents: Contents) -> Iterator[Fault]:
    """Find masks whose numbers are none of a class."""
    for kind, what in {
        "not numbers": "hold values that are not numbers (NaN)",
        "negative": "hold numbers below 0",
        "fractions": "hold fractions: probabilities, or a mask that was resized",
    }.items():
        found = _of_kind(contents, kind)
        if found:
            hint = "threshold probabilities at 0.5, or " if kind == "fractions" else ""
            if kind == "negative":
                low = min(int(look.values.values[0]) for look in found if look.values)
                hint = f"{RENUMBER}--numbers={low}=0` makes {low} background (training leaves no pixel out), or "
            yield Fault(
                "error",
                f"mask {kind}",
                f"The masks of {listed(_names(found))} {what}.",
                f"{hint}{TO_NUMBERS}.",
                _names(found),
            )


def smeared(contents: Contents) -> Iterator[Fault]:
    """Find masks with soft edges."""
    found = _of_kind(contents, "smeared")
    if found:
        most = max(len(look.values.values) for look in found if look.values)
        yield Fault(
            "error",
            "smeared mask",
            f"{_masks(found)} smeared at the edges (up to {most} values, many between those of the regions): drawn "
            "with a soft brush, resized with smoothing, or once a JPEG.",
            "export the masks again without anti-aliasing, at full size; resize only by nearest neighbour.",
            _names(found),
        )


def _of_kind(contents: Contents, *kinds: str) -> list[Look]:
    return [look for look in contents.looks if contents.kinds[look.name] in kinds]


def _names(looks: list[Look]) -> tuple[str, ...]:
    return tuple(look.name for look in looks)


def _masks(looks: list[Look]) -> str:
    return f"The mask{'s' * (len(looks) > 1)} of {listed(_names(looks))} {'are' if len(looks) > 1 else 'is'}"
