"""Seeded generators of images that never were: the stand-ins, and the course's laboratory."""

from unet_teach.data.phantoms.bodies import TORSO_LABELS, Torso, torso
from unet_teach.data.phantoms.cells import CellFields, cell_field
from unet_teach.data.phantoms.ct import CTSlice, ct_slice
from unet_teach.data.phantoms.em import EMSections, VNCSections, em_sections, vnc_sections
from unet_teach.data.phantoms.heads import HEAD_REGIONS, Head, head
from unet_teach.data.phantoms.mr import MRSlice, mr_slice
from unet_teach.data.phantoms.textures import TextureImages, texture_images

__all__ = [
    "HEAD_REGIONS",
    "TORSO_LABELS",
    "CTSlice",
    "CellFields",
    "EMSections",
    "Head",
    "MRSlice",
    "TextureImages",
    "Torso",
    "VNCSections",
    "cell_field",
    "ct_slice",
    "em_sections",
    "head",
    "mr_slice",
    "texture_images",
    "torso",
    "vnc_sections",
]
