"""The checker of chapter 8's whole network: right ones pass however they are written, wrong ones get their hints."""

import pytest
import torch
from checkers import checker_tests
from test_exercises_unet import (
    added,
    block,
    centre_crop,
    corner,
    join,
    joined,
    lazy,
    not_cropped,
    only_up,
    other_order,
    shrunk,
    zeros,
)
from torch import nn
from torch.nn import functional as F

from unet_teach.course.exercises import unet as check
from unet_teach.models import OriginalUNet, UNet


class MyUNet(nn.Module):
    """A right answer that is written differently from the package's; the flags turn it into the wrong ones."""

    block, join, after_head = staticmethod(block), staticmethod(join), staticmethod(lambda x, net: x)
    wide = True
    after_pool = queue = relu_up = before_relu = False
    levels = 4

    def __init__(self, in_channels, classes, width):
        super().__init__()
        sizes = [width * 2**i for i in range(self.levels + 1)]
        self.blocks = nn.ModuleList([self.block(a, b) for a, b in zip([in_channels, *sizes], sizes, strict=False)])
        self.shrink = nn.MaxPool2d(2, 2)
        self.grow = nn.ModuleDict({str(b): nn.ConvTranspose2d(2 * b, b, 2, 2) for b in sizes[:-1]})
        self.back = nn.ModuleDict({str(b): self.block(2 * b if self.wide else b, b) for b in sizes[:-1]})
        self.last = nn.Conv2d(width, classes, 1)
        self.change(in_channels, classes, width)

    def change(self, in_channels, classes, width):
        """Where a variant puts other layers in."""

    def forward(self, x):
        kept = []
        for stage in self.blocks[:-1]:
            x = stage[:-1](x) if self.before_relu else stage(x)
            small = self.shrink(x.relu() if self.before_relu else x)
            kept.append(small if self.after_pool else x)
            x = small
        x = self.blocks[-1](x)
        for name in reversed(list(self.grow)):
            x = self.grow[name](x)
            x = x.relu() if self.relu_up else x
            x = self.back[name](self.join(kept.pop(0 if self.queue else -1), x))
        return self.after_head(self.last(x), self)


def variant(**changes):
    """A subclass with some flags or parts changed."""
    plain = ("block", "join", "after_head")
    return type("MyUNet", (MyUNet,), {k: staticmethod(v) if k in plain else v for k, v in changes.items()})


def with_layers(change):
    """A subclass that changes its layers, given itself and the three arguments."""
    return variant(change=change)


def ignoring(change):
    """A subclass whose constructor passes on other arguments than it got."""
    return type("MyUNet", (MyUNet,), {"__init__": lambda self, *given: MyUNet.__init__(self, *change(*given))})


class Function(nn.Module):
    """A function as a layer, so that a forward pass may call it."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class DroppedOut(nn.Module):
    def forward(self, x):
        return F.dropout(x, 0.5, self.training)


class UpsampleNormally(nn.ConvTranspose2d):
    """A reader's own layer, whatever it is called."""


class Unwritten(nn.Module):
    def __init__(self, in_channels, classes, width):
        super().__init__()

    def forward(self, x): ...


class WithoutGradient(MyUNet):
    @torch.no_grad()
    def forward(self, x):
        return super().forward(x)


class ChangesTheImage(MyUNet):
    def forward(self, x):
        result = super().forward(x)
        x.zero_()
        return result


