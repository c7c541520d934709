"""What can be wrong with images, in themselves (chapter 25)."""

from collections.abc import Iterator

from unet_teach.recipes.folder.contents import Contents
from unet_teach.recipes.folder.faults.fault import Fault, listed
from unet_teach.recipes.folder.looking import Look

FAR_APART = 20  # times: ranges of images of one folder
CT_LOW = -300  # grey values below it, and whole numbers: Hounsfield units
ON_EDGE = (5, 6, 7, 8)  # EXIF's turns by a right angle


def turned_by_a_note(contents: Contents) -> Iterator[Fault]:
    """Find files that ask to be turned before they are shown: some programs do, some do not."""
    for which in ("image", "mask"):
        found = [look for look in contents.looks if (side := getattr(look, which)) and side.facts.get("turned")]
        if found:
            files = [look.pair.images[0].name if which == "image" else look.pair.mask.name for look in found]
            yield Fault(
                "error",
                "turned by a note",
                f"{listed(files)}: a note in the {which} file (EXIF orientation) says that it must be turned to be "
                "shown. Some programs turn it, others do not, so image and mask may lie differently.",
                f"open the {which} in the program in which you draw, check how it lies, and save it again without the "
                "note (ImageMagick: mogrify -auto-orient), or draw anew what does not fit.",
                _names(found),
            )


def not_finite(contents: Contents) -> Iterator[Fault]:
    """Find images with NaN, and images of one grey value."""
    bad = [look for look in contents.looks if look.bad[0]]
    if bad:
        yield Fault(
            "error",
            "not numbers",
            f"{listed(_names(bad))}: some grey values are not numbers (NaN or infinity).",
            "replace them, by 0 or by the background's value, or export the images again.",
            _names(bad),
        )
    flat = [look for look in contents.looks if look.image and not look.bad[0] and look.ends[0] == look.ends[1]]
    if flat:
        yield Fault(
            "error",
            "one grey value",
            f"{listed(_names(flat))}: the image has one grey value throughout.",
            "it may have been black already when it was taken, or lost when it was exported: replace it.",
            _names(flat),
        )


def dead_channels(contents: Contents) -> Iterator[Fault]:
    """Find images of several channels of which one is empty, though it is not in the others."""
    read = [look for look in contents.looks if look.image]
    for number in sorted({channel for look in read for channel in look.dead}):
        dead = [look for look in read if number in look.dead and look.ends[0] < look.ends[1]]
        if dead and len(dead) < len(read) / 2:
            yield Fault(
                "warning",
                "empty channel",
                f"Channel {number} of {listed(_names(dead))} has one grey value throughout; in the others it shows "
                "something.",
                "look whether it was lost when it was exported; if nothing was stained, go on.",
                _names(dead),
            )


def ranges(contents: Contents) -> Iterator[Fault]:
    """Say which grey values there are, and which images have others by far."""
    read = [look for look in contents.looks if look.image and not look.bad[0] and look.ends[0] < look.ends[1]]
    if not read:
        return
    low, high = min(look.ends[0] for look in read), max(look.ends[1] for look in read)
    kinds = sorted({str(look.image.kind) for look in read if look.image})
    yield Fault("note", "grey values", f"Grey values run from {low:g} to {high:g}, stored as {listed(kinds)}.")
    ct = [look for look in read if is_ct(look)]
    others = [look for look in read if look not in ct]
    if ct and others:
        odd = min((ct, others), key=len)
        yield Fault(
            "warning",
            "ranges differ",
            f"Some scans hold Hounsfield units (air at -1000), {listed(_names(odd))} "
            f"{'do' if odd is ct else 'do not'}: was 1024 added, or is it no CT?",
            "export them again with the rescale slope and intercept applied.",
            _names(odd),
        )
    elif ct:
        yield Fault("note", "CT", "Grey values look like Hounsfield units: one scale for all scans is kept.")
    elif len(kinds) > 1:
        widths = {look.name: look.high - look.low for look in read}
        usual = sorted(widths.values())[len(widths) // 2]
        far = [n for n, width in widths.items() if max(width, usual) > FAR_APART * max(min(width, usual), 1e-9)]
        if far:
            yield Fault(
                "warning",
                "ranges differ",
                f"{listed(far)}: grey values span another range by far than in the other images.",
                "export all images in the same way (bit depth, scaling); each is brought to mean 0 and standard "
                "deviation 1 here, which helps only where nothing was cut off.",
                tuple(far),
            )


def is_ct(look: Look) -> bool:
    """Tell whether an image holds Hounsfield units."""
    if look.image is None or look.image.channels > 1:
        return False
    modality = look.image.facts.get("modality")
    deep = look.ends[0] < CT_LOW and look.ends[0] >= -5000 and look.ends[1] < 40000
    return modality == "CT" or (
        modality is None and look.image.facts.get("format") in ("NIfTI", "NumPy", "TIFF") and deep
    )


def transparent(contents: Contents) -> Iterator[Fault]:
    """Find images whose transparency says something that is not read."""
    found = [look for look in contents.looks if look.image and look.image.facts.get("alpha") == "varies"]
    if found:
        yield Fault(
            "warning",
            "see-through image",
            f"{listed(_names(found))}: parts of the image are transparent, and are read with the colours below.",
            "save the images without transparency.",
            _names(found),
        )


def written_as_colour(contents: Contents) -> Iterator[Fault]:
    """Note grey images in files of colours, and 16 bits."""
    found = [look for look in contents.looks if look.image and look.image.facts.get("grey as colour")]
    if found:
        yield Fault("note", "grey as colour", f"{len(found)} grey images are stored as colours: read as grey.")


def _names(looks: list[Look]) -> tuple[str, ...]:
    return tuple(look.name for look in looks)
