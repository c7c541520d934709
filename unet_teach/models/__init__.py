"""Networks: images in, logits out. One architecture a file."""

from unet_teach.models.original_unet import OriginalUNet
from unet_teach.models.patch_cnn import PatchCNN
from unet_teach.models.unet import UNet

__all__ = ["OriginalUNet", "PatchCNN", "UNet"]
