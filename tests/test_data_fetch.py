import builtins
import errno
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pooch
import pytest
from conftest import forget

from unet_teach.data import (
    FetchError,
    data_folder,
    download,
    fetch,
    is_present,
    network,
)
from unet_teach.data.folder import problem_with

# In another process: argv = folder, then (path, bytes, sha256, url) of one file after the other.
FETCH_ALONE = """
import sys
from pathlib import Path
from unet_teach.data import fetch
from unet_teach.data.manifest import SETS, DataSet, File
facts = sys.argv[2:]
files = tuple(File(p, int(b), s, u) for p, b, s, u in zip(*[iter(facts)] * 4))
SETS["small"] = DataSet("small", "", "", "", files)
fetch("small", Path(sys.argv[1]))
"""


def start_fetch(dataset, folder):
    facts = [str(fact) for file in dataset.files for fact in (file.path, file.bytes, file.sha256, file.url)]
    return subprocess.Popen([sys.executable, "-c", FETCH_ALONE, str(folder), *facts], stderr=subprocess.PIPE, text=True)


def leftovers(folder):
    return [path for path in folder.rglob("*") if path.name.endswith(".part")]


def wait_for(condition):
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.02)
    pytest.fail("it did not happen in 20 s")


def test_fetch_brings_every_file_and_never_again(small, server, data_home):
    home = fetch("small")
    assert home == data_home / "small"
    assert [problem_with(file, home) for file in small.files] == [None] * 3
    assert is_present("small")
    assert len(server.downloads) == 3
    assert fetch("small") == home
    forget()
    assert fetch("small") == home  # as another process would
    assert len(server.downloads) == 3
    assert server.probes == 1
    assert not leftovers(home)


def test_only_what_is_missing_or_damaged_is_downloaded(small, server):
    home = fetch("small")
    (home / "part/1.bin").write_bytes(b"short")
    (home / "part/2.bin").unlink()
    assert problem_with(small.files[1], home) == "truncated: 5 of 50001 bytes"
    assert problem_with(small.files[2], home) == "missing"
    assert not is_present("small")
    del server.downloads[:]
    fetch("small")
    assert sorted(server.downloads) == ["/small/part/1.bin", "/small/part/2.bin"]


def test_a_wrong_checksum_is_noticed_also_after_a_right_one(small):
    home = fetch("small")
    assert problem_with(small.files[0], home) is None  # remembered, but only for this size and time
    for body in (b"B" * 50_000, b"A" * 50_001):
        path = home / "part/0.bin"
        path.write_bytes(body)
        os.utime(path, ns=(1, 1))
        assert problem_with(small.files[0], home) == "wrong checksum"


def test_an_unreadable_file_is_said_to_be_unreadable(small, monkeypatch):
    home = fetch("small")
    forget()

    def refuse(path):
        raise PermissionError(errno.EACCES, "Permission denied", path)

    monkeypatch.setattr(pooch, "file_hash", refuse)
    assert problem_with(small.files[0], home) == "unreadable: Permission denied"


def test_several_files_come_at_once(small, server):
    together = threading.Barrier(3, timeout=10)

    def wait_for_the_others(handler, body):
        together.wait()
        handler.send(body)

    for path, body in list(server.pages.items()):
        server.pages[path] = lambda handler, body=body: wait_for_the_others(handler, body)
    fetch("small")


def test_a_bar_counts_bytes_where_someone_watches(small, monkeypatch):
    bars = []

    class Bar(download.tqdm):
        def __init__(self, *arguments, **options):
            bars.append(options)
            super().__init__(*arguments, **options)

    monkeypatch.setattr(download, "tqdm", Bar)
    fetch("small")
    assert bars[0]["total"] == 150_003
    assert bars[0]["disable"] is None
    monkeypatch.setattr(builtins, "get_ipython", None, raising=False)
    assert download._quiet() is False


def test_the_network_is_given_five_seconds():
    assert network.DEADLINE == 5


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_list_of_certificates_that_is_not_there_is_named_at_once(monkeypatch, tmp_path, name):
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv(name, str(tmp_path / "no.pem"))
    monkeypatch.setattr(network, "DEADLINE", 60)  # whoever waited for it would be noticed
    said = network.network_problem("https://127.0.0.1:9/")
    assert said == f"no network ({name} names a file that is not there: {tmp_path / 'no.pem'})"


