"""Body composition from a CT, from a DICOM folder to its measures (chapter 21).

Teaching code: nothing here is for diagnosis.
"""

from unet_teach.clinic.body.compose import BodyComposition, as_report, body_composition
from unet_teach.clinic.body.dicom_seg import write_segmentation
from unet_teach.clinic.body.frozen import freeze, load_body_network
from unet_teach.clinic.body.gate import Refused, degrees_from_axial, gate, no_whole_torso
from unet_teach.clinic.body.levels import LUMBAR, slices_named, slices_of_vertebra
from unet_teach.clinic.body.segment import TissueSlices, as_stored, seen_from_the_feet, segment_slices

__all__ = [
    "LUMBAR",
    "BodyComposition",
    "Refused",
    "TissueSlices",
    "as_report",
    "as_stored",
    "body_composition",
    "degrees_from_axial",
    "freeze",
    "gate",
    "load_body_network",
    "no_whole_torso",
    "seen_from_the_feet",
    "segment_slices",
    "slices_named",
    "slices_of_vertebra",
    "write_segmentation",
]
