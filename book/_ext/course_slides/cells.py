"""What is on a slide: chosen by the notebooks' metadata, and for the talk by `book/talk.yml`."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import yaml

HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)
KINDS = {"slide", "subslide", "fragment", "notes", "skip", "-"}
OPTIONS = {"slide_type", "title", "text", "show"}
AT_FIRST = 3  # slides of a chapter in the talk, where the talk's file does not choose


class SlideError(ValueError):
    """Metadata that make no deck; the message says which cell."""


@dataclass
class Slide:
    """One slide: a title, the cells on it, and what the speaker reads."""

    id: str
    title: str
    chapter: str  # the notebook's name, or "" for a slide of the talk's own
    cells: list[Any] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cover: bool = False


@dataclass
class Deck:
    """A name for the file, a title, and the slides."""

    name: str
    title: str
    slides: list[Slide]


def options(cell: Any) -> dict[str, Any]:
    """Return a cell's slideshow metadata; without any it is skipped."""
    found = dict(cell.metadata.get("slideshow", {}))
    kind = found.setdefault("slide_type", "skip") or "-"
    if kind not in KINDS or not set(found) <= OPTIONS:
        raise SlideError(f"cell {cell.id}: slideshow has {sorted(OPTIONS)}, with slide_type one of {sorted(KINDS)}")
    if found.get("show", "output") not in ("output", "code", "both"):
        raise SlideError(f"cell {cell.id}: show is output, code or both")
    return found | {"slide_type": kind}


def chapter_deck(path: Path) -> Deck:
    """Choose the slides of one notebook; a notebook without any gives an empty deck."""
    slides: list[Slide] = []
    title, above = path.stem, ""
    for cell in nbformat.read(path, as_version=4).cells:
        heading = HEADING.search(cell.source) if cell.cell_type == "markdown" else None
        if heading:
            title = heading[1] if not above else title
            above = heading[1]
        chosen = options(cell)
        kind = chosen["slide_type"]
        if kind in ("slide", "subslide"):
            cover = not slides and bool(heading)
            slides.append(Slide(cell.id, chosen.get("title") or above, path.stem, [cell], cover=cover))
        elif kind != "skip":
            if not slides:
                raise SlideError(f"{path.name}, cell {cell.id}: {kind!r} comes before the first slide")
            if kind == "notes":
                slides[-1].notes.append(chosen.get("text") or cell.source)
            else:
                slides[-1].cells.append(cell)
    return Deck(path.stem, title, slides)


def chapter_decks(notebooks: Path) -> list[Deck]:
    """Return the decks of all notebooks that choose any slide, in order."""
    return [deck for path in sorted(notebooks.glob("*.ipynb")) if (deck := chapter_deck(path)).slides]


def talk_deck(file: Path, decks: list[Deck]) -> Deck:
    """Put the talk together from the decks that are there; `file` says the order, and may choose slides by cell id.

    A part begins with a slide of its own, if any of its chapters is there. A chapter for which the file chooses nothing
    gives its first three slides.
    """
    plan = yaml.safe_load(file.read_text(encoding="utf-8"))
    by_number = {deck.name[:2]: deck for deck in decks}
    slides = [own_slide("talk", plan["title"], plan["text"], plan.get("notes", ""), cover=True)]
    for number, part in enumerate(plan["parts"], 1):
        chosen: list[Slide] = []
        for entry in part["chapters"]:
            chapter, ids = next(iter(entry.items())) if isinstance(entry, dict) else (entry, None)
            if chapter in by_number:
                chosen += pick(by_number[chapter], ids)
        if chosen:
            slides.append(own_slide(f"part-{number}", part["title"], part["text"], part.get("notes", "")))
            slides += chosen
    return Deck("talk", plan["title"], slides)


def pick(deck: Deck, ids: list[str] | None) -> list[Slide]:
    """Return the slides that begin with these cells, or the first few."""
    if ids is None:
        return deck.slides[:AT_FIRST]
    by_id = {slide.id: slide for slide in deck.slides}
    missing = [name for name in ids if name not in by_id]
    if missing:
        raise SlideError(f"talk.yml, chapter {deck.name}: no slide begins with {', '.join(missing)}")
    return [by_id[name] for name in ids]


def own_slide(name: str, title: str, text: str, notes: str, cover: bool = False) -> Slide:
    """Make a slide that no notebook holds."""
    cell = nbformat.v4.new_markdown_cell(text, id=name)
    return Slide(name, title, "", [cell], [notes] if notes else [], cover)
