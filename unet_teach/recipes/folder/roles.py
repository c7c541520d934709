"""Which files of a folder are images, and which are masks (chapter 25)."""

from collections import defaultdict
from pathlib import Path

import numpy as np

from unet_teach.recipes.folder.names import plain, says_image, says_mask, without_ending
from unet_teach.recipes.folder.reading import Unreadable, ending_of, read_picture

MANY = 10**6  # values: of what is certainly no mask


def masks_among(items: list[Path], root: Path, look: bool = True) -> set[Path]:
    """Say which are masks: by the folder's name, else by the file's, else by what is in them.

    look : into the files, where names say nothing

    Introduced in chapter 25.
    """
    found = {item for item in items if _folder_says(item, root) == "mask"}
    if not found or len(found) == len(items):
        named = {item for item in items if _file_says_mask(item)}
        if named and len(named) < len(items):
            return named
        if len(found) == len(items) and items:
            inner = {item for item in items if says_mask(item.parent.name) and not says_image(item.parent.name)}
            return inner if 0 < len(inner) < len(items) else set(items)
    elif any(_folder_says(item, root) == "" for item in items):  # some folders say nothing: their files may
        found |= {item for item in items if _folder_says(item, root) == "" and _file_says_mask(item)}
    drawn = {item for item in items if ending_of(item) == ".txt"}
    return found or drawn or (_by_content(items) if look else set())


def _folder_says(item: Path, root: Path) -> str:
    """Say "mask", "image" or nothing, by the nearest folder that says something."""
    for folder in reversed(item.relative_to(root).parts[:-1]):
        if says_mask(folder):
            return "mask"
        if says_image(folder):
            return "image"
    return ""


def _file_says_mask(item: Path) -> bool:
    return says_mask(stem_of(item)) or ending_of(item) == ".txt"


def _by_content(items: list[Path]) -> set[Path]:
    """Where two files have one name, in two folders or with two endings, the one with fewer values is the mask.

    Where there are none, but some names go on where others end, as x_anno.bmp beside x.bmp, the same is asked of those.
    """
    by_stem: dict[str, list[Path]] = defaultdict(list)
    name = {item: plain(without_ending(stem_of(item))) for item in items}
    for item in items:
        by_stem[name[item]].append(item)
    twos = [sorted(two, key=str) for two in by_stem.values() if len(two) == 2]
    if not twos:
        return _longer(items)
    votes: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for one, other in twos[:5]:
        few = [number_of_values(path) for path in (one, other)]
        if few[0] != few[1]:
            votes[_where(one), _where(other)][few[1] < few[0]] += 1
    masks = {two[1] if for_other > for_one else two[0] for two, (for_one, for_other) in votes.items()}
    chosen = {two[0] if _where(two[0]) in masks else two[1] for two in twos} if masks else set[Path]()
    homes = {_where(item) for item in chosen}
    alone = {item for item in items if len(by_stem[name[item]]) == 1 and _where(item) in homes}
    return chosen | alone


def _longer(items: list[Path]) -> set[Path]:
    """Find the names that go on where another of the folder ends, if the first of them hold fewer values."""
    homes = {(item.parent, plain(stem_of(item))): item for item in items}
    longer = {}
    for (home, stem), item in homes.items():
        ends = (
            stem[:place] for place in range(1, len(stem)) if not (stem[place].isalnum() and stem[place - 1].isalnum())
        )
        shorter = next((homes[home, end] for end in ends if (home, end) in homes), None)
        if shorter is not None:
            longer[item] = shorter
    some = list(longer.items())[:5]
    votes = [number_of_values(mask) < number_of_values(image) for mask, image in some]
    return set(longer) if votes and sum(votes) > len(votes) / 2 else set()


def _where(path: Path) -> str:
    return f"{path.parent}|{ending_of(path)}"


def stem_of(path: Path) -> str:
    """Return a name without its ending; a folder's is whole."""
    return path.name if path.is_dir() else path.name[: len(path.name) - len(ending_of(path))]


def number_of_values(path: Path) -> int:
    """Count how many different values a file holds: few in a mask, many in a picture."""
    try:
        return MANY if path.is_dir() else len(np.unique(read_picture(path, mask=True).array))
    except (Unreadable, ImportError):
        return MANY
