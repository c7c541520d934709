"""Radiomics: shape, intensity and texture of a region as numbers, as the IBSI defines them (chapter 23)."""

from unet_teach.clinic.radiomics.intensity import discretise, histogram_features, intensity_features
from unet_teach.clinic.radiomics.phantom import PHANTOM_SPACING, PUBLISHED, digital_phantom
from unet_teach.clinic.radiomics.shape import mesh_area, mesh_volume, shape_features, sphericity, surface_mesh
from unet_teach.clinic.radiomics.texture import co_occurrences, matrix_features, texture_features

__all__ = [
    "PHANTOM_SPACING",
    "PUBLISHED",
    "co_occurrences",
    "digital_phantom",
    "discretise",
    "histogram_features",
    "intensity_features",
    "matrix_features",
    "mesh_area",
    "mesh_volume",
    "shape_features",
    "sphericity",
    "surface_mesh",
    "texture_features",
]
