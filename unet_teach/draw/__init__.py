"""Draw what a person should see: one style, panels of images, grids of numbers."""

from unet_teach.draw.numbers import number_grids
from unet_teach.draw.panels import show_images
from unet_teach.draw.style import COLOURS, use_style

__all__ = ["COLOURS", "number_grids", "show_images", "use_style"]
