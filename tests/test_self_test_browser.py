"""The self-test in a browser: it marks itself, by keyboard and aloud; without scripts and on paper it still answers."""

import re
import sys

import pytest
from browser import DESKTOP, PHONE, ROOT, SETTINGS, Visit
from playwright.sync_api import Browser, Locator

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_site.self_test.questions import Question, chapters

pytestmark = pytest.mark.browser

PAGE = "book/self-test.html"
QUESTIONS = [question for chapter in chapters(ROOT) for question in chapter.questions]
ALL = len(QUESTIONS)


def answer(box: Locator, question: Question, right: bool) -> str:
    """Answer a question, and return what the page says to it."""
    key = question.key()
    if question.kind == "number":
        box.locator("input").fill(key.replace("-", "−") if right else str(question.tempting[0].value))
        box.locator("input").press("Enter")
        return box.locator("[role=status]").inner_text()
    if question.kind in ("order", "match"):
        values = key.split(",") if right else key.split(",")[::-1]
        for select, value in zip(box.locator("select").all(), values, strict=True):
            select.select_option(value)
    else:
        buttons = box.locator("input").all()
        values = key.split(",") if right else [str(place) for place in range(1, len(buttons)) if str(place) != key][:1]
        for value in values:
            box.locator(f"input[value='{value}']").check()
    box.get_by_role("button", name="Check").click()
    return box.locator("[role=status]").inner_text()


def test_right_answers_are_right_and_fill_the_table(visit: Visit) -> None:
    visit.open(PAGE)
    for question in QUESTIONS:
        box = visit.page.locator(f"#question-{question.id}")
        assert answer(box, question, right=True) == "Right.", question.id
        assert box.locator("details").evaluate("fold => fold.open")
    assert (
        visit.page.locator("#quiz-total").inner_text().startswith(f"{ALL} right at the first answer, of {ALL} answered")
    )
    whole = visit.page.get_by_text(re.compile(r"^(\d) of \1 right at the first answer\.$"))
    assert whole.count() == len({path.name for path in (ROOT / "notebooks").glob("*.ipynb")})
    visit.open(PAGE)  # it is kept
    assert visit.page.locator("#quiz-total").inner_text().startswith(f"{ALL} right")
    visit.page.get_by_role("button", name="start again").click()
    visit.page.wait_for_function("document.getElementById('quiz-total')?.textContent === ''")
    assert not visit.problems


def test_wrong_answers_are_explained_and_lead_to_sections(visit: Visit) -> None:
    visit.open(PAGE)
    for question in QUESTIONS:
        said = answer(visit.page.locator(f"#question-{question.id}"), question, right=False)
        assert said.startswith("Not right. "), question.id
        assert len(said) > len("Not right. ") + 10, question.id
    assert visit.page.locator("#quiz-total").inner_text().startswith(f"0 right at the first answer, of {ALL}")
    line = visit.page.locator("#chapter-1 .quiz-result")
    assert line.inner_text().startswith("0 of 4 right at the first answer. Read again: A filter in one dimension, ")
    assert "#the-flip" in line.get_by_role("link", name="The flip").get_attribute("href")
    assert "another" in answer(visit.page.locator(f"#question-{QUESTIONS[0].id}"), QUESTIONS[0], right=True)
    assert visit.page.locator("#quiz-total").inner_text().startswith("0 right")  # the first answer counts
    for theme, window in SETTINGS:
        visit.show(theme, window)
        assert not visit.axe()
    assert not visit.problems


def test_nothing_given_is_no_answer(visit: Visit) -> None:
    visit.open(PAGE)
    for name in ("1.1", "1.2", "1.4", "2.2", "3.4", "4.1"):
        visit.page.get_by_role("button", name=f"Check {name}", exact=True).click()
    visit.page.fill("[name=lamp]", "fourteen")
    visit.page.get_by_role("button", name="Check 1.1", exact=True).click()
    assert visit.page.locator("#quiz-total").inner_text() == ""
    assert visit.page.locator("#question-lamp [role=status]").inner_text() == "Enter a number first."


def test_a_comma_is_a_decimal_point(visit: Visit) -> None:
    visit.open(PAGE)
    visit.page.fill("[name=one-step]", " 3,80 ")
    visit.page.press("[name=one-step]", "Enter")
    assert visit.page.locator("#question-one-step [role=status]").inner_text() == "Right."


def test_every_question_has_a_name_for_those_who_cannot_see_it(visit: Visit) -> None:
    visit.open(PAGE)
    assert visit.page.get_by_role("group").count() >= len(QUESTIONS)
    assert visit.page.get_by_role("group", name="1.1 A sensor").count() == 1
    unnamed = "[...document.querySelectorAll('.quiz-question :is(input, select)')].filter(one => !one.labels.length)"
    assert visit.page.evaluate(unnamed) == []
    assert all(picture.get_attribute("aria-label") for picture in visit.page.locator(".quiz-question svg").all())


def test_without_scripts_the_answers_open_and_nothing_else_is_offered(browser: Browser, base: str) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(base + PAGE)
    assert not page.get_by_role("button", name="Check").count()
    page.locator("#question-lamp summary").click()
    assert page.get_by_text("Shifted, scaled copies").is_visible()
    assert page.locator("#question-lamp .quiz-read a").get_attribute("href").endswith("#a-filter-in-one-dimension")
    context.close()


def test_on_paper_the_answers_are_open(visit: Visit) -> None:
    visit.page.set_viewport_size(DESKTOP)
    visit.open(PAGE)
    visit.page.emulate_media(media="print")
    assert visit.page.locator("#question-lamp details p").first.is_visible()
    assert not visit.page.get_by_role("button", name="Check 1.1", exact=True).is_visible()
