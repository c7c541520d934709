"""Write every deck into the built site, and print it where there is a Chromium: `python -m course_slides`."""

import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .cells import SlideError, chapter_decks, talk_deck
from .npm import copy_mathjax, copy_reveal
from .pdf import chromium, print_pdf
from .render import page

ROOT = Path(__file__).parents[3]
SITE = ROOT / "_build" / "html"


def copy_parts() -> None:
    """Put what decks load into the site's `_static`: reveal.js and MathJax from npm's folder, and our own files."""
    static, npm = SITE / "_static", ROOT / "book" / "node_modules"
    copy_mathjax(npm / "mathjax" / "es5", static / "mathjax")
    copy_reveal(npm / "reveal.js", static / "reveal")
    for file in (ROOT / "book" / "_static").iterdir():  # Sphinx leaves them as they were where no page has changed
        shutil.copy2(file, static)  # with its date: older than a PDF made of it


def write(file: Path, text: str) -> None:
    """Write a file unless it stands there already: what has not changed need not be printed again."""
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        file.write_text(text, encoding="utf-8")


def main() -> int:
    """Build every deck; return 1, with a message, where a deck's file makes none."""
    folder = SITE / "slides"
    folder.mkdir(parents=True, exist_ok=True)
    copy_parts()
    try:
        decks = chapter_decks(ROOT / "notebooks")
        everything = [talk_deck(ROOT / "notebooks"), *decks]
    except SlideError as error:
        print(error, file=sys.stderr)
        return 1
    chapters = {path.stem[:2]: path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb")}
    for deck in everything:
        write(folder / f"{deck.name}.html", page(deck, ROOT / "book" / "_templates", folder, chapters))
    for file in folder.glob("*.*"):  # of a chapter that has gone
        if file.suffix in (".html", ".pdf") and file.stem not in {deck.name for deck in everything}:
            file.unlink()
    total = sum(len(deck.slides) for deck in everything)
    print(f"{len(everything)} decks of {total} slides, in the site's folder slides/")
    return print_all({folder / f"{deck.name}.html": len(deck.slides) for deck in everything})


def print_all(slides: dict[Path, int]) -> int:
    """Print the decks, file -> number of slides, whose PDF is missing or old."""
    browser = chromium()
    if browser is None:
        print("No Chromium here, so no PDF of the slides; any browser prints one from the address NAME.html?view=print")
        return 0
    newest = max((SITE / "_static" / name).stat().st_mtime for name in ("slides.css", "slides.js"))
    old = [
        file
        for file in slides
        if not (pdf := file.with_suffix(".pdf")).exists() or pdf.stat().st_mtime < max(newest, file.stat().st_mtime)
    ]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda file: print_pdf(browser, file, slides[file]), old))
    return 0


if __name__ == "__main__":
    sys.exit(main())
