"""What can be wrong with a set as a whole: how many, how often, how alike, on which side (chapter 25)."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from unet_teach.recipes.folder.contents import Contents
from unet_teach.recipes.folder.faults.fault import Fault, listed
from unet_teach.recipes.folder.likeness import SAME
from unet_teach.recipes.folder.looking import Look

FEW = 4  # cases: up to so many, those that are held back say little
RARE = 2e-4  # of all pixels


def few(contents: Contents) -> Iterator[Fault]:
    """Say that there are too few cases, or too few that are independent."""
    count, groups = len(contents.looks), len(set(contents.groups.values()))
    if contents.layout.lonely_images or contents.layout.lonely_masks or contents.layout.twice:
        return  # what is missing would count
    if count == 1:
        yield Fault(
            "error",
            "too few",
            "There is 1 image with a mask: none can be held back to see whether anything was learned.",
            "add images of other samples, animals or patients; at least two, better ten." + _if_deep(contents.looks[0]),
        )
    elif 1 < count <= FEW:
        yield Fault(
            "warning",
            "too few",
            f"There are only {count} images with masks: scores on one or two that are held back say little.",
            "add images; ten of different samples are worth more than a hundred of one.",
        )
    if count > 1 and groups == 1:
        yield Fault(
            "warning",
            "one group",
            f"By their names, all {count} images are of {next(iter(contents.groups.values()))}: scores will say how "
            "the network does on this one only.",
            "add images of others before you believe a score; --ungrouped, if the names mean something else.",
        )
    if groups < count and not contents.parts and groups > 1:
        shown = Counter(contents.groups.values()).most_common(3)
        some = listed(f"{group} ({times})" for group, times in shown)
        yield Fault(
            "note",
            "groups",
            f"By their names, {count} images are of {groups} groups, such as {some}: a group stays on one side.",
        )


def rare(contents: Contents) -> Iterator[Fault]:
    """Find classes in one image only, or in next to no pixels."""
    if contents.instances or contents.numbered:
        return
    if len(contents.good) < 3 or contents.white:
        return
    pixels: dict[int, int] = defaultdict(int)
    homes: dict[int, list[str]] = defaultdict(list)
    for look in contents.good:
        assert look.values is not None
        for value, number in zip(look.values.values, look.values.counts, strict=True):
            pixels[int(value)] += int(number)
            homes[int(value)].append(look.name)
    if len(contents.classes) < 2 and any(len(homes[value]) > 1 for value in contents.classes):
        return
    for value in contents.classes:
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


def on_both_sides(contents: Contents) -> Iterator[Fault]:
    """Where folders say what is held back: find what is on both sides."""
    parts, groups = contents.parts, contents.groups
    if not parts:
        return
    sides: dict[str, set[str]] = defaultdict(set)
    members: dict[str, list[str]] = defaultdict(list)
    for name, group in groups.items():
        if parts[name] and not _without_part(group).isdigit():  # train_000 and val_000 say nothing of a patient
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
    for one, other, how in contents.twins:
        if parts[one] and parts[other] and parts[one] != parts[other] and groups[one] != groups[other]:
            what = "show the same" if how > SAME else "are neighbours: they show nearly the same"
            yield Fault(
                "error",
                "alike on both sides",
                f"{one} and {other} {what}, and one is trained on, the other held back.",
                "move both to one side, or leave one out: the score would measure memory.",
                (one, other),
            )


def copied_images(contents: Contents) -> Iterator[Fault]:
    """Find images that are there twice, and neighbours."""
    parts = contents.parts
    looks = {look.name: look for look in contents.looks}
    together = [
        (one, other, min(how, SAME) if _drawn_elsewhere(looks[one], looks[other]) else how)
        for one, other, how in contents.twins
        if not parts or parts[one] == parts[other]
    ]
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


def copied_masks(contents: Contents) -> Iterator[Fault]:
    """Find one mask under two images."""
    by_digest: dict[str, list[str]] = defaultdict(list)
    for look in contents.good:
        if look.mask and look.values and len(look.values.values) > 1:
            by_digest[look.mask.digest].append(look.name)
    images = {look.name: look.image.digest for look in contents.looks if look.image}
    alike = {frozenset(two[:2]) for two in contents.twins}
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


def _if_deep(look: Look) -> str:
    if look.image is None or len(look.image.size) < 3:
        return ""
    return (
        f" It is a stack of {look.image.size[0]} slices: if these are pictures of their own, save each as a file "
        "(Fiji: Image > Stacks > Stack to Images), the masks alike."
    )


def _drawn_elsewhere(one: Look, other: Look) -> bool:
    """Tell whether two pictures of one place show something else in it, as those of a camera that stands still do."""
    if one.drawn is None or other.drawn is None or one.drawn.shape != other.drawn.shape:
        return False
    if one.image is None or other.image is None or one.image.digest == other.image.digest:
        return False
    a, b = one.drawn > 0, other.drawn > 0
    return bool((a & b).sum() < 0.5 * (a | b).sum())


def _without_part(group: str) -> str:
    words = group.split("_")
    return "_".join(words[1:]) if len(words) > 1 and words[0] in ("train", "val", "test", "validation") else group
