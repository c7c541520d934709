"""Draw what a person should see: one style, panels of images, grids of numbers, the U of a live network."""

from unet_teach.draw.numbers import number_grids
from unet_teach.draw.panels import show_images
from unet_teach.draw.style import COLOURS, use_style
from unet_teach.draw.unet import draw_unet

__all__ = ["COLOURS", "draw_unet", "number_grids", "show_images", "use_style"]
