"""Whether files belong to one series; where one is odd among many, it is named, with what it has (chapter 14)."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from unet_teach.data.dicom._header import DicomFault
from unet_teach.data.dicom.one_file import DicomSlice

Alike = Callable[[DicomSlice, DicomSlice], bool]
SHOWN = 3  # files that are named
WHAT: dict[str, tuple[Alike, Callable[[DicomSlice], str]]] = {  # what must agree -> whether two do, and how one has it
    "pixels": (
        lambda one, other: one.values.shape == other.values.shape,
        lambda one: f"is {one.values.shape[0]} x {one.values.shape[1]} pixels large",
    ),
    "spacing": (
        lambda one, other: np.allclose(one.spacing, other.spacing, rtol=1e-3),
        lambda one: f"has a spacing of {one.spacing[0]:g} x {one.spacing[1]:g} mm",
    ),
    "orientation": (
        lambda one, other: bool(np.abs(one.directions - other.directions).max() <= 1e-3),
        lambda one: f"has the orientation {' '.join(f'{number:.3g}' for number in one.directions.ravel())}",
    ),
    "modality": (lambda one, other: one.modality == other.modality, lambda one: f"is of modality {one.modality}"),
}


def refuse_strangers(slices: Sequence[DicomSlice]) -> None:
    """Refuse files that do not belong together, and name those that differ from most.

    Raises
    ------
    DicomFault
        If there are several series, one slice, or several shapes, spacings, orientations or modalities.

    Introduced in chapter 14.
    """
    series = Counter(one.series for one in slices)
    if len(series) > 1:
        usual, count = series.most_common(1)[0]
        odd = [one for one in slices if one.series != usual]
        if count > len(slices) / 2 and len(odd) <= SHOWN:
            what = f"{_names(odd)} {'is' if len(odd) == 1 else 'are'} of another series than the other {count} files"
            raise DicomFault("several series", f"{what}: move {_it(odd)} out")
        parts = ", ".join(
            f"{count} like {next(one.file.name for one in slices if one.series == uid)}"
            for uid, count in series.items()
        )
        raise DicomFault("several series", f"the folder holds {len(series)} of them ({parts}): keep one in it")
    if len(slices) == 1:
        raise DicomFault("one slice", f"{slices[0].file.name} is alone, which makes no volume: add the others")
    for what, (alike, shown) in WHAT.items():
        usual_one = _usual(slices, alike)
        odd = [one for one in slices if not alike(one, usual_one)]
        rest = len(slices) - len(odd)
        if odd and rest > len(slices) / 2:
            own = f"{_names(odd)} {shown(odd[0])}" if len(odd) == 1 else f"{_names(odd)} differ"
            how = f"{own}; {usual_one.file.name}, like {rest - 1} more, {shown(usual_one)}"
            raise DicomFault(f"different {what}", f"{how}: move {_it(odd)} out, or export the series again")
        if odd:
            first = slices[0]
            other = next(one for one in slices if not alike(one, first))
            raise DicomFault(f"different {what}", f"{other.file.name} differs from {first.file.name}: move one out")


def _usual(slices: Sequence[DicomSlice], alike: Alike) -> DicomSlice:
    """Return the first file that is like most."""
    kinds: list[tuple[DicomSlice, int]] = []
    for one in slices:
        place = next((n for n, (kind, _) in enumerate(kinds) if alike(one, kind)), None)
        if place is None:
            kinds.append((one, 1))
        else:
            kinds[place] = (kinds[place][0], kinds[place][1] + 1)
    return max(kinds, key=lambda kind: kind[1])[0]


def _names(some: Sequence[DicomSlice]) -> str:
    shown = [one.file.name for one in some[:SHOWN]]
    return ", ".join(shown) + (f" and {len(some) - SHOWN} more" if len(some) > SHOWN else "")


def _it(some: Sequence[DicomSlice]) -> str:
    return "it" if len(some) == 1 else "them"
