"""A PDF of a deck, printed by the Chromium of this machine from the file itself, without a network."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """Return the Chromium of this machine, if there is one."""
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


def print_pdf(browser: str, deck: Path) -> None:
    """Print a deck to a PDF beside it, one slide a page."""
    target = deck.with_suffix(".pdf")
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
        if not unfinished.exists():
            raise RuntimeError(f"{browser} printed no PDF of {deck.name}: {done.stderr[-500:]}")
        shutil.move(unfinished, target)
