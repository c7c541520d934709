"""Chapter 8's checkers, the first five: right answers pass however they are written, wrong ones get their hints."""

import pytest
import torch
from checkers import checker_tests
from torch import nn
from torch.nn import functional as F

from unet_teach.course.exercises import unet as check
from unet_teach.course.exercises.unet import tell_apart
from unet_teach.models.original_unet import ValidBlock, centre_crop


def output_size(size, depth, oddness=True, bottom=True, last=4, twice=4, least=1):
    for _ in range(depth):
        size -= twice
        if oddness and size % 2:
            return None
        size //= 2
    size -= twice if bottom else 0
    for level in range(depth):
        size = size * 2 - (last if level == depth - 1 else twice)
    return size if size >= least else None


def output_size_backwards(size, depth):
    """Search the size at the bottom from which the input comes."""
    for bottom in range(5, 1000):
        up, down = bottom, bottom - 4
        for _ in range(depth):
            up, down = 2 * up + 4, 2 * down - 4
        if up == size and down > 0:
            return down
    return None


def block(a, b, between=nn.ReLU, after=nn.ReLU, middle=None, **how):
    middle = middle or b
    return nn.Sequential(nn.Conv2d(a, middle, 3, **how), between(), nn.Conv2d(middle, b, 3, **how), after())


def lazy(a, b):
    return nn.Sequential(nn.LazyConv2d(b, 3), nn.ReLU(), nn.LazyConv2d(b, 3), nn.ReLU())


def one_convolution(a, b):
    """Use one convolution twice wherever the channels allow it."""
    first = nn.Conv2d(a, b, 3)
    return nn.Sequential(first, nn.ReLU(), first if a == b else nn.Conv2d(b, b, 3), nn.ReLU())


class Block(nn.Module):
    def __init__(self, a, b, forward):
        super().__init__()
        self.first, self.second, self.run = nn.Conv2d(a, b, 3), nn.Conv2d(b, b, 3), forward

    def forward(self, x):
        return self.run(self, x)


def written(forward):
    """A block whose forward pass is this function of the block and the image."""
    return lambda a, b: Block(a, b, forward)


def no_gradient(function):
    return lambda *arguments: torch.no_grad()(function)(*arguments)


def right_forward(net, x):
    return F.relu(net.second(F.relu(net.first(x))))


kept_blocks = {}


def join(skip, up):
    top, left = (skip.shape[2] - up.shape[2]) // 2, (skip.shape[3] - up.shape[3]) // 2
    return torch.cat([skip[:, :, top : top + up.shape[2], left : left + up.shape[3]], up], dim=1)


