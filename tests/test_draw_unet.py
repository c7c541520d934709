"""The U is read off a real forward pass, well formed, titled, and the same twice."""

from xml.etree import ElementTree

import pytest
import torch
from torch import nn

from unet_teach.draw import draw_unet
from unet_teach.draw.unet import read_off
from unet_teach.models import OriginalUNet, UNet


def texts(drawing):
    return [node.text for node in ElementTree.fromstring(drawing.svg).iter("{http://www.w3.org/2000/svg}text")]


def test_every_size_of_figure_1_is_on_the_drawing():
    boxes = read_off(OriginalUNet(width=1), torch.zeros(1, 1, 572, 572))
    down = [572, 570, 568, 284, 282, 280, 140, 138, 136, 68, 66, 64, 32, 30, 28]
    up = [56, 54, 52, 104, 102, 100, 200, 198, 196, 392, 390, 388, 388]
    assert [box.size for box in boxes] == down + up
    assert [box.channels for box in boxes][-4:] == [1, 1, 1, 2]
    drawn = texts(draw_unet(OriginalUNet(width=1), torch.zeros(1, 1, 572, 572)))
    assert [int(text) for text in drawn if text.isdigit() and int(text) >= 28 and text != "32"] == [
        size for size in down + up if size != 32
    ]


def test_what_comes_across_is_counted():
    boxes = read_off(UNet(width=4, depth=2), torch.zeros(1, 1, 16, 16))
    assert [(box.operation, box.channels, box.copied) for box in boxes if box.copied] == [("up", 8, 8), ("up", 4, 4)]
    assert [box.level for box in boxes] == [0, 0, 0, 1, 1, 1, 2, 2, 2, 1, 1, 1, 0, 0, 0, 0]


def test_the_title_says_it_in_words_and_nothing_is_left_behind():
    network = UNet(width=2).train()
    drawing = draw_unet(network, torch.zeros(1, 1, 16, 16))
    root = ElementTree.fromstring(drawing.svg)
    assert root.attrib["role"] == "img"
    title = root.find("{*}title").text
    assert title.startswith("UNet: 1 channel(s) of 16 pixels go down 3 levels to 16 channels of 2")
    assert f"{sum(weight.numel() for weight in network.parameters()):,} parameters" in title
    assert drawing == draw_unet(network, torch.zeros(1, 1, 16, 16))
    assert network.training
    assert not any(layer._forward_hooks for layer in network.modules())


def test_a_volume_is_drawn_too():
    assert "convolution 3, ReLU" in texts(draw_unet(UNet(width=2, depth=1, dims=3), torch.zeros(1, 1, 4, 8, 8)))


def test_what_is_no_u_is_refused_and_hooks_are_gone():
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.MaxPool2d(2))
    with pytest.raises(ValueError, match="ends 1 levels below"):
        draw_unet(network, torch.zeros(1, 1, 8, 8))
    with pytest.raises(ValueError, match="multiple of 8"):
        draw_unet(UNet(width=2), torch.zeros(1, 1, 9, 9))
    assert not any(layer._forward_hooks for layer in network.modules())
