"""Spelling: British, in everything that a reader reads."""

import sys

import nbformat
import pytest
from browser import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

sys.path.insert(0, str(ROOT / "tools"))
import spelling


@pytest.fixture(autouse=True)
def _cspell():
    assert spelling.CSPELL.exists(), "cspell is missing: run `make check`, or `npm ci` in the folder tests/"


def test_everything_that_a_reader_reads_is_spelled_right():
    unknown = spelling.unknown_words(spelling.texts(ROOT))
    assert not unknown, "mend them, or put what is right into tools/words.txt:\n" + "\n".join(unknown)


def test_misspelled_and_american_words_are_found_where_they_stand():
    found = {"a.md": "Right.\n\nThe colour is recieved", "b.py": "normalise\nnormalize the color of a center; labeled"}
    assert spelling.unknown_words(found) == [
        "a.md:3: recieved",
        *(f"b.py:2: {word}" for word in ("normalize", "color", "center", "labeled")),
    ]
    assert (
        spelling.unknown_words({"a.md": "TotalSegmentator's voxels, `colr`, $colr$, [a](colr.md) and <b colr>"}) == []
    )


def test_prose_is_taken_from_python_and_markdown_and_code_is_left():
    python = 'x = "strin"  # a coment\n\n\ndef f():\n    """Say helo.\n\n    Twoo.\n    """\n    return "mor"\n'
    assert spelling.lines_of_python(python).splitlines()[:7] == [
        "# a coment",
        "",
        "",
        "",
        '    """Say helo.',
        "",
        "    Twoo.",
    ]
    assert "mor" not in spelling.lines_of_python(python)
    assert spelling.lines_of_markdown("One\n```bash\ncolr\n```\nTwo") == "One\n\n\n\nTwo"


def test_a_notebook_is_read_with_its_alt_texts_and_slides(tmp_path):
    (tmp_path / "notebooks").mkdir()
    figure = new_code_cell("draw()  # a coment", id="fig")
    figure.metadata = {"mystnb": {"image": {"alt": "An imag."}}}
    (tmp_path / "book" / "decks").mkdir(parents=True)
    (tmp_path / "book" / "decks" / "01.yml").write_text("title: Titel", encoding="utf-8")
    book = new_notebook(cells=[new_markdown_cell("Pros", id="a"), figure])
    nbformat.write(book, tmp_path / "notebooks" / "01-a.ipynb")
    assert spelling.texts(tmp_path) == {
        "notebooks/01-a.ipynb, cell a": "Pros",
        "notebooks/01-a.ipynb, cell fig": "# a coment\n",
        "notebooks/01-a.ipynb, cell fig, metadata": "An imag.",
        "book/decks/01.yml": "title: Titel",
    }


def test_the_list_of_our_words_is_in_order():
    words = (ROOT / "tools" / "words.txt").read_text(encoding="utf-8").splitlines()[1:]
    assert words == sorted(set(words), key=lambda word: (word.lower(), word))
