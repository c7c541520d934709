"""Fixtures for all tests: an empty data folder, no network beyond this machine, a server that can be told to fail."""

import hashlib
import os
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import settings

from unet_teach.data import em, folder, network, standin
from unet_teach.data.manifest import SETS, DataSet, File

# A busy machine is slow, not wrong; and CI should fail only for a change, not for a new example.
settings.register_profile("course", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("course")

HERE = os.environ.get("UNET_TEACH_DATA")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
LOOPBACK = ("127.0.0.1", "localhost", "::1", "", None)


def forget():
    """Make this process know nothing: not the network, not which files are right, not the stand-ins it used."""
    network._verdict.clear()
    folder._checked.clear()
    standin._in_use.clear()


@pytest.fixture(autouse=True)
def _alone(monkeypatch, tmp_path_factory):
    """Give each test an empty data folder, and forbid connections to other machines."""
    monkeypatch.setenv("UNET_TEACH_DATA", str(tmp_path_factory.mktemp("no-data")))
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    real_connect, real_lookup = socket.socket.connect, socket.getaddrinfo

    def connect(self, address):
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
            raise OSError("a test must not leave this machine")
        return real_connect(self, address)

    def lookup(host, *rest, **named):
        if (host.decode() if isinstance(host, bytes) else host) not in LOOPBACK:
            raise socket.gaierror("a test must not look up names")
        return real_lookup(host, *rest, **named)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    forget()
    yield
    forget()


@pytest.fixture
def real_data(monkeypatch):
    """Use the real sets, or skip where they are not."""
    if HERE is None:
        pytest.skip("UNET_TEACH_DATA does not name a folder with the real sets")
    monkeypatch.setenv("UNET_TEACH_DATA", HERE)
    absent = [name for name in SETS if not folder.is_present(name)]
    if absent:
        pytest.skip(f"UNET_TEACH_DATA does not hold {', '.join(absent)}, or not whole")
    return folder.data_folder()


class Server:
    """A web server on this machine: `pages` maps a path to bytes, to a status, or to a function of the handler."""

    def __init__(self):
        self.pages = {}
        self.downloads = []
        self.probes = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self):
                outer.probes += 1
                self.send_response(200)
                self.end_headers()

            def do_GET(self):
                outer.downloads.append(self.path)
                page = outer.pages.get(self.path, 404)
                if callable(page):
                    page(self)
                elif isinstance(page, int):
                    self.send_error(page)
                else:
                    self.send(page)

            def send(self, body, length=None):
                self.send_response(200)
                self.send_header("Content-Length", str(len(body) if length is None else length))
                self.end_headers()
                self.wfile.write(body)
                self.wfile.flush()

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def server():
    """Start a web server on this machine."""
    running = Server()
    yield running
    running.http.shutdown()
    running.http.server_close()


def served(server, name, contents):
    """Put files on the server and describe them as a set."""
    files = []
    for path, body in contents.items():
        server.pages[f"/{name}/{path}"] = body
        files.append(File(path, len(body), hashlib.sha256(body).hexdigest(), f"{server.url}/{name}/{path}"))
    return DataSet(name, f"a set for tests named {name}", "free", "nobody", tuple(files))


@pytest.fixture
def small(server, monkeypatch):
    """Add a set named "small", of three files, and return it."""
    contents = {f"part/{i}.bin": bytes([65 + i]) * (50_000 + i) for i in range(3)}
    dataset = served(server, "small", contents)
    monkeypatch.setitem(SETS, "small", dataset)
    return dataset


@pytest.fixture
def em_elsewhere(server, monkeypatch):
    """Let `isbi2012_em` come from the server, in files that are no pictures: enough to fail on the way."""
    dataset = served(server, "isbi2012_em", {"image/00.png": b"x" * 1000, "label/00.png": b"y" * 100})
    monkeypatch.setitem(SETS, "isbi2012_em", dataset)
    return dataset


@pytest.fixture
def quick_em(monkeypatch):
    """Let the stand-in be one cheap stack, drawn once."""
    stack = em.em_sections(30, seed=0) if not _drawn else _drawn[0]
    _drawn[:] = [stack]
    monkeypatch.setattr(em, "_standin", lambda: stack)
    return stack


_drawn = []


@pytest.fixture(scope="session")
def base():
    """Serve the built site; yields its address."""
    from browser import ROOT, SITE, pages, served

    assert pages(), f"there is no site in {SITE.relative_to(ROOT)}: run `make book`, then these tests"
    with served(SITE) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    """Start a Chromium."""
    from browser import AXE, chromium

    assert AXE.exists(), f"{AXE.name} is missing: run `make site-test`, or `npm ci` in the folder tests/"
    with chromium() as running:
        yield running


@pytest.fixture
def visit(base, browser, request):
    """Open an empty window, light or dark."""
    from browser import DESKTOP, Visit

    theme = getattr(request, "param", "light")
    context = browser.new_context(viewport=DESKTOP, color_scheme=theme)
    context.set_default_timeout(15_000)
    yield Visit(context.new_page(), base, theme)
    context.close()


@pytest.fixture
def data_home():
    """Name the data folder of this test."""
    return Path(os.environ["UNET_TEACH_DATA"])
