"""The fingerprint of a data set: the few numbers that a plan is made from (chapter 18).

Source: as `image_target_spacing`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach.nnunet.dataset import Case, Dataset
from unet_teach.nnunet.plan import INTENSITIES

FLAT = 999  # times a flat image's larger spacing: how far apart nnU-Net says that they lie
SAMPLES, SEED = 10_000, 1234  # grey values of each case's foreground; nnU-Net shares 10e7 out among the cases


def fingerprint(dataset: Dataset) -> dict[str, Any]:
    """Measure a data set.

    Returns
    -------
    "spacings", "shapes_after_crop" : three numbers a case, once its empty border is cut off; a flat image is one slice
    "median_relative_size_after_cropping" : the share of the voxels that is left
    "channel_names", "number_of_labels", "number_of_cases"
    "foreground_intensity_properties_per_channel" : "0", "1" ... -> "mean", "median", "std", "min", "max",
        "percentile_99_5", "percentile_00_5" of grey values drawn from the foreground, equally many from each case

    Raises
    ------
    ValueError
        If no case has any foreground.

    Introduced in chapter 18.
    """
    looks = [_look(case) for case in dataset.cases]
    grey = [np.concatenate(values) for values in zip(*(values for _, _, values in looks), strict=True)]
    if not len(grey[0]):
        raise ValueError("no case has a label above 0: there is nothing to learn, so check how the labels were read")
    return {
        "spacings": [_three(case.spacing, FLAT * max(case.spacing)) for case in dataset.cases],
        "shapes_after_crop": [_three(shape, 1) for shape, _, _ in looks],
        "median_relative_size_after_cropping": float(np.median([kept for _, kept, _ in looks])),
        "channel_names": list(dataset.channel_names),
        "number_of_labels": len(dataset.labels),
        "number_of_cases": len(dataset.cases),
        INTENSITIES: {str(channel): _properties(values) for channel, values in enumerate(grey)},
    }


def crop_to_nonzero(image: NDArray[np.float32]) -> tuple[slice, ...]:
    """Find the box around what is not zero in every channel.  (C, ...) -> a slice an axis"""
    filled = ndimage.binary_fill_holes((image != 0).any(axis=0))
    boxes = ndimage.find_objects(np.asarray(filled, dtype=np.uint8))
    return boxes[0] if boxes else tuple(slice(0, side) for side in image.shape[1:])


def _look(case: Case) -> tuple[list[int], float, list[NDArray[np.float32]]]:
    """Crop a case and draw grey values of its foreground.  -> shape, share that is left, values of each channel"""
    box = crop_to_nonzero(case.image)
    image, labels = case.image[:, *box], case.labels[box]
    foreground, chance = labels > 0, np.random.RandomState(SEED)
    values = [channel[foreground] for channel in image]
    drawn = [chance.choice(some, SAMPLES) if len(some) else some for some in values]
    return list(labels.shape), labels.size / case.labels.size, drawn


def _three(numbers: Any, first: float) -> list[Any]:
    return list(numbers) if len(numbers) == 3 else [first, *numbers]


def _properties(values: NDArray[np.float32]) -> dict[str, float]:
    low, median, high = np.percentile(values, (0.5, 50, 99.5))
    return {
        "mean": float(np.mean(values)),
        "median": float(median),
        "std": float(np.std(values)),
        "min": float(np.min(values)),
        "max": float(np.max(values)),
        "percentile_99_5": float(high),
        "percentile_00_5": float(low),
    }
