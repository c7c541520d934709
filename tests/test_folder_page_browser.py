"""The pages of `check` and `train` on a folder, in a browser: axe finds nothing, in light and dark, on a phone."""

from pathlib import Path

import numpy as np
import pytest
from browser import SETTINGS, Visit, served
from folders_to_check import change, clean
from playwright.sync_api import Browser

from unet_teach.__main__ import main
from unet_teach.recipes.folder.page import html_table, page, write_page

pytestmark = pytest.mark.browser

LONG = "patient_0001_left_hemisphere_slice_00012_membrane_stained_and_exported_once_more"


def broken(folder: Path) -> Path:
    """Make a folder with errors, warnings, notes, and a name that is wider than a phone."""
    clean(folder, classes=3)
    change(folder, "cell_01", lambda mask: mask * 80)
    change(folder, "cell_02", lambda mask: mask[:50])
    change(folder, "cell_03", np.zeros_like)
    (folder / "masks" / "cell_04.png").rename(folder / "masks" / f"{LONG}.png")
    (folder / "images" / "cell_04.png").rename(folder / "images" / f"{LONG}.png")
    (folder / "images" / "cell_05.png").write_bytes(b"no picture")
    (folder / "masks" / "cell_06.png").unlink()
    return folder


def test_pages_about_a_reader_s_folder(browser: Browser, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ready = main(["check", str(clean(tmp_path / "clean")), "--page", str(tmp_path / "clean.html")])
    wrong = main(["check", str(broken(tmp_path / "broken")), "--page", str(tmp_path / "broken.html")])
    assert (ready, wrong) == (0, 1), capsys.readouterr().out
    table = html_table(["image", *(f"of class {n}" for n in range(9))], [[LONG, *["0.123"] * 9]])
    write_page(tmp_path / "scores.html", page("Training on a folder", [table]))
    classes = {"clean": {"note"}, "broken": {"note", "warning", "error"}, "scores": set()}
    with served(tmp_path) as address:
        for name, levels in classes.items():
            for theme, window in SETTINGS:
                context = browser.new_context(viewport=window, color_scheme=theme)
                visit = Visit(context.new_page(), address, theme)
                visit.page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
                visit.page.goto(f"{address}{name}.html")
                shown = visit.page.locator("main div[class]")
                assert levels <= set(shown.evaluate_all("every => every.map(one => one.className)")), name
                assert not visit.axe(), (name, theme, window)
                assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, window)
                assert not visit.problems
                context.close()