class KeepsOldCopies(MyUNet):
    """Its list of copies lives as long as the network, and is read from the front."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.kept = []

    def forward(self, x):
        for stage in self.blocks[:-1]:
            x = stage(x)
            self.kept.append(x)
            x = self.shrink(x)
        x = self.blocks[-1](x)
        for level, name in zip((3, 2, 1, 0), reversed(list(self.grow)), strict=True):
            x = self.grow[name](x)
            x = self.back[name](join(self.kept[level], x))
        return self.last(x)


def up_by(*layers):
    """Go up by these layers, and a convolution where the up-convolution was."""

    def change(net, in_channels, classes, width):
        for key in list(net.grow):
            size = 3 if len(layers) > 1 else 1
            net.grow[key] = nn.Sequential(*layers, nn.Conv2d(2 * int(key), int(key), size))

    return change


def drop(layer):
    return lambda net, *given: net.blocks[-1].append(layer)


def shared(net, *given):
    """Use the second convolution of each block on the way down on the way up, too."""
    for block_down, block_up in zip(net.blocks, net.back.values(), strict=False):
        block_up[2] = block_down[2]


def called_otherwise(net, *given):
    for key in list(net.grow):
        net.grow[key] = UpsampleNormally(2 * int(key), int(key), 2, 2)


def other_kernel(net, *given):
    for key in list(net.grow):
        net.grow[key] = nn.ConvTranspose2d(2 * int(key), int(key), 3, 2, 1, 1)


kept_networks = {}
HIDDEN = {  # nets in which something is done to a layer
    "first without bias": lambda net, i, classes, width: net.blocks[0].__setitem__(
        0, nn.Conv2d(i, width, 3, bias=False)
    ),
    "head too large": lambda net, i, classes, width: setattr(net, "last", nn.Conv2d(width, classes + 1, 1)),
    "unused": lambda net, *given: setattr(net, "spare", nn.Conv2d(3, 3, 3)),
    "frozen": lambda net, *given: net.blocks[0].requires_grad_(False),
    "average": lambda net, *given: setattr(net, "shrink", nn.AvgPool2d(2)),
    "pooling as a function": lambda net, *given: setattr(net, "shrink", Function(lambda x: F.max_pool2d(x, 2))),
    "strided": lambda net, *given: net.blocks[0].__setitem__(0, nn.Conv2d(given[0], given[2], 3, stride=2)),
    "two heads": lambda net, i, classes, width: setattr(
        net, "last", nn.Sequential(nn.Conv2d(width, classes, 1), nn.ReLU(), nn.Conv2d(classes, classes, 1))
    ),
}

SOLUTIONS = {
    check.whole: [
        MyUNet,
        OriginalUNet,
        lambda a, b, c: MyUNet(a, b, c),
        variant(block=lazy),
        with_layers(drop(nn.Dropout(0.5))),
        with_layers(drop(DroppedOut())),
        with_layers(called_otherwise),
    ],
}
WRONG = {
    check.whole: [
        (MyUNet(1, 2, 4), "without brackets"),
        (variant(block=lambda a, b: block(a, b, padding=1)), "does not pad"),
        (variant(block=lambda a, b: block(a, b, between=nn.Identity)), "No ReLU follows"),
        (variant(block=lambda a, b: block(a, b, after=nn.Identity)), "No ReLU follows"),
        (variant(block=lambda a, b: block(a, b, between=nn.LeakyReLU)), "other than a ReLU"),
        (variant(block=lambda a, b: block(a, b, after=nn.ReLU6)), "other than a ReLU"),
        (variant(block=lambda a, b: block(a, b).insert(1, nn.BatchNorm2d(b))), "no normalisation"),
        (variant(after_pool=True), "before the pooling"),
        (variant(join=not_cropped), "must be cropped"),
        (variant(join=added, wide=False), "is added"),
        (variant(join=only_up, wide=False), "Nothing comes across"),
        (variant(join=other_order), "other order"),
        (variant(join=joined(corner)), "top left corner"),
        (variant(join=joined(zeros)), "all zeros"),
        (variant(join=joined(shrunk)), "is not what the block"),
        (variant(join=joined(lambda skip, up: centre_crop(skip, up).detach())), "Part of the way back"),
        (variant(join=lambda skip, up: join(skip, up.detach())), "no slope reaches it"),
        (variant(queue=True), "kept last is used first"),
        (variant(before_relu=True), "last ReLU"),
        (variant(relu_up=True), "no ReLU of its own"),
        (variant(levels=3), "yours 3 times"),
        (variant(levels=5), "yours 5 times"),
        (variant(after_head=lambda x, net: x.softmax(1)), "It returns probabilities"),
        (variant(after_head=lambda x, net: x.log_softmax(1)), "logarithms"),
        (variant(after_head=lambda x, net: x.sigmoid()), "a sigmoid"),
        (variant(after_head=lambda x, net: x.argmax(1)), "class of each pixel"),
        (variant(after_head=lambda x, net: x.relu()), "ends with a ReLU"),
        (variant(after_head=lambda x, net: None), "return missing"),
        (variant(after_head=lambda x, net: x.softmax(1) if net.training else x), "In training mode"),
        (variant(after_head=lambda x, net: x.detach()), "lost the way back"),
        (variant(after_head=lambda x, net: 2 * x), "gives, unchanged"),
        (variant(after_head=lambda x, net: x.flip(0)), "every image by itself"),
        (WithoutGradient, "lost the way back"),
        (ChangesTheImage, "changes the image"),
        (KeepsOldCopies, "other numbers"),
        (ignoring(lambda i, classes, width: (1, 2, width)), "Of MyUNet(3, 4, 5), where all is different: Given"),
        (ignoring(lambda i, classes, width: (i, 2, width)), "should become (1, 4, 4, 4)"),
        (ignoring(lambda i, classes, width: (i, classes, 8)), "Layer 1 of the run is Conv2d from 3 to 8 channels"),
        (lambda *given: kept_networks.setdefault(given, MyUNet(*given)), "share their weights"),
        (with_layers(shared), "runs twice"),
        (with_layers(other_kernel), "a kernel of (3, 3)"),
        (with_layers(HIDDEN["unused"]), "never run"),
        (with_layers(HIDDEN["frozen"]), "no slope reaches it"),
        (with_layers(HIDDEN["average"]), "not their mean"),
        (with_layers(HIDDEN["pooling as a function"]), "not F.max_pool2d"),
        (with_layers(HIDDEN["strided"]), "steps of 2"),
        (with_layers(HIDDEN["two heads"]), "24 convolutions run"),
        (with_layers(HIDDEN["first without bias"]), "without a bias"),
        (with_layers(HIDDEN["head too large"]), "should become (1, 2, 20, 20)"),
        (with_layers(up_by(nn.Upsample(scale_factor=2), nn.ZeroPad2d(1))), "not with nn.Upsample"),
        (with_layers(up_by(Function(lambda x: F.interpolate(x, scale_factor=2)))), "not F.interpolate"),
        (UNet, "multiple of 8"),
    ],
}
TestCheckers = checker_tests(SOLUTIONS, WRONG)


def test_the_verdict_does_not_depend_on_chance_nor_disturb_it():
    before = torch.random.get_rng_state()
    assert check.whole(MyUNet).passed
    assert torch.equal(torch.random.get_rng_state(), before)
    for seed in range(5):
        torch.manual_seed(seed)
        assert "all zeros" in check.whole(variant(join=joined(zeros))).message


@pytest.mark.parametrize("empty", [Unwritten, lambda *arguments: None])
def test_an_empty_class_is_no_mistake(empty):
    assert check.whole(empty).passed is None
