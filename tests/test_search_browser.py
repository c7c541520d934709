"""The search in a browser: what is found first, both spellings, numbers, phrases, and what it costs to load."""

import sys
from urllib.parse import quote

import pytest
from browser import DESKTOP, PHONE, ROOT, Visit

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_site.search import without_outputs, without_reference
from course_site.search_words import CourseWords, british, split, terms_of

pytestmark = pytest.mark.browser

MOST = 450_000  # bytes sent for a search, page and all
SAME = [("tumor", "tumour"), ("gray", "grey"), ("color", "colour"), ("normalize", "normalise"), ("center", "centre")]
SAME += [("normalization", "normalisation"), ("labeled", "labelled"), ("overlap tile", "overlap-tile")]
SAME += [("31030658", "31,030,658"), ("receptive field", "Receptive-Field")]


def search(visit: Visit, query: str) -> list[tuple[str, str]]:
    """Return (address, words) of what is found, the best first."""
    visit.page.goto(f"{visit.base}search.html?q={quote(query)}")
    visit.page.wait_for_selector(".search-summary[role=status]")
    items = visit.page.locator("#search-results li").all()
    return [(item.locator("a").get_attribute("href"), item.inner_text()) for item in items]


@pytest.mark.parametrize("pair", SAME)
def test_both_spellings_find_the_same(visit: Visit, pair: tuple[str, str]) -> None:
    first, second = (search(visit, query) for query in pair)
    assert first
    assert [address for address, _ in first if "/api/" not in address] == [
        address for address, _ in second if "/api/" not in address
    ]
    assert not visit.problems


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("Dice", "book/glossary.html#dice-score"),
        ("Rand", "book/glossary.html#v-rand"),
        ("overlap tile", "book/glossary.html#overlap-tile"),
        ("31030658", "notebooks/08-unet.html#parameters-by-hand"),
        ("weight map", "book/glossary.html#weight-map"),
        ("Otsu", "book/glossary.html#otsu-s-threshold"),
    ],
)
def test_what_is_found_first(visit: Visit, query: str, best: str) -> None:
    assert search(visit, query)[0][0] == best
    assert not visit.problems


def test_dice_leads_to_glossary_and_chapters_before_functions(visit: Visit) -> None:
    kinds = [("api" if "/api/" in address else "page") for address, _ in search(visit, "Dice")]
    assert kinds == sorted(kinds, reverse=True)
    assert kinds.count("page") > 8
    assert "api" in kinds


def test_a_phrase_is_not_found_in_other_words(visit: Visit) -> None:
    assert "percentile" not in " ".join(words.lower() for _, words in search(visit, "overlap tile"))


def test_a_hit_shows_the_words_around_it(visit: Visit) -> None:
    chapters = [words for address, words in search(visit, "tumor") if address.startswith("notebooks/05")]
    assert "tumour" in chapters[0]
    assert visit.page.locator("#search-results mark").first.inner_text().lower().startswith("tumour")


@pytest.mark.parametrize("query", ["zwölfton", "constructor", "the", "-"])
def test_nothing_found_is_said(visit: Visit, query: str) -> None:
    assert search(visit, query) == []
    assert "Nothing was found" in visit.page.locator(".search-summary").inner_text()
    assert not visit.problems


def test_a_search_is_light_and_works_for_everyone(visit: Visit) -> None:
    search(visit, "Dice")
    for theme, window in [("light", DESKTOP), ("dark", PHONE)]:
        visit.show(theme, window)
        assert not visit.axe()
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visit.weight() <= MOST


def test_a_search_works_where_pages_are_files(visit: Visit) -> None:
    visit.base = (ROOT / "_build" / "html").as_uri() + "/"
    assert search(visit, "Dice")[0][0] == "book/glossary.html#dice-score"
    assert not visit.problems


def test_index_and_query_are_split_alike(visit: Visit) -> None:
    text = "A 3x3 kernel's 31,030,658 parameters, 0.05; 1,2,3 and 12,345.6: normalized tumors, gray _x centered V-Rand"
    visit.page.goto(visit.base + "search.html")
    assert visit.page.evaluate("text => splitWords(text)", text) == split(text)


def test_a_number_that_only_a_table_of_outputs_holds_is_no_word() -> None:
    pages = {"one": [("", "Kernels of 3 x 3", "There are 31,030,658 weights, and a Dice of 0.79.")]}
    terms = {"n31030658": 0, "n0.79": [0, 1], "n3": 0, "kernel": 0, "n0.7934": 0, "001dice": 0, "conv2d": 1}
    assert without_outputs(terms, pages).keys() == {"n31030658", "n0.79", "n3", "kernel", "conv2d"}


def test_headings_of_the_reference_are_listed_once_as_objects() -> None:
    titles = {"UNet": [[1, "unet"], [0, "u-net"]], "fit": [[1, "fit"]], "Dice": [[0, "dice"]]}
    kept = without_reference(titles, ["book/glossary", "book/api/models"])
    assert kept == {"UNet": [[0, "u-net"]], "Dice": [[0, "dice"]]}


def test_words() -> None:
    assert split("31,030,658 and 31030658, 24,25") == ["n31030658", "and", "n31030658", "n24", "n25"]
    assert [british(word) for word in ("size", "prize", "program", "parameter", "metric")] == [
        "size", "prize", "program", "parameter", "metric",
    ]  # fmt: skip
    for american, here in [("colored", "coloured"), ("centered", "centred"), ("millimeters", "millimetres")]:
        assert british(american) == british(here)
    CourseWords.terms = terms_of(ROOT / "book" / "glossary.md")
    assert CourseWords({}).split("the overlap-tile strategy") == ["the", "overlap", "tile", "strategy", "overlaptile"]
