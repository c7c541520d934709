"""Keep a reader's drawing in the working folder, and find it again in a later chapter."""

import os
from importlib.resources import files
from pathlib import Path

from unet_teach.course.annotate.crops import place_of
from unet_teach.data import standins_in_use
from unet_teach.data.drawings import instances, membrane, shapes

FOLDER = "my-annotations"
SETS_OF = {"em": "isbi2012_em", "cells": "usiigaci"}


def keep(name: str, text: str) -> str:
    """Write a drawing to `my-annotations/NAME.txt` in the working folder, whole or not at all.

    A text without shapes keeps what is there. What was drawn on a stand-in's picture goes into NAME-standin.txt.

    Parameters
    ----------
    name : "em" or "cells"
    text : the drawing, as `shapes` reads it

    Returns
    -------
    A sentence that says what was kept.

    Raises
    ------
    ValueError
        If there is no such crop, or the text is not a drawing for it.
    OSError
        If the folder cannot be written.

    Introduced in chapter 5.
    """
    size = place_of(name).size
    found = shapes(text)
    if not found:
        return "Nothing is drawn yet, so nothing was kept."
    (membrane if name == "em" else instances)(text, (size, size))  # raises where a shape does not fit
    path = _path(name)
    path.parent.mkdir(exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}.new")  # a killed run leaves the old drawing whole
    try:
        new.write_text(text.strip("\n") + "\n", encoding="utf-8")
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
    return f"{len(found)} shape{'s' if len(found) > 1 else ''} kept in {path.as_posix()}."


def kept(name: str) -> str | None:
    """Return the drawing that the reader has kept in this working folder, or None.

    Raises
    ------
    ValueError
        If there is no such crop.

    Introduced in chapter 5.
    """
    place_of(name)
    path = _path(name)
    if not path.is_file():
        return None
    try:
        return path.read_text(encoding="utf-8-sig")  # some editors put a mark before the first line
    except UnicodeDecodeError:  # saved by an editor that still writes Windows' own encoding; a shape needs ASCII only
        return path.read_text(encoding="cp1252", errors="replace")


def example(name: str) -> str:
    """Return the course's own drawing of a crop, made by a non-expert from the enlarged picture.

    The experts' labels were not on that picture. The drawing stands in for the reader's own until there is one.

    Raises
    ------
    ValueError
        If there is no such crop.

    Introduced in chapter 5.
    """
    place_of(name)
    return (files("unet_teach.course.annotate") / "examples" / f"{name}.txt").read_text(encoding="utf-8")


def whose(name: str) -> str:
    """Say whose drawing a later chapter uses, and how to bring one from a session with another disk, as in Colab.

    Raises
    ------
    ValueError
        If there is no such crop.

    Introduced in chapter 6.
    """
    place_of(name)
    path = _path(name)
    if path.is_file():
        return f"your drawing, kept in {path.as_posix()}"
    return (
        f"the course's example, since there is no {path.as_posix()} here\n"
        f'(to use yours: annotate.keep("{name}", """its text"""), then this cell again)'
    )


def _path(name: str) -> Path:
    drawn_on = "-standin" if SETS_OF[name] in standins_in_use() else ""  # another picture, so another drawing
    return Path(FOLDER) / f"{name}{drawn_on}.txt"
