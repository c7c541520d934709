"""From a DICOM folder to the measures of a body, or to a sentence for each thing that is wrong (chapter 21)."""

from pathlib import Path
from typing import Any, NamedTuple

from torch import nn

from unet_teach.clinic.body.frozen import load_body_network
from unet_teach.clinic.body.gate import TILT, Refused, degrees_from_axial, gate, no_whole_torso
from unet_teach.clinic.body.levels import slices_named, slices_of_vertebra
from unet_teach.clinic.body.segment import TissueSlices, segment_slices
from unet_teach.clinic.measure import measure_tissue
from unet_teach.data.dicom import DicomVolume, read_dicom
from unet_teach.recipes.torso import TISSUES

LEVEL = "L3"  # where most studies measure


class BodyComposition(NamedTuple):
    """What was found in a scan; see `body_composition`."""

    scan: DicomVolume
    tissue: TissueSlices
    level: str | None
    measures: dict[str, dict[str, float]]
    lifted: tuple[str, ...]

    @property
    def ratio(self) -> float:
        """Return the area of torso fat divided by that of subcutaneous fat."""
        return self.measures["torso_fat"]["area_cm2"] / self.measures["subcutaneous_fat"]["area_cm2"]


def body_composition(
    folder: Path,
    slices: str | None = None,
    vertebrae: Path | None = None,
    level: str = LEVEL,
    anyway: bool = False,
    network: nn.Module | None = None,
) -> BodyComposition:
    """Measure fat and muscle in some slices of a CT: gate, resample, segment, measure.

    Which slices has to be said, by their numbers or by a mask of vertebrae: an area depends on where it is measured.

    Parameters
    ----------
    folder : of DICOM files, one series
    slices : "86-103", numbers counted from 0 at the feet
    vertebrae : a NIfTI file with TotalSegmentator's numbers of vertebrae, on the scan
    level : of the mask, "L1" to "L5"
    anyway : measure slices that are too thick or too few, too; the report says so. Nothing else can be lifted.
    network : of `train_tissue`; the frozen one if None

    Returns
    -------
    BodyComposition
        scan, tissue : what was read, and the slices with their labels
        level : of the mask, if there was one
        measures : by tissue, as `measure_tissue` gives them
        lifted : the gate's reasons that `anyway` passed over

    Raises
    ------
    FileNotFoundError, DicomFault (a ValueError)
        As `read_dicom`.
    Refused (a ValueError)
        With all reasons: if the gate has one, slices are not said or not there, a body is cut off, a tissue is absent.

    Introduced in chapter 21.
    """
    scan = read_dicom(Path(folder))
    all_reasons, reasons = gate(scan), gate(scan, anyway=anyway)
    chosen = None
    try:
        if (slices is None) == (vertebrae is None):
            raise Refused(["Say which slices, in one of two ways: slices A-B, or a mask of vertebrae."])
        if degrees_from_axial(scan.affine) <= TILT:  # else it has no slices to be numbered from the feet
            chosen = _chosen(scan, slices, vertebrae, level)
            reasons += [] if gate(scan, anyway=True) else no_whole_torso(scan, chosen)
    except Refused as refusal:
        reasons += refusal.reasons
    if reasons or chosen is None:
        raise Refused(reasons)
    tissue = segment_slices(network or load_body_network(), scan, chosen)
    try:
        measures = measure_tissue(tissue.labels, tissue.hu, tissue.spacing, TISSUES)
    except ValueError as error:
        raise Refused([f"Nothing can be measured: {error}."]) from error
    lifted = tuple(reason for reason in all_reasons if reason not in reasons)
    return BodyComposition(scan, tissue, None if vertebrae is None else level, measures, lifted)


def _chosen(scan: DicomVolume, slices: str | None, vertebrae: Path | None, level: str) -> range:
    return slices_of_vertebra(vertebrae, level, scan) if vertebrae is not None else slices_named(slices or "", scan)


def as_report(found: BodyComposition) -> dict[str, Any]:
    """Put what was found into what `json.dumps` takes; no entry of the scan's header that names a person is in it.

    Introduced in chapter 21.
    """
    thickness = found.scan.thickness
    return {
        "slices": [found.tissue.numbers[0], found.tissue.numbers[-1]],
        "level": found.level,
        "scan": {
            "slices": found.scan.array.shape[2],
            "spacing_mm": [round(step, 4) for step in found.scan.spacing],
            "thickness_mm": thickness if thickness == thickness else None,
        },
        "tissues": {
            name: {measure: round(value, 2) for measure, value in row.items()} for name, row in found.measures.items()
        },
        "torso_to_subcutaneous_fat": round(found.ratio, 4),
        "measured_anyway": list(found.lifted),
    }
