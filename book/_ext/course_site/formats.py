"""Timetables for teachers, made of the chapters' own sections: `book/formats.yml`.

Minutes are those of the chapters (`minutes`), so that a timetable cannot promise what a chapter no longer holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from course_slides.cells import notebook_title
from docutils.nodes import Node, section, title  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .minutes import Load, sections

PLAN = Path("book", "formats.yml")


class FormatError(ValueError):
    """A timetable that cannot be held; the message says where, and what to change."""


@dataclass(frozen=True)
class Step:
    """A line of a timetable: sections of one chapter, or a pause."""

    minutes: int
    chapter: Path | None = None
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Meeting:
    """What is done in one go: its name, what is read before it, its steps, and how long they may take."""

    name: str
    before: tuple[Path, ...]
    steps: tuple[Step, ...]
    room: int

    @property
    def minutes(self) -> int:
        """Add up the steps."""
        return sum(step.minutes for step in self.steps)


@dataclass(frozen=True)
class Format:
    """One way to teach the course."""

    name: str
    text: str
    meetings: tuple[Meeting, ...]


def formats(root: Path) -> list[Format]:
    """Read all timetables.

    Raises
    ------
    FormatError
        If a chapter or section is not there, or the sections take too long, or leave a fifth of the meeting empty.
    """
    chapters = {int(path.stem[:2]): path for path in sorted((root / "notebooks").glob("*.ipynb"))}
    plan = yaml.safe_load((root / PLAN).read_text(encoding="utf-8"))
    return [
        Format(one["name"], one["text"], tuple(_meetings(one["name"], one["meetings"], chapters)))
        for one in plan["formats"]
    ]


def _meetings(of: str, plan: list[dict[str, Any]], chapters: dict[int, Path]) -> Iterator[Meeting]:
    for one in plan:
        place = f"{of}, {one['name']}"
        steps = tuple(_step(place, step, chapters) for step in one["steps"])
        before = tuple(_chapter(place, number, chapters) for number in one.get("before", ()))
        meeting = Meeting(one["name"], before, steps, one["minutes"])
        if not 0.8 * meeting.room <= meeting.minutes <= meeting.room:
            raise FormatError(
                f"{place}: its sections take {meeting.minutes} minutes of {meeting.room}: leave some out, or add some"
            )
        yield meeting


def _step(place: str, step: dict[str, Any], chapters: dict[int, Path]) -> Step:
    if "pause" in step:
        return Step(step["pause"])
    chapter = _chapter(place, step["chapter"], chapters)
    loads = sections(chapter)
    if missing := [name for name in step["sections"] if name not in loads]:
        raise FormatError(f"{place}: chapter {step['chapter']} has no section {missing[0]!r}, but {', '.join(loads)}")
    minutes = sum(loads.get(name, Load()).minutes for name in step["sections"])
    return Step(-int(-minutes // 1), chapter, tuple(step["sections"]))


def _chapter(place: str, number: int, chapters: dict[int, Path]) -> Path:
    if number not in chapters:
        raise FormatError(f"{place}: there is no chapter {number}")
    return chapters[number]


def link(chapter: Path) -> str:
    """Return a chapter's number and title as a link."""
    return f"{int(chapter.stem[:2])}. [{notebook_title(chapter)}](../notebooks/{chapter.name})"


def table(meeting: Meeting) -> str:
    """Return one meeting as Markdown: the clock, what is taught, and the minutes."""
    lines = ["| from | minutes | |", "|--:|--:|:--|"]
    clock = 0
    for step in meeting.steps:
        what = (
            "pause" if step.chapter is None else f"{link(step.chapter)}: {'; '.join(f'*{s}*' for s in step.sections)}"
        )
        lines.append(f"| {clock // 60}:{clock % 60:02d} | {step.minutes} | {what} |")
        clock += step.minutes
    before = f"Read before: {', '.join(map(link, meeting.before))}.\n\n" if meeting.before else ""
    return f"**{meeting.name}**, {meeting.minutes} minutes.\n\n{before}" + "\n".join(lines)


class Formats(SphinxDirective):
    """Insert a section for each format."""

    def run(self) -> list[Node]:
        """Return the sections."""
        root = Path(self.env.srcdir)
        self.env.note_dependency(str(root / PLAN))
        self.env.note_reread()  # a section that grew is not among the page's dependencies
        return [self.of(one) for one in formats(root)]

    def of(self, one: Format) -> Node:
        """Return one format as a section."""
        text = "\n\n".join([one.text, *map(table, one.meetings)])
        name = one.name.lower().replace(" ", "-")
        return section("", title("", one.name), *self.parse_text_to_nodes(text), ids=[name])


def setup(app: Sphinx) -> None:
    """Let a page say where the timetables go."""
    app.add_directive("formats", Formats)
