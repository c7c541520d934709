"""Which file is an image, which a mask, and which two belong together (chapter 25)."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from unet_teach.recipes.folder.cores import cores_of
from unet_teach.recipes.folder.layout import Layout, Pair
from unet_teach.recipes.folder.listing import list_items
from unet_teach.recipes.folder.names import (
    IMAGE_WORDS,
    MASK_WORDS,
    bare,
    channel_of,
    in_order,
    part_of,
    plain,
    words_of,
)
from unet_teach.recipes.folder.reading import ending_of
from unet_teach.recipes.folder.reading.arrays import holds_both
from unet_teach.recipes.folder.roles import masks_among, stem_of

MOST = 0.7  # of the names must agree, where they are paired by what tells them apart
PACKED = (".zip", ".gz", ".tgz", ".tar", ".7z", ".rar")


def find_pairs(folder: Path, images: str = "", masks: str = "") -> Layout:
    """Look through a folder and its folders, and pair images with masks by their names.

    Parameters
    ----------
    folder : to look through
    images, masks : a word of the folders or files that hold them, where names do not say it by themselves

    Raises
    ------
    FileNotFoundError, NotADirectoryError
        If there is no such folder.

    Introduced in chapter 25.
    """
    folder = Path(folder)
    if not folder.exists():
        raise FileNotFoundError(f"there is no folder {folder}: check the spelling, or give the whole path")
    if not folder.is_dir():
        what = "an archive: unpack it, and give" if folder.suffix.lower() in PACKED else "a file: give"
        raise NotADirectoryError(f"{folder} is {what} the folder that holds images and masks")
    layout = Layout(folder)
    items, layout.aside, layout.unknown = list_items(folder)
    both = [item for item in items if ending_of(item) == ".npz" and holds_both(item)]
    items = [item for item in items if item not in both]
    if images and masks:
        layout.aside += [
            item for item in items if not (_is_called(item, folder, images) or _is_called(item, folder, masks))
        ]
        items = [item for item in items if item not in layout.aside]
    elif masks:  # other masks are left alone
        found = masks_among(items, folder)
        called = {item for item in items if _is_called(item, folder, masks)}
        others = found - called if found & called else set[Path]()
        layout.aside += [item for item in items if item in others]
        items = [item for item in items if item not in others]
    chosen = {item for item in items if _is_called(item, folder, masks)} if masks else masks_among(items, folder)
    layout.lonely_masks = [item for item in items if item in chosen]
    layout.lonely_images = [item for item in items if item not in chosen]
    channels = _channels(layout.lonely_images, chosen, folder)
    drop = tuple(filter(None, (images, masks)))
    for folders, words in ((True, True), (True, False), (False, True), (False, False)):
        _match(
            layout,
            partial(_key, root=folder, channels=channels, folders=folders, exact=words, drop=drop),
            channels,
            words,
        )
    _match(layout, lambda path: path.parent.parts, channels, False)  # one of each in a folder
    _match_cores(layout, folder)
    layout.pairs += [Pair(stem_of(item), (item,), item, _part(item, folder)) for item in both]
    _name_them(layout, folder)
    return layout


def _match(layout: Layout, key: Callable[[Path], tuple[str, ...]], channels: bool, exact: bool) -> None:
    """Pair what has one key; where the whole names agree, two of one name are a fault."""
    by_key: dict[tuple[str, ...], tuple[list[Path], list[Path]]] = defaultdict(lambda: ([], []))
    for image in layout.lonely_images:
        by_key[key(image)][0].append(image)
    for mask in layout.lonely_masks:
        by_key[key(mask)][1].append(mask)
    for images, masks in by_key.values():
        if not images or not masks:
            continue
        parts = {channel_of(stem_of(image))[1] for image in images}
        if len(masks) == 1 and (len(images) == 1 or (channels and len(parts) == len(images))):
            part = _part(images[0], layout.root) or _part(masks[0], layout.root)
            layout.pairs.append(Pair(stem_of(images[0]), tuple(sorted(images)), masks[0], part))
        elif exact:
            layout.twice.append((stem_of(masks[0]), images if len(images) > 1 else masks))
        else:
            continue
        layout.lonely_images = [one for one in layout.lonely_images if one not in images]
        layout.lonely_masks = [one for one in layout.lonely_masks if one not in masks]


def _match_cores(layout: Layout, root: Path) -> None:
    """Pair what nothing else has paired by what tells names apart, such as 21_training and 21_manual1."""
    sides = layout.lonely_images, layout.lonely_masks
    cores = [cores_of([*map(stem_of, side)]) for side in sides]
    if min(map(len, sides)) < 2 or len({*cores[0]} & {*cores[1]}) < MOST * max(map(len, sides)):
        return
    core = {path: one for side, own in zip(sides, cores, strict=True) for path, one in zip(side, own, strict=True)}
    homes = {path: tuple(filter(None, map(_home, _folders(path, root)))) for path in core}
    before = set(layout.pairs)
    _match(layout, lambda path: (*homes[path], core[path]), False, False)
    _match(layout, lambda path: (core[path],), False, False)
    layout.guessed = [pair for pair in layout.pairs if pair not in before]


def _key(
    path: Path, root: Path, channels: bool, folders: bool, exact: bool, drop: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Return what an image and its mask have in common.

    folders : count the folders, without words such as images and masks
    exact : count the whole name, not only what is left without such words
    drop : further such words
    """
    inside = tuple(home for home in _folders(path, root) if plain(home) not in map(plain, drop))
    homes = tuple(filter(None, map(_home, inside))) if folders else (part_of(inside),)
    stem = channel_of(stem_of(path))[0] if channels else stem_of(path)
    return (*homes, plain(stem) if exact else bare(stem))


