"""What came before learning: filters, receptive fields, independent components, segmentation by rule."""

from unet_teach.classical.filters import (
    BOX,
    LAPLACIAN,
    SHARPEN,
    SOBEL_X,
    SOBEL_Y,
    convolve1d,
    convolve2d,
    correlate2d,
    gaussian_kernel,
    output_size,
)
from unet_teach.classical.ica import even_contrast, fast_ica, gabor_fit, sample_patches, whiten
from unet_teach.classical.receptive_fields import difference_of_gaussians, gabor, grating, half_width
from unet_teach.classical.segmentation import grow_region, otsu

__all__ = [
    "BOX",
    "LAPLACIAN",
    "SHARPEN",
    "SOBEL_X",
    "SOBEL_Y",
    "convolve1d",
    "convolve2d",
    "correlate2d",
    "difference_of_gaussians",
    "even_contrast",
    "fast_ica",
    "gabor",
    "gabor_fit",
    "gaussian_kernel",
    "grating",
    "grow_region",
    "half_width",
    "otsu",
    "output_size",
    "sample_patches",
    "whiten",
]
