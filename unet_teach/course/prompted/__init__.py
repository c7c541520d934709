"""A promptable U-Net: clicks as channels, a simulated person, rules to beat, training (chapter 27)."""

from unet_teach.course.prompted.asking import (
    Asked,
    asked_of,
    box_around,
    conversation,
    halved_fields,
    iou_by_click,
    overlap_of,
)
from unet_teach.course.prompted.clicks import (
    RADIUS,
    WINDOW,
    Click,
    answer_clicks,
    click_channels,
    mask_of,
    prompt,
    window_around,
)
from unet_teach.course.prompted.pointing import correction, depth_in, point_into
from unet_teach.course.prompted.rules import best_settings, corrected_blindly, disc, ellipse_in, flooded, loosened
from unet_teach.course.prompted.training import learn_clicks, promptable_unet

__all__ = [
    "RADIUS",
    "WINDOW",
    "Asked",
    "Click",
    "answer_clicks",
    "asked_of",
    "best_settings",
    "box_around",
    "click_channels",
    "conversation",
    "corrected_blindly",
    "correction",
    "depth_in",
    "disc",
    "ellipse_in",
    "flooded",
    "halved_fields",
    "iou_by_click",
    "learn_clicks",
    "loosened",
    "mask_of",
    "overlap_of",
    "point_into",
    "prompt",
    "promptable_unet",
    "window_around",
]
