"""The landing page's map: how long each route takes, and every chapter, written or planned, with the routes through it.

What is planned stands in `book/course.yml`; what is written, its minutes and its exercises, the notebooks say. The map
is a table, so that it can be read aloud, searched and used on a phone; `landing.css` draws the lines.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import yaml
from course_slides.cells import chapter_deck
from docutils.nodes import Node  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

STATED = re.compile(r"^About (\d+) minutes to read", re.MULTILINE)
EXERCISE = re.compile(r"^### Exercise", re.MULTILINE)


@dataclass
class Chapter:
    """A line of the map; `page` is empty while the chapter is only planned."""

    number: int
    title: str
    words: str
    page: str = ""
    minutes: int = 0
    exercises: int = 0


def written(path: Path, number: int, words: str) -> Chapter:
    """Read what a notebook says of itself: its title, its minutes, its exercises."""
    prose = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
    stated = STATED.search(prose[0])
    if stated is None:
        raise ValueError(f"{path.name}: the first cell has to say 'About N minutes to read'")
    exercises = sum(len(EXERCISE.findall(text)) for text in prose)
    return Chapter(number, chapter_deck(path).title, words, path.name, int(stated[1]), exercises)


def chapters(plan: dict[str, Any], notebooks: Path) -> dict[int, Chapter]:
    """Return every chapter of the plan by its number."""
    there = {int(path.name[:2]): path for path in notebooks.glob("[0-9][0-9]-*.ipynb")}
    planned = {number: told for part in plan["parts"] for number, told in part["chapters"].items()}
    if missing := sorted(set(there) - set(planned)):
        raise ValueError(f"course.yml does not know of chapter {missing[0]}")
    return {
        number: written(there[number], number, told["words"]) if number in there else Chapter(number, **told)
        for number, told in planned.items()
    }


def amount(some: list[Chapter]) -> str:
    """Say how many of some chapters are written, and what these take."""
    done = [chapter for chapter in some if chapter.page]
    hours = round(sum(chapter.minutes for chapter in done) / 60)
    exercises = sum(chapter.exercises for chapter in done)
    if not done:
        return f"none of {len(some)} written yet"
    how_many = f"all {len(some)}" if len(done) == len(some) else f"{len(done)} of {len(some)}"
    return f"{how_many} written: about {hours} hours with {exercises} exercises"


def glance(plan: dict[str, Any], known: dict[int, Chapter]) -> str:
    """Write the routes as cards, in Markdown."""
    lines = ["::::{container} ways", ""]
    for route in plan["routes"]:
        taken = [known[number] for number in route["chapters"]]
        lines += [
            f":::{{container}} way route-{route['line']}",
            f"[{route['name']}]{{.way-name}}",
            "",
            route["who"],
            "",
            f"{route['short']}. {amount(taken).capitalize()}.",
            ":::",
            "",
        ]
    return "\n".join([*lines, "::::"])


def stop(route: dict[str, Any], number: int, before: bool = False) -> str:
    """Write a cell of a route: a stop, or the line that passes by, or nothing; `before` is the row above a part."""
    taken = route["chapters"]
    within = taken[0] <= number <= taken[-1] if not before else taken[0] < number <= taken[-1]
    kind = [route["line"]] * within
    if within and not before and number in taken:
        kind += ["stop"] + ["first"] * (number == taken[0]) + ["last"] * (number == taken[-1])
        return f'<span class="{" ".join(kind)}"><span class="visually-hidden">yes</span></span>'
    return f'<span class="{" ".join(kind)}"></span>' if kind else ""


def course_map(plan: dict[str, Any], known: dict[int, Chapter]) -> str:
    """Write every chapter as a row of a table, in Markdown."""
    routes = plan["routes"]
    lines = ["| " + " | ".join([*(route["name"] for route in routes), "Chapter"]) + " |", "|" + ":-:|" * 3 + ":--|"]
    for part in plan["parts"]:
        first = min(part["chapters"])
        name = f"[{part['name']}]({part['page']}.md)" if "page" in part else part["name"]
        head = [stop(route, first, before=True) for route in routes]
        lines.append("| " + " | ".join([*head, f"[{name}]{{.part-name}}"]) + " |")
        for number in part["chapters"]:
            chapter = known[number]
            if chapter.page:
                said = f"{number}. [{chapter.title}](../notebooks/{chapter.page})"
            else:
                said = f"[{number}. {chapter.title} [planned]{{.planned}}]{{.not-yet #chapter-{number}}}"
            cells = [*(stop(route, number) for route in routes), f"{said} [{chapter.words}]{{.words}}"]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(["::::{container} course-map", "", *lines, "", "::::"])


class FromThePlan(SphinxDirective):
    """Insert what `write` makes of the plan and the notebooks."""

    def run(self) -> list[Node]:
        """Return the parsed Markdown."""
        root = Path(self.env.srcdir)
        self.env.note_dependency(str(root / "book" / "course.yml"))
        self.env.note_reread()  # a new notebook is not yet among the page's dependencies
        plan = yaml.safe_load((root / "book" / "course.yml").read_text(encoding="utf-8"))
        return self.parse_text_to_nodes(self.write(plan, chapters(plan, root / "notebooks")))

    def write(self, plan: dict[str, Any], known: dict[int, Chapter]) -> str:
        """Write the Markdown."""
        raise NotImplementedError


class Total(FromThePlan):
    """Say in a sentence what there is."""

    def write(self, plan: dict[str, Any], known: dict[int, Chapter]) -> str:
        """Write the sentence."""
        return f"**Chapters:** {amount(list(known.values()))}. The others are being written."


class Routes(FromThePlan):
    """Insert the cards of the routes."""

    write = staticmethod(glance)


class Map(FromThePlan):
    """Insert the map."""

    write = staticmethod(course_map)


def setup(app: Sphinx) -> None:
    """Let a page say where they go."""
    app.add_directive("course-total", Total)
    app.add_directive("course-routes", Routes)
    app.add_directive("course-map", Map)
