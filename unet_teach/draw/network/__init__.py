"""A network, drawn from a live pass: `trace` notes it, `columns` and `routes` lay it out, `figure` draws it."""

from unet_teach.draw.network.figure import draw_unet
from unet_teach.draw.network.trace import trace

__all__ = ["draw_unet", "trace"]
