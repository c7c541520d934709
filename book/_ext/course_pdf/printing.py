"""Print a page with Chromium, and look at the PDF: is it whole, and on which page is what?"""

import logging
import os
from pathlib import Path

from playwright.sync_api import sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of a number in Chromium's trailer that nobody reads
PATIENCE = 600_000  # milliseconds for the formulas of a whole course, on a busy machine
FLAGS = ["--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND"]


def print_page(browser: str, page: Path, target: Path) -> PdfReader:
    """Print `page` to `target`, with an outline and tags, once its title says that all is there; return the PDF."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0  # who has no sandbox
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=browser, args=FLAGS + ["--no-sandbox"] * root)
        try:
            sheet = window.new_page()
            sheet.set_default_timeout(PATIENCE)
            sheet.goto(page.resolve().as_uri(), wait_until="load")
            sheet.wait_for_function("document.title !== 'unfinished'")
            if sheet.title().startswith("unfinished"):
                raise RuntimeError(f"{page.name} is {sheet.title()} that MathJax has not set")
            sheet.pdf(path=target, prefer_css_page_size=True, outline=True, tagged=True)
        finally:
            window.close()
    return PdfReader(target)


def pages_of(reader: PdfReader, names: list[str]) -> dict[str, int]:
    """Return the page, counted from 1, on which each named place is."""
    there = {name.removeprefix("/"): place for name, place in reader.named_destinations.items()}
    found = {}
    for name in names:
        number = reader.get_destination_page_number(there[name]) if name in there else None
        if number is None:
            raise RuntimeError(f"the PDF has no place named {name}")
        found[name] = number + 1
    return found


def mend_outline(target: Path, headings: set[str]) -> PdfReader:
    """Write the outline's titles as the headings have them.

    Chromium loses the space where a heading breaks its line, and doubles a heading at the top of some pages.
    """
    right = {"".join(heading.split()): heading for heading in headings}
    writer = PdfWriter(clone_from=target)
    waiting = [writer.root_object["/Outlines"].get_object()]
    while waiting:
        item = waiting.pop()
        assert isinstance(item, DictionaryObject)
        waiting += [item[name].get_object() for name in ("/First", "/Next") if name in item]
        letters = "".join(str(item.get("/Title", "")).split())
        half = letters[: len(letters) // 2]
        title = right.get(letters) or (right.get(half) if half * 2 == letters else None)
        if title:
            item[NameObject("/Title")] = TextStringObject(title)
    writer.add_metadata({"/Author": "the authors of the U-Net course", "/Producer": "Chromium"})
    writer.write(target)
    return PdfReader(target)
