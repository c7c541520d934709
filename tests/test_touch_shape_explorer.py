"""The shape explorer across the border: every tensor, parameter and multiplication is that of the real network."""

import pytest
import torch
from across import across
from torch import nn

from unet_teach.models import OriginalUNet, UNet
from unet_teach.models.cost import multiplications
from unet_teach.models.original_unet import MARGIN, ValidBlock, centre_crop

FACTS = "(m, c) => { const f = m.shapes(c); return [f.output, f.parameters, f.multiplications]; }"


class Unpadded(nn.Module):
    """The paper's walk, of any depth; at 4 it is `OriginalUNet`, which the first test holds."""

    def __init__(self, width, depth):
        super().__init__()
        c = [width * 2**level for level in range(depth + 1)]
        self.encoder = nn.ModuleList(ValidBlock(a, b) for a, b in zip([1, *c[:-2]], c[:-1], strict=True))
        self.bottleneck = ValidBlock(c[-2], c[-1])
        self.ups = nn.ModuleList(nn.ConvTranspose2d(2 * b, b, 2, stride=2) for b in reversed(c[:-1]))
        self.decoder = nn.ModuleList(ValidBlock(2 * b, b) for b in reversed(c[:-1]))
        self.head = nn.Conv2d(c[0], 2, 1)

    def forward(self, x):
        skips = []
        for stage in self.encoder:
            x = stage(x)
            assert x.shape[2] % 2 == 0
            skips.append(x)
            x = nn.functional.max_pool2d(x, 2)
        x = self.bottleneck(x)
        for up, stage in zip(self.ups, self.decoder, strict=True):
            x = up(x)
            x = stage(torch.cat([centre_crop(skips.pop(), x), x], 1))
        return self.head(x)


def facts(network, size):
    """Output, parameters and multiplications of a network, asked of itself."""
    image = torch.zeros(1, 1, size, size)
    with torch.inference_mode():
        output = network.eval()(image).shape[-1]
    return [output, sum(weight.numel() for weight in network.parameters()), multiplications(network, image)]


def test_padded_networks_agree():
    cases, wanted = [], []
    for depth in (1, 2, 3, 4, 5):
        for width in (1, 4, 8):
            for size in (32, 64, 96):
                cases.append({"size": size, "depth": depth, "width": width, "padded": True})
                wanted.append(facts(UNet(width=width, depth=depth), size))
    assert across("shape-explorer", FACTS, cases) == wanted


def test_unpadded_networks_agree_and_the_paper_s_is_the_paper_s():
    cases, wanted = [], []
    for depth in (1, 2, 3, 4):
        for width in (1, 2):
            for extra in (0, 1, 3):
                size = 2**depth * ((8 if depth > 1 else 7) + extra) + 4 * (2**depth - 1)
                cases.append({"size": size, "depth": depth, "width": width, "padded": False})
                wanted.append(facts(Unpadded(width, depth), size))
    for size in (188, 252):
        cases.append({"size": size, "depth": 4, "width": 2, "padded": False})
        wanted.append(facts(OriginalUNet(width=2), size))
    assert across("shape-explorer", FACTS, cases) == wanted
    paper = {"size": 572, "depth": 4, "width": 64, "padded": False}
    (found,) = across("shape-explorer", FACTS, [paper])
    assert found[:2] == [572 - MARGIN, 31_030_658]


@pytest.mark.parametrize("padded", [True, False])
def test_illegal_sizes_and_their_neighbours_are_those_of_the_networks(padded):
    depths = (1, 2, 3, 5) if padded else (4,)
    networks = {
        depth: UNet(width=1, depth=depth).eval() if padded else OriginalUNet(width=1).eval() for depth in depths
    }
    cases = [[size, depth, padded] for depth in depths for size in [*range(1, 70), *range(170, 225)]]
    for (size, depth, _), legal in zip(
        cases, across("shape-explorer", "(m, c) => m.nearest(...c)", cases), strict=True
    ):
        said = ""
        try:
            with torch.inference_mode():
                networks[depth](torch.zeros(1, 1, size, size))
        except ValueError as error:
            said = str(error)
        assert bool(legal) == bool(said), (size, depth)
        assert not legal or f"Nearest legal: {' and '.join(map(str, legal))}" in said, (size, depth)


def test_every_tensor_of_the_paper_s_figure_is_there():
    paper = {"size": 572, "depth": 4, "width": 64, "padded": False}
    (tensors,) = across("shape-explorer", "(m, c) => m.shapes(c).tensors.map((t) => [t.channels, t.size])", [paper])
    down = [[1, 572], [64, 568], [64, 284], [128, 280], [128, 140], [256, 136], [256, 68], [512, 64], [512, 32]]
    up = [[512, 56], [1024, 56], [512, 52], [256, 104], [512, 104], [256, 100], [128, 200], [256, 200], [128, 196]]
    assert tensors == [*down, [1024, 28], *up, [64, 392], [128, 392], [64, 388], [2, 388]]
