"""What is on a slide: the decks' own words, and figures that the notebooks hold.

A deck is a small file in `book/decks`: `01.yml` to `27.yml` for the chapters, `talk.yml` for the talk. It has a `cover`
and a list of `slides`; what a slide may hold is said in CONTRIBUTING.md, and checked here.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import yaml

HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)
SAID = ("text", "ask", "answer", "code", "notes")
ENTRIES = {"id", "title", "figure", "crop", "part", "alt", "chapter", *SAID}
PARTS = ("down", "bottom", "up", "across", "down up")  # of a drawing of a network
Box = tuple[float, float, float, float]  # left, top, right, bottom, as shares of a figure


class SlideError(ValueError):
    """A deck that cannot be made; the message says which slide."""


@dataclass(frozen=True)
class Figure:
    """What a cell of a notebook shows, or pieces of it."""

    name: str  # of the file, for a picture
    data: dict[str, str]  # "image/png" or "text/html"
    size: tuple[float, float] | None  # of a picture, where the notebook states it
    alt: str
    crop: tuple[Box, ...] = ()
    part: str = ""  # of a drawing of a network: what is not dimmed


@dataclass(frozen=True)
class Slide:
    """One slide: a title, something to look at, a sentence, perhaps a question, and what the speaker says."""

    id: str
    title: str
    chapter: str = ""  # "08", or "" for a slide of the talk's own
    text: str = ""
    ask: str = ""
    answer: str = ""
    code: str = ""
    notes: str = ""
    figure: Figure | None = None
    cover: bool = False


@dataclass(frozen=True)
class Deck:
    """A name for the file, a title, and the slides."""

    name: str
    title: str
    slides: tuple[Slide, ...]


def notebook_title(path: Path) -> str:
    """Return the first heading of a notebook."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown" and (heading := HEADING.search(cell.source)):
            return heading[1]
    return path.stem


def figures(path: Path) -> dict[str, Figure]:
    """Return what a notebook shows: cell id -> figure."""
    found = {}
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            data = {kind: output.data[kind] for kind in ("image/png", "text/html") if kind in output.get("data", {})}
            if data:
                stated = output.metadata.get("image/png", {})
                size = (stated["width"], stated["height"]) if "width" in stated else None
                alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
                found[cell.id] = Figure(f"{path.stem[:2]}-{cell.id}", data, size, alt)
    return found


def chapter_deck(path: Path, decks: Path | None = None) -> Deck:
    """Make the deck of one notebook; one without a file in `decks` has no slides."""
    file = (decks or path.parents[1] / "book" / "decks") / f"{path.stem[:2]}.yml"
    title = notebook_title(path)
    if not file.exists():
        return Deck(path.stem, title, ())
    plan, shown = _read(file), figures(path)
    slides = [_cover(file, plan["cover"], title, path.stem[:2])]
    slides += [_slide(file, entry, path.stem[:2], lambda name: shown.get(name)) for entry in plan["slides"]]
    return _deck(file, Deck(path.stem, title, tuple(slides)))


def chapter_decks(notebooks: Path, decks: Path | None = None) -> list[Deck]:
    """Return the decks of all notebooks that have one, in order."""
    made = (chapter_deck(path, decks) for path in sorted(notebooks.glob("[0-9][0-9]-*.ipynb")))
    return [deck for deck in made if deck.slides]


def talk_deck(notebooks: Path, decks: Path | None = None) -> Deck:
    """Make the talk: its own slides, with figures of any notebook, and slides taken over from the chapters."""
    file = (decks or notebooks.parent / "book" / "decks") / "talk.yml"
    plan = _read(file)
    slides = [_cover(file, plan["cover"], plan["cover"].get("title", ""), "")]
    shown = {path.stem[:2]: figures(path) for path in sorted(notebooks.glob("[0-9][0-9]-*.ipynb"))}
    there = {f"{deck.name[:2]}/{slide.id}": slide for deck in chapter_decks(notebooks, decks) for slide in deck.slides}

    def figure(name: str) -> Figure | None:
        chapter, _, cell = name.partition("/")
        return shown.get(chapter, {}).get(cell)

    for entry in plan["slides"]:
        if isinstance(entry, str):
            if entry not in there:
                raise SlideError(f"{file.name}: no chapter's deck has the slide {entry}")
            slides.append(there[entry])
        else:
            slides.append(_slide(file, entry, entry.get("figure", "").partition("/")[0], figure))
    return _deck(file, Deck("talk", slides[0].title, tuple(slides)))


def _read(file: Path) -> dict[str, Any]:
    plan: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    if set(plan) != {"cover", "slides"}:
        raise SlideError(f"{file.name}: a deck has a cover and slides")
    return plan


def _cover(file: Path, entry: dict[str, Any], title: str, chapter: str) -> Slide:
    if not {"text", "notes"} <= set(entry) <= {"title", "text", "notes"}:
        raise SlideError(f"{file.name}: a cover has text and notes, and in the talk a title")
    return Slide("cover", title, chapter, entry["text"], notes=entry["notes"], cover=True)


def _slide(file: Path, entry: dict[str, Any], chapter: str, find: Any) -> Slide:
    """Make a slide of an entry in a deck's file."""
    name = entry.get("id") or entry.get("figure", "").replace("/", "-")
    where = f"{file.name}, slide {name or entry}"
    if not name or not set(entry) <= ENTRIES:
        raise SlideError(f"{where}: a slide has an id or a figure, and else only {sorted(ENTRIES)}")
    if missing := {"title", "notes"} - set(entry):
        raise SlideError(f"{where}: there is no {' and no '.join(sorted(missing))}")
    figure = None
    if "figure" in entry:
        figure = find(entry["figure"])
        if figure is None:
            raise SlideError(f"{where}: no cell of the notebook with the id {entry['figure']} shows a figure")
        crop = tuple(tuple(box) for box in entry.get("crop", ()))
        if any(len(box) != 4 or not (0 <= box[0] < box[2] <= 1 and 0 <= box[1] < box[3] <= 1) for box in crop):
            raise SlideError(f"{where}: a crop is a list of [left, top, right, bottom] between 0 and 1")
        if crop and "image/png" in figure.data and "alt" not in entry:
            raise SlideError(f"{where}: a crop of a picture needs an alt text of its own")
        if entry.get("part", PARTS[0]) not in PARTS:
            raise SlideError(f"{where}: part is one of {PARTS}")
        alt = entry.get("alt", figure.alt)
        figure = Figure(figure.name, figure.data, figure.size, alt, crop, entry.get("part", ""))
    text, ask, answer, code, notes = (str(entry.get(key, "")).strip() for key in SAID)
    return Slide(name, entry["title"], str(entry.get("chapter", chapter)), text, ask, answer, code, notes, figure)


def _deck(file: Path, deck: Deck) -> Deck:
    """Return the deck, whose slides must have names of their own."""
    names = [(slide.chapter, slide.id) for slide in deck.slides]
    if twice := sorted({slide for chapter, slide in names if names.count((chapter, slide)) > 1}):
        raise SlideError(f"{file.name}: more than one slide is called {', '.join(twice)}")
    return deck
