"""Things to touch in a real JupyterLab: they come up, keep their keys, ask the kernel, and leave their figures."""

import base64
import gzip
import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import nibabel
import numpy as np
import pytest
from browser import DESKTOP, ROOT, Visit
from nbformat.v4 import new_code_cell, new_notebook, writes
from playwright.sync_api import Browser, Locator

from unet_teach.course.live import ask_live
from unet_teach.course.live.kernel import png_address
from unet_teach.metrics import dice
from unet_teach.transforms import standardise

pytestmark = pytest.mark.browser

THEMES = "lab/user-settings/@jupyterlab/apputils-extension"
QUIET = ["--no-browser", "--ip=127.0.0.1", "--IdentityProvider.token=", "--ServerApp.allow_root=True"]
SHOW = "from matplotlib import pyplot as plt\nfrom unet_teach.course.touch import touch\nplt.plot([1, 2])\n"
ASKS = "from unet_teach.course.live import live_answer\ntouch('live-unet', sections=given, answer=live_answer)"
SAVED = "() => fetch('/api/contents/small.ipynb').then(one => one.text()).then(text => text.includes('widget-view'))"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
FIGURE = "() => [...document.querySelectorAll('.jp-OutputArea-child img')].map(one => one.checkVisibility())"


def section() -> tuple[np.ndarray, np.ndarray]:
    """Draw bright tiles with dark borders, and their truth."""
    row, column = np.indices((160, 144))
    border = (row % 24 < 5) | (column % 32 < 5)
    noise = np.random.default_rng(0).normal(0, 12, border.shape)
    return (np.where(border, 70, 165) + noise).clip(0, 255).astype(np.uint8), border


