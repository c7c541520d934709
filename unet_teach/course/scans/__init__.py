"""Chapter 14's laboratory: folders of DICOM files with one fault each, and pictures of a volume in three planes."""

from unet_teach.course.scans.faults import FAULTS, LEGAL, TRAPS, spoil
from unet_teach.course.scans.material import ORGANS, about_x, by_number, labelled_part, whole_ct
from unet_teach.course.scans.planes import plane, show_planes

__all__ = [
    "FAULTS",
    "LEGAL",
    "ORGANS",
    "TRAPS",
    "about_x",
    "by_number",
    "labelled_part",
    "plane",
    "show_planes",
    "spoil",
    "whole_ct",
]
