"""The U-Net that a plan describes: nnU-Net's plain one. Everything that differs from task to task stands in the plan.

From the course's `UNet` four things differ: strided convolutions go down, every image is normalised by itself, a leaky
ReLU lets a hundredth through, and each level of the way up has a head.
Introduced in chapter 13; chapter 18 makes the plans.

Source: Isensee et al. (2021), nnU-Net, and its public code, version 2 (`PlainConvUNet`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from unet_teach.models._images import require_images
from unet_teach.models.unet import CONV, UP

NORM = {2: nn.InstanceNorm2d, 3: nn.InstanceNorm3d}
SLOPE = 0.01  # of the leaky ReLU below 0
ARCHITECTURE = ("features_per_stage", "kernel_sizes", "strides", "n_conv_per_stage", "n_conv_per_stage_decoder")


class PlannedStage(nn.Sequential):
    """So many times: a padded convolution, instance normalisation, leaky ReLU; the first convolution may step."""

    def __init__(
        self, in_channels: int, out_channels: int, kernel: Sequence[int], stride: Sequence[int], convolutions: int
    ) -> None:
        dims, layers = len(kernel), list[nn.Module]()
        convolution: Any = CONV[dims]  # which takes a number for each axis, too
        for number in range(convolutions):
            layers += [
                convolution(
                    out_channels if number else in_channels,
                    out_channels,
                    tuple(kernel),
                    1 if number else tuple(stride),
                    padding=tuple(side // 2 for side in kernel),
                ),
                NORM[dims](out_channels, affine=True),
                nn.LeakyReLU(SLOPE, inplace=True),
            ]
        super().__init__(*layers)


class NNUNet(nn.Module):
    """Build the U-Net of a plan.

    Parameters
    ----------
    plan : nnU-Net's own fields of a configuration, one entry a level from the top to the bottom: "features_per_stage"
        (channels), "kernel_sizes" and "strides" (a number for each axis; the first stride is 1), "n_conv_per_stage",
        and for the way up "n_conv_per_stage_decoder". Other fields are not looked at.
    in_channels, classes : channels of the image and of the output

    Raises
    ------
    KeyError
        If the plan lacks a field.
    ValueError
        If its fields differ in length, its axes are neither two nor three, or its first stride is not 1.

    Source: see above. Introduced in chapter 13.
    """

    def __init__(self, plan: Mapping[str, Any], in_channels: int = 1, classes: int = 2) -> None:
        super().__init__()
        features, kernels, strides, down, up = (plan[name] for name in ARCHITECTURE)
        dims = len(kernels[0])
        lengths = [len(features), len(kernels), len(strides), len(down), len(up) + 1]  # levels
        if len(set(lengths)) > 1 or lengths[0] < 2:
            raise ValueError(f"a plan has an entry a level, at least two, and one fewer for the way up, got {lengths}")
        if dims not in CONV or any(len(axes) != dims for axes in (*kernels, *strides)):
            raise ValueError(f"every kernel and stride has a number for each axis, two or three: {kernels}, {strides}")
        if set(strides[0]) != {1}:
            raise ValueError(f"the first level is as large as the image: its stride is 1, got {strides[0]}")
        self.factor = tuple(int(torch.tensor(axis).prod()) for axis in zip(*strides, strict=True))
        up_convolution: Any = UP[dims]
        self.encoder, self.ups, self.decoder, self.heads = (nn.ModuleList() for _ in range(4))
        for level, channels in enumerate(features):
            above = features[level - 1] if level else in_channels
            self.encoder.append(PlannedStage(above, channels, kernels[level], strides[level], down[level]))
        for level, convolutions in zip(reversed(range(len(features) - 1)), up, strict=True):
            channels, step = features[level], tuple(strides[level + 1])
            self.ups.append(up_convolution(features[level + 1], channels, step, step))
            self.decoder.append(PlannedStage(2 * channels, channels, kernels[level], [1] * dims, convolutions))
            self.heads.append(CONV[dims](channels, classes, kernel_size=1))
        self.apply(_initialise)
        if dims == 2:  # as in `UNet`
            self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, x: Tensor) -> Tensor:
        """Segment images; every side must be a multiple of its strides' product.  (N, C, H, W) -> (N, classes, H, W)

        Raises
        ------
        TypeError, ValueError
            As `at_every_level` does.
        """
        return self.at_every_level(x)[0]

    def at_every_level(self, x: Tensor) -> list[Tensor]:
        """Return the logits of every level of the way up, the largest first: what deep supervision trains.

        Raises
        ------
        TypeError
            If the images are no tensor of the network's own type.
        ValueError
            If they have other axes or channels, or a side is no multiple of the product of its strides.
        """
        require_images(x, self)
        if any(side % factor or not side for side, factor in zip(x.shape[2:], self.factor, strict=True)):
            raise ValueError(f"sides of {tuple(x.shape[2:])} do not fit: they must be multiples of {self.factor}")
        skips = []
        for stage in self.encoder:
            x = stage(x)  # the first convolution of a level below steps
            skips.append(x)
        x = skips.pop()
        answers = []
        for up, stage, head in zip(self.ups, self.decoder, self.heads, strict=True):
            x = stage(torch.cat([up(x), skips.pop()], dim=1))
            answers.append(head(x))
        return answers[::-1]


def _initialise(layer: nn.Module) -> None:
    if isinstance(layer, (*CONV.values(), *UP.values())):
        nn.init.kaiming_normal_(layer.get_parameter("weight"), a=SLOPE)
        nn.init.zeros_(layer.get_parameter("bias"))
