"""What a loader may be asked for, and folds that keep together what belongs together."""

from collections.abc import Callable, Mapping, Sequence

from unet_teach._checks import whole


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


def grouped_folds(numbers: Sequence[int], group_of: Callable[[int], int], count: int = 5) -> list[list[int]]:
    """Share cases out among folds, so that a group, such as one person's cases, stays in one fold.

    No chance is involved: the largest groups come first, then the order of their numbers, and each goes to the fold
    that holds fewest cases so far. Fold sizes differ by at most the size of the largest group.

    Parameters
    ----------
    numbers : of the cases, each once, in any order
    group_of : the number of a case -> the number of its group, such as `unet_teach.data.hippocampus.group_of`
    count : how many folds, 2 or more

    Returns
    -------
    list of folds, each the numbers of its cases in rising order: fold k is held back while the others are trained on

    Raises
    ------
    TypeError
        If a number is not a whole one.
    ValueError
        If a case comes twice, or there are fewer groups than folds.

    Introduced in chapter 15.
    """
    count, cases = whole("count", count), [whole("the number of a case", number) for number in numbers]
    if len(set(cases)) < len(cases):
        raise ValueError(f"cases {sorted({n for n in cases if cases.count(n) > 1})} come twice")
    groups: dict[int, list[int]] = {}
    for number in sorted(cases):
        groups.setdefault(whole("the number of a group", group_of(number)), []).append(number)
    if not 2 <= count <= len(groups):
        raise ValueError(f"{len(groups)} groups make 2 to {len(groups)} folds, not {count}")
    folds: list[list[int]] = [[] for _ in range(count)]
    for _, members in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        min(folds, key=len).extend(members)
    return [sorted(fold) for fold in folds]
