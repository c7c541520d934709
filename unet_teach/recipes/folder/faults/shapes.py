"""What can be wrong with sizes, axes and channels, of images and of their masks (chapter 25)."""

from collections import Counter
from collections.abc import Iterator

from unet_teach.recipes.folder.contents import Contents
from unet_teach.recipes.folder.faults.fault import Fault, listed, size_of
from unet_teach.recipes.folder.faults.stored import CONVERT, TO_ONE_LAYER
from unet_teach.recipes.folder.looking import Look

SMALLEST = 16  # pixels a side
MOST_CHANNELS = 4  # of a volume; above, they may be times
MOST_LAYERS = 64  # of a mask with one for each class


def sizes_differ(contents: Contents) -> Iterator[Fault]:
    """Find masks of another size than their images, and images that are too small."""
    for look in contents.looks:
        if look.image is None or look.mask is None or look.image.size == look.mask.size:
            continue
        if look.image.facts.get("turned") or look.mask.facts.get("turned"):
            continue  # that explains it
        image, mask = look.image.size, look.mask.size
        if has_layers(image, mask):
            continue  # `layers` says it
        hint = "export the mask again at the image's size, without smoothing"
        if len(image) != len(mask):
            what = f"The image of {look.name} is {_kind(image)}, its mask {_kind(mask)}"
            hint = "export the mask as it was drawn: a slice for each slice"
        else:
            what = f"The image of {look.name} is {size_of(image)}, its mask {size_of(mask)}"
            if image == mask[::-1] and len(image) == 2:
                hint = "one of the two was turned by 90 degrees when it was saved: turn it back"
            elif all(max(a, b) % min(a, b) == 0 for a, b in zip(image, mask, strict=True)):
                hint = "one of the two was made smaller: export it at full size (masks without smoothing)"
        yield Fault("error", "sizes differ", f"{what}.", f"{hint}.", (look.name,))
    small = [look for look in contents.looks if look.image and min(look.image.size[-2:]) < SMALLEST]
    if small:
        yield Fault(
            "error",
            "too small",
            f"{listed(_names(small))}: smaller than {SMALLEST} pixels on a side.",
            "take larger pictures, or larger cuttings of them.",
            _names(small),
        )


def layers(contents: Contents) -> Iterator[Fault]:
    """Find masks with a layer for each class, in files that do not call it one."""
    found = [
        look for look in contents.looks if look.image and look.mask and has_layers(look.image.size, look.mask.size)
    ]
    if found:
        counts = listed(sorted({min(look.mask.size[0], look.mask.size[-1]) for look in found if look.mask}))
        yield Fault(
            "error",
            "mask in layers",
            f"The mask of {listed(_names(found))} seems to have {counts} layers, one a class: a mask has one number a "
            "pixel.",
            CONVERT + TO_ONE_LAYER,
            _names(found),
        )


def axes(contents: Contents) -> Iterator[Fault]:
    """Find flat pictures among stacks."""
    read = [look for look in contents.looks if look.image]
    kinds = Counter(len(look.image.size) for look in read if look.image)
    if len(kinds) > 1:
        rare = min(kinds, key=lambda axes: (kinds[axes], axes))
        odd = [look for look in read if look.image and len(look.image.size) == rare]
        yield Fault(
            "error",
            "flat and deep",
            f"Some are flat pictures, some stacks of slices: {listed(_names(odd))} "
            f"{'is' if len(odd) == 1 else 'are'} {'flat' if rare == 2 else 'deep'}.",
            "put flat pictures and stacks into folders of their own; a network sees one kind.",
            _names(odd),
        )


def channels_differ(contents: Contents) -> Iterator[Fault]:
    """Find images with more or fewer channels than the others."""
    count = {look.name: look.image.channels for look in contents.looks if look.image}
    if 3 in count.values():  # a grey picture among pictures in colour may be one, too
        count |= {look.name: 3 for look in contents.looks if look.image and look.image.facts.get("grey as colour")}
    if set(count.values()) - {1, 3} and len(set(count.values())) == 1:
        yield Fault("note", "channels", f"Each image has {next(iter(count.values()))} channels.")
    if len(set(count.values())) > 1:
        usual = Counter(count.values()).most_common(1)[0][0]
        odd = [look for look in contents.looks if count.get(look.name, usual) != usual]
        counts = listed(sorted({count[look.name] for look in odd}))
        yield Fault(
            "error",
            "channels differ",
            f"Most images have {usual} channel{'s' * (usual > 1)}, but {listed(_names(odd))} "
            f"{'has' if len(odd) == 1 else 'have'} {counts}.",
            "save all alike: all grey, all in colour, or with the same channels in the same order.",
            _names(odd),
        )


def many_channels(contents: Contents) -> Iterator[Fault]:
    """Find volumes with so many channels that these are times: a film, as fMRI and diffusion scans are."""
    found = [look for look in contents.looks if look.image and look.image.facts.get("format") == "NIfTI"]
    found = [look for look in found if look.image and look.image.channels > MOST_CHANNELS]
    if found and "channel_names" not in contents.description and "modality" not in contents.description:
        counts = listed(sorted({look.image.channels for look in found if look.image}))
        yield Fault(
            "warning",
            "many channels",
            f"{listed(_names(found))}: a fourth axis of {counts} volumes is taken as channels. If it is time, as in "
            "fMRI, the network learns from all times at once.",
            "take one volume of each, or their mean, if they are a film (FSL: fslmaths in -Tmean out); go on if not.",
            _names(found),
        )


def has_layers(image: tuple[int, ...], mask: tuple[int, ...]) -> bool:
    """Tell whether a mask has one axis more than its image, as if it had a layer for each class."""
    return any(image == rest and count <= MOST_LAYERS for rest, count in ((mask[1:], mask[0]), (mask[:-1], mask[-1])))


def _names(looks: list[Look]) -> tuple[str, ...]:
    return tuple(look.name for look in looks)


def _kind(size: tuple[int, ...]) -> str:
    return f"flat ({size_of(size)})" if len(size) == 2 else f"a stack ({size_of(size)})"
