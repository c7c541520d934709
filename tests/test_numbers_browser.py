"""Exercises that are answered in the page, in a browser: right ones, wrong ones, by keyboard, small and dark."""

import sys

import pytest
from browser import PHONE, ROOT, SETTINGS, Visit
from playwright.sync_api import Browser, Locator

sys.path.insert(0, str(ROOT / "tools"))
import number_exercises as tool

pytestmark = pytest.mark.browser
ENTRIES = tool.entries()
NOTEBOOKS = sorted({entry["notebook"] for entry in ENTRIES})


def form_of(visit: Visit, exercise: int) -> tuple[Locator, Locator]:
    """Return an exercise's form and what it says."""
    form = visit.page.get_by_role("form", name=f"Exercise {exercise}: answer here")
    return form, visit.page.locator(".number-exercise", has=form).get_by_role("status")


def answer(form: Locator, labels: list[str], values: list[float | str]) -> None:
    """Give an answer, each value in its field, and hand it in by keyboard."""
    for label, value in zip(labels, values, strict=True):
        field = form.get_by_label(label, exact=True)
        match field.evaluate("field => field.type"):
            case "checkbox":
                field.set_checked(bool(value))
            case "select-one":
                field.select_option(str(value))
            case _:
                field.fill(str(value))
    form.get_by_role("button").press("Enter")


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_exercise_has_its_fields_and_knows_its_answer(visit: Visit, notebook: str) -> None:
    visit.open(f"notebooks/{notebook}.html")
    entries = [entry for entry in ENTRIES if entry["notebook"] == notebook]
    assert visit.page.locator(".number-exercise form").count() == len(entries)
    for entry in entries:
        form, status = form_of(visit, entry["exercise"])
        values = entry["right"]
        if entry.get("as") == "places":
            values = [", ".join(f"({row}, {column})" for row, column in zip(values[::2], values[1::2], strict=True))]
        answer(form, entry["labels"], values)
        assert status.inner_text().startswith("Correct. "), entry["check"]
    for theme, window in SETTINGS:
        visit.show(theme, window)
        assert not visit.axe(".number-exercise"), (theme, window)
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (theme, window)
    assert not visit.problems


def test_numbers(visit: Visit) -> None:
    visit.open("notebooks/01-convolution.html")
    form, status = form_of(visit, 4)
    form.get_by_label("(a)").fill("510")
    form.get_by_label("(a)").press("Enter")
    assert status.inner_text() == 'Enter a number for "(b)" first.'
    answer(form, ["(a)", "(b)", "(c)"], ["510", "256", "284"])
    assert status.inner_text().startswith("Not yet. First: a kernel of 5 loses 4 pixels in all, two on each side.")
    form.get_by_label("(a)").fill("508")
    form.get_by_label("(a)").press("Enter")
    assert status.inner_text().startswith("Correct. The last one is the first step")


def test_a_square_of_weights_by_keyboard(visit: Visit) -> None:
    visit.open("notebooks/01-convolution.html")
    form, status = form_of(visit, 2)
    form.get_by_label("row 1, column 1").focus()
    for text in "000000020":  # the last row's middle
        visit.page.keyboard.type(text)
        visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")  # on the button, which comes next
    assert status.inner_text() == "Not yet. The picture moves down. Rows come first, then columns."
    form.get_by_label("row 2, column 3").fill("ten")
    form.get_by_label("row 2, column 3").press("Enter")
    assert status.inner_text() == 'Enter a number for "row 2, column 3" first.'
    assert visit.page.evaluate("document.activeElement.value") == "ten"


def test_choices_by_keyboard(visit: Visit) -> None:
    visit.open("notebooks/12-debugging-clinic.html")
    form, status = form_of(visit, 2)
    form.get_by_role("button").press("Enter")
    assert status.inner_text().strip() == "Not answered yet."
    form.get_by_label("B", exact=True).focus()
    visit.page.keyboard.type("learning rate too l")
    form.get_by_role("button").press("Enter")
    assert status.inner_text().startswith("Not yet. 1 of 8, and all right so far. Still without a name: A, C, D,")
    form.get_by_label("H", exact=True).select_option("healthy")
    form.get_by_role("button").press("Enter")
    assert status.inner_text().startswith("Not yet. 1 of 8 are right. H: it is not well: count the steps")


def test_pairs_of_choices(visit: Visit) -> None:
    visit.open("notebooks/24-would-you-trust-it.html")
    form, status = form_of(visit, 4)
    form.get_by_label("North: decision").select_option("no-go")
    form.get_by_role("button").press("Enter")
    assert status.inner_text() == 'Choose "North: reason" first.'
    form.get_by_label("North: reason").select_option("leak")
    form.get_by_role("button").press("Enter")
    assert status.inner_text() == "Not answered yet. (East is still open.)"


def test_ticks_by_keyboard(visit: Visit) -> None:
    visit.open("notebooks/22-brain-tumour.html")
    form, status = form_of(visit, 2)
    form.get_by_label("000").focus()
    for _ in range(3):
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.press("Space")
    form.get_by_role("button").press("Enter")
    assert status.inner_text().startswith("Not yet. These fail, and 1 more does.")


def test_pairs_in_one_field_on_a_phone(visit: Visit) -> None:
    visit.page.set_viewport_size(PHONE)
    visit.open("notebooks/02-filters-in-the-brain.html")
    form, status = form_of(visit, 3)
    field = form.get_by_role("textbox")
    field.fill("1, 2, 3")
    field.press("Enter")
    assert status.inner_text().startswith("Enter pairs of numbers first")
    field.fill("(0, 0), (3, 3), (−3, −3)")
    field.press("Enter")
    assert "times as much as lying ones; at least 2 is wanted." in status.inner_text()


def test_code_in_a_hint_is_shown_as_code(visit: Visit) -> None:
    visit.open("notebooks/05-regions-of-interest.html")
    form, status = form_of(visit, 4)
    answer(form, ["matched", "missed", "false", "merged", "split"], [2, 0, 0, 0, 0])
    assert status.locator("code").inner_text() == "matched"
    assert "`" not in status.inner_text()


def test_without_scripts_nothing_is_shown(browser: Browser, base: str) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}notebooks/12-debugging-clinic.html")
    assert page.locator(".number-exercise").count() == 2
    assert not page.locator(".number-exercise *").count()
    assert page.locator("h3:has-text('Exercise 2: eight diagnoses')").is_visible()
    context.close()
