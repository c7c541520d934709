"""What chapter 17 does to a Swin-Unet: takes its attention away, and lets it guess what was hidden."""

from unet_teach.course.swin.instead import INSTEAD, instead_of_attention
from unet_teach.course.swin.masked import hidden_squares, masked_batch, masked_loss, pretrained

__all__ = ["INSTEAD", "hidden_squares", "instead_of_attention", "masked_batch", "masked_loss", "pretrained"]
