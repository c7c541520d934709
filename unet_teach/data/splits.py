"""What a loader may be asked for."""

from collections.abc import Mapping, Sequence


def numbers_of(split: str, splits: Mapping[str, Sequence[int]]) -> list[int]:
    """Return the numbers that a split holds.

    Raises
    ------
    ValueError
        If there is no such split; the message lists those there are.
    """
    if not isinstance(split, str) or split not in splits:
        raise ValueError(f"there is no split {split!r}; choose one of {', '.join(map(repr, splits))}")
    return list(splits[split])
