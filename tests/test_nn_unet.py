"""The network of a plan: equal to MONAI's where that one is the same, and the size that nnU-Net's own has."""

import pytest
import torch
from monai.networks.nets import DynUNet

from unet_teach.models import NNUNet, WNet


def plan(features, strides=None, dims=2, **fields):
    levels = len(features)
    return {
        "features_per_stage": features,
        "kernel_sizes": [[3] * dims] * levels,
        "strides": strides or [[1] * dims] + [[2] * dims] * (levels - 1),
        "n_conv_per_stage": [2] * levels,
        "n_conv_per_stage_decoder": [2] * (levels - 1),
        "patch_size": [8] * dims,
        **fields,
    }


@pytest.mark.parametrize(
    ("dims", "features", "strides", "kernels"),
    [
        (2, [4, 6, 10], None, None),
        (3, [3, 5, 7], [[1, 1, 1], [1, 2, 2], [2, 2, 2]], [[1, 3, 3]] * 3),
    ],
)
def test_it_is_monais(dims, features, strides, kernels):
    torch.manual_seed(0)
    described = plan(features, strides, dims, **({"kernel_sizes": kernels} if kernels else {}))
    ours = NNUNet(described, in_channels=2, classes=3)
    steps = described["strides"]
    theirs = DynUNet(
        dims, 2, 3, described["kernel_sizes"], steps, steps[1:], filters=features, trans_bias=True,
        norm_name=("instance", {"affine": True}),
    )  # fmt: skip
    _copy(ours, theirs)
    x = torch.randn(2, 2, *[8] * dims)
    torch.testing.assert_close(ours(x), theirs(x), atol=1e-5, rtol=1e-5)


def _copy(ours, theirs):
    """Give MONAI's network the weights of ours, stage by stage. Its convolutions have no bias: ours begin at 0.

    (Its way up takes the kernel of the level below, nnU-Net's and ours that of its own level: here all are alike.)
    """
    stages = [theirs.input_block, *theirs.downsamples, theirs.bottleneck]
    pairs = list(zip(ours.encoder, stages, strict=True))
    pairs += [(stage, up.conv_block) for stage, up in zip(ours.decoder, theirs.upsamples, strict=True)]
    for stage, block in pairs:
        for number, (conv, norm) in enumerate(((block.conv1, block.norm1), (block.conv2, block.norm2))):
            conv.conv.load_state_dict({"weight": stage[3 * number].weight})
            norm.load_state_dict(stage[3 * number + 1].state_dict())
    for up, block in zip(ours.ups, theirs.upsamples, strict=True):
        block.transp_conv.conv.load_state_dict(up.state_dict())
    theirs.output_block.conv.conv.load_state_dict(ours.heads[-1].state_dict())


def test_six_stages_in_3d_have_nnu_nets_number_of_weights():
    """31.2 million, as nnU-Net's `PlainConvUNet` of that plan has."""
    network = NNUNet(plan([32, 64, 128, 256, 320, 320], dims=3))
    assert round(sum(p.numel() for p in network.parameters()) / 1e6, 1) == 31.2


def test_every_level_answers_in_its_own_size():
    network = NNUNet(plan([2, 3, 4], [[1, 1], [2, 1], [2, 2]]), classes=3)
    answers = network.at_every_level(torch.randn(1, 1, 8, 8))
    assert [tuple(answer.shape) for answer in answers] == [(1, 3, 8, 8), (1, 3, 4, 8)]
    torch.testing.assert_close(network(torch.ones(1, 1, 8, 8)), network.at_every_level(torch.ones(1, 1, 8, 8))[0])


def test_a_bad_plan_or_image_is_refused():
    for broken in (
        plan([2]),
        plan([2, 3], n_conv_per_stage=[2]),
        plan([2, 3], [[2, 2], [2, 2]]),
        plan([2, 3], [[1, 1], [2, 2, 2]]),
        plan([2, 3], dims=4),
    ):
        with pytest.raises(ValueError, match=r"a plan has|every kernel|the first level"):
            NNUNet(broken)
    with pytest.raises(KeyError, match="strides"):
        NNUNet({name: value for name, value in plan([2, 3]).items() if name != "strides"})
    with pytest.raises(ValueError, match=r"multiples of \(4, 4\)"):
        NNUNet(plan([2, 3, 4]))(torch.randn(1, 1, 8, 6))


def test_a_w_net_is_two_u_nets():
    network = WNet(channels=2, clusters=3, width=2, depth=2).eval()
    x = torch.randn(1, 2, 8, 12)
    clusters, back = network(x)
    torch.testing.assert_close(clusters.sum(1), torch.ones(1, 8, 12))
    assert back.shape == x.shape
    torch.testing.assert_close(back, network.decode(network.encode(x).softmax(1)))


def test_the_way_up_has_the_kernels_of_its_own_level():
    kernels = [[1, 3, 3], [3, 1, 3], [3, 3, 1]]
    network = NNUNet(plan([2, 3, 4], dims=3, kernel_sizes=kernels))
    assert [list(stage[0].kernel_size) for stage in network.encoder] == kernels
    assert [list(stage[0].kernel_size) for stage in network.decoder] == kernels[1::-1]
