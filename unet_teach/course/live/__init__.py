"""The U-Net that runs in the page, with every skip on a switch, and the volumes of the viewer (chapters 9 to 22)."""

from unet_teach.course.live.frozen import freeze_live, live_network, load_live, write_live_onnx
from unet_teach.course.live.kernel import ask_live, live_answer, live_sections
from unet_teach.course.live.picture import draw_closed, draw_live
from unet_teach.course.live.scans import draw_scan, load_scan, scan_values
from unet_teach.course.live.switched import SwitchedUNet

__all__ = [
    "SwitchedUNet",
    "ask_live",
    "draw_closed",
    "draw_live",
    "draw_scan",
    "freeze_live",
    "live_answer",
    "live_network",
    "live_sections",
    "load_live",
    "load_scan",
    "scan_values",
    "write_live_onnx",
]
