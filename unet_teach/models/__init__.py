"""Networks: images in, logits out. One architecture a file."""

from unet_teach.models.attention import MultiHeadAttention, WindowAttention, attention
from unet_teach.models.attention_unet import AttentionUNet
from unet_teach.models.box_attention import BoxAttention
from unet_teach.models.checkpointing import checkpointed
from unet_teach.models.cost import multiplications
from unet_teach.models.denoising_unet import DenoisingUNet
from unet_teach.models.fully_convolutional import at_every_pixel
from unet_teach.models.memory import training_memory
from unet_teach.models.nn_unet import NNUNet
from unet_teach.models.original_unet import OriginalUNet
from unet_teach.models.patch_cnn import PatchCNN
from unet_teach.models.residual_unet import ResidualUNet
from unet_teach.models.swin_unet import SwinUNet
from unet_teach.models.swin_unetr import SwinUNETR
from unet_teach.models.unet import UNet
from unet_teach.models.unet_plus_plus import UNetPlusPlus
from unet_teach.models.vnet import VNet
from unet_teach.models.wnet import WNet

__all__ = [
    "AttentionUNet",
    "BoxAttention",
    "DenoisingUNet",
    "MultiHeadAttention",
    "NNUNet",
    "OriginalUNet",
    "PatchCNN",
    "ResidualUNet",
    "SwinUNETR",
    "SwinUNet",
    "UNet",
    "UNetPlusPlus",
    "VNet",
    "WNet",
    "WindowAttention",
    "at_every_pixel",
    "attention",
    "checkpointed",
    "multiplications",
    "training_memory",
]
