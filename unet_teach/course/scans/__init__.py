"""Chapter 14's laboratory: folders of DICOM files with one fault each, and pictures of a volume in three planes."""

from unet_teach.course.scans.faults import FAULTS, spoil
from unet_teach.course.scans.planes import plane, show_planes

__all__ = ["FAULTS", "plane", "show_planes", "spoil"]
