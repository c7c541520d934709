"""Attention against torch's and MONAI's: values and slopes, on random shapes; and what stands between windows."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from monai.networks.nets.swin_unetr import WindowAttention as TheirWindowAttention
from monai.networks.nets.swin_unetr import compute_mask, window_partition, window_reverse
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

from unet_teach.models import MultiHeadAttention, WindowAttention, attention
from unet_teach.models.attention import from_windows, may_ask, relative_places, to_windows

SHAPES = settings(max_examples=200, deadline=None, derandomize=True)
small = st.integers(1, 7)


def chance(seed):
    return torch.Generator().manual_seed(seed)


def draw(generator, *shape):
    return torch.randn(*shape, generator=generator, dtype=torch.float64, requires_grad=True)


def assert_same(ours, theirs, over, generator):
    """Both results are equal, and so are the slopes of a random sum of them."""
    torch.testing.assert_close(ours, theirs)
    weights = torch.randn(ours.shape, generator=generator, dtype=torch.float64)
    for a, b in zip(*(torch.autograd.grad((out * weights).sum(), over) for out in (ours, theirs)), strict=True):
        torch.testing.assert_close(a, b)


def by_loops(query, key, value):
    """The same for lists of lists: scores, shares, a mean of the values."""
    result = []
    for q in query:
        scores = [sum(a * b for a, b in zip(q, k, strict=True)) / math.sqrt(len(q)) for k in key]
        shares = [math.exp(s) / sum(math.exp(t) for t in scores) for s in scores]
        result.append([sum(s * v[c] for s, v in zip(shares, value, strict=True)) for c in range(len(value[0]))])
    return result


def test_three_tokens_by_loops():
    query, key, value = (torch.randn(3, n, generator=chance(n)).double() for n in (2, 2, 4))
    key = key + query
    expected = by_loops(query.tolist(), key.tolist(), value.tolist())
    torch.testing.assert_close(attention(query, key, value), torch.tensor(expected, dtype=torch.float64))


@SHAPES
@given(st.lists(small, max_size=2), small, small, small, small, st.booleans(), st.integers(0, 2**30))
def test_attention_is_torchs(batch, asking, asked, channels, said, biased, seed):
    generator = chance(seed)
    query, key = draw(generator, *batch, asking, channels), draw(generator, *batch, asked, channels)
    value, bias = draw(generator, *batch, asked, said), draw(generator, asking, asked) if biased else None
    over = [query, key, value, *([bias] if biased else [])]
    theirs = scaled_dot_product_attention(query, key, value, attn_mask=bias)
    assert_same(attention(query, key, value, bias), theirs, over, generator)


@SHAPES
@given(small, small, st.integers(1, 4), st.integers(1, 5), st.integers(0, 2**30))
def test_several_heads_are_torchs(batch, tokens, heads, each, seed):
    generator = chance(seed)
    ours = MultiHeadAttention(heads * each, heads).double()
    theirs = nn.MultiheadAttention(heads * each, heads, batch_first=True).double()
    theirs.load_state_dict(
        {
            "in_proj_weight": ours.ask.weight,
            "in_proj_bias": ours.ask.bias,
            "out_proj.weight": ours.out.weight,
            "out_proj.bias": ours.out.bias,
        }
    )
    x = draw(generator, batch, tokens, heads * each)
    assert_same(ours(x), theirs(x, x, x, need_weights=False)[0], [x], generator)
    weights = torch.randn(x.shape, generator=generator, dtype=torch.float64)
    (ours(x) * weights).sum().backward()
    (theirs(x, x, x, need_weights=False)[0] * weights).sum().backward()
    torch.testing.assert_close(ours.ask.weight.grad, theirs.in_proj_weight.grad)
    torch.testing.assert_close(ours.ask.bias.grad, theirs.in_proj_bias.grad)
    torch.testing.assert_close(ours.out.weight.grad, theirs.out_proj.weight.grad)
    torch.testing.assert_close(ours.out.bias.grad, theirs.out_proj.bias.grad)


def test_more_axes_in_front_are_more_of_the_same():
    ours = MultiHeadAttention(6, 3)
    x = torch.randn(2, 3, 5, 6, generator=chance(0))
    torch.testing.assert_close(ours(x)[1, 2], ours(x[1, 2]))


def test_a_token_that_nobody_may_ask_is_heard_by_nobody():
    query, key, value = (torch.randn(4, 3, generator=chance(n)) for n in range(3))
    bias = torch.zeros(4, 4)
    bias[:, 2] = -torch.inf
    value[2] = 1e30
    assert attention(query, key, value, bias).abs().max() < 10


def test_without_positions_the_order_of_tokens_is_not_seen():
    ours, x = MultiHeadAttention(8, 2).double(), torch.randn(9, 8, generator=chance(0)).double()
    order = torch.randperm(9, generator=chance(1))
    torch.testing.assert_close(ours(x[order]), ours(x)[order])


@pytest.mark.parametrize(("channels", "heads"), [(6, 4), (0, 1), (4, 0), (4, -2), (3, 6)])
def test_heads_that_cannot_share_are_refused(channels, heads):
    with pytest.raises(ValueError, match="must divide the channels"):
        MultiHeadAttention(channels, heads)


sides = st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 5))


@SHAPES
@given(st.integers(1, 3), sides, st.integers(1, 4))
def test_windows_are_monais_and_come_back(n, numbers, channels):
    rows, columns, side = numbers
    x = torch.arange(n * rows * columns * side * side * channels).reshape(n, rows * side, columns * side, channels)
    cut = to_windows(x, side)
    assert cut.shape == (n, rows * columns, side * side, channels)
    theirs = window_partition(x, (side, side))
    assert torch.equal(cut.flatten(0, 1), theirs)
    back = from_windows(cut, rows * side, columns * side)
    assert torch.equal(back, x)
    assert torch.equal(back, window_reverse(theirs.view(-1, side, side, channels), (side, side), back.shape[:3]))


@pytest.mark.parametrize(("shape", "side"), [((1, 6, 4, 2), 4), ((1, 4, 6, 2), 4), ((1, 4, 4, 2), 0), ((4, 4, 2), 2)])
def test_maps_that_windows_do_not_tile_are_refused(shape, side):
    with pytest.raises(ValueError, match=r"do not tile|channels last"):
        to_windows(torch.zeros(shape), side)


@pytest.mark.parametrize(("height", "width"), [(4, 6), (8, 8), (2, 2)])
def test_windows_that_do_not_fill_are_refused(height, width):
    with pytest.raises(ValueError, match="do not fill"):
        from_windows(torch.zeros(1, 4, 4, 3), height, width)
    with pytest.raises(ValueError, match="do not fill"):
        from_windows(torch.zeros(1, 4, 5, 3), 4, 5)


@SHAPES
@given(st.integers(1, 4), st.integers(1, 4), st.integers(2, 6), st.data())
def test_who_may_ask_whom_is_monais(rows, columns, side, data):
    shift = data.draw(st.integers(1, side - 1))
    theirs = compute_mask([rows * side, columns * side], (side, side), (shift, shift), "cpu") == 0
    assert torch.equal(may_ask(rows * side, columns * side, side, shift), theirs)


def test_a_token_may_always_ask_itself():
    assert may_ask(8, 12, 4, 2).diagonal(dim1=1, dim2=2).all()


@pytest.mark.parametrize("side", range(1, 7))
def test_relative_places_are_monais(side):
    theirs = TheirWindowAttention(4, 2, (side, side)).relative_position_index
    assert torch.equal(relative_places(side), theirs)
    assert relative_places(side).unique().numel() == (2 * side - 1) ** 2


@SHAPES
@given(
    st.integers(1, 2),
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(2, 4),
    st.integers(1, 3),
    st.integers(1, 3),
    st.data(),
)
def test_window_attention_is_monais(n, rows, columns, side, heads, each, data):
    generator = chance(data.draw(st.integers(0, 2**30)))
    shift = data.draw(st.integers(0, side - 1))
    height, width, channels = rows * side, columns * side, heads * each
    ours = WindowAttention(channels, heads, side, shift).double()
    theirs = TheirWindowAttention(channels, heads, (side, side), qkv_bias=True).double()
    theirs.qkv, theirs.proj = ours.attention.ask, ours.attention.out
    theirs.relative_position_bias_table = ours.table
    x = draw(generator, n, height, width, channels)
    shift = shift if min(height, width) > side else 0
    mask = compute_mask([height, width], (side, side), (shift, shift), "cpu").double() if shift else None
    # -100 lets exp(-100) through; with minus infinity they are compared exactly
    mask = mask.masked_fill(mask < 0, -torch.inf) if shift else None
    cut = window_partition(x.roll((-shift, -shift), (1, 2)), (side, side))
    answer = theirs(cut, mask).view(-1, side, side, channels)
    answer = window_reverse(answer, (side, side), (n, height, width)).roll((shift, shift), (1, 2))
    assert_same(ours(x), answer, [x, ours.table, ours.attention.ask.weight], generator)


@pytest.mark.parametrize(("side", "shift"), [(4, 4), (4, -1), (0, 0)])
def test_shifts_that_make_no_sense_are_refused(side, shift):
    with pytest.raises(ValueError, match="can be shifted by"):
        WindowAttention(4, 2, side, shift)


def test_no_slope_crosses_the_seam():
    layer = WindowAttention(4, 2, 4, shift=2).double()
    x = torch.randn(1, 8, 8, 4, generator=chance(0), dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(layer(x)[0, 0, 0].sum(), x)  # in the corner, which is rolled into the last window
    reached = slope[0].abs().sum(dim=-1) > 0
    assert reached[:2, :2].all()
    assert reached.sum() == 4


@pytest.mark.parametrize("half", [torch.float16, torch.bfloat16])
def test_halves_are_no_trouble(half):
    layer = WindowAttention(8, 2, 4, shift=2)
    x = torch.randn(2, 8, 12, 8, generator=chance(0))
    with torch.autocast("cpu", half):
        answer = layer(x)
        answer.float().square().mean().backward()
    torch.testing.assert_close(answer.float(), layer(x), atol=0.02, rtol=0.02)
    assert all(p.grad.isfinite().all() for p in layer.parameters())
    torch.testing.assert_close(layer.to(half)(x.to(half)).float(), answer.float(), atol=0.02, rtol=0.02)
