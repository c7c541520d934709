"""Print a page with Chromium, and look at the PDF: is it whole, and on which page is what?"""

import os
import subprocess
import tempfile
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

PATIENCE = 600  # seconds for a course of some hundred pages, on a busy machine


def print_page(browser: str, page: Path, target: Path) -> PdfReader:
    """Print `page` to `target`, with an outline and tags, and return what came out.

    Raises
    ------
    RuntimeError
        If the page had not said by its title that it is ready: some formula is not set.
    """
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={profile}",
            f"--print-to-pdf={target}",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
            "--virtual-time-budget=300000",
            *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),  # root has none
            page.resolve().as_uri(),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    if not target.exists():
        raise RuntimeError(f"{browser} printed nothing: {done.stderr[-500:]}")
    reader = PdfReader(target)
    title = reader.metadata.title if reader.metadata else None
    if not title or title.startswith("unfinished"):
        raise RuntimeError(f"{browser} printed before the formulas were set: {done.stderr[-500:]}")
    return reader


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
