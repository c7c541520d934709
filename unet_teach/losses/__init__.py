"""Losses: one number that says how wrong an answer is, and in which direction to change it (chapters 3, 6, 16 and 22).

The networks return logits, any real numbers; the softmax belongs to the loss, where it can be computed without
overflow. Logits are `(N, C, H, W)` for images and `(N, C, D, H, W)` for volumes; labels are class numbers from 0 to
C - 1, int64, without the channel axis. Only the soft N-cut, which needs no labels, takes probabilities;
`region_loss` takes a map of 0 and 1 for each channel.
"""

from unet_teach.losses.classes import cross_entropy, dice_loss, focal_loss
from unet_teach.losses.deep_supervision import deep_supervision
from unet_teach.losses.regions import region_loss
from unet_teach.losses.soft_n_cut import shifts, soft_n_cut

__all__ = ["cross_entropy", "deep_supervision", "dice_loss", "focal_loss", "region_loss", "shifts", "soft_n_cut"]
