"""Chapter 8's checkers: the solution passes, each named wrong answer gets its own hint, nothing raises."""

import re

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from unet_teach.course.exercises import Verdict
from unet_teach.course.exercises import unet as check
from unet_teach.models import OriginalUNet, UNet
from unet_teach.models.original_unet import ValidBlock, centre_crop


def output_size(size, depth, oddness=True, bottom=True, last=4, twice=4):
    for _ in range(depth):
        size -= twice
        if (oddness and size % 2) or size < 1:
            return None
        size //= 2
    size -= twice if bottom else 0
    for level in range(depth):
        size = size * 2 - (last if level == depth - 1 else twice)
    return size if size > 0 else None


def block(a, b, padding=0, bias=True, between=nn.ReLU, after=nn.ReLU, middle=None):
    middle = middle or b
    return nn.Sequential(
        nn.Conv2d(a, middle, 3, padding=padding, bias=bias),
        between(),
        nn.Conv2d(middle, b, 3, padding=padding, bias=bias),
        after(),
    )


def join(skip, up):
    top, left = (skip.shape[2] - up.shape[2]) // 2, (skip.shape[3] - up.shape[3]) // 2
    return torch.cat([skip[:, :, top : top + up.shape[2], left : left + up.shape[3]], up], dim=1)


def corner(skip, up):
    return torch.cat([skip[:, :, : up.shape[2], : up.shape[3]], up], dim=1)


class MyUNet(nn.Module):
    """A right answer that is written differently from the package's; the flags turn it into the wrong ones."""

    block, join, wide = staticmethod(block), staticmethod(join), True
    after_pool = queue = relu_up = probabilities = before_relu = False

    def __init__(self, in_channels, classes, width):
        super().__init__()
        sizes = [width * 2**i for i in range(5)]
        self.blocks = nn.ModuleList([self.block(a, b) for a, b in zip([in_channels, *sizes], sizes, strict=False)])
        self.shrink = nn.MaxPool2d(2, 2)
        self.grow = nn.ModuleDict({str(b): nn.ConvTranspose2d(2 * b, b, 2, 2) for b in sizes[:4]})
        self.back = nn.ModuleDict({str(b): self.block(2 * b if self.wide else b, b) for b in sizes[:4]})
        self.last = nn.Conv2d(width, classes, 1)

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
        x = self.last(x)
        return x.softmax(1) if self.probabilities else x


def variant(**changes):
    """A subclass with some flags or parts changed."""
    return type("MyUNet", (MyUNet,), {k: staticmethod(v) if callable(v) else v for k, v in changes.items()})


class ForgetsReturn(MyUNet):
    def forward(self, x):
        super().forward(x)


class Unwritten(nn.Module):
    def __init__(self, in_channels, classes, width):
        super().__init__()

    def forward(self, x): ...


class Shrink(nn.Module):
    def forward(self, x):
        return F.max_pool2d(x, 2)


class Functional(MyUNet):
    def __init__(self, *args):
        super().__init__(*args)
        self.shrink = Shrink()


class NoFirstBias(MyUNet):
    def __init__(self, *args):
        super().__init__(*args)
        self.blocks[0][0] = nn.Conv2d(1, args[2], 3, bias=False)


class HeadTooLarge(MyUNet):
    def __init__(self, *args):
        super().__init__(*args)
        self.last = nn.Conv2d(args[2], args[1] + 1, 1)


class LeakyInside(MyUNet):
    block = staticmethod(lambda a, b: block(a, b, between=nn.LeakyReLU))


def no_copy(skip, up):
    return up


def zeros(skip, up):
    return torch.cat([torch.zeros_like(up), up], dim=1)


def added(skip, up):
    return centre_crop(skip, up) + up


def other_order(skip, up):
    return torch.cat([up, centre_crop(skip, up)], dim=1)


def not_cropped(skip, up):
    return torch.cat([skip, up], dim=1)


def shrunk(skip, up):
    return torch.cat([F.interpolate(skip, up.shape[2:]), up], dim=1)


