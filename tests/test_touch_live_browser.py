"""The live U-Net, click a cell and the volume viewer in a browser: what they find, load, and how quickly."""

import io
import json
import time

import numpy as np
import pytest
from browser import PHONE, SITE, Visit, compressed
from PIL import Image
from playwright.sync_api import Locator
from scipy import ndimage
from test_touch_browser import said, start, works_for_everyone

from unet_teach.course.live import ask_live
from unet_teach.course.live.clicking import clicking_network
from unet_teach.course.prompted import Click, answer_clicks, overlap_of, window_around
from unet_teach.metrics import dice
from unet_teach.transforms import standardise

pytestmark = pytest.mark.browser

# Arrow keys as fast as the page draws, to and fro, for so many ms; the frames that were drawn meanwhile.
HURRY = """async ([box, wanted]) => {
  const [canvas, before, begun] = [box.querySelector("canvas"), Number(box.dataset.frames), performance.now()];
  for (let n = 0; performance.now() - begun < wanted; n++) {
    const key = n % 40 < 20 ? "ArrowLeft" : "ArrowRight";
    canvas.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    await new Promise(requestAnimationFrame);
  }
  return 1000 * (Number(box.dataset.frames) - before) / (performance.now() - begun);
}"""


def fetched(visit: Visit) -> str:
    """Say what was fetched of it: kB as a server that compresses sends them."""
    paths = [url.removeprefix(visit.base).split("?")[0] for url in visit.requested if "/touch/" in url]
    sizes = {path.rsplit("/", 1)[1]: compressed(SITE / path) // 1000 for path in paths}
    return f"{sum(sizes.values())} kB: " + ", ".join(f"{name} {size}" for name, size in sizes.items())


def first_window() -> tuple[float, float]:
    """Return Python's Dice in the first window of the page's first section: all skips open, and none."""
    first = json.loads((SITE / "_static" / "touch" / "live-unet.json").read_text(encoding="utf-8"))["sections"][0]
    grey, truth = (np.asarray(Image.open(SITE / "_static" / first[name])) for name in ("image", "truth"))
    top, left = ((size - 128) // 2 for size in grey.shape)
    part = (slice(top, top + 128), slice(left, left + 128))
    image = standardise(grey[None])[0][part]
    found = [ask_live(image, gates)["probability"] > 0.5 for gates in ((1, 1, 1), (0, 0, 0))]
    return dice(found[0], truth[part] < 128), dice(found[1], truth[part] < 128)


def begun(visit: Visit, page: str, name: str, sign: str) -> tuple[Locator, Locator]:
    """Start a thing, and wait for its first result; print how long it took, and what it fetched."""
    at = time.perf_counter()
    place = start(visit, page, name)
    box = place.locator(f".touch-box[data-{sign}]")
    box.wait_for()
    print(f"\n{name} on {page}: {time.perf_counter() - at:.1f} s, page and first result; {fetched(visit)}")
    return place, box


def test_live_unet(visit: Visit) -> None:
    place, box = begun(visit, "09-thirty-images", "live-unet", "frames")
    opened, closed = first_window()
    assert float(box.get_attribute("data-dice")) == pytest.approx(opened, abs=0.002)
    said(place, f"Dice in the window {float(box.get_attribute('data-dice')):.3f}.")
    for level in range(3):
        place.get_by_label(f"skip {level}").uncheck()
    said(place, "without skip 0 and 1 and 2.")
    assert float(box.get_attribute("data-dice")) == pytest.approx(closed, abs=0.002)
    for level in range(3):
        place.get_by_label(f"skip {level}").check()
    place.get_by_role("button", name="up 0").click()
    assert place.get_by_role("img", name="The maps that were pressed").is_visible()
    place.get_by_role("slider", name="Threshold").fill("0.9")
    said(place, "Dice in the window")
    frames = visit.page.evaluate(HURRY, [box.element_handle(), 2000])
    print(f"{frames:.0f} frames a second; the last took the network {float(box.get_attribute('data-ms')):.0f} ms")
    place.get_by_role("application").press("Shift+ArrowDown")
    already = len(visit.requested)
    content = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (90, 300), dtype=np.uint8)).save(content, "PNG")
    own = {"name": "mine.png", "mimeType": "image/png", "buffer": content.getvalue()}
    place.get_by_label("Your own image").set_input_files(own)
    said(place, "pixels of membrane")
    own |= {"name": "mine.txt", "buffer": b"no picture"}
    place.get_by_label("Your own image").set_input_files(own)
    said(place, "That does not work")
    assert not [url for url in visit.requested[already:] if not url.startswith("blob:")]  # it stays in the browser
    works_for_everyone(visit, place)


def test_without_its_files_the_live_network_says_so(visit: Visit) -> None:
    visit.page.route("**/touch/live.onnx", lambda route: route.fulfill(status=404))
    place = start(visit, "11-why-it-works", "live-unet")
    said(place, "That does not work: live.onnx is not on this site")