def volume() -> dict[str, object]:
    """Pack a small volume whose last two layers towards the head have a label."""
    image = np.arange(8 * 7 * 6, dtype=np.int16).reshape(8, 7, 6)
    labels = np.zeros(image.shape, np.uint8)
    labels[..., 4:] = 1
    made = [gzip.compress(nibabel.Nifti1Image(one, np.diag([1, 1, 2, 1.0])).to_bytes()) for one in (image, labels)]
    image_, labels_ = (f"data:application/octet-stream;base64,{base64.b64encode(one).decode()}" for one in made)
    return {"image": image_, "labels": labels_, "names": [{"value": 1, "name": "cap", "colour": "#e69f00"}]}


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """Start a JupyterLab on a notebook of three cells, with settings of its own; yields its address."""
    if importlib.util.find_spec("jupyterlab") is None or importlib.util.find_spec("anywidget") is None:
        if os.environ.get("CI"):
            pytest.fail("JupyterLab and anywidget are pinned: CI has both")
        pytest.skip("JupyterLab with anywidget is not installed here")
    grey, border = section()
    given = [{"name": "tiles", "image": png_address(grey), "truth": png_address(np.where(border, 0, 255))}]
    flat = f"touch('volume-viewer', library='', volume={volume()!r})"
    cells = [f"{SHOW}touch('hill')", f"given = {given!r}\n{SHOW}{ASKS}", f"{SHOW}{flat}"]
    home, settings = tmp_path / "home", tmp_path / "config" / THEMES
    for folder in (home, settings):
        folder.mkdir(parents=True)
    book = new_notebook(cells=list(map(new_code_cell, cells)), metadata={"kernelspec": KERNEL})
    (home / "small.ipynb").write_text(writes(book), encoding="utf-8")
    silent = {"fetchNews": "false", "checkForUpdates": False}
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(silent), encoding="utf-8")
    (settings / "themes.jupyterlab-settings").write_text('{"theme": "JupyterLab Dark"}', encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    places = {name: str(tmp_path / name.split("_")[1].lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    places |= {"JUPYTER_RUNTIME_DIR": str(tmp_path / "run"), "IPYTHONDIR": str(tmp_path / "ipython")}
    command = [sys.executable, "-m", "jupyterlab", *QUIET, f"--port={port}", f"--ServerApp.root_dir={home}"]
    with (tmp_path / "log").open("w", encoding="utf-8") as log:
        running = subprocess.Popen(
            command, env=os.environ | places | {"PYTHONPATH": str(ROOT)}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        for _ in range(240):
            with socket.socket() as knock:
                if running.poll() is not None or knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.25)
        assert running.poll() is None, (tmp_path / "log").read_text(encoding="utf-8")
        yield f"http://127.0.0.1:{port}/"
    finally:
        running.kill()  # asked to end, it waits for ever for a kernel that only begins; kernels see that it is gone
        running.wait()


def opened(visit: Visit) -> None:
    """Open the notebook, and wait for its cells and its kernel."""
    visit.page.goto(f"{visit.base}doc/tree/small.ipynb")
    visit.page.locator(".jp-CodeCell").nth(2).wait_for()
    visit.page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()


def run(visit: Visit, cell: int) -> Locator:
    """Run a cell, and wait for its thing to speak; return its box."""
    prompt = visit.page.locator(".jp-CodeCell").nth(cell).locator(".jp-InputPrompt")
    for _ in range(3):  # a page that is still busy with itself loses a key now and then
        prompt.click()
        visit.page.keyboard.press("Control+Enter")
        visit.page.wait_for_timeout(1500)
        if prompt.inner_text().strip(" []:"):  # a star while it runs, then a number
            break
    box = visit.page.locator(".jp-CodeCell").nth(cell).locator(".touch-box")
    box.locator(".touch-said", has_text=".").wait_for()
    return box


def says(box: Locator, words: str) -> None:
    """Wait until it says this."""
    box.locator(".touch-said", has_text=words).wait_for()


def test_things_to_touch_in_jupyterlab(lab: str, browser: Browser) -> None:
    context = browser.new_context(viewport=DESKTOP)
    context.set_default_timeout(30_000)
    visit = Visit(context.new_page(), lab, "dark")
    opened(visit)

    hill = run(visit, 0)
    says(hill, "After 0 steps the loss is 6.")
    assert visit.page.evaluate(FIGURE) == [False]  # its figure gives it its place
    hill.get_by_role("application").press("ArrowDown")
    says(hill, "After 1 step the loss is 5.24.")
    for kind in ("combobox", "button", "checkbox", "application"):
        for key in ("a", "x", "d", "d", "Shift+ArrowDown"):  # in a notebook: insert, cut, delete a cell, choose more
            hill.get_by_role(kind).first.press(key)
    assert visit.page.locator(".jp-CodeCell").count() == 3
    assert visit.page.locator(".jp-CodeCell.jp-mod-selected").count() == 1
    visit.page.keyboard.press("Escape")
    visit.page.keyboard.press("b")  # now they are the notebook's again
    visit.page.locator(".jp-CodeCell").nth(3).wait_for()
    visit.page.keyboard.press("d")
    visit.page.keyboard.press("d")
    visit.page.wait_for_function("document.querySelectorAll('.jp-CodeCell').length === 3")

    live = run(visit, 1)
    says(live, "Dice in the window")
    grey, border = section()
    part = (slice(16, 144), slice(8, 136))
    image = standardise(grey[None])[0][part]
    opened_, closed = (dice(ask_live(image, [gate] * 3)["probability"] > 0.5, border[part]) for gate in (1.0, 0.0))
    assert float(live.get_attribute("data-dice") or 0) == pytest.approx(opened_, abs=0.002)
    for level in range(3):
        live.get_by_label(f"skip {level}").press("Space")
    says(live, "without skip 0 and 1 and 2.")
    assert float(live.get_attribute("data-dice") or 0) == pytest.approx(closed, abs=0.002)

    planes = run(visit, 2)
    says(planes, " mm: grey ")
    assert "Here are the planes alone" in planes.inner_text()
    planes.get_by_role("slider", name="Foot to head").press("Home")
    says(planes, ", 0 mm: grey ")
    says(planes, "no label.")
    assert not visit.problems

    visit.page.keyboard.press("Control+s")  # with Ctrl they are always the notebook's
    visit.page.wait_for_function(SAVED)
    end_kernels(visit)
    opened(visit)
    visit.page.wait_for_function(f"({FIGURE})().filter(Boolean).length === 3")  # the figures, though nothing lives
    context.close()


def end_kernels(visit: Visit) -> None:
    """End every kernel, as a reader does who comes back on another day."""
    visit.page.goto("about:blank")
    with urlopen(f"{visit.base}api/sessions") as answer:
        sessions = json.load(answer)
    crumbs = {one["name"]: one["value"] for one in visit.page.context.cookies() if "name" in one}
    head = {"X-XSRFToken": crumbs["_xsrf"], "Cookie": f"_xsrf={crumbs['_xsrf']}"}
    for one in sessions:
        urlopen(Request(f"{visit.base}api/sessions/{one['id']}", headers=head, method="DELETE")).close()
