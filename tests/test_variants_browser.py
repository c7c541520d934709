"""The filter of the variants in a browser: by words, by mechanism, by keyboard; and the whole table without scripts."""

import sys

import pytest
from browser import DESKTOP, PHONE, ROOT, SETTINGS, Visit
from playwright.sync_api import Browser

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_site.variants.rows import MECHANISMS, variants

pytestmark = pytest.mark.browser

PAGE = "book/variants.html"
FOUND = variants(ROOT)
ROWS = ".variants-table tbody tr"


def names(visit: Visit) -> list[str]:
    """Return the names that are shown."""
    return [row.locator("td").first.inner_text() for row in visit.page.locator(f"{ROWS}:visible").all()]


def count(visit: Visit) -> str:
    return visit.page.locator(".variants-filter [role=status]").inner_text()


def test_words_narrow_the_table_and_the_count_says_so(visit: Visit) -> None:
    visit.open(PAGE)
    every = len(FOUND)
    assert count(visit) == f"{every} of {every} shown"
    assert names(visit) == [one.name for one in FOUND]
    box = visit.page.get_by_label("Words")
    box.fill("liver attention")
    assert names(visit) == ["RA-UNet", "Attention UNet++", "MA-Net"]
    assert count(visit) == f"3 of {every} shown"
    for query, name in [
        ("cicek", "3D U-Net"),
        ("UNET++", "U-Net++"),
        ("u-net++", "Attention UNet++"),
        ("2024", "U-Mamba"),
    ]:
        box.fill(query)
        assert name in names(visit), query
    box.fill("no such network")
    assert count(visit) == f"0 of {every} shown"
    box.fill("")
    assert len(names(visit)) == every
    assert not visit.problems


def test_a_mechanism_narrows_the_table_by_keyboard(visit: Visit) -> None:
    visit.open(PAGE)
    visit.page.get_by_label("Words").focus()
    visit.page.keyboard.press("Enter")  # asks no server
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.value") == "all"
    for mechanism in MECHANISMS:
        visit.page.keyboard.press("ArrowRight")
        inside = [one.name for one in FOUND if mechanism in one.mechanisms]
        assert names(visit) == inside
        assert count(visit) == f"{len(inside)} of {len(FOUND)} shown"
    assert visit.page.url.endswith(PAGE)
    visit.page.get_by_role("radio", name="3-D").check()
    visit.page.get_by_label("Words").fill("transformer")
    assert names(visit) == [one.name for one in FOUND if {"3-D", "transformer"} <= set(one.mechanisms)]
    assert not visit.problems


def test_the_page_works_for_everyone_in_every_setting(visit: Visit) -> None:
    visit.open(PAGE)
    for theme, window in SETTINGS:
        visit.show(theme, window)
        assert not visit.axe()
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        shown = visit.page.locator("svg.family-tree:visible")
        assert shown.count() == 1
        assert ("narrow" in shown.get_attribute("class")) == (window == PHONE)
        size = shown.locator("text").last.evaluate("text => text.getScreenCTM().a * 13")
        assert size >= 10, f"letters of {size:.1f} pixels"
    assert visit.page.get_by_role("row").count() == len(FOUND) + 1  # cards on a phone are rows to a screen reader
    assert visit.page.get_by_role("columnheader").count() == 6
    assert not visit.problems


def test_no_name_lies_over_another_where_it_is_drawn(visit: Visit) -> None:
    visit.open(PAGE)
    for window in (DESKTOP, PHONE, {"width": 390, "height": 800}, {"width": 800, "height": 900}):
        visit.page.set_viewport_size(window)
        assert (
            visit.page.evaluate("""
            () => {
                const tree = [...document.querySelectorAll("svg.family-tree")].find(one => one.checkVisibility());
                const room = tree.getBoundingClientRect();
                const every = [...tree.querySelectorAll("text")];
                const texts = every.map(one => [one.textContent, one.getBoundingClientRect()]);
                return texts.flatMap(([name, a], at) => [
                    ...(a.left < room.left || a.right > room.right ? [name] : []),
                    ...texts.slice(0, at).filter(([, b]) =>
                        a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom
                    ).map(([other]) => `${name} and ${other}`),
                ]);
            }
        """)
            == []
        )


def test_without_scripts_the_whole_table_stands_there_and_no_filter(browser: Browser, base: str) -> None:
    context = browser.new_context(viewport=DESKTOP, java_script_enabled=False)
    page = context.new_page()
    page.goto(base + PAGE)
    assert page.locator(f"{ROWS}:visible").count() == len(FOUND)
    assert not page.locator("input[name=mechanism]").count()
    assert page.locator("svg.family-tree:visible").count() == 1
    context.close()


def test_the_filter_works_where_pages_are_files(visit: Visit) -> None:
    visit.base = (ROOT / "_build" / "html").as_uri() + "/"
    visit.open(PAGE)
    visit.page.get_by_label("Words").fill("swin")
    assert "Swin UNETR" in names(visit)
    assert not visit.problems
