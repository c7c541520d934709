"""What can be wrong with a set as a whole: how many, how often, how alike, on which side (chapter 25)."""

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from unet_teach.recipes.folder.alignment import agreement, how_it_lies
from unet_teach.recipes.folder.faults.fault import Fault, listed
from unet_teach.recipes.folder.likeness import SAME
from unet_teach.recipes.folder.material import Material
from unet_teach.recipes.folder.objects import holds_instances

FEWEST, FEW = 2, 4  # cases: below the first nothing can be held back; up to the second one says little
RARE = 2e-4  # of all pixels
APART = 1.5  # times: spacings of one folder
LYING_WELL, ELSEWHERE = 7.0, 2.0  # of `agreement`


def few(material: Material) -> Iterator[Fault]:
    """Say that there are too few cases, or too few that are independent."""
    count, groups = len(material.looks), len(set(material.groups.values()))
    if not count:
        return
    if count < FEWEST or groups < FEWEST:
        what = f"There is {count} image with a mask" if count < 2 else f"All {count} images belong to one group"
        yield Fault(
            "error",
            "too few",
            f"{what}: none can be held back to see whether anything was learned.",
            "add images of other samples, animals or patients; at least two, better ten.",
        )
    elif count <= FEW:
        yield Fault(
            "warning",
            "too few",
            f"There are only {count} images with masks: scores on one or two that are held back say little.",
            "add images; ten of different samples are worth more than a hundred of one.",
        )
    if groups < count and not material.parts and groups >= FEWEST:
        shown = Counter(material.groups.values()).most_common(3)
        some = listed(f"{group} ({times})" for group, times in shown)
        yield Fault(
            "note",
            "groups",
            f"By their names, {count} images are of {groups} groups, such as {some}: a group stays on one side.",
        )


def rare(material: Material) -> Iterator[Fault]:
    """Find classes in one image only, or in next to no pixels."""
    if material.instances or holds_instances([look.values for look in material.good if look.values]):
        return
    if len(material.good) < 3:
        return
    pixels: dict[int, int] = defaultdict(int)
    homes: dict[int, list[str]] = defaultdict(list)
    for look in material.good:
        assert look.values is not None
        for value, number in zip(look.values.values, look.values.counts, strict=True):
            pixels[int(value)] += int(number)
            homes[int(value)].append(look.name)
    if len(material.classes) < 2 and any(len(homes[value]) > 1 for value in material.classes):
        return
    for value in material.classes:
        share = pixels[value] / sum(pixels.values())
        if len(homes[value]) == 1:
            yield Fault(
                "warning",
                "rare class",
                f"Class {value} is in one image only, {homes[value][0]}: it cannot be both learned and examined.",
                "add images with it, join it with another class, or look whether it is a slip of the pen.",
                tuple(homes[value]),
            )
        elif share < RARE:
            yield Fault(
                "warning",
                "rare class",
                f"Class {value} covers {share:.3%} of all pixels: hardly anything to learn from.",
                "add images with it, or join it with another class.",
                tuple(homes[value]),
            )


def on_both_sides(material: Material) -> Iterator[Fault]:
    """Where folders say what is held back: find what is on both sides."""
    parts, groups = material.parts, material.groups
    if not parts:
        return
    sides: dict[str, set[str]] = defaultdict(set)
    members: dict[str, list[str]] = defaultdict(list)
    for name, group in groups.items():
        if parts[name]:
            sides[_without_part(group)].add(parts[name])
            members[_without_part(group)].append(name)
    split = sorted(group for group, where in sides.items() if len(where) > 1 and len(members[group]) > 2)
    if split:
        yield Fault(
            "error",
            "group on both sides",
            f"{listed(split)}: images of one patient, animal or sample are both in training and held back.",
            "move all of them to one side; a network recognises who it has seen.",
            tuple(name for group in split for name in members[group]),
        )
    for one, other, how in material.alike:
        if parts[one] and parts[other] and parts[one] != parts[other] and groups[one] != groups[other]:
            what = "show the same" if how > SAME else "are neighbours: they show nearly the same"
            yield Fault(
                "error",
                "alike on both sides",
                f"{one} and {other} {what}, and one is trained on, the other held back.",
                "move both to one side, or leave one out: the score would measure memory.",
                (one, other),
            )


def copies(material: Material) -> Iterator[Fault]:
    """Find images that are there twice, and neighbours."""
    parts = material.parts
    together = [two for two in material.alike if not parts or parts[two[0]] == parts[two[1]]]
    same = [f"{one} and {other}" for one, other, how in together if how > SAME]
    if same:
        yield Fault(
            "warning",
            "same image",
            f"These show the same picture: {listed(same)}. They are kept on one side.",
            "leave one of each out, unless they differ in something that matters.",
            tuple(sorted({name for one, other, how in together if how > SAME for name in (one, other)})),
        )
    near = [f"{one} and {other}" for one, other, how in together if how <= SAME]
    if near:
        yield Fault(
            "note",
            "neighbours",
            f"These look like neighbours (slices of one stack, pictures of one film): {listed(near)}. They are kept on "
            "one side.",
        )


