"""Lighthouse on the heaviest page of each kind and on what changed; `make lighthouse` prints a table of all pages."""

import os
import shutil
import subprocess

import lighthouse
import pytest
from browser import decks, pages
from lighthouse import LOWEST, Result, audit, changed_sources, chromium, pages_of, problems, sample

pytestmark = [pytest.mark.browser, pytest.mark.lighthouse]


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    if chromium() is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Lighthouse needs a Chromium, and there is none here")
    return audit(sample())


@pytest.mark.parametrize("path", sample())
def test_lighthouse_finds_a_page_quick_and_sound(results: dict[str, Result], path: str) -> None:
    assert not problems(results[path])


def test_a_page_that_misses_a_threshold_would_be_named() -> None:
    good = {"scores": dict(LOWEST), "bytes": 1_500_000, "lost": ["x"]}
    assert not problems(good)
    assert problems(good | {"bytes": 1_500_001}) == ["1500001 bytes"]
    assert problems(good | {"scores": good["scores"] | {"seo": 94}}) == ["seo 94", "x"]


def test_the_sample_has_a_page_of_each_kind() -> None:
    assert "index.html" in sample()
    for folder in ("notebooks/", "book/api/", "book/", "slides/"):
        assert any(path.startswith(folder) for path in sample()), folder
    assert set(sample()) <= set(pages() + decks())


def test_the_sample_is_the_heaviest_of_each_kind_then_what_changed_then_what_is_heavy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weights = {f"notebooks/{number:02}.html": number for number in range(1, 28)}
    weights |= {"index.html": 1, "book/glossary.html": 5, "book/data.html": 3, "book/start.html": 2}
    weights |= {"book/api/data.html": 4, "book/api/train.html": 2, "slides/01.html": 7, "slides/02.html": 6}
    monkeypatch.setattr(lighthouse, "pages", lambda: [path for path in weights if not path.startswith("slides/")])
    monkeypatch.setattr(lighthouse, "decks", lambda: ["slides/01.html", "slides/02.html"])
    monkeypatch.setattr(lighthouse, "weight", weights.__getitem__)
    heaviest = ["index.html", "notebooks/27.html", "slides/01.html", "book/api/data.html", "book/glossary.html"]
    monkeypatch.setattr(lighthouse, "changed_sources", lambda root: [])
    next_heaviest = [f"notebooks/{number}.html" for number in (26, 25, 24, 23, 22)]
    assert sample() == heaviest + next_heaviest
    monkeypatch.setattr(lighthouse, "changed_sources", lambda root: ["notebooks/02.ipynb", "book/data.md", "Makefile"])
    assert sample() == [*heaviest, "slides/02.html", "book/data.html", "notebooks/02.html", *next_heaviest[:2]]


def test_a_page_is_named_for_the_file_it_is_made_from() -> None:
    assert pages_of(["notebooks/01-a.ipynb"]) == ["notebooks/01-a.html", "slides/01-a.html"]
    assert pages_of(["book/index.md", "book/data.md"]) == ["index.html", "book/data.html"]
    assert pages_of(["unet_teach/train.py", "unet_teach/data/em.py"]) == ["book/api/train.html", "book/api/data.html"]
    assert pages_of(["README.md", "book/_static/course.css", "tests/test_site.py"]) == []


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
def test_what_changed_is_what_differs_from_where_the_branch_left_main(tmp_path, monkeypatch) -> None:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Somebody")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "somebody@example.org")

    def git(*words: str) -> None:
        subprocess.run(["git", "-C", tmp_path, *words], check=True, capture_output=True)

    def commit(name: str) -> None:
        (tmp_path / name).write_text(name, encoding="utf-8")
        git("add", ".")
        git("commit", "-m", name)

    assert changed_sources(tmp_path) == []
    git("init", "-b", "main")
    commit("old.md")
    git("checkout", "-b", "new")
    commit("mine.md")
    git("checkout", "main")
    commit("theirs.md")
    git("checkout", "new")
    (tmp_path / "old.md").write_text("edited, not committed", encoding="utf-8")
    assert changed_sources(tmp_path) == ["mine.md", "old.md"]
