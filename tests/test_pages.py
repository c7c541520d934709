"""Every page and deck of the built site, read as text: what it says of itself, its weight, its size, its links."""

import re
import sys
from urllib.parse import urlsplit

import pytest
import yaml
from browser import HEAVIEST, ROOT, SITE, decks, pages
from built_page import BuiltPage, built, dead_links, weight

pytestmark = pytest.mark.browser

MOST_NODES = 12_000  # the largest chapter has three quarters of that; a phone lays out each of them
SERVICES = ("colab.research.google.com", "mybinder.org")
EVERY_PAGE = pytest.mark.parametrize("path", pages())
EVERY_PAGE_AND_DECK = pytest.mark.parametrize("path", pages() + decks())

PAGE = """<!doctype html><html lang="en"><head><title>A title</title><meta name="description" content="Words.">
<link rel="stylesheet" href="a.css"><link rel="next" href="next.html"><script src="b.js">"<p>"</script></head>
<body><svg><title>A drawing</title></svg><img src="c.png" alt="">
<a id="here" href="#here" style="background: url('d.png')">x</a></body></html>"""


def test_the_site_is_built() -> None:
    assert pages(), f"there is no site in {SITE.relative_to(ROOT)}: run `make book`, then these tests"
    assert (SITE / ".nojekyll").exists(), "GitHub Pages would hide the folders that begin with an underscore"


def test_a_page_is_read_as_a_browser_would() -> None:
    page = BuiltPage(PAGE)
    assert (page.language, page.title, page.description) == ("en", "A title", "Words.")
    assert sorted(page.named) == ["a.css", "b.js", "c.png", "d.png", "next.html"]
    assert sorted(page.loaded) == ["a.css", "b.js", "c.png", "d.png"]
    assert page.links == ["#here"]
    assert "here" in page.ids
    assert page.nodes == 12


@EVERY_PAGE_AND_DECK
def test_a_page_says_what_it_is(path: str) -> None:
    page = built(path)
    assert page.language == "en"
    assert len(page.title) >= 10
    assert 40 <= len(page.description) <= 200


def test_no_two_pages_say_the_same_of_themselves() -> None:
    for words in ("title", "description"):
        said = [getattr(built(path), words) for path in pages() + decks()]
        assert {text for text in said if said.count(text) > 1} == set()


@EVERY_PAGE_AND_DECK
def test_a_page_is_light_and_not_too_large(path: str) -> None:
    assert weight(path) <= HEAVIEST
    assert built(path).nodes <= MOST_NODES


@EVERY_PAGE_AND_DECK
def test_a_page_names_nothing_to_load_from_another_host(path: str) -> None:
    assert not [address for address in built(path).named if urlsplit(address).netloc]
    text = (SITE / path).read_text(encoding="utf-8")
    for word in ("executablebooks", "unpkg.com", "jsdelivr", "cdnjs"):
        assert word not in text, f"{path} mentions {word}"


def test_our_scripts_name_no_other_host() -> None:
    for script in (ROOT / "book" / "_static").glob("*.js"):
        assert not re.search(r"https?://", script.read_text(encoding="utf-8")), script


def test_styles_load_nothing_from_another_host() -> None:
    for style in SITE.rglob("*.css"):
        assert not re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//[^)'\"]+", style.read_text(encoding="utf-8")), (
            style
        )


@EVERY_PAGE
def test_launch_links_follow_the_address(path: str) -> None:
    address = (
        yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"] or ""
    ).removesuffix(".git")
    found = [link for link in built(path).links if urlsplit(link).netloc in SERVICES]
    if address and path.startswith("notebooks/"):
        assert {urlsplit(link).netloc for link in found} == set(SERVICES)  # above the chapter, and at each exercise
        assert all(address.removeprefix("https://github.com/") in link for link in found)
    else:
        assert not found


def test_launch_links_name_owner_branch_and_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    monkeypatch.delitem(sys.modules, "course_site", raising=False)
    from course_site.notebook_links import launch_links

    assert launch_links("", "main", "notebooks/01-convolution.ipynb") == []
    assert [
        url for _, url in launch_links("https://github.com/OWNER/NAME", "main", "notebooks/01-convolution.ipynb")
    ] == [
        "https://colab.research.google.com/github/OWNER/NAME/blob/main/notebooks/01-convolution.ipynb",
        "https://mybinder.org/v2/gh/OWNER/NAME/main?labpath=notebooks%2F01-convolution.ipynb",
    ]
    with pytest.raises(Exception, match="OWNER/NAME"):
        launch_links("https://example.org/course", "main", "a.ipynb")


@EVERY_PAGE_AND_DECK
def test_links_lead_to_a_page_and_a_place_on_it(path: str) -> None:
    assert not dead_links(path)
