"""Networks: images in, logits out. One architecture a file."""

from unet_teach.models.cost import multiplications
from unet_teach.models.fully_convolutional import at_every_pixel
from unet_teach.models.original_unet import OriginalUNet
from unet_teach.models.patch_cnn import PatchCNN
from unet_teach.models.unet import UNet

__all__ = ["OriginalUNet", "PatchCNN", "UNet", "at_every_pixel", "multiplications"]
