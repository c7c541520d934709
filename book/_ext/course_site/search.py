"""The search: what counts as a word (`search_words`), and the prose of all pages, so that a hit shows where it stands.

Sphinx's own script fetches each page that it finds, megabytes of them, and cannot where pages are files. Ours,
`search.js`, takes the words around a hit from a small file a page, with the prose of its sections, without code and
outputs; of the pages that the index names it loads the first dozen.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.search import languages

from .search_words import CourseWords, split, terms_of

Pages = dict[str, list[tuple[str, str, str]]]  # name -> (anchor, heading, text) of each section

SKIPPED = (nodes.literal_block, nodes.raw, nodes.comment, nodes.math_block, nodes.section, nodes.image)


def prose(node: nodes.Node) -> Iterator[str]:
    """Yield the text of each block below a node, without code, outputs, long formulas, and sections of its own."""
    for child in node.children:
        if isinstance(child, SKIPPED) or "cell" in getattr(child, "attributes", {}).get("classes", []):
            continue
        if isinstance(child, nodes.TextElement) and not isinstance(child, nodes.title):
            yield "".join(
                words_of(text) for text in child.findall(nodes.Text) if not isinstance(text.parent, nodes.raw)
            )
        else:
            yield from prose(child)


def words_of(text: nodes.Text) -> str:
    """Return a text, or three dots for a formula that is not readable as it is."""
    return "…" if isinstance(text.parent, nodes.math) and "\\" in text else str(text)


def sections(doctree: nodes.document) -> list[tuple[str, str, str]]:
    """Return (anchor, heading, text) of every section of a page; the first one's anchor is empty: the page itself."""
    found: list[tuple[str, str, str]] = []
    for section in doctree.findall(nodes.section):
        heading = next(section.findall(nodes.title)).astext()
        found.append((section["ids"][0] if found else "", heading, " ".join(" ".join(prose(section)).split())))
    return found


def text_of_pages(env: BuildEnvironment) -> Pages:
    """Return the sections of every page but those of the reference, and the instructor's with its answers."""
    pages = (name for name in sorted(env.found_docs) if not name.startswith(("book/api", "book/instructor")))
    return {name: sections(env.get_doctree(name)) for name in pages}


def without_outputs(terms: dict[str, Any], pages: Pages) -> dict[str, Any]:
    """Leave out numbers that no sentence holds: thousands of them stand in tables that a cell printed."""
    language = CourseWords({})
    said = {
        language.stem(word)
        for found in pages.values()
        for _, heading, text in found
        for word in split(f"{heading} {text}")
    }
    return {term: where for term, where in terms.items() if term in said or not re.match(r"n?\d", term)}


def without_reference(titles: dict[str, list[Any]], names: list[str]) -> dict[str, list[Any]]:
    """Leave out headings of the reference: its functions are listed as objects, under the same names."""
    ours = {number for number, name in enumerate(names) if not name.startswith("book/api")}
    kept = {title: [place for place in places if place[0] in ours] for title, places in titles.items()}
    return {title: places for title, places in kept.items() if places}


def write(app: Sphinx, error: Exception | None) -> None:
    """Write the prose as scripts, which a page that is a file can load, too; take out of the index what it has twice.

    Sphinx lists the functions of the reference as objects, and again as entries of an index that this site has not.
    """
    if not error and app.builder.name == "html":
        index = Path(app.outdir, "searchindex.js")
        head, found, tail = index.read_text(encoding="utf-8").partition("{")
        body, _, end = tail.rpartition("}")
        pages = text_of_pages(app.env)
        frozen = json.loads(found + body + "}") | {"indexentries": {}}
        frozen["terms"] = without_outputs(frozen["terms"], pages)
        frozen["alltitles"] = without_reference(frozen["alltitles"], frozen["docnames"])
        index.write_text(head + json.dumps(frozen, separators=(",", ":")) + end, encoding="utf-8")
        for name, found_there in pages.items():
            script = Path(app.outdir, "_static", "search-text", f"{name}.js")
            script.parent.mkdir(parents=True, exist_ok=True)
            words = json.dumps([name, found_there], ensure_ascii=False, separators=(",", ":"))
            script.write_text(f"Search.setText(...{words});\n", encoding="utf-8")


def load(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load the script on the search page only, and there none for buttons that copy code, for it shows none."""
    if pagename == "search":
        app.add_js_file("search.js", loading_method="defer")
        scripts = context["script_files"]
        scripts[:] = [script for script in scripts if not re.search("copybutton|clipboard", str(script.filename))]


def prepare(app: Sphinx) -> None:
    """Learn the terms of the glossary before the first page is split into words."""
    CourseWords.terms = terms_of(Path(app.srcdir, "book", "glossary.md"))


def setup(app: Sphinx) -> None:
    """Replace what Sphinx holds for English."""
    languages["en"] = CourseWords
    app.connect("builder-inited", prepare)
    app.connect("html-page-context", load)
    app.connect("build-finished", write)
