"""What is left of names once the words that all of them share are gone (chapter 25)."""

from collections.abc import Sequence
from itertools import takewhile

from unet_teach.recipes.folder.names import bare


def cores_of(stems: Sequence[str]) -> list[str]:
    """Strip the words with which all names begin, and those with which all end: what is left tells them apart.

    "21_training" and "22_training" become "21" and "22", "t000" and "t001" become "0" and "1"; of a single name nothing
    is left.

    Introduced in chapter 25.
    """
    words = [bare(stem).split("_") for stem in stems]
    if len(words) < 2:
        return [""] * len(words)
    shortest = min(map(len, words))
    front = _shared(words, shortest)
    behind = _shared([one[::-1] for one in words], shortest - front)
    kept = [one[front : len(one) - behind] for one in words]
    return ["_".join(word.lstrip("0") or "0" if word.isdigit() else word for word in one) for one in kept]


def _shared(words: Sequence[Sequence[str]], most: int) -> int:
    """Count the words that all begin with."""
    return sum(1 for _ in takewhile(lambda place: len({one[place] for one in words}) == 1, range(most)))
