"""Tiles against the whole image, Gaussian windows against MONAI, and symmetries that are really undone."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from fuzz.nets import padded_net, picture, valid_net, whole_picture
from hypothesis import given, settings
from hypothesis import strategies as st
from monai.inferers import sliding_window_inference
from pretend_gpu import pretending
from torch import nn

from unet_teach.models import OriginalUNet
from unet_teach.predict import (
    average_symmetries,
    gaussian_window,
    infer,
    overlap_tile,
    sliding_window,
)


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from([8, 10, 16]), st.data())
def test_tiles_equal_the_whole_at_strides_along_the_grid(height, width, tile, data):
    stride = data.draw(st.sampled_from(range(2, tile - 5, 2)))
    network, image = valid_net(), picture(1, height, width)
    tiled = overlap_tile(network, image, tile, 3, stride)
    torch.testing.assert_close(tiled, whole_picture(network, image, 3, 2, 0), atol=1e-4, rtol=1e-4)


def test_tiles_differ_visibly_from_the_whole_at_other_strides():
    network, image = valid_net(), picture(1, 60, 60)
    expected = whole_picture(network, image, 3, 2, 0)
    assert (overlap_tile(network, image, 16, 3, 7) - expected).abs().max() > 0.5 * expected.std()


@pytest.mark.parametrize("shape", [(70, 45), (30, 100)])  # 30 pixels cannot reflect a margin of 92 in one go
def test_the_papers_network_in_tiles_is_the_papers_network_on_the_whole(shape):
    torch.manual_seed(0)
    network, image = OriginalUNet(width=4), picture(1, *shape)
    expected = whole_picture(network, image, 92, 16, 12)
    for tile, stride in ((204, None), (236, 16), (236, 32), (236, 48), (300, None)):
        tiled = overlap_tile(network, image, tile, 92, stride)
        assert tiled.shape == (2, *shape)
        torch.testing.assert_close(tiled, expected, atol=1e-4, rtol=1e-4)
    for stride in (20, 36, 52):  # side by side, as the outputs would suggest
        wrong = overlap_tile(network, image, stride + 184, 92, stride)
        assert (wrong - expected).abs().max() > 0.2 * expected.std()


def test_a_network_refuses_a_tile_and_says_which_would_do():
    with pytest.raises(ValueError, match=r"Nearest legal: 204 and 220") as caught:
        overlap_tile(OriginalUNet(width=1), picture(1, 40, 40), 210, 92, 16)
    assert "(1, 1, 210, 210)" in caught.value.__notes__[0]


@settings(deadline=None, max_examples=60)
@given(
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.tuples(st.integers(1, 24), st.integers(1, 24)),
    st.sampled_from([0, 0.25, 0.5, 0.6, 0.75]),
    st.integers(1, 5),
)
def test_windows_equal_monai(size, window, overlap, batch):
    network, image = padded_net(channels=2).eval(), picture(2, *size)
    ours = sliding_window(network, image, window, overlap, batch)
    with torch.no_grad():
        theirs = sliding_window_inference(image[None], window, 4, network, overlap, mode="gaussian", sigma_scale=0.125)
    torch.testing.assert_close(ours, theirs[0], atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("size", [(9, 20, 13), (4, 8, 30)])
def test_windows_equal_monai_in_three_dimensions(size):
    network, image = padded_net(dims=3).eval(), picture(1, *size)
    with torch.no_grad():
        theirs = sliding_window_inference(image[None], (8, 8, 8), 4, network, 0.5, mode="gaussian")
    torch.testing.assert_close(sliding_window(network, image, 8), theirs[0], atol=1e-4, rtol=1e-4)


def test_the_weights_are_a_bell_of_an_eighth_of_the_window():
    bell = gaussian_window((33,))
    assert bell[16] == 1
    assert bell[20] == pytest.approx(np.exp(-0.5 * (4 / (33 / 8)) ** 2))
    assert gaussian_window((16, 8)).shape == (16, 8)
    assert gaussian_window((64, 64)).min() == pytest.approx(1e-3)


@pytest.mark.parametrize(
    "predict", [lambda n, x: sliding_window(n, x, 8, batch=3), lambda n, x: overlap_tile(n, x, 8, 0, 8)]
)
def test_the_network_sees_no_more_than_a_few_tiles_at_once(predict):
    seen = []

    class Watch(nn.Module):
        def forward(self, tiles):
            seen.append(tuple(tiles.shape))
            assert torch.is_inference_mode_enabled()
            return tiles

    image = picture(1, 50, 70)
    torch.testing.assert_close(predict(Watch(), image), image)
    assert all(shape[0] <= 3 and shape[1:] == (1, 8, 8) for shape in seen)


def test_modes_weights_and_gradients_are_left_as_they_were():
    network = padded_net().train()
    network[1].eval()  # a part that someone froze
    network.to(memory_format=torch.channels_last)
    image = picture(1, 20, 20)
    first = sliding_window(network, image, 16)
    assert torch.equal(first, sliding_window(network, image, 16))  # no dropout
    assert [part.training for part in network] == [True, False, True, True]
    assert network[3].weight.is_contiguous(memory_format=torch.channels_last)
    plain = sliding_window(network.to(memory_format=torch.contiguous_format), image, 16)
    torch.testing.assert_close(first, plain, atol=1e-5, rtol=1e-5)
    network.train()
    with pytest.raises(RuntimeError):
        sliding_window(network, picture(3, 20, 20), 16)  # channels that the network does not know
    assert network[2].training


@pytest.mark.parametrize(
    "predict",
    [
        lambda image: sliding_window(padded_net(), image, 8),
        lambda image: overlap_tile(valid_net(), image, 10, 3, 4),
        lambda image: average_symmetries(lambda seen: sliding_window(padded_net(), seen, 8), image),
    ],
)
def test_results_are_ordinary_tensors_and_arrays_will_do(predict):
    image = picture(1, 12, 15)
    logits = predict(image)
    assert not logits.is_inference()
    assert not logits.requires_grad
    logits += 1  # what inference mode would forbid
    for array in (image.numpy(), image.numpy().astype(">f8"), np.flip(np.flip(image.numpy(), 1).copy(), 1)):
        torch.testing.assert_close(predict(array) + 1, logits)


def test_the_network_decides_on_the_type_of_number():
    image = picture(1, 12, 15)
    assert sliding_window(padded_net().double(), image, 8).dtype == torch.float64
    half = sliding_window(padded_net().bfloat16(), image, 8)
    assert half.dtype == torch.float32
    torch.testing.assert_close(half, sliding_window(padded_net(), image, 8), atol=0.1, rtol=0.1)


@pytest.mark.parametrize("shape", [(10, 17), (12, 12)])
def test_symmetries_are_undone(shape):
    image = picture(2, *shape)
    torch.testing.assert_close(average_symmetries(lambda seen: seen, image), image)
    blur = torch.outer(torch.tensor([1.0, 2, 1]), torch.tensor([1.0, 2, 1]))[None, None] / 16  # has all the symmetries

    def equivariant(seen):
        return F.conv2d(seen[:, None], blur, padding=1)[:, 0].relu()

    torch.testing.assert_close(average_symmetries(equivariant, image), equivariant(image))


def test_the_average_turns_with_the_image_whatever_the_network():
    network, image = padded_net().eval(), picture(1, 10, 17)

    def predict(seen):
        return network(seen[None])[0]

    mean = average_symmetries(predict, image)
    assert (mean - predict(image)).abs().max() > 0.1
    for turns in range(4):
        for mirrored in (False, True):
            seen = (image.flip(-1) if mirrored else image).rot90(turns, (-2, -1))
            upright = (mean.flip(-1) if mirrored else mean).rot90(turns, (-2, -1))
            torch.testing.assert_close(average_symmetries(predict, seen), upright, atol=1e-5, rtol=1e-5)


def test_all_eight_are_seen_once():
    seen = []
    average_symmetries(lambda one: seen.append(one) or one, torch.arange(6.0).reshape(1, 2, 3))
    assert len({(one.shape, *one.flatten().tolist()) for one in seen}) == len(seen) == 8


def test_half_precision_does_not_overflow_the_mean():
    for kind in (torch.float16, torch.bfloat16):
        mean = average_symmetries(lambda seen, kind=kind: seen.to(kind), torch.full((1, 8, 8), 9000.0))
        assert mean.dtype == torch.float32
        assert (mean == torch.tensor(9000.0).to(kind)).all()
    assert average_symmetries(lambda seen: seen.double(), torch.ones(1, 8, 8)).dtype == torch.float64


def test_a_volume_is_turned_in_the_plane_of_its_slices():
    volume, seen = picture(1, 3, 6, 9), []
    network = padded_net(dims=3).eval()

    def predict(one):
        seen.append(one)
        return infer(network, one[None])[0]

    mean = average_symmetries(predict, volume)
    assert {tuple(one.shape) for one in seen} == {(1, 3, 6, 9), (1, 3, 9, 6)}
    assert mean.shape == (3, 3, 6, 9)
    turned = average_symmetries(predict, volume.rot90(1, (-2, -1)))
    torch.testing.assert_close(turned, mean.rot90(1, (-2, -1)), atol=1e-5, rtol=1e-5)


def test_numbers_of_numpy_are_numbers():
    network, image = padded_net(), picture(1, 20, 21)
    expected = sliding_window(network, image, (8, 8), batch=3)
    for window in (np.int64(8), np.uint8(8), [np.int32(8), 8], np.array([8, 8]), torch.Size([8, 8])):
        assert torch.equal(sliding_window(network, image, window, batch=np.int64(3)), expected)
    tiles = overlap_tile(valid_net(), image, np.int64(10), np.uint8(3), np.int64(4))
    assert torch.equal(tiles, overlap_tile(valid_net(), image, 10, 3, 4))


def test_infer_takes_any_mode_and_gives_an_ordinary_tensor():
    network, images = padded_net(), picture(2, 1, 8, 8)
    assert not torch.equal(infer(network.train(), images), infer(network, images))  # dropout: the mode is the caller's
    assert network.training
    logits = infer(network.eval().double(), images)
    assert logits.dtype == torch.float64
    assert not logits.requires_grad
    logits += 1  # what inference mode would forbid
    with torch.no_grad():
        torch.testing.assert_close(logits - 1, network(images.double()))


@pytest.mark.parametrize("there", [True, False])
def test_predictions_follow_a_network_to_a_gpu_and_come_back_to_the_image(there):
    network, image = padded_net().eval(), picture(1, 12, 15)
    valid = valid_net()
    expected = [sliding_window(network, image, 8), overlap_tile(valid, image, 10, 3, 4), infer(network, image[None])]
    expected.append(average_symmetries(lambda seen: infer(network, seen[None])[0], image))
    with pretending():
        if there:
            image = image.to("cuda")
        else:
            network, valid = network.to("cuda"), valid.to("cuda")
        found = [sliding_window(network, image, 8), overlap_tile(valid, image, 10, 3, 4), infer(network, image[None])]
        found.append(average_symmetries(lambda seen: infer(network, seen[None])[0], image))
        assert {logits.device for logits in found} == {image.device}
        found = [logits.cpu() for logits in found]
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5)


class Several(nn.Module):
    def forward(self, tiles):
        return tiles, tiles


SPOILT = torch.full((1, 20, 20), float("nan"))
FINE = torch.zeros(1, 20, 20)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: overlap_tile(valid_net(), SPOILT, 10, 3, 4), "NaN"),
        (lambda: sliding_window(padded_net(), FINE / 0, 8), "NaN"),
        (lambda: average_symmetries(lambda x: x, SPOILT), "NaN"),
        (lambda: overlap_tile(valid_net(), FINE[None], 10, 3, 4), "no batch axis"),
        (lambda: sliding_window(padded_net(), FINE[0], 8), "for one channel"),
        (lambda: sliding_window(padded_net(), FINE[:, :0], 8), "got"),
        (lambda: sliding_window(padded_net(), FINE.byte(), 8), "normalise"),
        (lambda: sliding_window(padded_net(), np.zeros((1, 9, 9), np.uint8), 8), "uint8"),
        (lambda: sliding_window(padded_net(), [[1.0]], 8), "list"),
        (lambda: overlap_tile(valid_net(), FINE, 6, 3, 2), "leaves nothing"),
        (lambda: overlap_tile(valid_net(), FINE, 10, 3), "stride from 1 to 4"),
        (lambda: overlap_tile(valid_net(), FINE, 10, 3, 5), "stride from 1 to 4"),
        (lambda: overlap_tile(valid_net(), FINE, 12, 2, 4), "loses 3 pixels a side"),
        (lambda: sliding_window(padded_net(), FINE, (8, 8, 8)), "one side for each axis"),
        (lambda: sliding_window(padded_net(), FINE, 0), "one side for each axis"),
        (lambda: sliding_window(padded_net(), FINE, 8, overlap=1), "overlap < 1"),
        (lambda: sliding_window(padded_net(), FINE, 8, batch=0), "batch >= 1"),
        (lambda: sliding_window(valid_net(), FINE, 8), "use overlap_tile"),
        (lambda: average_symmetries(lambda x: x[:, 1:], FINE), r"need \(K, H, W\)"),
        (lambda: average_symmetries(lambda x: x[0], FINE[None]), r"need \(K, D, H, W\)"),
        (lambda: average_symmetries(lambda x: (x, x), FINE), "predict gave a tuple: let it return one tensor"),
        (lambda: average_symmetries(lambda x: x.numpy(), FINE), "predict gave a ndarray"),
        (lambda: sliding_window(Several(), FINE, 8), "the network gave a tuple: let it return one tensor"),
        (lambda: overlap_tile(Several(), FINE, 8, 0, 8), "the network gave a tuple"),
        (lambda: infer(Several(), FINE), "the network gave a tuple"),
        (lambda: sliding_window(padded_net(), FINE, 8.0), r"window is a whole number, got 8\.0"),
        (lambda: sliding_window(padded_net(), FINE, "88"), "window is a whole number"),
        (lambda: sliding_window(padded_net(), FINE, 8, batch=2.0), "batch is a whole number"),
        (lambda: overlap_tile(valid_net(), FINE, 10.0, 3, 4), "tile is a whole number"),
        (lambda: overlap_tile(valid_net(), FINE, 10, 3, 4.5), "stride is a whole number"),
    ],
)
def test_bad_input_says_what_to_do(call, message):
    with pytest.raises(ValueError, match=message):
        call()
