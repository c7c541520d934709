"""The drawing tool in a real browser: keys, mouse and finger draw what the text says, and axe finds nothing."""

import numpy as np
import pytest
from browser import DESKTOP, Visit, served

from unet_teach.course import annotate

pytestmark = pytest.mark.browser

IMAGE = np.random.default_rng(0).integers(0, 256, (40, 60))
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Drawing</title>
<meta name="viewport" content="width=device-width"><style>
:root { color-scheme: light dark; } body { color: #111; background: #fff; }
main main img, main img:not(.other) { padding: 9px; border: 2px solid; max-width: 50%%; height: 10px; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #111; } }
</style><main><h1>Drawing</h1>%s</main></html>"""


@pytest.fixture(params=["light", "dark"])
def drawing(request, browser, tmp_path):
    """Open a page with a tool for lines and one for areas, the second with a shape in it already."""
    tools = [
        annotate.canvas(IMAGE, "line").html,
        annotate.canvas(IMAGE, "area", text="area: 1,1 9,1 9,9").html,
    ]
    (tmp_path / "index.html").write_text(PAGE % "".join(tools), encoding="utf-8")
    context = browser.new_context(viewport=DESKTOP, color_scheme=request.param, has_touch=True)
    context.set_default_timeout(15_000)
    with served(tmp_path) as base:
        visit = Visit(context.new_page(), base, request.param)
        visit.page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
        visit.open("index.html")
        yield visit
    context.close()


def tool(visit, number):
    return visit.page.locator(".annotate").nth(number)


def text(visit, number):
    return tool(visit, number).locator("textarea").input_value()


def said(visit, number):
    return tool(visit, number).locator("[role=status]").text_content()


def at(visit, number, x, y):
    """The place of an image's pixel on the screen."""
    picture = tool(visit, number).locator("svg")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    return box["x"] + x / 60 * box["width"], box["y"] + y / 40 * box["height"]


def test_the_shapes_lie_on_the_picture_whatever_the_page_does_to_pictures(drawing):
    for number in range(2):
        picture, shapes = (tool(drawing, number).locator(part).bounding_box() for part in ("img", "svg"))
        assert picture == pytest.approx(shapes, abs=0.6)


def test_keys_draw_a_line(drawing):
    page = drawing.page
    tool(drawing, 0).locator("[data-part=stage]").focus()
    page.keyboard.press("Space")  # in the middle, at 30,20
    assert said(drawing, 0) == "Point 1 at 30,20."
    page.keyboard.press("Enter")
    assert "needs at least 2 points" in said(drawing, 0)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowUp")
    assert said(drawing, 0) == "Cross at 40,19."
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    assert said(drawing, 0) == "Shape ended. 1 shape drawn."
    assert text(drawing, 0) == "line 4: 30,20 40,19"
    assert np.array_equal(
        annotate.membrane(text(drawing, 0), (40, 60)), annotate.membrane("line 4: 30,20 40,19", (40, 60))
    )
    for _ in range(9):
        page.keyboard.press("Shift+ArrowLeft")
    assert said(drawing, 0) == "Cross at 0,20."
    page.keyboard.press("Backspace")
    assert text(drawing, 0) == ""
    page.keyboard.press("Backspace")
    assert "nothing to take back" in said(drawing, 0)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "End shape"
    assert not drawing.problems


def test_clicks_draw_an_area_after_the_one_that_was_there(drawing):
    page = drawing.page
    assert text(drawing, 1) == "area: 1,1 9,1 9,9"
    for x, y in ((20, 10), (40, 10), (40, 30), (20, 30)):
        page.mouse.click(*at(drawing, 1, x, y))
    tool(drawing, 1).get_by_role("button", name="End shape").click()
    labels = annotate.instances(text(drawing, 1), (40, 60))
    assert np.array_equal(labels == 2, annotate.membrane("area: 20,10 40,10 40,30 20,30", (40, 60)))
    assert text(drawing, 0) == ""  # the other tool on the page is its own
    tool(drawing, 1).get_by_role("button", name="Take back").click()
    assert text(drawing, 1) == "area: 1,1 9,1 9,9"
    tool(drawing, 1).get_by_role("button", name="Clear all").click()
    assert text(drawing, 1) == ""
    assert not drawing.problems


def test_a_double_click_ends_a_shape(drawing):
    page = drawing.page
    page.mouse.click(*at(drawing, 0, 5, 5))
    page.mouse.dblclick(*at(drawing, 0, 25, 5))
    assert text(drawing, 0) == "line 4: 5,5 25,5"


def test_a_traced_line_ends_when_the_button_is_let_go(drawing):
    page = drawing.page
    tool(drawing, 0).locator("[data-part=width]").fill("2")
    page.mouse.move(*at(drawing, 0, 5, 20))
    page.mouse.down()
    page.mouse.move(*at(drawing, 0, 45, 20), steps=20)
    page.mouse.up()
    mask = annotate.membrane(text(drawing, 0), (40, 60))
    assert text(drawing, 0).startswith("line 2: 5,20 ")
    assert np.array_equal(np.flatnonzero(mask[:, 30]), [19, 20])
    assert said(drawing, 0) == "Shape ended. 1 shape drawn."


def test_taps_set_points(drawing):
    for x, y in ((10, 10), (30, 10), (30, 30)):
        drawing.page.touchscreen.tap(*at(drawing, 1, x, y))
    tool(drawing, 1).get_by_role("button", name="End shape").tap()
    assert text(drawing, 1).splitlines()[1] == "area: 10,10 30,10 30,30"


def test_axe_finds_nothing_while_drawing(drawing):
    page = drawing.page
    drawing.problems += drawing.axe()
    tool(drawing, 0).locator("[data-part=stage]").focus()
    for key in ("Space", "ArrowDown", "Space"):
        page.keyboard.press(key)
    drawing.problems += drawing.axe()
    page.set_viewport_size({"width": 360, "height": 740})
    drawing.problems += drawing.axe()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    small = page.evaluate(
        "[...document.querySelectorAll('button, input, textarea')].filter(stop => {"
        "const box = stop.getBoundingClientRect(); return box.width < 24 || box.height < 24; }).length"
    )
    assert small == 0
    assert not drawing.problems
