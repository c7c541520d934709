"""Print the whole course: `python -m course_pdf`, after the site is built; or some pages: `python -m course_pdf 08`."""

import sys
import tomllib
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from course_slides.pdf import chromium
from jinja2 import Environment, FileSystemLoader
from pypdf import PdfReader

from .combine import Part, article, dead_ends, head, headings, table_of_contents
from .printing import mend_outline, pages_of, print_page

ROOT = Path(__file__).parents[3]
SITE = ROOT / "_build" / "html"
FOLDER = ROOT / "_build" / "print"  # beside the site, to which it does not belong


def course_page(parts: list[Part], articles: list[Tag], pages: dict[str, int]) -> str:
    """Return the page that is printed; `pages` is empty before the first time."""
    templates = Environment(loader=FileSystemLoader(ROOT / "book" / "_templates"), autoescape=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    first = BeautifulSoup((SITE / "index.html").read_text(encoding="utf-8"), "html.parser")
    drawing = first.select_one("svg.hero")
    formulas = [part for part, found in zip(parts, articles, strict=True) if found.select_one(".math")]
    return templates.get_template("course-pdf.html").render(
        version=project["version"],
        drawing=str(drawing or ""),
        head="\n".join(head(SITE, f"{(formulas or parts)[0].path}.html", "../html/")),
        parts=parts,
        pages=pages,
        running_heads=running_heads(parts),
        articles="\n".join(map(str, articles)),
    )


def running_heads(parts: list[Part]) -> str:
    """Return styles that put each page's title at the top of its sheets."""
    lines = []
    for number, part in enumerate(parts):
        title = part.title.replace("\\", "").replace('"', r"\"")
        lines.append(f'[id="{part.name}"] {{ page: sheet{number}; }}')  # after a # no name may begin with a digit
        lines.append(f'@page sheet{number} {{ @top-center {{ content: "{title}"; }} }}')
    return "\n".join(lines).replace("<", "")


def print_parts(browser: str, parts: list[Part], target: Path) -> PdfReader:
    """Print these pages to `target`, read on which page each begins, and print again with that in the contents.

    Raises
    ------
    RuntimeError
        If a link leads nowhere, or the PDF is not whole.
    """
    articles = [article(SITE, part, parts) for part in parts]
    for found in articles:
        for picture in found.find_all("img", src=True):
            picture["src"] = f"../html/{picture['src']}"
            picture["loading"] = "eager"
    page = FOLDER / f"{target.stem}.html"
    FOLDER.mkdir(parents=True, exist_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    pages = dict[str, int]()
    for _ in range(2):
        text = course_page(parts, articles, pages)
        if not pages and (lost := dead_ends(BeautifulSoup(text, "html.parser"))):
            raise RuntimeError(f"links that lead nowhere: {', '.join(lost)}")
        page.write_text(text, encoding="utf-8")
        before, pages = pages, pages_of(print_page(browser, page, target), [part.name for part in parts])
    if pages != before:
        raise RuntimeError("the contents moved when their page numbers came: the numbers are wrong")
    return mend_outline(target, headings(text))


def chosen(parts: list[Part], names: list[str]) -> list[Part]:
    """Return the pages with these names, or numbers of chapters: `08`, `glossary`; all of them without any."""
    found = [part for part in parts if not names or part.name in names or part.name[:2] in names]
    if unknown := [name for name in names if not any(part.name == name or part.name[:2] == name for part in parts)]:
        raise SystemExit(f"no page is called {', '.join(unknown)}; there are {', '.join(part.name for part in parts)}")
    return found


def main(names: list[str]) -> int:
    """Print the course, or only the pages with these names; return 1 where that cannot be."""
    browser = chromium()
    if browser is None:
        print("No Chromium here, which is what prints. Install one, and say `make pdf` again.", file=sys.stderr)
        return 1
    parts = chosen(table_of_contents(ROOT / "book" / "_toc.yml"), names)
    target = SITE / "downloads" / f"u-net-{'-'.join(names) or 'course'}.pdf"
    reader = print_parts(browser, parts, target)
    print(f"{len(reader.pages)} pages, {target.stat().st_size / 1e6:.1f} MB, in {target.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
