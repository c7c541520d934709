"""Swin UNETR: the whole network against MONAI's, its boxes, what it reaches, and what it refuses."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from monai.networks.nets import SwinUNETR as TheirSwinUNETR

from unet_teach.models import SwinUNETR
from unet_teach.models.attention import may_ask, relative_places, to_windows
from unet_teach.models.box_attention import (
    BoxAttention,
    from_boxes,
    may_ask_in_boxes,
    relative_places_in_boxes,
    to_boxes,
)


def chance(seed):
    return torch.Generator().manual_seed(seed)


def tiny(**arguments):
    return SwinUNETR(**{"in_channels": 1, "width": 2, "stages": 1, "heads": 1, "window": 2} | arguments)


def copy_block(ours, theirs):
    ours.convolve[0].weight.copy_(theirs.conv1.conv.weight)
    ours.convolve[3].weight.copy_(theirs.conv2.conv.weight)
    if len(ours.shortcut):
        ours.shortcut[0].weight.copy_(theirs.conv3.conv.weight)


def copy_weights(ours, theirs):
    """Give our network MONAI's weights, layer by layer."""
    vit = theirs.swinViT
    ours.embedding.load_state_dict(vit.patch_embed.proj.state_dict())
    stages = [vit.layers1[0], vit.layers2[0], vit.layers3[0], vit.layers4[0]]
    for blocks, merge, stage in zip(ours.blocks, ours.merge, stages, strict=True):
        for block, other in zip(blocks, stage.blocks, strict=True):
            pairs = [(block.norm1, other.norm1), (block.norm2, other.norm2)]
            pairs += [(block.mlp[0], other.mlp.linear1), (block.mlp[2], other.mlp.linear2)]
            pairs += [(block.attention.attention.ask, other.attn.qkv), (block.attention.attention.out, other.attn.proj)]
            for layer, their_layer in pairs:
                layer.load_state_dict(their_layer.state_dict())
            block.attention.table.copy_(other.attn.relative_position_bias_table)
        merge.norm.load_state_dict(stage.downsample.norm.state_dict())
        merge.reduce.load_state_dict(stage.downsample.reduction.state_dict())
    encoders = [theirs.encoder1, theirs.encoder2, theirs.encoder3, theirs.encoder4]
    for across, encoder in zip(ours.across, encoders, strict=False):  # the last of ours is the identity
        copy_block(across, encoder.layer)
    copy_block(ours.bottom, theirs.encoder10.layer)
    decoders = [theirs.decoder5, theirs.decoder4, theirs.decoder3, theirs.decoder2, theirs.decoder1]
    for up, block, decoder in zip(ours.ups, ours.decoder, decoders, strict=True):
        up.weight.copy_(decoder.transp_conv.conv.weight)
        copy_block(block, decoder.conv_block)
    ours.head.load_state_dict(theirs.out.conv.conv.state_dict())


@pytest.mark.slow
def test_the_whole_network_is_monais():
    torch.manual_seed(0)
    theirs = TheirSwinUNETR(in_channels=2, out_channels=3, feature_size=12, downsample="mergingv2").eval()
    ours = SwinUNETR(in_channels=2, classes=3, width=12, stages=4, heads=3, window=7).eval()
    assert sum(p.numel() for p in ours.parameters()) == sum(p.numel() for p in theirs.parameters())
    with torch.no_grad():
        for weights in theirs.parameters():  # biases and tables of zeros would hide an error
            weights.add_(0.05 * torch.randn_like(weights))
        copy_weights(ours, theirs)
        volume = torch.randn(1, 2, 64, 64, 64)
        torch.testing.assert_close(ours(volume), theirs(volume), rtol=0, atol=1e-5)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.integers(1, 3), min_size=3, max_size=3), st.lists(st.integers(1, 4), min_size=3, max_size=3))