def join_by_padding(skip, up):
    """A negative padding cuts off; where an odd number is too many, more comes off on the left."""
    over = [skip.shape[axis] - up.shape[axis] for axis in (3, 2)]
    return torch.cat([F.pad(skip, [-part for much in over for part in (much - much // 2, much // 2)]), up], dim=1)


def joined(copy, dim=1):
    """Put something else in the place of the cropped copy."""
    return lambda skip, up: torch.cat([copy(skip, up), up], dim)


def corner(skip, up):
    return skip[:, :, : up.shape[2], : up.shape[3]]


def zeros(skip, up):
    return torch.zeros_like(centre_crop(skip, up))


def shrunk(skip, up):
    return F.interpolate(skip, up.shape[2:])


def cut_at_both_ends(skip, up):
    rows, columns = ((skip.shape[axis] - up.shape[axis]) // 2 for axis in (2, 3))
    return skip[:, :, rows:-rows, columns:-columns]


def added(skip, up):
    return centre_crop(skip, up) + up


def other_order(skip, up):
    return torch.cat([up, centre_crop(skip, up)], dim=1)


def only_up(skip, up):
    return up


def not_cropped(skip, up):
    return torch.cat([skip, up], dim=1)


SHIFT = [[0, 0, 0], [1, 0, 0], [0, 0, 0]]
SOLUTIONS = {
    check.tell_apart: [
        SHIFT,
        [[0, 0, 0], [0, 0, 1], [0, 0, 0]],
        [[1, 1, 1]] * 3,  # even a blur reaches into the neighbouring window
        [[0, 0, 0], [2, -1, -1], [0, 0, 0]],
        torch.tensor(SHIFT),
    ],
    check.output_size: [output_size, output_size_backwards],
    check.decoder_parameters: [7_078_912, sum(p.numel() for p in ValidBlock(1024, 512).parameters())],
    check.block: [ValidBlock, block, lazy, written(right_forward), lambda a, b: block(a, b, padding="valid")],
    check.join: [join, join_by_padding, joined(centre_crop)],
}
WRONG = {
    check.tell_apart: [
        ([[0, 0, 0], [-1, 2, -1], [0, 0, 0]], "change its window"),
        ([[0, 1, 0], [0, 1, 0], [0, 1, 0]], "look aside"),
        ([[0, 0.1, 0], [0, 0.7, 0], [0, 0.3, 0]], "look aside"),
        ([[0, 0, 0], [-1, 0, 0], [0, 0, 0]], "Turn the signs around"),
        ([[0] * 3] * 3, "sees nothing"),
        ([[float("nan")] * 3] * 3, "NaN"),
        ([[0, 0, 0], [float("inf"), 0, 0], [0, 0, 0]], "NaN"),
        ([1, 2, 3], "shape"),
        ("right", "plain numbers"),
    ],
    check.output_size: [
        (388, "without brackets"),
        (lambda n, d: 568, "first block away only once"),
        (lambda n, d: n, "padded network would keep"),
        (lambda n, d: output_size(n, d, last=0), "392 is right after"),
        (lambda n, d: output_size(n, d, last=-4), "takes 4 away, it does not add"),
        (lambda n, d: output_size(n, d, bottom=False), "at the bottom are missing"),
        (lambda n, d: 28, "walk up again"),
        (lambda n, d: 448, "four times doubled"),
        (lambda n, d: 384, "doubling comes first"),
        (lambda n, d: output_size(n, d, twice=2, last=2), "two convolutions"),
        (lambda n, d: output_size(n, d, oddness=False), "meets an odd size"),
        (lambda n, d: output_size(n, 4), "same for every depth"),
        (lambda n, d: output_size(n, d) or "None", "Yours gives 'None'"),
        (lambda n, d: torch.tensor([output_size(n, d) or 0] * 2), "one number"),
        (lambda n, d: n - 184 if n % 16 == 12 and n > 184 else None, "same for every depth"),
        (lambda n, d: output_size(n, d, least=-999), "nothing is left"),
        (lambda n, d: output_size(n, d) or 0, "odd size, 279. Yours gives 0"),
        (lambda n, d: output_size(n, d, least=0), "nothing is left. Yours gives 0"),
        (lambda n, d: output_size(n, d) if d != 3 else None, "it should give 4; yours gives None"),
        (lambda n, d: output_size(n, min(d, 4)), "depth 5"),
        (lambda n, d: output_size(n, d) if n % 16 == 12 else None, "it should give 2"),
        (lambda n, d: 388 if (n, d) == (572, 4) else "no", "return None"),
    ],
    check.decoder_parameters: [
        ("many", "one number"),
        (float("nan"), "NaN"),
        (7_077_888, "biases"),
        (7_078_400, "one of the two is missing"),
        (7_079_424, "belongs to an output"),
        (4_719_104, "The second, from 512"),
        (4_718_592, "without its biases"),
        (2_359_808, "The first, from 1024"),
        (4_719_616, "concatenated"),
        (9_438_208, "Only the first"),
        (787_456, "3 x 3"),
        (14_848, "multiply the two"),
        (9_176_576, "up-convolution"),
        (31_030_658, "the whole network"),
        (5, "for each convolution"),
    ],
    check.block: [
        (lambda a, b: block(a, b, padding=1), "valid"),
        (lambda a, b: block(a, b, padding="same"), "valid"),
        (lambda a, b: block(a, b, stride=2), "stride"),
        (lambda a, b: block(a, b, between=nn.Identity), "after the first convolution is missing"),
        (lambda a, b: block(a, b, after=nn.Identity), "second convolution has a ReLU"),
        (lambda a, b: block(a, b, between=nn.Identity, after=nn.Identity), "no ReLU"),
        (written(lambda net, x: net.second(net.first(x.relu()).relu())), "not before it"),
        (written(lambda net, x: right_forward(net, x.relu())), "image itself"),
        (lambda a, b: block(a, b, middle=a), "in the first convolution, not in the second"),
        (lambda a, b: block(a, b, middle=7), "from 3 channels to 5"),
        (lambda a, b: block(b, a), "from 3 channels to 5"),
        (lambda a, b: block(3, b), "my_block(4, 4)"),
        (lambda a, b: block(a, b, bias=False), "bias"),
        (lambda a, b: nn.Conv2d(a, b, 3), "two nn.Conv2d layers"),
        (one_convolution, "runs one convolution twice"),
        (lambda a, b: kept_blocks.setdefault((a, b), block(a, b)), "same weights"),
        (lambda a, b: block(a, b, after=nn.Sigmoid), "nothing else"),
        (lambda a, b: block(a, b, after=nn.ReLU6), "nothing else"),
        (lambda a, b: block(a, b, between=nn.LeakyReLU), "nothing else"),
        (lambda a, b: block(a, b).insert(1, nn.BatchNorm2d(b)), "normalisation"),
        (lambda a, b: block(a, b).append(nn.Dropout(0.5)), "In training mode"),
        (written(lambda net, x: right_forward(net, x).detach()), "lost the way back"),
        (written(no_gradient(right_forward)), "lost the way back"),
        (written(lambda net, x: F.relu(net.second(F.relu(net.first(x)).detach()))), "no slope reaches it"),
        (written(lambda net, x: right_forward(net, x.clone()) + 0 * x.zero_().sum()), "changes the image"),
        (lambda a, b: nn.ModuleList(block(a, b)), "stops after 0 convolutions"),
        (lambda a, b: 3, "torch module"),
    ],
    check.join: [
        (added, "added"),
        (joined(corner), "top left corner"),
        (joined(lambda skip, up: skip[:, :, -up.shape[2] :, -up.shape[3] :]), "bottom right corner"),
        (other_order, "other order"),
        (joined(centre_crop, dim=0), "dimension 1 channels"),
        (joined(centre_crop, dim=2), "The shape should be"),
        (joined(shrunk), "shrank"),
        (lambda skip, up: torch.cat([skip, F.interpolate(up, skip.shape[2:])], 1), "as large as what comes from"),
        (lambda skip, up: [skip, up], "one tensor"),
        (not_cropped, "Is the copy cut"),
        (joined(cut_at_both_ends), "0:-0 keeps nothing"),
        (only_up, "Only the part from below"),
        (centre_crop, "Only the copy"),
        (joined(zeros), "not its middle, unchanged"),
        (lambda skip, up: join(skip, up).relu(), "numbers are not"),
        (joined(lambda skip, up: centre_crop(skip, up).detach()), "through the copy"),
        (lambda skip, up: join(skip, up.detach()), "through the part from below"),
        (no_gradient(join), "nothing below could learn"),
        (lambda skip, up: join(skip, up.mul_(2)), "copy, and return"),
    ],
}


class TestCheckers(checker_tests(SOLUTIONS, WRONG)):
    def test_changed_numbers_fail(self, check, plain):
        if check is not tell_apart:  # nearly every kernel looks aside: even noise is right
            super().test_changed_numbers_fail(check, plain)


@pytest.mark.parametrize("nothing", [None, ...])
def test_a_function_that_gives_no_block_is_no_answer(nothing):
    assert check.block(lambda a, b: nothing).passed is None


def test_a_block_does_not_disturb_chance():
    before = torch.random.get_rng_state()
    assert check.block(block).passed
    assert torch.equal(torch.random.get_rng_state(), before)