SHIFT = [[0, 0, 0], [1, 0, 0], [0, 0, 0]]

SOLUTIONS = [
    (check.tell_apart, SHIFT),
    (check.tell_apart, [[0, 0, 0], [0, 0, 1], [0, 0, 0]]),
    (check.tell_apart, [[1, 1, 1]] * 3),  # even a blur reaches into the neighbouring window
    (check.tell_apart, [[0, 0, 0], [2, -1, -1], [0, 0, 0]]),
    (check.output_size, output_size),
    (check.decoder_parameters, 7_078_912),
    (check.decoder_parameters, sum(p.numel() for p in ValidBlock(1024, 512).parameters())),
    (check.block, block),
    (check.block, ValidBlock),
    (check.join, join),
    (check.join, lambda skip, up: torch.cat([centre_crop(skip, up), up], dim=1)),
    (check.whole, MyUNet),
    (check.whole, OriginalUNet),
    (check.whole, lambda a, b, c: MyUNet(a, b, c)),
]

WRONG = [
    (check.tell_apart, [[0, 0, 0], [-1, 2, -1], [0, 0, 0]], "change its window"),
    (check.tell_apart, [[0, 1, 0], [0, 1, 0], [0, 1, 0]], "look aside"),
    (check.tell_apart, [[0, 0, 0], [-1, 0, 0], [0, 0, 0]], "Turn the signs around"),
    (check.tell_apart, [[0] * 3] * 3, "sees nothing"),
    (check.tell_apart, [1, 2, 3], "3 x 3"),
    (check.tell_apart, "right", "plain numbers"),
    (check.output_size, 388, "without brackets"),
    (check.output_size, lambda n, d: 568, "first block away only once"),
    (check.output_size, lambda n, d: n, "padded network would keep"),
    (check.output_size, lambda n, d: output_size(n, d, last=0), "392 is right after"),
    (check.output_size, lambda n, d: output_size(n, d, last=-4), "takes 4 away, it does not add"),
    (check.output_size, lambda n, d: output_size(n, d, bottom=False), "at the bottom are missing"),
    (check.output_size, lambda n, d: output_size(n, d, twice=2, last=2), "two convolutions"),
    (check.output_size, lambda n, d: output_size(n, d, oddness=False), "meets an odd size"),
    (check.output_size, lambda n, d: output_size(n, 4), "depth 2"),
    (check.output_size, lambda n, d: n - 184 if n % 16 == 12 else None, "it should give"),
    (check.decoder_parameters, "many", "one number"),
    (check.decoder_parameters, 7_077_888, "biases"),
    (check.decoder_parameters, 4_719_104, "second"),
    (check.decoder_parameters, 4_719_616, "concatenated"),
    (check.decoder_parameters, 9_438_208, "Only the first"),
    (check.decoder_parameters, 787_456, "3 x 3"),
    (check.decoder_parameters, 9_176_576, "up-convolution"),
    (check.decoder_parameters, 5, "for each convolution"),
    (check.block, lambda a, b: block(a, b, padding=1), "valid"),
    (check.block, lambda a, b: block(a, b, between=nn.Identity), "after the first convolution is missing"),
    (check.block, lambda a, b: block(a, b, after=nn.Identity), "second convolution has a ReLU"),
    (check.block, lambda a, b: block(a, b, between=nn.Identity, after=nn.Identity), "no ReLU"),
    (check.block, lambda a, b: block(a, b, middle=a), "in the first convolution, not in the second"),
    (check.block, lambda a, b: block(a, b, middle=7), "From 3 channels to 5"),
    (check.block, lambda a, b: block(a, b, bias=False), "bias"),
    (check.block, lambda a, b: nn.Conv2d(a, b, 3), "two convolutions"),
    (check.block, lambda a, b: block(a, b, after=nn.Sigmoid), "nothing else"),
    (check.block, lambda a, b: 3, "torch module"),
    (check.join, added, "added"),
    (check.join, corner, "top left corner"),
    (check.join, other_order, "other order"),
    (check.join, lambda skip, up: torch.cat([centre_crop(skip, up), up], dim=0), "dimension 1 channels"),
    (check.join, shrunk, "shrank"),
    (
        check.join,
        lambda skip, up: torch.cat([skip, F.interpolate(up, skip.shape[2:])], 1),
        "as large as what comes from",
    ),
    (check.join, lambda skip, up: [skip, up], "one tensor"),
    (check.join, not_cropped, "RuntimeError"),
    (check.join, no_copy, "the shape should be"),
    (check.whole, MyUNet(1, 2, 4), "(?i)stopped|without brackets|TypeError"),
    (check.whole, variant(block=lambda a, b: block(a, b, padding=1)), "does not pad"),
    (check.whole, variant(block=lambda a, b: block(a, b, between=nn.Identity)), "No ReLU follows"),
    (check.whole, variant(block=lambda a, b: block(a, b, after=nn.Identity)), "No ReLU follows"),
    (check.whole, variant(after_pool=True), "before the pooling"),
    (check.whole, variant(join=not_cropped), "cropped to the middle"),
    (check.whole, variant(join=added, wide=False), "is added"),
    (check.whole, variant(join=no_copy, wide=False), "Nothing comes across"),
    (check.whole, variant(join=other_order), "other order"),
    (check.whole, variant(join=corner), "top left corner"),
    (check.whole, variant(join=zeros), "all zeros"),
    (check.whole, variant(join=shrunk), "is not what the block"),
    (check.whole, variant(queue=True), "kept last is used first"),
    (check.whole, variant(before_relu=True), "after its"),
    (check.whole, variant(relu_up=True), "no ReLU of its own"),
    (check.whole, variant(probabilities=True), "Return logits"),
    (check.whole, ForgetsReturn, "return missing"),
    (check.whole, Functional, "nn.MaxPool2d"),
    (check.whole, NoFirstBias, "without a bias"),
    (check.whole, HeadTooLarge, "should become"),
    (check.whole, LeakyInside, "other numbers"),
    (check.whole, UNet, "(?s)stops after 0 layers.*multiple of 8"),
    (check.whole, nn.Linear, "."),
]


