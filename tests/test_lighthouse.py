"""Lighthouse on every page and deck of the built site; `make lighthouse` prints the same as a table."""

import os

import pytest
from browser import decks, pages
from lighthouse import LOWEST, Result, audit, chromium, problems

pytestmark = [pytest.mark.browser, pytest.mark.lighthouse]


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    if chromium() is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Lighthouse needs a Chromium, and there is none here")
    return audit(pages() + decks())


@pytest.mark.parametrize("path", pages() + decks())
def test_lighthouse_finds_a_page_quick_and_sound(results: dict[str, Result], path: str) -> None:
    assert not problems(results[path])


def test_a_page_that_misses_a_threshold_would_be_named() -> None:
    good = {"scores": dict(LOWEST), "bytes": 1_500_000, "lost": ["x"]}
    assert not problems(good)
    assert problems(good | {"bytes": 1_500_001}) == ["1500001 bytes"]
    assert problems(good | {"scores": good["scores"] | {"seo": 94}}) == ["seo 94", "x"]
