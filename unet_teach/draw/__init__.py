"""Draw what a person should see: one style, images, grids of numbers, curves, scores, the U of a live network."""

from unet_teach.draw.comparisons import show_front, show_orders
from unet_teach.draw.curves import show_history
from unet_teach.draw.network import draw_unet
from unet_teach.draw.numbers import number_grids
from unet_teach.draw.overlay import overlay
from unet_teach.draw.panels import show_images
from unet_teach.draw.scores import show_scores
from unet_teach.draw.style import COLOURS, use_style

__all__ = [
    "COLOURS",
    "draw_unet",
    "number_grids",
    "overlay",
    "show_front",
    "show_history",
    "show_images",
    "show_orders",
    "show_scores",
    "use_style",
]
