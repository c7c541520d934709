"""Things to touch in a browser: nothing is loaded before it is asked for, and then by keyboard, finger, light, dark."""

import pytest
from browser import PHONE, ROOT, SETTINGS, SITE, Visit
from playwright.sync_api import Browser, Locator

pytestmark = pytest.mark.browser


def start(visit: Visit, page: str, name: str) -> Locator:
    """Open a page and start a thing on it, by keyboard; nothing of it may have been loaded before."""
    visit.open(f"notebooks/{page}.html")
    place = visit.page.locator(f".touch[data-touch='{name}']")
    assert not [url for url in visit.requested if f"{name}.js" in url]
    button = place.get_by_role("button", name="Start")
    button.focus()
    visit.page.keyboard.press("Enter")
    place.get_by_role("group").first.wait_for()
    place.get_by_role("button", name="Back to the figure").wait_for()
    assert [url for url in visit.requested if f"{name}.js" in url]
    return place


def works_for_everyone(visit: Visit, place: Locator) -> None:
    """Look at it wide and light, narrow and dark, leave it by its button, and see that nothing complained."""
    for theme, window in SETTINGS[:3]:
        visit.show(theme, window)
        assert (theme, window) == SETTINGS[1] or not visit.axe(".touch:has(.touch-box)"), (theme, window)
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (theme, window)
    place.get_by_role("button", name="Back to the figure").click()
    assert not place.locator(".touch-box").count()
    assert not visit.problems


def said(place: Locator, words: str) -> None:
    """Wait until it says this aloud."""
    place.locator("[role=status]", has_text=words).first.wait_for()


def test_filter_lab(visit: Visit) -> None:
    place = start(visit, "01-convolution", "filter-lab")
    assert place.get_by_role("combobox", name="Kernel").input_value() == "Sobel, to the right"
    assert not visit.page.locator(".cell.touched img").first.is_visible()
    place.get_by_role("combobox", name="Picture").select_option("an edge, 5 by 5")
    said(place, "Row 1, column 1 of the output: 0.")
    place.get_by_role("application", name="Picture").focus()
    visit.page.keyboard.press("ArrowRight")
    said(place, "Row 1, column 2 of the output: 16.")  # the one that chapter 1 works by hand
    place.get_by_label("turn the kernel").check()
    said(place, "column 2 of the output: −16.")
    weight = place.get_by_label("Weight in row 2, column 3")
    weight.fill("ten")
    weight.press("Enter")
    said(place, '"ten" is no number')
    weight.fill("10")
    weight.press("Enter")
    said(place, "column 2 of the output: −8.")
    asked = len(visit.requested)
    place.get_by_label("your own picture").set_input_files(ROOT / "README.md")
    said(place, "This file is no picture that the browser can read.")
    place.get_by_label("your own picture").set_input_files(ROOT / "book" / "hero.png")
    visit.page.wait_for_function("document.querySelector('.touch-box select').value === 'your own'")
    assert [url for url in visit.requested[asked:] if not url.startswith(("blob:", "data:"))] == []
    visit.page.set_viewport_size(PHONE)
    place.get_by_role("button", name="Move the window down").click()
    said(place, "Row 2, column 1")
    works_for_everyone(visit, place)


def test_filter_lab_begins_in_chapter_2_with_the_kernel_that_its_text_names(visit: Visit) -> None:
    place = start(visit, "02-filters-in-the-brain", "filter-lab")
    kernel = place.get_by_role("combobox", name="Kernel")
    assert kernel.input_value() == "Gabor, odd"
    place.get_by_label("Angle of the wave: 45°").press("ArrowRight")
    place.get_by_label("Angle of the wave: 60°").wait_for()
    kernel.select_option("centre minus surround")
    said(place, "Row 1, column 1 of the output")
    assert not visit.problems