@pytest.mark.parametrize(("checker", "answer"), SOLUTIONS)
def test_the_solution_passes(checker, answer):
    verdict = checker(answer)
    assert isinstance(verdict, Verdict)
    assert verdict.passed, verdict


@pytest.mark.parametrize(("checker", "answer", "hint"), WRONG)
def test_a_wrong_answer_gets_its_own_hint(checker, answer, hint):
    verdict = checker(answer)
    assert verdict.passed is False, verdict

    assert re.search(hint, verdict.message), verdict


def test_the_verdict_does_not_depend_on_chance_nor_disturb_it():
    before = torch.random.get_rng_state()
    assert check.whole(MyUNet).passed
    assert torch.equal(torch.random.get_rng_state(), before)
    for seed in range(5):
        torch.manual_seed(seed)
        assert "all zeros" in check.whole(variant(join=zeros)).message


@pytest.mark.parametrize("checker", [check.tell_apart, check.decoder_parameters])
@pytest.mark.parametrize("nothing", [..., None])
def test_no_answer_is_no_mistake(checker, nothing):
    assert checker(nothing).passed is None


@pytest.mark.parametrize("checker", [check.output_size, check.block, check.join, check.whole])
@pytest.mark.parametrize("nothing", [..., None, lambda *anything: None, lambda *anything: ...])
def test_an_empty_function_is_no_mistake(checker, nothing):
    assert checker(nothing).passed is None


def test_an_empty_class_is_no_mistake():
    assert check.whole(Unwritten).passed is None


@pytest.mark.parametrize(
    "checker", [check.tell_apart, check.output_size, check.decoder_parameters, check.block, check.join, check.whole]
)
@pytest.mark.parametrize(
    "nonsense", ["text", 3.5, [], {}, object(), lambda: 1, torch.zeros(2), float("nan"), int, dict]
)
def test_a_checker_never_raises(checker, nonsense):
    assert checker(nonsense).passed in (False, None)