def test_each_page_begins_with_its_own_volume() -> None:
    pages = {"14-a-scan-is-not-a-picture": "torso", "15-vnet": "hippocampus"}
    pages |= {"20-totalsegmentator": "torso", "22-brain-tumour": "brain"}
    for page, name in pages.items():
        text = (SITE / "notebooks" / f"{page}.html").read_text(encoding="utf-8")
        assert f'data-values="touch/volume-viewer-{name}.json"' in text, page
        begins = json.loads((SITE / "_static" / "touch" / f"volume-viewer-{name}.json").read_text(encoding="utf-8"))
        files = [SITE / "_static" / begins["volume"][part] for part in ("image", "labels")]
        assert 0 < sum(file.stat().st_size for file in files) < 1_500_000, page


@pytest.mark.parametrize("page", ["15-vnet", "20-totalsegmentator"])
def test_volume_viewer(visit: Visit, page: str) -> None:
    place, box = begun(visit, page, "volume-viewer", "moves")
    said(place, " mm: grey ")
    if page != "15-vnet":
        assert not visit.problems
        return
    before = place.locator(".touch-said").inner_text()
    place.get_by_role("slider", name="Foot to head").press("ArrowRight")
    visit.page.wait_for_function("before => document.querySelector('.touch-said').textContent !== before", arg=before)
    place.get_by_label("as radiologists look").check()
    visit.page.set_viewport_size(PHONE)  # small pictures, since a processor draws them here
    place.get_by_role("combobox", name="Show").select_option("3-D, labels alone")
    place.get_by_role("slider", name="Turn the 3-D view").press("ArrowLeft")
    place.get_by_role("combobox", name="Show").select_option("Sagittal")
    place.get_by_role("slider", name="Labels").fill("0")
    moves = int(box.get_attribute("data-moves") or 0)
    canvas = place.get_by_role("application")
    size = canvas.bounding_box()
    assert size is not None
    canvas.click(position={"x": 0.45 * size["width"], "y": 0.3 * size["height"]})
    visit.page.wait_for_function("n => Number(document.querySelector('.touch-box').dataset.moves) > n", arg=moves)
    works_for_everyone(visit, place)


def test_a_browser_without_webgl_shows_the_planes_and_says_so(visit: Visit) -> None:
    place, box = begun(visit, "15-vnet", "volume-viewer", "moves")
    begins = place.locator(".touch-said").inner_text()
    visit.requested.clear()
    visit.page.add_init_script(
        "const real = HTMLCanvasElement.prototype.getContext; HTMLCanvasElement.prototype.getContext = "
        "function (kind, ...more) { return kind === 'webgl2' ? null : real.call(this, kind, ...more); }"
    )
    place, box = begun(visit, "15-vnet", "volume-viewer", "moves")
    assert place.locator(".touch-said").inner_text() == begins  # the same place, grey and label as with NiiVue
    assert "no 3-D (it has no WebGL 2)" in box.inner_text()
    assert not place.get_by_label("Turn the 3-D view").count()
    lit = "one => one.getContext('2d').getImageData(0, 0, one.width, one.height).data.filter(part => part > 60).length"
    assert box.locator("canvas").evaluate(lit) > 50_000
    place.get_by_role("combobox", name="Show").select_option("Coronal")
    place.get_by_label("as radiologists look").check()
    place.get_by_role("slider", name="Back to front").press("Home")
    place.locator(".touch-said").get_by_text(begins).wait_for(state="detached")
    size = box.locator("canvas").bounding_box()
    assert size is not None
    box.locator("canvas").click(position={"x": size["width"] / 2, "y": 0.05 * size["height"]})
    said(place, " mm: grey ")
    assert int(place.get_by_role("slider", name="Foot to head").input_value()) > 25  # it was pressed near the top
    works_for_everyone(visit, place)


def test_click_a_cell(visit: Visit) -> None:
    first = json.loads((SITE / "_static" / "touch" / "click-a-cell.json").read_text(encoding="utf-8"))["fields"][0]
    grey, cells = (np.asarray(Image.open(SITE / "_static" / first[name])) for name in ("image", "cells"))
    middle = [size // 2 for size in cells.shape]
    inner = np.where(ndimage.distance_transform_edt(cells > 0) > 6, cells, 0)  # well inside a cell
    places = np.argwhere(inner)
    row, column = (int(at) for at in places[np.abs(places - middle).sum(axis=1).argmin()])
    window = window_around(cells.shape, row, column)
    asked = [Click(row - window[0].start, column - window[1].start)]
    found = answer_clicks(clicking_network(), grey[window][None].astype(float), [asked])[0]
    cell = cells[window] == cells[row, column]

    place = start(visit, "27-where-the-u-went", "click-a-cell")
    said(place, "Click a cell.")
    canvas = place.get_by_role("application")
    size = canvas.bounding_box()
    assert size is not None
    scale = size["width"] / cells.shape[1]
    canvas.click(position={"x": (column + 0.5) * scale, "y": (row + 0.5) * scale})
    said(place, f"IoU with the drawn cell: {overlap_of(found, cell):.2f}. Now correct it.")
    print(
        f"\nclick-a-cell: {fetched(visit)}; {float(place.locator('.touch-box').get_attribute('data-ms') or 0):.0f} ms"
    )
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        canvas.press(key)
    said(place, "Two corrections left.")
    place.get_by_role("button", name="Take the last click back").click()
    said(place, "Now correct it.")
    place.get_by_role("button", name="Another cell").click()
    said(place, "Click a cell.")
    works_for_everyone(visit, place)