@pytest.mark.parametrize("status", [404, 500])
def test_an_error_of_the_server_names_file_and_status(small, server, status):
    server.pages["/small/part/1.bin"] = status
    with pytest.raises(FetchError, match=rf"small/part/1.bin: the server answered {status}.*UNET_TEACH_DATA"):
        fetch("small")
    server.pages["/small/part/1.bin"] = b"B" * 50_001
    fetch("small")  # the two good ones stayed
    assert len(server.downloads) == 4


@pytest.mark.parametrize("page", [b"<html>please log in</html>", b"<html>" + b" " * 60_000, b"Z" * 50_000])
def test_a_login_page_is_not_taken_for_data(small, server, data_home, page):
    server.pages["/small/part/0.bin"] = page
    with pytest.raises(FetchError, match=r"wrong checksum.*login page"):
        fetch("small")
    assert not (data_home / "small/part/0.bin").exists()
    assert not leftovers(data_home)


def test_a_download_that_breaks_off_leaves_nothing(small, server, data_home):
    server.pages["/small/part/0.bin"] = lambda handler: handler.send(b"A" * 1000, length=50_000)
    with pytest.raises(FetchError, match="truncated"):
        fetch("small")
    assert not (data_home / "small/part/0.bin").exists()
    assert not leftovers(data_home)


def test_a_download_that_stalls_ends_and_is_not_waited_for_again(small, server, data_home, monkeypatch):
    monkeypatch.setattr("unet_teach.data.download.STALLED", 0.3)
    finish = threading.Event()

    def stall(handler):
        handler.send(b"A" * 1000, length=50_000)
        finish.wait(60)

    server.pages["/small/part/0.bin"] = stall
    with pytest.raises(FetchError, match="stalled"):
        fetch("small")
    assert not finish.is_set()
    assert not leftovers(data_home)
    server.downloads.clear()
    with pytest.raises(FetchError, match="stalled"):
        fetch("small")
    assert server.downloads == []
    finish.set()


def test_no_network(small, server):
    server.http.shutdown()
    server.http.server_close()
    with pytest.raises(FetchError, match=r"small/part/0.bin: missing, and no network \(no connection\)") as caught:
        fetch("small")
    assert "USB stick" in str(caught.value)
    assert caught.value.reason == "missing, and no network (no connection)"


def test_the_network_is_tried_once_in_a_process(small, monkeypatch):
    attempts = []

    def refuse(url, **_):
        attempts.append(url)
        raise network.requests.ConnectionError

    monkeypatch.setattr(network.requests, "head", refuse)
    for _ in range(3):
        with pytest.raises(FetchError, match="no network"):
            fetch("small")
    assert len(attempts) == 1


@pytest.fixture
def silent_proxy(monkeypatch):
    """Set up a proxy that accepts every connection and never says a word; yields the connections."""
    listening = socket.create_server(("127.0.0.1", 0))
    connections = []

    def accept():
        while True:
            try:
                connections.append(listening.accept()[0])
            except OSError:
                return

    threading.Thread(target=accept, daemon=True).start()
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{listening.getsockname()[1]}")
    yield connections
    listening.close()
    for connection in connections:
        connection.close()


def test_a_proxy_that_drops_packets_costs_no_more_than_the_deadline(silent_proxy, monkeypatch):
    monkeypatch.setattr(network, "DEADLINE", 0.5)
    began = time.monotonic()
    with pytest.raises(FetchError, match="no network"):
        fetch("usiigaci")
    with pytest.raises(FetchError, match="no network"):
        fetch("hippocampus")
    assert time.monotonic() - began < 30  # the proxy would have kept us for ever
    assert len(silent_proxy) == 1


