"""What was found in a folder: pairs, and what has no partner (chapter 25)."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Pair:
    """One case: its image, in one file or one a channel, and its mask.

    name : by which it is found again
    images, mask : files, or the folder of a DICOM series
    part : "train", "held back" or "", where the folders say it
    """

    name: str
    images: tuple[Path, ...]
    mask: Path
    part: str = ""


@dataclass
class Layout:
    """What was found in a folder.

    root : the folder, or the only one in it
    pairs : what belongs together
    lonely_images, lonely_masks : files without the other
    twice : names for which two files were found
    guessed : pairs whose names have in common only what tells them apart from the others
    aside : images in folders such as imagesTs
    unknown : files that nothing here reads

    Introduced in chapter 25.
    """

    root: Path
    pairs: list[Pair] = field(default_factory=list)
    lonely_images: list[Path] = field(default_factory=list)
    lonely_masks: list[Path] = field(default_factory=list)
    twice: list[tuple[str, list[Path]]] = field(default_factory=list)
    guessed: list[Pair] = field(default_factory=list)
    aside: list[Path] = field(default_factory=list)
    unknown: list[Path] = field(default_factory=list)
