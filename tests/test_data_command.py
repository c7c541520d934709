import shutil
import subprocess
import sys

import pytest
from conftest import forget, served

from unet_teach.data import SETS
from unet_teach.data.__main__ import main


@pytest.fixture
def two_sets(server):
    """Let the course have two small sets, "first" and "second"."""
    before = dict(SETS)
    SETS.clear()
    for name in ("first", "second"):
        SETS[name] = served(server, name, {"a.txt": b"a" * 10, "b.txt": b"b" * 20})
    yield
    SETS.clear()
    SETS.update(before)


def test_fetch_fills_a_folder_that_works_without_a_network(two_sets, server, tmp_path, capsys, monkeypatch):
    assert main(["fetch", str(tmp_path / "stick")]) == 0
    printed = capsys.readouterr()
    assert "first: 2 files" in printed.out
    assert "second: 2 files" in printed.out
    assert printed.err == ""  # no bar where there is no terminal
    shutil.move(tmp_path / "stick", tmp_path / "elsewhere")
    monkeypatch.setenv("UNET_TEACH_DATA", str(tmp_path / "elsewhere"))
    server.downloads.clear()
    forget()
    assert main(["status"]) == 0
    assert main(["fetch"]) == 0
    assert server.downloads == []


def test_fetch_goes_on_after_a_failure(two_sets, server, capsys, data_home):
    server.pages["/first/a.txt"] = 404
    assert main(["fetch"]) == 1
    printed = capsys.readouterr()
    assert "first: failed" in printed.err
    assert "the server answered 404" in printed.err
    assert "second: 2 files" in printed.out
    assert "Everything" not in printed.out
    assert (data_home / "second/b.txt").exists()


def test_status_tells_missing_from_damaged_and_asks_nobody(two_sets, server, capsys, data_home):
    main(["fetch"])
    (data_home / "first/a.txt").write_bytes(b"c" * 10)
    (data_home / "first/b.txt").unlink()
    server.downloads.clear()
    server.probes = 0
    capsys.readouterr()
    assert main(["status"]) == 1
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "1 of 2 missing, 1 of 2 damaged" in lines["first"]
    assert "present" in lines["second"]
    assert lines["second"].endswith("free")
    assert (server.downloads, server.probes) == ([], 0)


def test_the_command_line_itself():
    done = subprocess.run([sys.executable, "-m", "unet_teach.data", "status"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "60 of 60 missing" in done.stdout
    assert done.stderr == ""
    assert subprocess.run([sys.executable, "-m", "unet_teach.data"], capture_output=True).returncode == 2


def test_status_of_the_real_sets(real_data, capsys):
    assert main(["status"]) == 0
    assert capsys.readouterr().out.count("present") == len(SETS)