def test_a_name_server_that_never_answers_costs_no_more_than_the_deadline(monkeypatch):
    monkeypatch.setattr(network, "DEADLINE", 0.3)
    answer = threading.Event()

    def hang(*_, **__):
        answer.wait(60)
        raise socket.gaierror("too late")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    with pytest.raises(FetchError, match=r"no network \(no answer within 0.3 s\)"):
        fetch("usiigaci")
    assert not answer.is_set()
    answer.set()


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.EROFS, "the data folder cannot be written"),
        (errno.EACCES, "the data folder cannot be written"),
        (errno.ENOSPC, "the disk is full"),
        (errno.EIO, "the data folder cannot be used"),
    ],
)
def test_a_folder_that_cannot_be_made(small, monkeypatch, number, reason):
    def refuse(*_, **__):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(FetchError, match=f"small/part/0.bin: {reason}"):
        fetch("small")


def test_a_disk_that_fills_up_in_mid_write_leaves_nothing(small, data_home, monkeypatch):
    def half(self, url, output_file, pooch):
        Path(output_file).write_bytes(b"A" * 1000)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", half)
    with pytest.raises(FetchError, match=r"the disk is full.*MB free"):
        fetch("small")
    assert [path for path in data_home.rglob("*") if path.is_file()] == []


def test_a_file_in_place_of_the_folder(small, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("UNET_TEACH_DATA", str(tmp_path / "file"))
    with pytest.raises(FetchError, match="the data folder cannot be used"):
        fetch("small")


def test_two_processes_at_once_both_succeed(small, server, tmp_path):
    together = threading.Barrier(2, timeout=20)
    body = server.pages["/small/part/0.bin"]

    def both(handler):
        together.wait()  # until each of the two is in mid-download
        handler.send(body)

    server.pages["/small/part/0.bin"] = both
    running = [start_fetch(small, tmp_path) for _ in range(2)]
    assert [process.communicate(timeout=60)[1] for process in running] == ["", ""]
    assert [process.returncode for process in running] == [0, 0]
    assert [problem_with(file, tmp_path / "small") for file in small.files] == [None] * 3
    assert not leftovers(tmp_path)


def test_a_kill_in_mid_download_leaves_no_half_file(small, server, tmp_path):
    finish = threading.Event()

    def half(handler):
        handler.send(b"A" * 25_000, length=50_000)
        finish.wait(60)

    body, server.pages["/small/part/0.bin"] = server.pages["/small/part/0.bin"], half
    process = start_fetch(small, tmp_path)
    wait_for(lambda: any(".0.bin." in path.name for path in leftovers(tmp_path)))
    process.kill()
    process.communicate()
    finish.set()
    assert problem_with(small.files[0], tmp_path / "small") == "missing"
    server.pages["/small/part/0.bin"] = body
    home = fetch("small", tmp_path)
    assert [problem_with(file, home) for file in small.files] == [None] * 3
    assert leftovers(home)  # they might be another process's
    for part in leftovers(home):
        os.utime(part, (0, 0))  # long ago
    (home / "part/0.bin").unlink()
    fetch("small", tmp_path)
    assert not leftovers(home)


def test_an_interrupt_stops_the_queue(small, monkeypatch):
    def interrupt(file, home):
        raise KeyboardInterrupt

    monkeypatch.setattr("unet_teach.data.download._download", interrupt)
    with pytest.raises(KeyboardInterrupt):
        fetch("small")


def test_an_unknown_set_is_answered_with_the_names():
    with pytest.raises(ValueError, match="isbi2012_em, usiigaci"):
        fetch("isbi")
    with pytest.raises(ValueError, match="the sets are"):
        is_present("isbi")


def test_a_relative_folder_counts_from_the_repository(monkeypatch, tmp_path):
    root = Path(__file__).parents[1]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UNET_TEACH_DATA", "../somewhere")
    assert data_folder() == root / "../somewhere"
    monkeypatch.setattr("unet_teach.data.folder.__file__", str(tmp_path / "site/unet_teach/data/folder.py"))
    assert data_folder() == tmp_path / "../somewhere"


def test_an_absolute_folder_and_the_default(monkeypatch, tmp_path):
    monkeypatch.setenv("UNET_TEACH_DATA", str(tmp_path))
    assert data_folder() == tmp_path
    for unset in ("", None):
        monkeypatch.setenv("UNET_TEACH_DATA", unset) if unset is not None else monkeypatch.delenv("UNET_TEACH_DATA")
        assert data_folder() == Path(pooch.os_cache("unet_teach"))
