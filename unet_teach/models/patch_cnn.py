"""A small network of valid convolutions that answers one question about the centre of a patch (chapter 4)."""

from collections import OrderedDict

from torch import Tensor, nn

from unet_teach._checks import whole
from unet_teach.models._images import require_images

PATCH = 33  # the side of a patch, in pixels


class PatchCNN(nn.Sequential):
    """Convolution, ReLU, pooling, twice, and a head: 33 x 33 pixels in, the logits of one pixel out.

    The head is a convolution too, as large as what is left, so an image larger than a patch is welcome: it gets the
    answer for every fourth pixel in both directions (chapter 7).

    Parameters
    ----------
    channels : channels of the image
    classes : logits out
    width : filters of the first convolution; the second has twice as many
    first : side of the first convolution's kernels. With an odd one the last row and column of a patch stay unseen.
    relu : False leaves the ReLUs out
    pool : "max" keeps the largest of 2 x 2; "skip" keeps the upper left one: the same sizes, no maximum
    normalise : put a batch normalisation after each of the two convolutions

    Shapes: (N, channels, H, W) -> (N, classes, (H - 33) // 4 + 1, (W - 33) // 4 + 1) logits, H and W at least 33 and of
    the form 33 + 4k; otherwise the rest at the lower right is not looked at.

    Raises
    ------
    TypeError, ValueError
        If a number is not whole or below 1, the pooling unknown, or the first kernel leaves nothing over for the rest.

    Source: the plan is that of Cireşan et al. (2012), Table 1, cut down. Introduced in chapter 4.
    """

    def __init__(
        self,
        channels: int = 1,
        classes: int = 2,
        width: int = 8,
        *,
        first: int = 4,
        relu: bool = True,
        pool: str = "max",
        normalise: bool = False,
    ) -> None:
        named = {"channels": channels, "classes": classes, "width": width, "first": first}
        channels, classes, width, first = (whole(name, value) for name, value in named.items())
        if min(channels, classes, width) < 1:
            raise ValueError(f"channels, classes and width start at 1, got {channels, classes, width}")
        if pool not in ("max", "skip"):
            raise ValueError(f'pool is "max" or "skip", got {pool!r}')
        left = ((PATCH - first + 1) // 2 - 3) // 2  # what is left of a patch, for the head
        if first < 1 or left < 1:
            raise ValueError(f"a first kernel of {first} leaves nothing of a patch of {PATCH} pixels")
        window = 2 if pool == "max" else 1  # the largest of one pixel is the pixel
        layers: OrderedDict[str, nn.Module] = OrderedDict()
        for number, (inputs, outputs, kernel) in enumerate([(channels, width, first), (width, 2 * width, 4)], start=1):
            layers[f"conv{number}"] = nn.Conv2d(inputs, outputs, kernel)
            if normalise:
                layers[f"norm{number}"] = nn.BatchNorm2d(outputs)
            if relu:
                layers[f"relu{number}"] = nn.ReLU()
            layers[f"pool{number}"] = nn.MaxPool2d(window, stride=2)
        layers["head"] = nn.Conv2d(2 * width, classes, left)
        super().__init__(layers)
        self.smallest = left  # the side of an image with room for one answer: from the head back through both stages
        for kernel in (4, first):
            self.smallest = 2 * (self.smallest - 1) + window + kernel - 1

    def forward(self, x: Tensor) -> Tensor:
        """Answer for the middle of a patch, or for every fourth pixel of larger images.  (N, C, H, W) -> logits

        Raises
        ------
        TypeError, ValueError
            If the images are no tensor of the network's own type, have other axes or channels, or are below a patch.
        """
        require_images(x, self)
        if min(x.shape[2:]) < self.smallest:
            raise ValueError(f"images of {tuple(x.shape[2:])} hold no patch of {self.smallest} pixels: pad them first")
        return super().forward(x)