def test_shape_explorer(visit: Visit) -> None:
    place = start(visit, "08-unet", "shape-explorer")
    said(place, "512 pixels in, 512 out. 482,")
    place.get_by_role("button", name="The paper's").click()
    said(place, "572 pixels in, 388 out. 31,030,658 parameters")
    size = place.get_by_label("Size in pixels")
    size.fill("600")
    size.press("Enter")
    said(
        place,
        "600 pixels do not fit: a pooling would meet an odd size, or nothing would be left. Nearest legal: 588 and",
    )
    visit.page.set_viewport_size(PHONE)
    place.get_by_role("button", name="Take 604").press("Enter")
    said(place, "604 pixels in, 420 out.")
    place.get_by_label("Depth: 4 halvings").press("ArrowLeft")
    said(place, "604 pixels in, 516 out.")
    works_for_everyone(visit, place)


def test_score_playground(visit: Visit) -> None:
    place = start(visit, "06-scores-and-losses", "score-playground")
    place.get_by_role("combobox", name="Truth").select_option("the chapter's first example")
    said(place, "Dice 0.444, surface Dice 0.889.")
    assert place.get_by_role("row", name="HD95").inner_text().split() == ["HD95", "1.331", "mm"]
    drawing = place.get_by_role("application", name="Masks")
    drawing.focus()
    for key in ("ArrowUp", "ArrowDown", "Space"):  # the brush begins on a pixel that was missed
        visit.page.keyboard.press(key)
    said(place, "Dice 0.600")
    place.get_by_role("button", name="Copy the truth").click()
    said(place, "Dice 1.000, surface Dice 1.000.")
    place.get_by_role("button", name="Clear").click()
    said(place, "Dice 0.000")
    assert "infinite" in place.get_by_role("row", name="HD95").inner_text()
    visit.page.set_viewport_size(PHONE)
    drawing.scroll_into_view_if_needed()
    drawing.click(position={"x": 150, "y": 150})
    said(place, "Dice 0.")
    works_for_everyone(visit, place)


def test_hill(visit: Visit) -> None:
    place = start(visit, "03-a-filter-that-learns", "hill")
    said(place, "After 0 steps the loss is 6.")
    place.get_by_role("application", name="Map").focus()
    visit.page.keyboard.press("ArrowDown")
    said(place, "After 1 step the loss is 5.24.")
    place.get_by_role("button", name="Start again").click()
    rate = place.get_by_label("of the largest")
    for _ in range(50):
        rate.press("ArrowRight")
    place.get_by_role("button", name="25 steps").click()
    said(place, "After 25 steps the loss is 4")  # at the largest rate it swings for ever across the valley
    visit.page.set_viewport_size(PHONE)
    place.get_by_label("in the dark").check()
    works_for_everyone(visit, place)


def test_without_scripts_there_is_the_figure_and_a_sentence(browser: Browser, base: str) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}notebooks/01-convolution.html")
    place = page.locator(".touch")
    assert "needs JavaScript" in place.inner_text()
    assert not place.get_by_role("button").count()
    assert page.locator(".cell", has=place).locator("img").is_visible()
    context.close()


def test_opened_as_a_file_a_page_says_what_to_run(visit: Visit) -> None:
    visit.base = SITE.as_uri() + "/"
    visit.open("notebooks/01-convolution.html")
    assert "run make serve, or python -m http.server" in visit.page.locator(".touch").inner_text()
    assert not visit.page.locator(".touch button").count()
    assert not visit.problems


def test_what_cannot_be_loaded_says_so_and_may_be_tried_again(visit: Visit) -> None:
    visit.page.route("**/touch/filter-lab.js", lambda route: route.abort())
    visit.open("notebooks/01-convolution.html")
    place = visit.page.locator(".touch")
    place.get_by_role("button", name="Start").click()
    said(place, "It did not start")
    assert place.get_by_role("button", name="Start").is_visible()


def test_the_page_has_the_package_s_own_files() -> None:
    for path in (ROOT / "unet_teach" / "course" / "touch").glob("*.*s"):
        assert (SITE / "_static" / "touch" / path.name).read_bytes() == path.read_bytes()
