"""Prediction from a Zarr file to a Zarr file: equal to that in memory, resumed to the byte, refused in a sentence."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn

from unet_teach.models import UNet
from unet_teach.predict import WithoutMargin, mean_and_sd, overlap_tile, predict_whole_slide
from unet_teach.predict.zarr_files import digest_of_folder

zarr = pytest.importorskip("zarr")
MARGIN, TILE = 8, 48


def a_network(seed=0):
    torch.manual_seed(seed)
    return WithoutMargin(UNet(1, 3, width=2, depth=1), MARGIN).eval()


NETWORK = a_network()


def store(path, image, chunks):
    array = zarr.create_array(path, shape=image.shape, chunks=chunks, dtype=image.dtype)
    array[:] = image
    return path


def noise(*shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def in_memory(image, network=NETWORK, tile=TILE, margin=MARGIN, stride=None, mean=0.0, sd=1.0):
    seen = (image.astype(np.float32) - np.float32(mean)) / np.float32(sd)
    return overlap_tile(network, seen.reshape(-1, *image.shape[-2:]), tile, margin, stride)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    size=st.tuples(st.integers(1, 70), st.integers(1, 70)),
    chunks=st.tuples(st.integers(9, 60), st.integers(9, 60)),
    halves=st.integers(9, 20),
    stride=st.integers(1, 3) | st.none(),
    keep=st.sampled_from(["labels", "logits"]),
    data=st.data(),
)
def test_the_file_holds_what_memory_would(tmp_path_factory, size, chunks, halves, stride, keep, data):
    folder = tmp_path_factory.mktemp("slide")
    image, tile = noise(*size), 2 * halves + 2 * MARGIN - 16
    out = tile - 2 * MARGIN
    stride = None if stride is None or out < 1 else max(out // stride, min(out, 8))
    if out < 1 or (out < 16 and stride is None):
        tile, stride = 40, 24
    chunks = tuple(min(chunk, side) for chunk, side in zip(chunks, size, strict=True))
    mean, sd = data.draw(st.sampled_from([(0.0, 1.0), (127.3, 61.0)]))
    picture = store(folder / "picture.zarr", image, chunks)
    options = {"tile": tile, "margin": MARGIN, "stride": stride, "mean": mean, "sd": sd}
    target = predict_whole_slide(NETWORK, picture, folder / "t.zarr", keep=keep, **options)
    expected = in_memory(image, **options)
    expected = expected.numpy() if keep == "logits" else expected.argmax(0).numpy().astype(np.uint8)
    found = zarr.open(target, mode="r")
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found[:], expected)


@pytest.mark.parametrize("length", [80, 81, 96, 97, 98, 99])
def test_overlapping_outputs_end_as_in_memory(tmp_path, length):  # the last tile gives all that it has
    image = noise(length, 70)
    picture = store(tmp_path / "p.zarr", image, (32, 32))
    target = predict_whole_slide(
        NETWORK, picture, tmp_path / "t.zarr", tile=TILE, margin=7 + 1, stride=16, keep="logits"
    )
    np.testing.assert_array_equal(zarr.open(target)[:], in_memory(image, stride=16).numpy())


def test_a_valid_network_of_several_channels(tmp_path):
    torch.manual_seed(0)
    network = nn.Conv2d(3, 2, 5)
    image = noise(3, 50, 61).astype(np.float32)
    picture = store(tmp_path / "p.zarr", image, (3, 20, 20))
    target = predict_whole_slide(network, picture, tmp_path / "t.zarr", tile=24, margin=2, stride=20, keep="logits")
    np.testing.assert_array_equal(zarr.open(target)[:], in_memory(image, network, 24, 2, 20).numpy())


def test_without_margin_cuts_it_and_refuses_none():
    images = torch.rand(1, 1, 32, 32)
    with torch.inference_mode():
        torch.testing.assert_close(NETWORK(images), NETWORK.network(images)[..., 8:-8, 8:-8], rtol=0, atol=0)
    for wrong in (0, -1, 1.5):
        with pytest.raises(ValueError, match="margin"):
            WithoutMargin(NETWORK, wrong)


class Stopped(Exception):
    pass


def stop_at(number):
    def progress(done, of):
        if done == number:
            raise Stopped

    return progress


@pytest.mark.parametrize("number", [1, 4, 8])
def test_a_stopped_run_goes_on_and_ends_with_the_same_bytes(tmp_path, number):
    picture = store(tmp_path / "p.zarr", noise(90, 80), (30, 30))
    whole = predict_whole_slide(NETWORK, picture, tmp_path / "whole.zarr", tile=TILE, margin=MARGIN)
    with pytest.raises(Stopped):
        predict_whole_slide(NETWORK, picture, tmp_path / "t.zarr", tile=TILE, margin=MARGIN, progress=stop_at(number))
    told = []
    predict_whole_slide(
        NETWORK, picture, tmp_path / "t.zarr", tile=TILE, margin=MARGIN, progress=lambda *now: told.append(now)
    )
    assert told == [(n, 9) for n in range(number + 1, 10)]  # nothing twice
    assert files(tmp_path / "t.zarr") == files(whole)


def test_what_was_written_and_not_counted_is_written_again(tmp_path):
    picture = store(tmp_path / "p.zarr", noise(90, 80), (30, 30))
    whole = predict_whole_slide(NETWORK, picture, tmp_path / "t.zarr", tile=TILE, margin=MARGIN)
    right, journal = files(whole), tmp_path / "t.zarr.progress.json"
    content = json.loads(journal.read_text(encoding="utf-8"))
    journal.write_text(json.dumps(content | {"done": 5}), encoding="utf-8")
    (whole / "c/1/2").write_bytes(b"half a squ")
    predict_whole_slide(NETWORK, picture, tmp_path / "t.zarr", tile=TILE, margin=MARGIN)
    assert files(whole) == right


def test_a_finished_one_is_not_repeated(tmp_path):
    picture = store(tmp_path / "p.zarr", noise(40, 40), (30, 30))
    predict_whole_slide(NETWORK, picture, tmp_path / "t.zarr", tile=TILE, margin=MARGIN)
    predict_whole_slide(NETWORK, picture, tmp_path / "t.zarr", tile=TILE, margin=MARGIN, progress=stop_at(1))


@pytest.fixture
def begun(tmp_path):
    store(tmp_path / "p.zarr", noise(70, 70), (30, 30))

    def go(network=NETWORK, picture="p.zarr", target="t.zarr", **changed):
        options = {"tile": TILE, "margin": MARGIN, "stride": 32, "progress": stop_at(2)} | changed
        return predict_whole_slide(network, tmp_path / picture, tmp_path / target, **options)

    with pytest.raises(Stopped):
        go()
    return go


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"network": a_network(1)}, "another network"),
        ({"network": a_network().train()}, None),  # the mode is not the network's
        ({"tile": 40, "stride": 16}, "tile 48, not 40"),
        ({"stride": 16}, "stride 32, not 16"),
        ({"mean": 1.5}, "mean 0.0, not 1.5"),
        ({"keep": "logits"}, "keep labels, not logits"),
    ],
)
def test_a_target_of_another_run_is_refused(begun, tmp_path, changed, said):
    before = files(tmp_path)
    if said is None:
        begun(**{"progress": None} | changed)
        return
    with pytest.raises(ValueError, match=f"begun with {said}.*delete t.zarr and t.zarr.progress.json"):
        begun(**changed)
    assert files(tmp_path) == before


def test_a_picture_that_changed_in_one_pixel_is_refused(begun, tmp_path):
    array = zarr.open(tmp_path / "p.zarr", mode="r+")
    array[69, 69] = 255 - array[69, 69]
    with pytest.raises(ValueError, match="another picture"):
        begun()


def test_a_copy_of_the_picture_is_the_same_picture(begun, tmp_path):
    (tmp_path / "p.zarr").rename(tmp_path / "moved.zarr")
    begun(picture="moved.zarr", progress=None)


def test_a_run_killed_before_its_first_square_is_not_begun(begun, tmp_path):
    journal = tmp_path / "t.zarr.progress.json"
    content = json.loads(journal.read_text(encoding="utf-8"))
    journal.write_text(json.dumps(content | {"done": 0}), encoding="utf-8")
    begun(mean=1.0, progress=None)


def test_a_damaged_or_missing_journal(begun, tmp_path):
    journal = tmp_path / "t.zarr.progress.json"
    for content in ("", "[]", "{}", '{"settings": 3, "done": 1}'):
        journal.write_text(content, encoding="utf-8")
        with pytest.raises(ValueError, match="cannot be read"):
            begun()
    journal.unlink()
    with pytest.raises(ValueError, match="no file says how far"):
        begun()


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"picture": "none.zarr"}, FileNotFoundError, "there is no picture"),
        ({"target": "no/t.zarr"}, FileNotFoundError, "no folder"),
        ({"tile": 16}, ValueError, "leaves 0 pixels"),
        ({"stride": 33}, ValueError, "stride from 1 to 32"),
        ({"tile": 48.5}, ValueError, "whole number"),
        ({"sd": 0}, ValueError, "above 0"),
        ({"mean": float("nan")}, ValueError, "mean is a number"),
        ({"keep": "map"}, ValueError, "labels, logits"),
        ({"network": UNet(1, 2, 2, 1).eval()}, ValueError, "the network loses 0 pixels"),
        ({"network": WithoutMargin(UNet(1, 2, 2, 5), MARGIN)}, ValueError, "does not fit"),
        ({"network": WithoutMargin(UNet(3, 2, 2, 1), MARGIN)}, ValueError, "1 channels, the network takes 3"),
        ({"network": WithoutMargin(UNet(1, 257, 1, 1), MARGIN)}, ValueError, "257 classes are too many"),
    ],
)
def test_what_cannot_be_is_said(begun, tmp_path, changed, error, said):
    with pytest.raises(error, match=said):
        begun(**{"target": "new.zarr"} | changed)
    assert not list(tmp_path.glob("new.zarr*"))
    begun(target="new.zarr", progress=None)  # nothing was begun


def test_pictures_that_are_none(begun, tmp_path):
    (tmp_path / "empty").mkdir()
    zarr.create_group(tmp_path / "group.zarr").create_array("0", shape=(4, 4), dtype="u1")
    store(tmp_path / "yes.zarr", np.zeros((9, 9), bool), (9, 9))
    store(tmp_path / "line.zarr", np.zeros(9), (9,))
    store(tmp_path / "nan.zarr", np.full((9, 9), np.nan), (9, 9))
    zarr.create_array(tmp_path / "huge.zarr", shape=(10_000, 10_000), chunks=(10_000, 10_000), dtype="u1")
    for name, said in {
        "empty": "no Zarr file",
        "group.zarr": "a group of arrays \\(0\\)",
        "yes.zarr": "holds bool",
        "line.zarr": r"is \(9,\)",
        "nan.zarr": "NaN",
        "huge.zarr": "100 MB each",
    }.items():
        with pytest.raises(ValueError, match=said):
            begun(picture=name, target=f"{name}-target.zarr")


def test_a_full_disk_is_named_before_anything_is_written(begun, tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=100))
    with pytest.raises(OSError, match="make room"):
        begun(target="new.zarr")
    assert not (tmp_path / "new.zarr").exists()


def test_without_zarr_the_extra_is_named(begun, monkeypatch):
    monkeypatch.setitem(sys.modules, "zarr", None)
    with pytest.raises(ImportError, match=r"unet_teach\[scale\]"):
        begun()


@pytest.mark.parametrize("kind", ["uint8", "uint16", "int16", "uint64", "float32"])
def test_mean_and_sd_are_those_of_the_whole(tmp_path, kind):
    image = noise(50, 70).astype(kind) * (100 if kind != "uint8" else 1)
    picture = store(tmp_path / "p.zarr", image, (16, 17))
    assert mean_and_sd(picture) == pytest.approx((image.mean(), image.std()), rel=1e-9)


def test_mean_and_sd_of_what_has_none(tmp_path):
    with pytest.raises(ValueError, match=r"all of flat\.zarr has the value 0\.1"):
        mean_and_sd(store(tmp_path / "flat.zarr", np.full((9, 9), 0.1), (4, 4)))
    with pytest.raises(ValueError, match="NaN"):
        mean_and_sd(store(tmp_path / "nan.zarr", np.full((9, 9), np.nan), (4, 4)))


def test_a_digest_of_folder_sees_names_and_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"12")
    first = digest_of_folder(tmp_path)
    (tmp_path / "a").write_bytes(b"13")
    second = digest_of_folder(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert len({first, second, digest_of_folder(tmp_path)}) == 3


KILLED = """
import os, signal, sys, torch
from pathlib import Path
from unet_teach.models import UNet
from unet_teach.predict import WithoutMargin, mean_and_sd, predict_whole_slide
torch.manual_seed(0)
torch.set_num_threads(1)
folder, last = Path(sys.argv[1]), int(sys.argv[2])
mean, sd = mean_and_sd(folder / "p.zarr")
def progress(done, of):
    if done == last:
        os.kill(os.getpid(), signal.SIGKILL)
network = WithoutMargin(UNet(1, 2, width=2, depth=2), 24)
predict_whole_slide(network, folder / "p.zarr", folder / sys.argv[3], tile=560, margin=24, mean=mean, sd=sd,
    progress=progress)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such kill here")
def test_3000_pixels_a_side_killed_and_resumed(tmp_path):
    square = noise(500, 500)
    array = zarr.create_array(tmp_path / "p.zarr", shape=(3000, 3000), chunks=(500, 500), dtype="u1")
    for row in range(6):
        for column in range(6):
            here = np.s_[500 * row : 500 * row + 500, 500 * column : 500 * column + 500]
            array[here] = np.roll(square, 37 * row + column)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1]), "OMP_NUM_THREADS": "1"}

    def go(last, target):
        command = [sys.executable, "-c", KILLED, str(tmp_path), str(last), target]
        return subprocess.run(command, env=environment, timeout=300, check=False).returncode

    assert go(-1, "whole.zarr") == 0
    assert go(17, "t.zarr") == -signal.SIGKILL
    assert len(files(tmp_path / "t.zarr")) == 18  # and zarr.json
    assert go(-1, "t.zarr") == 0
    assert files(tmp_path / "t.zarr") == files(tmp_path / "whole.zarr")
