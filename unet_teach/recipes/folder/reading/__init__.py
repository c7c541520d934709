"""One file to one array, with its axes, its scale and what was noticed on the way (chapter 25)."""

from pathlib import Path

from unet_teach.recipes.folder.reading.arrays import read_numpy
from unet_teach.recipes.folder.reading.flat import read_flat
from unet_teach.recipes.folder.reading.outlines import read_drawing
from unet_teach.recipes.folder.reading.picture import Picture, Unreadable, without_rounding
from unet_teach.recipes.folder.reading.tiff import read_tiff
from unet_teach.recipes.folder.reading.volumes import read_series, read_volume

__all__ = ["READERS", "Picture", "Unreadable", "ending_of", "read_picture"]

DOUBLE = (".nii.gz", ".ome.tif", ".ome.tiff")
READERS = {
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".jpe", ".bmp", ".gif", ".webp", ".jp2", ".pgm", ".ppm"), read_flat),
    **dict.fromkeys((".tif", ".tiff", ".ome.tif", ".ome.tiff"), read_tiff),
    **dict.fromkeys((".nii", ".nii.gz"), read_volume),
    **dict.fromkeys((".npy", ".npz"), read_numpy),
    **dict.fromkeys((".dcm", ".dicom", ".ima"), read_series),
    ".txt": read_drawing,
}


def ending_of(path: Path) -> str:
    """Return a file's ending in small letters, ".nii.gz" whole."""
    name = path.name.lower()
    return next((ending for ending in DOUBLE if name.endswith(ending)), Path(name).suffix)


def read_picture(path: Path, mask: bool = False, size: tuple[int, ...] = ()) -> Picture:
    """Read an image or a mask, whatever its format.

    Parameters
    ----------
    path : a file, or the folder of a DICOM series
    mask : where colours stand for numbers (a palette), take the numbers
    size : of the image, which the drawings of the course's canvas do not say

    Raises
    ------
    Unreadable (a ValueError)
        With a sentence that says why, and what to do.

    Introduced in chapter 25.
    """
    path = Path(path)
    reader = read_series if path.is_dir() else READERS.get(ending_of(path))
    if reader is None:
        raise Unreadable(f"{path.name} has the ending {path.suffix or '(none)'}: save it as TIFF or PNG")
    try:
        if path.is_symlink() and not path.exists():
            raise Unreadable(f"{path.name} is a link to a file that is not there: copy the file itself")
        if not path.is_dir() and path.stat().st_size == 0:
            raise Unreadable(f"{path.name} is empty, 0 bytes: copy it again")
        picture = read_drawing(path, mask, size) if reader is read_drawing else reader(path, mask)
        return without_rounding(picture) if mask else picture
    except (Unreadable, ImportError):
        raise
    except MemoryError as error:
        raise Unreadable(f"{path.name} does not fit into this machine's memory: cut it into smaller pieces") from error
    except PermissionError as error:
        raise Unreadable(
            f"{path.name} may not be read by you: ask whoever owns it, or change its permissions"
        ) from error
    except Exception as error:  # each library has errors of its own for damaged files
        told = _text_instead(path)
        why = told or "is damaged, or is not what its name says: copy or export it again"
        raise Unreadable(f"{path.name} {why}") from error


def _text_instead(path: Path) -> str:
    """Say what came in place of a picture, where that is text."""
    with path.open("rb") as stream:
        start = stream.read(200).lstrip().lower()
    if start.startswith(b"version https://git-lfs"):
        return "is a pointer of Git LFS, not the file itself: fetch the files with git lfs pull"
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "is a web page, not a picture: the download failed, so fetch it again"
    return ""
