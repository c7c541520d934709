"""Progress in a browser: ticks that stay, are summed up, can be forgotten, and are absent where nothing can be kept."""

import sys
from pathlib import Path

import nbformat
import pytest
from browser import DESKTOP, PHONE, ROOT, Visit
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_site.progress import exercises

pytestmark = pytest.mark.browser

CHAPTER = "notebooks/01-convolution.html"
REFUSE = "configurable: true, get() { throw new DOMException('', 'SecurityError'); }"
BLOCKED = f"Object.defineProperty(window, 'localStorage', {{{REFUSE}}})"
MARK = "#pst-primary-sidebar a[href*='01-convolution']"


def summary(visit: Visit) -> str:
    return visit.page.locator(".progress-summary:visible").inner_text()


def test_ticks_stay_are_shown_beside_the_chapter_and_can_be_forgotten(visit: Visit) -> None:
    every = exercises(ROOT / "notebooks")
    visit.open(CHAPTER)
    assert not visit.page.locator(".progress-summary:visible").count()
    assert visit.page.get_by_label("is done").count() == every["01-convolution"]
    visit.page.get_by_label("Exercise 2 is done").check()
    box = visit.page.get_by_label("I have read this chapter")
    box.focus()
    visit.page.keyboard.press("Space")
    assert summary(visit).startswith(f"1 of {len(every)} chapters, 1 of {sum(every.values())} exercises.")
    visit.open(CHAPTER)
    assert visit.page.get_by_label("Exercise 2 is done").is_checked()
    assert visit.page.get_by_label("I have read this chapter").is_checked()
    assert not visit.page.get_by_label("Exercise 3 is done").is_checked()
    visit.open("index.html")
    assert summary(visit).startswith("1 of")
    assert f"✓ 1/{every['01-convolution']}" in visit.page.locator(MARK).first.inner_text()
    assert f", read, 1 of {every['01-convolution']} exercises done" in visit.page.locator(MARK).first.text_content()
    visit.page.on("dialog", lambda dialog: dialog.accept())
    visit.page.get_by_role("button", name="Forget it all").click()
    assert not visit.page.locator(".progress-summary:visible").count()
    assert "✓" not in visit.page.locator(MARK).first.inner_text()
    assert visit.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('unet-course')).length") == 0
    visit.open(CHAPTER)
    assert not visit.page.get_by_label("Exercise 2 is done").is_checked()
    assert not visit.problems


@pytest.mark.parametrize("visit", ["light", "dark"], indirect=True)
def test_ticks_and_sums_work_for_everyone(visit: Visit) -> None:
    visit.open(CHAPTER)
    for box in visit.page.locator(".progress-tick input").all():
        box.check()
    for path in (CHAPTER, "index.html"):
        visit.open(path)
        for window in (DESKTOP, PHONE):
            visit.show(visit.theme, window)
            assert not visit.axe()
            assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not visit.problems


@pytest.mark.parametrize("path", [CHAPTER, "index.html", "book/self-test.html", "search.html?q=Dice"])
def test_no_page_minds_blocked_storage(visit: Visit, path: str) -> None:
    visit.page.add_init_script(BLOCKED)
    visit.page.goto(visit.base + path)
    visit.page.click(".theme-switch-button")
    assert visit.page.evaluate("document.documentElement.dataset.theme")
    assert not visit.page.locator(".progress-tick, .progress-summary").count()
    if "self-test" in path:
        visit.page.fill("[name=lamp]", "14")
        visit.page.get_by_role("button", name="Check 1.1").click()
        assert visit.page.get_by_text("1 right at the first answer").count() == 1
    assert not visit.problems


@pytest.mark.parametrize("kept", ["nonsense", "null", "3", "[]", '{"01-convolution": {}}', '{"gone": {"read": true}}'])
def test_whatever_stands_in_the_storage_does_no_harm(visit: Visit, kept: str) -> None:
    visit.page.goto(visit.base + "book/start.html")
    visit.page.evaluate("kept => localStorage.setItem('unet-course-progress', kept)", kept)
    visit.page.goto(visit.base + CHAPTER)
    visit.page.get_by_label("I have read this chapter").check()
    assert "1 of" in summary(visit)
    assert not visit.problems


def test_ticks_stay_where_pages_are_files(visit: Visit) -> None:
    visit.base = (ROOT / "_build" / "html").as_uri() + "/"
    visit.page.goto(visit.base + CHAPTER)
    visit.page.get_by_label("Exercise 1 is done").check()
    visit.page.goto(visit.base + "index.html")
    assert "1 of" in summary(visit)
    assert not visit.problems


def test_exercises_are_counted(tmp_path: Path) -> None:
    cells = [new_markdown_cell("# A"), new_markdown_cell("### Exercise 1: a\n\nText."), new_code_cell("### Exercise 2")]
    nbformat.write(new_notebook(cells=[*cells, new_markdown_cell("Text.\n\n### Exercise 2")]), tmp_path / "03-a.ipynb")
    assert exercises(tmp_path) == {"03-a": 2}
