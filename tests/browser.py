"""What the browser tests stand on: the built site on a local server, and a Chromium that reaches nothing else."""

import gzip
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_build" / "html"
AXE = ROOT / "tests" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
SETTINGS = [("light", DESKTOP), ("dark", DESKTOP), ("dark", PHONE), ("light", PHONE)]
HEAVIEST = 1_500_000  # bytes sent at first view
TEXT = {".html", ".css", ".js", ".svg", ".json", ".mjs"}
FLAGS = [
    "--no-sandbox",  # CI runs as root
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def decks() -> list[str]:
    """Return every deck of slides, as addresses from the root of the site."""
    return sorted(path.relative_to(SITE).as_posix() for path in (SITE / "slides").glob("*.html"))


def pages() -> list[str]:
    """Return every other page of the site, but for those that only lead on."""
    every = (path for path in SITE.rglob("*.html") if 'http-equiv="refresh"' not in path.read_text(encoding="utf-8"))
    return sorted({path.relative_to(SITE).as_posix() for path in every} - set(decks()))


class Quiet(SimpleHTTPRequestHandler):
    """A file server that compresses text, as public servers do, and prints nothing."""

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Send the head of an answer, and return its body."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if path.suffix not in TEXT or not path.is_file() or "gzip" not in self.headers.get("Accept-Encoding", ""):
            return super().send_head()
        body = gzip.compress(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test report free of requests."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port; yields the address of its root."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium of this machine, or Playwright's own; without one, skip, or fail where CI is set."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        except Error as error:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no Chromium starts here: {error}")
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """One page in a window, and everything that went wrong in it."""

    def __init__(self, page: Page, base: str, theme: str) -> None:
        self.page, self.base, self.theme = page, base, theme
        self.requested: list[str] = []
        self.problems: list[str] = []
        page.on("request", lambda request: self._note(request.url))
        page.on(
            "response", lambda answer: answer.status >= 400 and self.problems.append(f"{answer.status} {answer.url}")
        )
        page.on("console", lambda line: line.type == "error" and self.problems.append(f"console: {line.text}"))
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))

    def _note(self, url: str) -> None:
        self.requested.append(url)
        if not url.startswith((self.base, "data:", "blob:")):
            self.problems.append(f"request to another host: {url}")

    def open(self, path: str) -> None:
        """Load a page and wait until its formulas and fonts are there."""
        self.page.goto(self.base + path, wait_until="load")
        self.page.evaluate("Promise.all([window.MathJax?.startup?.promise, document.fonts.ready]).then(() => 0)")
        self.page.evaluate("scrollTo(0, document.body.scrollHeight)")  # what loads on scrolling loads now

    def show(self, theme: str, window: dict[str, int]) -> None:
        """Go on in the light or the dark, and in a window of this size."""
        self.theme = theme
        self.page.set_viewport_size(window)
        self.page.emulate_media(color_scheme=theme)
        self.page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)

    def axe(self, within: str = "html") -> list[str]:
        """Return what axe-core finds in the page, or in a part of it, with all of its default rules."""
        if self.page.viewport_size == PHONE:
            self.page.wait_for_timeout(400)  # the theme looks for scrolling boxes 300 ms after a change of size
        # A colour on its way from one value to the next is not the page's: wait until it has arrived. One whose element
        # went from the page on the way never does.
        self.page.evaluate(
            "Promise.race([Promise.all(document.getAnimations().filter(move => move instanceof CSSTransition)"
            ".map(move => move.finished.catch(() => 0))), new Promise(done => setTimeout(done, 2000))]).then(() => 0)"
        )
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        # All rules run; what they pass is not written down, which takes a sixth of the time.
        found = self.page.evaluate(
            "part => axe.run(part === 'html' ? document : part, {resultTypes: ['violations']}).then(r => r.violations)",
            within,
        )
        return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]

    def weight(self) -> int:
        """Return the bytes that a server which compresses would have sent."""
        paths = {unquote(urlsplit(url).path) for url in self.requested if url.startswith(self.base)}
        return sum(compressed(SITE / path.lstrip("/")) for path in paths)


@cache
def compressed(path: Path) -> int:
    """Return the size of a file as sent: text compressed, pictures and fonts as they are."""
    path = path / "index.html" if path.is_dir() else path
    if not path.is_file():
        return 0
    data = path.read_bytes()
    return len(gzip.compress(data)) if path.suffix in TEXT else len(data)
