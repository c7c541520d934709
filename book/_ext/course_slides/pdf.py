"""A PDF of a deck, printed by the Chromium of this machine from the file itself, without a network."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

TRIES = 8
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """Return the Chromium of this machine, if there is one."""
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


def pages(pdf: bytes) -> int:
    """Count the pages of a PDF that Chromium printed."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def print_pdf(browser: str, deck: Path, slides: int) -> None:
    """Print a deck to a PDF beside it, one slide a page.

    Now and then Chromium prints an empty page before the deck has started, even on a machine that has nothing else to
    do (3 of 40 printings). So the pages are counted, and a PDF that does not have one for each slide is printed again:
    28 decks in three tries each would fail once in a hundred sites, in eight never.

    Raises
    ------
    RuntimeError
        If the last PDF is not whole either.
    """
    for _ in range(TRIES):
        with tempfile.TemporaryDirectory() as profile:
            unfinished = Path(profile, "deck.pdf")
            command = [
                browser,
                "--headless",
                "--disable-gpu",
                "--disable-background-networking",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                f"--user-data-dir={profile}",
                f"--print-to-pdf={unfinished}",
                "--no-pdf-header-footer",
                "--virtual-time-budget=20000",
                *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),  # root has none
                f"{deck.resolve().as_uri()}?view=print",
            ]
            done = subprocess.run(command, capture_output=True, text=True, timeout=180)
            found = pages(unfinished.read_bytes()) if unfinished.exists() else 0
            if found == slides:
                shutil.move(unfinished, deck.with_suffix(".pdf"))
                return
    raise RuntimeError(f"{browser} printed {found} pages of {deck.name}, which has {slides}: {done.stderr[-500:]}")
