"""What chapter 18's rules plan for a folder, made small enough for a laptop, and said aloud (chapter 25)."""

from typing import Any

from unet_teach.nnunet import Dataset, fingerprint, plan
from unet_teach.recipes.folder.cases import Meaning
from unet_teach.recipes.folder.faults.fault import size_of

MEMORY_GB = 0.1  # of the graphics card that is planned for; a laptop's processor takes as long for it as one can wait
WIDTH, WIDEST = 16, 128  # channels of the first level and of any; nnU-Net begins with 32 and ends at 512
SHARPER = "ZScoreNormalization"


def plan_folder(
    dataset: Dataset, memory_gb: float = MEMORY_GB, width: int = WIDTH, coarser: float = 1
) -> tuple[dict[str, Any], str]:
    """Plan for the cases to learn from.

    Parameters
    ----------
    dataset : they
    memory_gb : the dial of chapter 18
    width : channels of the first level
    coarser : pixels are made larger by this factor first, so that a patch shows more

    Returns
    -------
    the plan, and the name of the configuration that is trained

    Raises
    ------
    ValueError
        If there is nothing to learn, the memory is too small for any patch, or `coarser` is below 1.

    Introduced in chapter 25.
    """
    if not 1 <= coarser < 100:
        raise ValueError(f"coarser is a factor from 1 on, such as 2 for half the size, got {coarser}")
    look, axes = fingerprint(dataset), dataset.cases[0].labels.ndim
    for shape, spacing in zip(look["shapes_after_crop"], look["spacings"], strict=True):
        shape[-axes:] = [max(side / coarser, 1) for side in shape[-axes:]]
        spacing[-axes:] = [step * coarser for step in spacing[-axes:]]
    made = plan(look, memory_gb)
    name = "3d_fullres" if "3d_fullres" in made["configurations"] else "2d"
    configuration = made["configurations"][name]
    levels = len(configuration["features_per_stage"])
    configuration["features_per_stage"] = [min(width * 2**level, WIDEST) for level in range(levels)]
    return made, name


def aloud(made: dict[str, Any], name: str, meaning: Meaning, dataset: Dataset) -> list[str]:
    """Say what was planned, and why, a sentence a rule.

    Introduced in chapter 25.
    """
    configuration = made["configurations"][name]
    patch, levels = configuration["patch_size"], len(configuration["features_per_stage"])
    unit = meaning.unit if meaning.spacing else "pixel"
    median = meaning.spacing or (1.0,) * len(patch)
    plain = all(
        abs(a - b) < 0.01 * b
        for a, b in zip(configuration["spacing"][-len(patch) :], median[-len(patch) :], strict=True)
    )
    step = " x ".join(f"{s:.3g}" for s in configuration["spacing"])
    scheme = configuration["normalization_schemes"][0]
    return [
        f"Channels: {', '.join(meaning.channels)}; classes: {', '.join(meaning.names)}.",
        f"Pixels: all images are brought to {step} {unit}" + (", the median of the folder." if plain else "."),
        "Grey values: each image is brought to mean 0 and standard deviation 1."
        if scheme == SHARPER
        else "Grey values: Hounsfield units, clipped and scaled alike for all scans.",
        f"Patch: {size_of(patch)}, the largest that fits the memory planned for; "
        f"{configuration['batch_size']} at a time.",
        f"Network: {levels} levels, {configuration['features_per_stage'][0]} channels at the top, "
        f"{configuration['features_per_stage'][-1]} at the bottom: halved until a side is below 8 pixels. nnU-Net "
        "would take 32 and up to 512; this one suits a laptop.",
    ]
