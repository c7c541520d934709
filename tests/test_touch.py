"""Things to touch: one file for a notebook and a page, no framework, no other host; and nothing of it is stored."""

import base64
import re
import subprocess
import sys
import zipfile
import zlib

import nbformat
import numpy as np
import pytest
from browser import ROOT

from unet_teach.course import touch as parts

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_site import touch as site
from course_site.touch import crops, values

MODULES = sorted(parts.FOLDER.glob("*.js"))
NAMES = [path.stem for path in MODULES]
CELLS = [
    (path, cell)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
    for cell in nbformat.read(path, as_version=4).cells
    if "touch" in cell.metadata
]


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_a_module_reads_in_one_go_and_asks_no_other_host(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 250
    assert not re.search(
        r"https?:|\bimport\s|\beval\(|innerHTML|localStorage", text.replace("http://www.w3.org/2000/svg", "")
    )
    assert re.search(r"^export default \{ render", text, re.M)
    assert site.described(ROOT, path.stem)[1][0].isupper()


@pytest.mark.parametrize("name", NAMES)
def test_every_module_is_shown_in_a_notebook(name):
    assert name in {cell.metadata["touch"] for _, cell in CELLS}


def test_a_cell_names_its_thing_in_its_metadata_and_shows_a_figure():
    for path, cell in CELLS:
        assert cell.metadata["touch"] in NAMES, path.name
        assert f'"{cell.metadata["touch"]}"' in cell.source, path.name
        assert re.search(r"^touch\(", cell.source, re.M), path.name
        kinds = [set(output.data) for output in cell.outputs if "data" in output]
        assert kinds == [{"image/png", "text/plain"}], path.name


def test_what_is_registered_has_a_module():
    assert set(values.VALUES) <= set(NAMES)
    assert all(made.startswith(tuple(NAMES)) for made in values.FILES)
    for source in values.LIBRARIES:
        assert (ROOT / source).is_file() or not (ROOT / "book" / "node_modules").is_dir(), source


def test_a_page_s_filter_lab_begins_as_its_notebook_s_does(data_home):
    for path, cell in CELLS:
        if cell.metadata["touch"] == "filter-lab":
            written = re.search(r'preset="(.+)"', cell.source)
            chosen = cell.metadata.get("touch_with")
            begins = values.FILES[f"filter-lab-{chosen}"](ROOT)[0] if chosen else values.VALUES["filter-lab"](ROOT)
            assert begins.get("preset") == (written and written[1]), path.name


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_gets_the_same_file_as_the_page(name):
    pytest.importorskip("anywidget")
    live = parts.widget(name, pictures=[], number=3)
    assert live._esm == parts.module_of(name).read_text(encoding="utf-8")
    assert live._css == (parts.FOLDER / "touch.css").read_text(encoding="utf-8")
    assert live.get_state()["number"] == 3


def test_the_wheel_carries_every_module_and_the_style(tmp_path):
    command = [sys.executable, "-m", "flit_core.wheel", "--outdir", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    inside = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    assert {f"unet_teach/course/touch/{path.name}" for path in [*MODULES, parts.FOLDER / "touch.css"]} <= inside


def test_a_picture_is_packed_in_256_greys():
    packed = parts.grey_picture("ramp", [[-160, 40, 240], [999, -999, 141]], -160, 240)
    assert list(base64.b64decode(packed.pop("grey"))) == [0, 128, 255, 255, 0, 192]
    assert packed == {"name": "ramp", "width": 3, "height": 2}
    for image, limits in ((np.zeros((2, 2, 3)), (0, 1)), ([[np.nan]], (0, 1)), ([[1]], (2, 2)), ([[]], (0, 1))):
        with pytest.raises(ValueError, match=r"grid of numbers|below white"):
            parts.grey_picture("x", image, *limits)


def test_a_cell_that_names_nothing_stops_the_build():
    with pytest.raises(site.ExtensionError, match="touch: nothing"):
        site.place(ROOT, "nothing")
    assert '<div class="touch" data-touch="filter-lab"' in site.place(ROOT, "filter-lab")


@pytest.mark.parametrize("filter_type", range(5))
def test_our_png_reader_undoes_every_filter(filter_type):
    grid = np.random.default_rng(filter_type).integers(0, 256, (4, 5), dtype=np.uint8)
    rows, above = b"", np.zeros(6, int)
    for line in grid.astype(int):
        now = np.concatenate([[0], line])
        a, b, c = now[:-1], above[1:], above[:-1]
        p = a + b - c
        distance = np.stack([abs(p - a), abs(p - b), abs(p - c)])
        paeth = np.choose(distance.argmin(axis=0), [a, b, c])
        guess = [0 * a, a, b, (a + b) // 2, paeth][filter_type]
        rows += bytes([filter_type]) + ((line - guess) % 256).astype(np.uint8).tobytes()
        above = now

    def chunk(kind, body):
        return len(body).to_bytes(4, "big") + kind + body + bytes(4)

    head = chunk(b"IHDR", (5).to_bytes(4, "big") + (4).to_bytes(4, "big") + bytes([8, 0, 0, 0, 0]))
    read = crops.png(bytes(8) + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    assert read.values == grid.tobytes()


def test_the_site_reads_the_real_sets_as_the_package_does(real_data):
    from unet_teach import data

    crops.em_section.cache_clear()
    crops.ct_slice.cache_clear()
    section, ct = data.load_em("test").images[0], data.load_ct_slice().hu
    assert crops.em_section(ROOT, 24).values == section.tobytes()
    pictures = values.filter_lab(ROOT)["pictures"]
    assert pictures[0] == parts.grey_picture("EM section", section[150:246, 150:246])
    assert len(pictures) == 2
    wanted = np.clip((ct - -160.0) / 400 * 255, 0, 255)
    assert np.abs(np.frombuffer(crops.ct_slice(ROOT).values, np.uint8).reshape(512, 512) - wanted).max() <= 0.5


def test_without_the_sets_or_with_damaged_ones_the_site_has_no_pictures(data_home, monkeypatch):
    crops.em_section.cache_clear()
    crops.ct_slice.cache_clear()
    assert values.filter_lab(ROOT) == {"pictures": []}
    (data_home / "isbi2012_em" / "image").mkdir(parents=True)
    (data_home / "isbi2012_em" / "image" / "24.png").write_bytes(b"no picture")
    crops.em_section.cache_clear()
    assert crops.em_section(ROOT, 24) is None
    crops.em_section.cache_clear()
    monkeypatch.delenv("UNET_TEACH_DATA")
    assert crops.em_section(ROOT, 24) is None
