"""Annotate: draw regions by hand, keep what was drawn, and turn it into labels (chapter 5)."""

from unet_teach.course.annotate.canvas import Canvas, canvas
from unet_teach.course.annotate.crops import CROPS, Crop, CropPlace, crop
from unet_teach.course.annotate.keep import example, keep, kept, whose
from unet_teach.data.drawings import (
    Shape,
    instances,
    membrane,
    shapes,
)

__all__ = [
    "CROPS",
    "Canvas",
    "Crop",
    "CropPlace",
    "Shape",
    "canvas",
    "crop",
    "example",
    "instances",
    "keep",
    "kept",
    "membrane",
    "shapes",
    "whose",
]
