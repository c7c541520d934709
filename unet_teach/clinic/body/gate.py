"""The gate: what is not a CT whose tissues can be measured is refused, with all reasons at once (chapter 21)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from unet_teach.data.dicom import DicomVolume
from unet_teach.recipes.torso import body_of

THICKEST = 10.0  # mm
FEWEST = 10  # slices
TILT = 5.0  # degrees by which slices may be off from axial, and rows from left to right
SMALLEST, LARGEST = 250.0, 2000.0  # cm2 of a torso's slice, generously
AIR = -500.0  # HU: whatever is below is no tissue; a lung is, and so is what surrounds a patient


class Refused(ValueError):
    """A scan that is not measured; `reasons` holds a sentence for each thing that is wrong with it.

    Introduced in chapter 21.
    """

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("not measured. " + " ".join(f"({n}) {reason}" for n, reason in enumerate(self.reasons, 1)))


def gate(scan: DicomVolume, anyway: bool = False) -> list[str]:
    """Say what speaks against measuring a scan: every reason, not the first one.

    Asked are the modality, the orientation, the thickness (or the distance of slices, where that is larger), the number
    of slices, and whether the numbers can be Hounsfield units: something must be as dark as air.

    Parameters
    ----------
    scan : as `read_dicom` returns it
    anyway : pass over slices that are too thick or too few

    Returns
    -------
    sentences; none, if nothing speaks against it

    Introduced in chapter 21.
    """
    reasons = []
    if scan.modality != "CT":
        reasons.append(f"It is {scan.modality or 'of no modality'}: only the numbers of a CT have a unit.")
    tilt = degrees_from_axial(scan.affine)
    if tilt > TILT:
        reasons.append(f"Its slices are {tilt:.0f} degrees off from axial: export the axial series.")
    thick = float(np.nanmax([scan.thickness, scan.spacing[2]]))
    if thick > THICKEST and not anyway:
        reasons.append(f"Its slices are {thick:g} mm thick, or as far apart: at most {THICKEST:g} mm.")
    if scan.array.shape[2] < FEWEST and not anyway:
        reasons.append(f"It has {scan.array.shape[2]} slices: at least {FEWEST}.")
    known = scan.array[~scan.padding] if scan.padding.any() else scan.array
    if not known.size or not (known < AIR).any() or not (known > AIR).any():
        reasons.append("Its numbers are no Hounsfield units: nothing is as dark as air, or everything is.")
    return reasons


def degrees_from_axial(affine: NDArray[np.float64]) -> float:
    """Measure how far a scan's rows, columns and slices are from left-right, front-back and feet-head, in degrees.

    Introduced in chapter 21.
    """
    directions = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    least = np.abs(np.diag(directions)).min()  # cosine of the largest angle
    return float(np.degrees(np.arccos(np.clip(least, -1, 1))))


def no_whole_torso(scan: DicomVolume, chosen: range) -> list[str]:
    """Say in which of the chosen slices there is no torso, or not the whole of it.

    Where the body reaches the picture's edge, or what the scanner did not measure, part of it is not counted, and an
    area would be too small without anybody seeing it. A head, a leg, or a spacing in another unit gives a body whose
    area no torso has.

    Parameters
    ----------
    scan : as `read_dicom` returns it, axial
    chosen : numbers of slices, counted from 0 at the feet

    Returns
    -------
    sentences; none, if a whole torso is in each of them

    Introduced in chapter 21.
    """
    at_edge, no_body, no_torso = [], [], []
    for number in chosen:
        stored = number if scan.affine[2, 2] > 0 else scan.array.shape[2] - 1 - number
        missing = scan.padding[..., stored]
        try:
            body = body_of(np.where(missing, -1024, scan.array[..., stored]))
        except ValueError:
            no_body.append(number)
            continue
        beside = np.pad(missing, 1, constant_values=True)
        beside = beside[:-2, 1:-1] | beside[2:, 1:-1] | beside[1:-1, :-2] | beside[1:-1, 2:]
        if (body & beside).any():
            at_edge.append(number)
        elif not SMALLEST <= body.sum() * scan.spacing[0] * scan.spacing[1] / 100 <= LARGEST:
            no_torso.append(number)
    found = []
    if no_body:
        found.append(f"There is no body in slices {in_runs(no_body)}.")
    if at_edge:
        found.append(f"The body reaches the edge of the picture in slices {in_runs(at_edge)}: part of it is missing.")
    if no_torso:
        found.append(
            f"What is in slices {in_runs(no_torso)} is no torso: its area is not {SMALLEST:g} to {LARGEST:g} cm2."
        )
    return found


def in_runs(slices: Sequence[int]) -> str:
    """Write numbers of slices briefly: 3, 4, 5, 9 as "3-5, 9"."""
    runs: list[list[int]] = []
    for number in slices:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
