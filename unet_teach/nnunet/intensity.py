"""The rule about grey values: a channel's name decides how it is normalised (chapter 18)."""

from collections.abc import Sequence

SCHEMES = {
    "ct": "CTNormalization",  # a scale that means something: the same shift and factor for all cases
    "nonorm": "NoNormalization",
    "zscore": "ZScoreNormalization",
    "rescale_to_0_1": "RescaleTo01Normalization",
    "rgb_to_0_1": "RGBTo01Normalization",
}
EACH_BY_ITSELF = "ZScoreNormalization"  # of every other name, such as "MRI" or "FLAIR"
MOSTLY_BORDER = 3 / 4  # less than this is left once the empty border is cut off


def intensity_normalization(channel_names: Sequence[str], kept: float) -> tuple[list[str], list[bool]]:
    """Choose how each channel is normalised, and whether only over what is not zero.

    Parameters
    ----------
    channel_names : as in dataset.json; capitals do not matter
    kept : the share of an image that is left once its empty border is cut off, the median of all cases

    Returns
    -------
    (schemes by nnU-Net's names, masks), one for each channel

    Source: as `image_target_spacing`. Introduced in chapter 18.
    """
    schemes = [SCHEMES.get(name.casefold(), EACH_BY_ITSELF) for name in channel_names]
    return schemes, [kept < MOSTLY_BORDER and scheme == EACH_BY_ITSELF for scheme in schemes]
