"""What can be wrong where an image has several masks: of kinds, of observers, of objects (chapter 25)."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from unet_teach.recipes.folder.contents import Contents
from unet_teach.recipes.folder.faults.fault import Fault, listed
from unet_teach.recipes.folder.layout import Layout
from unet_teach.recipes.folder.roles import number_of_values, stem_of

FEWEST = 2  # names for which there are several


def kinds_of_masks(contents: Contents) -> Iterator[Fault]:
    """Find several sets of masks, in folders of their own or by the ends of their names: only one can be meant."""
    sets = sets_of_masks(contents)
    if len(sets) < 2:
        return
    yield Fault(
        "error",
        "several sets of masks",
        f"There are {len(sets)} sets of masks for the same images, called {listed(sets)}: which of them is to be "
        "learned cannot be seen.",
        f"say which is meant, such as --masks {sets[0]}; or join them into one picture an image, if each is a part.",
    )


def sets_of_masks(contents: Contents) -> list[str]:
    """Name the sets of masks, by the folders or the ends of names that tell them apart; [] where there is one.

    Introduced in chapter 25.
    """
    layout = contents.layout
    paired = [pair.mask for pair in layout.pairs if pair.mask not in pair.images]
    twice = [path for _, files in layout.twice for path in files if path not in layout.lonely_images]
    masks = [*paired, *twice, *layout.lonely_masks]
    images = len(layout.pairs) + len(layout.twice) + len(layout.lonely_images)
    if object_by_object(contents):
        return []
    if images < FEWEST or len(masks) <= images or len(masks) % images:
        return []
    share = len(masks) // images
    for told in (_by_folder(masks), _by_end(masks)):
        if len(told) == share and len(set(told.values())) == 1:
            return sorted(told)
    return []


def told_apart_by(layout: Layout) -> list[str]:
    """Name what may hold images or masks, that with the fewest values first: files of one name, or folders."""
    images = [path for path in layout.lonely_images if path.parent != layout.root]
    stems = Counter(stem_of(path) for path in images)
    folders = len({path.parent for path in images})
    if 1 < len(stems) <= folders and all(count == folders for count in stems.values()):
        words = {stem_of(path): path for path in reversed(images)}
    else:
        words = {path.relative_to(layout.root).parts[0]: path for path in reversed(images)}
    values = {word: number_of_values(path) if len(words) > 1 else 0 for word, path in words.items()}
    return sorted(values, key=lambda word: (values[word], word))


def _by_folder(masks: list[Path]) -> Counter[str]:
    return Counter(path.parent.name for path in masks)


def _by_end(masks: list[Path]) -> Counter[str]:
    """Count what is behind the part of a name that some other mask shares, such as labelIds and instanceIds."""
    ends: Counter[str] = Counter()
    ordered = sorted(masks, key=str)
    for number, path in enumerate(ordered):
        near = [other for other in ordered[max(number - 1, 0) : number + 2] if other != path]
        stem = stem_of(path)
        shared = max((_alike(stem, stem_of(other)) for other in near), default=0)
        cut = max(stem.rfind(sign, 0, shared) for sign in "_-. ")
        ends[stem[cut + 1 :]] += 1
    return ends


def object_by_object(contents: Contents) -> dict[Path, list[Path]]:
    """Find the masks of each image, where it has a folder of several: one for each object, or each class.

    Returns
    -------
    image -> masks; {} if that is not how all lonely images lie

    Introduced in chapter 25.
    """
    layout, found = contents.layout, dict[Path, list[Path]]()
    for image in layout.lonely_images:
        homes = [home for home in image.parents[:2] if layout.root in home.parents]
        own = (
            [mask for mask in layout.lonely_masks if home in mask.parents and mask.parent != image.parent]
            for home in homes
        )
        found[image] = next((masks for masks in own if masks), [])
    masks = [mask for several in found.values() for mask in several]
    each_has_its_own = len(masks) == len(set(masks)) and all(found.values())
    return found if each_has_its_own and len(masks) > len(found) else {}


def _alike(one: str, other: str) -> int:
    """Count the signs with which both begin."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