def test_boxes_come_apart_and_together_again(many, sides):
    size = [count * side for count, side in zip(many, sides, strict=True)]
    x = torch.arange(2 * np.prod(size) * 2).reshape(2, *size, 2)
    boxes = to_boxes(x, sides)
    assert boxes.shape == (2, np.prod(many), np.prod(sides), 2)
    first = x[:, : sides[0], : sides[1], : sides[2]].reshape(2, -1, 2)
    assert torch.equal(boxes[:, 0], first)
    assert torch.equal(from_boxes(boxes, size, sides), x)


def test_boxes_of_one_layer_are_windows():
    x = torch.randn(1, 1, 6, 4, 3, generator=chance(0))
    assert torch.equal(to_boxes(x, (1, 2, 2)), to_windows(x[:, 0], 2))
    flat = may_ask_in_boxes((1, 6, 4), (1, 2, 2), (0, 1, 1))
    assert torch.equal(flat, may_ask(6, 4, 2, 1))


def test_relative_places_in_a_layer_are_those_of_a_window():
    places = relative_places_in_boxes(3)
    assert places.shape == (27, 27)
    assert places.min() == 0
    assert places.max() == 124
    assert len(places.unique()) == 125
    assert torch.equal(places[:9, :9] - places[0, 0], relative_places(3) - relative_places(3)[0, 0])


def test_nothing_crosses_the_seam():
    layer = BoxAttention(4, 2, 4, shifted=True).eval()
    x = torch.randn(1, 8, 8, 8, 4, generator=chance(1))
    before = layer(x)
    x[:, 0, 0, 0] += 10  # after the roll it shares a box with the far ends of all axes
    changed = (layer(x) - before).abs().sum(-1)[0] > 1e-6
    assert changed[:2, :2, :2].all()
    assert not changed[2:].any()
    assert not changed[:, 2:].any()
    assert not changed[:, :, 2:].any()


def test_a_box_shrinks_to_a_small_volume_and_pads_an_odd_one():
    layer = BoxAttention(4, 2, 4, shifted=True).eval()
    for size in ((3, 3, 3), (5, 4, 7), (4, 4, 4), (1, 9, 2)):
        assert layer(torch.randn(1, *size, 4, generator=chance(2))).shape == (1, *size, 4)


def test_every_weight_learns():
    torch.manual_seed(0)
    network = SwinUNETR(in_channels=2, width=4, stages=2, heads=1, window=2)
    network(torch.randn(1, 2, 16, 16, 24)).square().mean().backward()
    idle = [name for name, weights in network.named_parameters() if weights.grad is None or not weights.grad.any()]
    assert not idle


@pytest.mark.parametrize("stages", [1, 2])
def test_sizes(stages):
    network = tiny(stages=stages).eval()
    step = 2 ** (stages + 1)
    assert network(torch.zeros(1, 1, step, 2 * step, 3 * step)).shape == (1, 3, step, 2 * step, 3 * step)
    with pytest.raises(ValueError, match="multiple of"):
        network(torch.zeros(1, 1, step, step + 2, 2 * step))
    with pytest.raises(ValueError, match="one token at the bottom"):
        network(torch.zeros(1, 1, step, step, step))
    with pytest.raises(ValueError, match="channels"):
        network(torch.zeros(1, 2, step, step, 2 * step))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"window": 1}, "window starts at 2"),
        ({"stages": 0}, "all others at 1"),
        ({"width": 5, "heads": 2}, "heads must"),
        ({"width": 2.5}, "whole number"),
    ],
)
def test_bad_arguments_get_a_sentence(arguments, said):
    with pytest.raises((ValueError, TypeError), match=said):
        tiny(**arguments)


def test_bad_boxes_get_a_sentence():
    with pytest.raises(ValueError, match="do not tile"):
        to_boxes(torch.zeros(1, 4, 4, 5, 2), (2, 2, 2))
    with pytest.raises(ValueError, match="three sides"):
        to_boxes(torch.zeros(1, 4, 4, 2), (2, 2, 2))
    with pytest.raises(ValueError, match="do not fill"):
        from_boxes(torch.zeros(1, 3, 8, 2), (4, 4, 4), (2, 2, 2))
    with pytest.raises(ValueError, match="at least two"):
        BoxAttention(4, 2, 1)