def copied_masks(material: Material) -> Iterator[Fault]:
    """Find one mask under two images."""
    by_digest: dict[str, list[str]] = defaultdict(list)
    for look in material.good:
        if look.mask and look.values and len(look.values.values) > 1:
            by_digest[look.mask.digest].append(look.name)
    images = {look.name: look.image.digest for look in material.looks if look.image}
    alike = {frozenset(two[:2]) for two in material.alike}
    for names in by_digest.values():
        twins = [name for name in names[1:] if frozenset((names[0], name)) not in alike]
        if len(names) > 1 and twins and len({images.get(name) for name in names}) > 1:
            yield Fault(
                "error",
                "same mask",
                f"{listed(names)} have the same mask, pixel by pixel, under different images.",
                "one of them was overwritten when the masks were saved: export it again.",
                tuple(names),
            )


def misplaced(material: Material) -> Iterator[Fault]:
    """Find masks that are mirrored or turned, or lie under another image."""
    seen = {look.name: look.traces for look in material.good if look.traces is not None}
    if not seen:
        return
    fits = {name: agreement(own, own.mask) for name, own in seen.items()}
    known = [fit for fit in fits.values() if np.isfinite(fit)]
    usual = float(np.median(known)) if known else 0.0
    turned: dict[str, list[str]] = defaultdict(list)
    lost = []
    for name, own in seen.items():
        others = {other: their for other, their in seen.items() if other != name} if len(seen) <= 200 else {}
        kind, what = how_it_lies(own, others)
        if kind == "turned":
            turned[what].append(name)
        elif kind == "swapped":
            yield Fault(
                "error",
                "mask of another image",
                f"The mask of {name} fits the image of {what}, not its own.",
                "look whether two files were exchanged, or renamed.",
                (name, what),
            )
        elif kind == "lost" and usual > LYING_WELL and fits[name] < ELSEWHERE:
            lost.append(name)
    for what, names in turned.items():
        yield Fault(
            "error",
            "mask turned",
            f"The mask of {listed(names)} seems to be {what} against the image.",
            "turn it back, or export it again from the program in which it was drawn.",
            tuple(names),
        )
    if lost:
        yield Fault(
            "warning",
            "mask does not fit",
            f"The mask of {listed(lost)} does not follow its image, as the others follow theirs.",
            "look at it: it may be of another image, or shifted.",
            tuple(lost),
        )


def spacings(material: Material) -> Iterator[Fault]:
    """Find images of another scale."""
    read = [look for look in material.looks if look.image]
    known = [look for look in read if look.image and look.image.spacing]
    if known and len(known) < len(read):
        without = [look.name for look in read if look not in known]
        few = without if len(without) <= len(known) else [look.name for look in known]
        word = "do not say" if few is without else "alone say"
        yield Fault(
            "warning",
            "scale missing",
            f"{listed(few)} {word} how large a pixel is.",
            "set the scale in all files (Fiji: Image > Properties), or in none; where it is missing, it is taken as "
            "that of the others.",
            tuple(few),
        )
    steps = {look.name: look.image.spacing for look in known if look.image}
    if len({len(step) for step in steps.values()}) != 1:
        return
    every = np.array(list(steps.values()))
    unit = known[0].image.unit if known[0].image else ""
    usual = np.median(every, axis=0)
    off = np.maximum(every / usual, usual / every).max(axis=1)
    odd = [name for name, far in zip(steps, off, strict=True) if far > 1.02]
    shown = " x ".join(f"{step:.3g}" for step in usual)
    if (every.max(axis=0) / every.min(axis=0)).max() > APART:
        yield Fault(
            "warning",
            "scales differ",
            f"Pixels of {listed(odd)} are of another size than the others' ({shown} {unit}).",
            "look whether the scale is right; images are brought to one scale before training.",
            tuple(odd),
        )
    else:
        yield Fault("note", "scale", f"A pixel is {shown} {unit}." + (" Scales differ slightly." if odd else ""))


def places(material: Material) -> Iterator[Fault]:
    """Find masks that lie elsewhere than their images, by what their files say."""
    for look in material.looks:
        if look.image is None or look.mask is None or look.image.size != look.mask.size:
            continue
        one, other = look.image.facts.get("affine"), look.mask.facts.get("affine")
        apart = one is not None and other is not None and np.abs(one - other).max() > 0.01 * max(look.image.spacing)
        scales = look.image.spacing and look.mask.spacing and look.image.unit == look.mask.unit
        if apart or (scales and not np.allclose(look.image.spacing, look.mask.spacing, rtol=0.02)):
            yield Fault(
                "error",
                "mask elsewhere",
                f"By their files, image and mask of {look.name} lie in different places, or have voxels of different sizes.",
                "export the mask again on the image's grid (3D Slicer: Export to files, reference volume).",
                (look.name,),
            )


def _without_part(group: str) -> str:
    words = group.split("_")
    return "_".join(words[1:]) if len(words) > 1 and words[0] in ("train", "val", "test", "validation") else group
