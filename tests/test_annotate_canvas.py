"""The drawing tool's page: self-contained, the same every time, refusing what it cannot show."""

import io
import re
import subprocess
import sys
import zipfile
from base64 import b64decode
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from PIL import Image

from unet_teach.course import annotate

ROOT = Path(__file__).parents[1]
RAMP = np.arange(12 * 10).reshape(12, 10)


def test_the_picture_is_the_image():
    image = np.random.default_rng(0).integers(0, 256, (450, 451))  # more than one block of 65,535 bytes
    source = re.search(r'src="([^"]+)"', annotate.canvas(image, "line").html)[1]
    head, _, body = source.partition(",")
    assert head == "data:image/png;base64"
    picture = np.asarray(Image.open(io.BytesIO(b64decode(unquote(body)))).convert("L"))
    black, white = np.percentile(image, (2, 98))
    assert np.array_equal(picture, np.round(np.clip((image - black) / (white - black), 0, 1) * 15) * 17)


def test_nothing_in_it_looks_like_an_address():
    for seed in range(3):
        html = annotate.canvas(np.random.default_rng(seed).integers(0, 256, (128, 128)), "area").html
        assert not re.search(r"(https?:)?//\w", html)
        assert "http" not in html
        assert 'role="img"' in html
        assert "<title>" in html


def test_it_is_the_same_every_time():
    made = annotate.canvas(RAMP, "line", text="line 4: 1,1 5,5")
    assert made == annotate.canvas(RAMP, "line", text="line 4: 1,1 5,5")
    assert made._repr_html_() == made.html
    assert repr(made) == "a drawing tool; a notebook shows it"
    assert " id=" not in made.html, "two tools on one page must not share an id"


def test_a_mask_is_a_picture_of_two_greys():
    mask = RAMP % 3 == 0
    assert annotate.canvas(mask, "area") == annotate.canvas(mask.astype(float), "area")


def test_one_grey_everywhere_is_no_trouble():
    assert "<img" in annotate.canvas(np.ones((5, 5)), "area").html


@pytest.mark.parametrize(
    ("image", "kind", "text", "message"),
    [
        (RAMP, None, "", "kind is 'line'"),
        (RAMP, "circle", "", "kind is 'line'"),
        (RAMP[0], "line", "", r"grey image \(H, W\)"),
        (np.zeros((600, 4)), "line", "", "at most 512"),
        (np.zeros((0, 0)), "line", "", "at least 1 x 1"),
        (np.zeros((0, 5)), "area", "", r"at least 1 x 1 .* of the shape \(0, 5\)"),
        (np.full((4, 4), np.nan), "line", "", "finite"),
        (np.full((4, 4), "white"), "line", "", "of finite numbers"),
        (np.zeros((4, 4), complex), "line", "", "got complex128"),
        (RAMP, "line", "line 4", "line 1"),
    ],
)
def test_what_cannot_be_drawn_on_is_refused(image, kind, text, message):
    with pytest.raises(ValueError, match=message):
        annotate.canvas(image, kind, text=text)


def test_the_named_crops_have_their_kind(real_data):
    assert 'data-kind="line"' in annotate.canvas("em").html
    assert 'data-kind="area"' in annotate.canvas("cells").html


def test_the_wheel_brings_the_script_and_the_examples(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "flit_core.wheel", "--outdir", str(tmp_path)], cwd=ROOT, check=True, capture_output=True
    )
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    for name in ("canvas.js", "canvas.css", "examples/em.txt", "examples/cells.txt"):
        assert f"unet_teach/course/annotate/{name}" in names
