"""The U-Net that runs in the page: its weights and its ONNX, with every skip on a switch (chapters 9 and 11)."""

from unet_teach.course.live.frozen import freeze_live, live_network, load_live, write_live_onnx
from unet_teach.course.live.switched import SwitchedUNet

__all__ = ["SwitchedUNet", "freeze_live", "live_network", "load_live", "write_live_onnx"]
