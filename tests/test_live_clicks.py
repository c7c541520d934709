"""Click a cell: the page prompts as Python does, and its file gives torch's numbers; the site reads fields alone."""

import io
import sys

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from across import across
from matplotlib import pyplot as plt
from PIL import Image
from test_house import ROOT

from unet_teach.course.live.clicking import (
    SHOWN,
    cell_fields,
    click_answer,
    clicking_network,
    draw_clicks,
    write_clicks_onnx,
)
from unet_teach.course.live.frozen import HERE, SIDE
from unet_teach.course.prompted import Click, asked_of, halved_fields, mask_of, prompt, window_around

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_site.touch import cells

CLOSE = 1e-4


@pytest.fixture(autouse=True)
def _closed():
    """Leave no figure open."""
    yield
    plt.close("all")


def asked(number):
    rng = np.random.default_rng(number)
    places = rng.integers(-2, SIDE + 2, (1 + number % 4, 2)).tolist()
    clicks = [Click(row, column, bool(n % 2 == 0)) for n, (row, column) in enumerate(places)]
    return rng.integers(0, 256, (SIDE, SIDE)), clicks


def test_the_page_draws_the_same_prompt():
    some = [asked(number) for number in range(5)]
    cases = [[g.ravel().tolist(), [{"y": c.row, "x": c.column, "inside": c.inside} for c in said]] for g, said in some]
    code = "(m, c) => [...m.prompt(Float32Array.from(c[0]), c[1])]"
    for (grey, clicks), found in zip(some, across("click-a-cell", code, cases), strict=True):
        np.testing.assert_allclose(np.reshape(found, (3, SIDE, SIDE)), prompt(grey, clicks).numpy(), atol=1e-5)


def test_the_page_cuts_the_same_window():
    cases = [[[x, y], 300, 200] for x in (0, 63, 64, 65, 150, 299) for y in (0, 64, 136, 199)]
    for ((x, y), width, height), found in zip(
        cases, across("click-a-cell", "(m, c) => m.corner(...c)", cases), strict=True
    ):
        rows, columns = window_around((height, width), y, x)
        assert found == [columns.start, rows.start]


def test_the_stored_file_gives_torch_s_numbers():
    session = onnxruntime.InferenceSession(str(HERE / "clicks.onnx"), providers=["CPUExecutionProvider"])
    given = torch.stack([prompt(*asked(number)) for number in range(3)])
    with torch.inference_mode():
        ours = clicking_network()(given).numpy()
    theirs = np.concatenate([session.run(None, {"image": one[None].numpy()})[0] for one in given])
    print(f"torch and onnxruntime differ by at most {np.abs(ours - theirs).max():.2g}")
    assert np.abs(ours - theirs).max() < CLOSE


def test_the_stored_file_is_made_from_the_weights_and_names_no_machine(tmp_path):
    stored, again = (onnx.load(path) for path in (HERE / "clicks.onnx", write_clicks_onnx(tmp_path / "again.onnx")))
    assert [node.op_type for node in stored.graph.node] == [node.op_type for node in again.graph.node]
    for old, new in zip(stored.graph.initializer, again.graph.initializer, strict=True):
        np.testing.assert_allclose(onnx.numpy_helper.to_array(old), onnx.numpy_helper.to_array(new), atol=1e-6)
    content = (HERE / "clicks.onnx").read_bytes()
    assert b".py" not in content
    assert len(content) < 600_000


def test_the_kernel_answers_as_the_network_does():
    given = prompt(*asked(2))
    said, (content,) = click_answer({"id": 3}, [memoryview(given.numpy().tobytes())])
    with torch.inference_mode():
        logits = clicking_network()(given[None])
    found = np.frombuffer(content, np.float32).reshape(SIDE, SIDE)
    np.testing.assert_array_equal(found > 0.5, mask_of(logits)[0])
    assert said["id"] == 3
    assert "error" in click_answer({"id": 4}, [memoryview(bytes(8))])[0]


def test_the_figure_has_a_picture_for_each_click():
    assert [ax.get_title()[:7] for ax in draw_clicks(0, most=2).axes] == ["a click", "click 1", "click 2"]
    assert len(cell_fields()) == len(SHOWN)
    assert asked_of("test")


def test_the_site_halves_fields_as_the_package_does(real_data):
    values, files = cells.click_files(ROOT)
    fields = halved_fields("test")
    for number, entry in zip(SHOWN, values["fields"], strict=True):
        at = list(fields.numbers).index(number)
        grey, numbers = (
            np.asarray(Image.open(io.BytesIO(files[entry[name].rsplit("/", 1)[1]]))) for name in ("image", "cells")
        )
        np.testing.assert_array_equal(numbers, fields.instances[at])
        low, high = np.percentile(fields.images[at], [0.1, 99.9])
        wanted = np.clip((fields.images[at] - low) / (high - low) * 255, 0, 255)
        assert np.abs(grey - wanted).max() <= 2


def test_without_the_set_cells_are_drawn_and_named_so():
    values, files = cells.click_files(ROOT)
    assert [field["name"] for field in values["fields"]] == ["drawn cells, a stand-in"]
    grey, numbers = (np.asarray(Image.open(io.BytesIO(content))) for content in files.values())
    assert grey.shape == numbers.shape == (256, 256)
    assert len(np.unique(numbers)) > 10


def test_another_kind_of_tiff_is_refused():
    with pytest.raises(ValueError, match="TIFF of 16 bits"):
        cells.tiff_parts(b"MM\0*" + (8).to_bytes(4, "little") + bytes(6))
