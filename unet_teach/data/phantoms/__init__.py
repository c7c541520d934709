"""Seeded generators of images that never were: the stand-ins, and the course's laboratory."""

from unet_teach.data.phantoms.ct import CTSlice, ct_slice
from unet_teach.data.phantoms.em import EMSections, em_sections

__all__ = ["CTSlice", "EMSections", "ct_slice", "em_sections"]