def _is_called(path: Path, root: Path, word: str) -> bool:
    names, wanted = (*_folders(path, root), stem_of(path)), words_of(word)
    return any(plain(word) == plain(name) or _holds(words_of(name), wanted) for name in names)


def _holds(words: list[str], wanted: list[str]) -> bool:
    """Tell whether the wanted words follow each other in a name."""
    size = len(wanted)
    return size > 0 and any(words[start : start + size] == wanted for start in range(len(words) - size + 1))


def _home(folder: str) -> str:
    joined = "".join(words_of(folder))
    return "" if joined in MASK_WORDS | IMAGE_WORDS else bare(folder)


def _folders(path: Path, root: Path) -> tuple[str, ...]:
    return path.relative_to(root).parts[:-1]


def _homes(path: Path, root: Path, parts: bool = True) -> str:
    return "_".join(home for home in _folders(path, root) if _home(home) and (parts or not part_of((home,))))


def _part(path: Path, root: Path) -> str:
    return part_of(tuple(home for home in _folders(path, root) if _home(home)))  # not by imagesTr


def _name_them(layout: Layout, root: Path) -> None:
    """Give each pair a name of its own: the file's, or the folder's where all files are called alike."""
    named = []
    for pair in layout.pairs:
        file = pair.images[0]
        name = channel_of(pair.name)[0] if len(pair.images) > 1 or stem_of(pair.mask) != pair.name else pair.name
        named.append((name if bare(name) else "") or _homes(file, root, parts=False) or name)
    for place, pair in enumerate(layout.pairs):
        name = named[place]
        if named.count(name) > 1:
            name = "_".join(filter(None, (_homes(pair.images[0], root), name)))
        layout.pairs[place] = replace(pair, name=name)
    layout.pairs.sort(key=lambda pair: in_order(pair.name))


def _channels(images: list[Path], masks: set[Path], root: Path) -> bool:
    """Tell whether all images' names end in a channel, such as nnU-Net's _0000, and those of masks do not."""
    ends = [channel_of(stem_of(image)) for image in images]
    if not images or not all(channel for _, channel in ends):
        return False
    stems = {bare(stem_of(mask)) for mask in masks}
    told = any("imagestr" in map(plain, image.relative_to(root).parts) for image in images)
    return told or bool({bare(base) for base, _ in ends} & stems)
