"""What a planner looks at: cases of one task, with the names of what is in them (chapter 18)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import reals


@dataclass(frozen=True)
class Case:
    """One labelled image, flat or a volume; what does not fit together is refused.

    name : by which it is found again, such as "hippocampus_001"
    image : (channels, H, W) or (channels, X, Y, Z) float32, grey values as they were measured
    labels : (H, W) or (X, Y, Z) integers, class numbers from 0
    spacing : the distance between pixels along each axis of `labels`, in whatever unit, the same for all cases

    Raises
    ------
    TypeError, ValueError
        If the arrays differ in size, hold no numbers or NaN, or a spacing is missing or not above 0.

    Introduced in chapter 18.
    """

    name: str
    image: NDArray[np.float32]
    labels: NDArray[np.integer]
    spacing: tuple[float, ...]

    def __post_init__(self) -> None:
        image = reals(f"the image of {self.name}", self.image, finite=True)
        spacing = tuple(reals(f"the spacing of {self.name}", self.spacing, finite=True).ravel().tolist())
        labels = np.asarray(self.labels)
        if image.ndim not in (3, 4) or image.shape[1:] != labels.shape or not image.size:
            raise ValueError(
                f"{self.name}: an image is (channels, H, W) or (channels, X, Y, Z), its labels the same without the "
                f"channels; got {image.shape} and {labels.shape}"
            )
        if labels.dtype.kind not in "uib" or labels.min() < 0:
            raise TypeError(f"{self.name}: labels are whole numbers from 0, got {labels.dtype}")
        if len(spacing) != labels.ndim or min(spacing) <= 0:
            raise ValueError(f"{self.name}: a spacing above 0 for each of {labels.ndim} axes, got {spacing}")
        object.__setattr__(self, "image", image.astype(np.float32))
        object.__setattr__(self, "labels", labels.astype(np.uint8) if labels.dtype == bool else labels)
        object.__setattr__(self, "spacing", spacing)


@dataclass(frozen=True)
class Dataset:
    """The labelled cases of one task.

    cases : all flat or all volumes
    channel_names : one for each channel; "CT" is the name that changes the plan, see `normalization_schemes`
    labels : the classes by number, the background first, such as ("background", "anterior", "posterior")
    name : of the set, letters and digits

    Raises
    ------
    ValueError
        If there is no case, two have one name, axes or channels differ, or a label has no name.

    Introduced in chapter 18.
    """

    cases: Sequence[Case]
    channel_names: Sequence[str]
    labels: Sequence[str]
    name: str = "Mine"

    def __post_init__(self) -> None:
        if not self.cases:
            raise ValueError("a data set holds at least one case")
        names = [case.name for case in self.cases]
        if len(set(names)) < len(names):
            raise ValueError(f"cases {sorted({n for n in names if names.count(n) > 1})} come twice")
        for case in self.cases:
            if case.labels.ndim != self.cases[0].labels.ndim:
                raise ValueError(f"{case.name} has {case.labels.ndim} axes, {names[0]} {self.cases[0].labels.ndim}")
            if len(case.image) != len(self.channel_names):
                raise ValueError(f"{case.name} has {len(case.image)} channels, their names are {self.channel_names}")
            if case.labels.max() >= len(self.labels):
                raise ValueError(f"{case.name} holds label {case.labels.max()}, and there are names for {self.labels}")

    def of(self, names: Sequence[str]) -> "Dataset":
        """Keep the cases of these names, in this order: a fold."""
        found = {case.name: case for case in self.cases}
        missing = [name for name in names if name not in found]
        if missing:
            raise ValueError(f"there is no case {missing}; there are {sorted(found)}")
        return Dataset([found[name] for name in names], self.channel_names, self.labels, self.name)
