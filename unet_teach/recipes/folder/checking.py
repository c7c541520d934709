"""The checker: everything that is wrong with a folder, at once (chapter 25)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from unet_teach.recipes.folder.contents import Contents
from unet_teach.recipes.folder.faults import CHECKS, Fault
from unet_teach.recipes.folder.faults.gather import gathered
from unet_teach.recipes.folder.looking import look_at
from unet_teach.recipes.folder.pairing import find_pairs

ORDER = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True)
class Checked:
    """What the checker found.

    folder : that was looked at
    contents : what it understood, case by case
    faults : errors first, then warnings, then notes

    Introduced in chapter 25.
    """

    folder: Path
    contents: Contents
    faults: tuple[Fault, ...]

    def of(self, level: str) -> list[Fault]:
        """Return the errors, the warnings or the notes."""
        return [fault for fault in self.faults if fault.level == level]

    @property
    def may_train(self) -> bool:
        """Whether nothing blocks training."""
        return not self.of("error")

    def __str__(self) -> str:
        errors, warnings = len(self.of("error")), len(self.of("warning"))
        count = len(self.contents.looks)
        lines = [f"{count} image{'s' * (count != 1)} with a mask in {self.folder.name or self.folder}"]
        lines += [str(fault) for fault in self.faults]
        verdict = "Nothing here may be trained on before the errors are mended." if errors else "Ready to train."
        lines.append(f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}. {verdict}")
        return "\n".join(lines)


def check_folder(
    folder: str | Path,
    instances: bool = False,
    grouped: bool = True,
    given: Mapping[str, str] | None = None,
    images: str = "",
    masks: str = "",
    quiet: bool = True,
) -> Checked:
    """Look at every image and mask of a folder, and say everything that is wrong, in words.

    Parameters
    ----------
    folder : with images and masks, in any of the usual layouts
    instances : whether numbers in masks are those of objects, not of classes
    grouped : whether names may say which images belong together, such as one patient's
    given : case -> group, where it is known better
    images, masks : a word of the folders or files that hold them, where names do not say it by themselves
    quiet : no progress bar

    Raises
    ------
    FileNotFoundError, NotADirectoryError
        If there is no such folder. What is wrong in it is never raised.

    Introduced in chapter 25.
    """
    layout = find_pairs(Path(folder), images, masks)
    bar = tqdm(layout.pairs, desc="looking", unit="image", disable=quiet, leave=False)
    contents = Contents(layout, [look_at(pair) for pair in bar], instances, grouped, dict(given or {}))
    found = gathered(fault for check in CHECKS for fault in check(contents))
    return Checked(Path(folder), contents, tuple(sorted(found, key=lambda fault: ORDER[fault.level])))
