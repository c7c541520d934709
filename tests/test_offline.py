"""The course for a room without a network: what is packed, its checksums, and that it works in another place."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.request import urlopen

import pytest
from browser import SITE, served
from built_page import dead_links

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import offline


@pytest.fixture
def course(tmp_path):
    root = tmp_path / "course"
    for name in ("_build/html/downloads", "notebooks", "book", "tools", "unet_teach/data"):
        (root / name).mkdir(parents=True)
    (root / "_build/html/index.html").write_text("<p>here</p>", encoding="utf-8")
    (root / "_build/html/downloads/unet_teach-0.1.0-py3-none-any.whl").write_bytes(b"wheel")
    (root / "notebooks/01-one.ipynb").write_text("{}", encoding="utf-8")
    for name in ("book/OFFLINE.txt", "tools/offline_check.py"):
        (root / name).write_bytes((ROOT / name).read_bytes())
    data = tmp_path / "data" / "cells"
    data.mkdir(parents=True)
    (data / "one.png").write_bytes(b"image")
    row = f"cells\tone.png\t5\t{hashlib.sha256(b'image').hexdigest()}\thttps://example.org/\n"
    (root / offline.MANIFEST).write_text("set\tpath\tbytes\tsha256\turl\n" + row, encoding="utf-8")
    return root


def unpacked(target, folder):
    with zipfile.ZipFile(target) as archive:
        archive.extractall(folder)
    return folder / offline.INSIDE


def checked(folder):
    done = subprocess.run([sys.executable, folder / "check.py"], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_what_is_packed_holds_its_checksums_and_a_change_is_named(course, tmp_path):
    count = offline.pack(course, tmp_path / "a.zip", tmp_path / "data")
    folder = unpacked(tmp_path / "a.zip", tmp_path / "elsewhere")
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert len(names) == count
    assert {"site/index.html", "notebooks/01-one.ipynb", "data/cells/one.png", "READ-ME-FIRST.txt"} <= set(names)
    assert checked(folder) == (0, "every file is as it was packed\n")
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    for line in lines:  # as sha256sum reads them
        expected, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == expected
    assert len(lines) == count - 1
    (folder / "site/index.html").write_text("<p>there</p>", encoding="utf-8")
    (folder / "data/cells/one.png").unlink()
    assert checked(folder) == (1, "site/index.html: not as it was packed\ndata/cells/one.png: missing\n")


def test_the_same_files_make_the_same_zip(course, tmp_path):
    for name in ("a.zip", "b.zip"):
        offline.pack(course, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert not [name for name in archive.namelist() if "/data/" in name]


def test_what_is_missing_or_damaged_is_said_and_nothing_is_left(course, tmp_path):
    image = tmp_path / "data" / "cells" / "one.png"
    image.write_bytes(b"other")
    with pytest.raises(offline.OfflineError, match=r"one\.png is damaged: delete it, then"):
        offline.pack(course, tmp_path / "a.zip", tmp_path / "data")
    image.unlink()
    with pytest.raises(offline.OfflineError, match=r"one\.png is missing: `python -m unet_teach\.data fetch"):
        offline.pack(course, tmp_path / "a.zip", tmp_path / "data")
    (course / "_build/html/index.html").unlink()
    with pytest.raises(offline.OfflineError, match="run `make book` first"):
        offline.pack(course, tmp_path / "a.zip")
    assert not list(tmp_path.glob("a.*"))


@pytest.mark.browser
def test_the_site_works_in_another_place(tmp_path: Path) -> None:
    offline.pack(ROOT, tmp_path / "course.zip")
    folder = unpacked(tmp_path / "course.zip", tmp_path / "elsewhere")
    site = folder / "site"
    found = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    assert len(found) == len(list(SITE.rglob("*.html")))
    assert {page: dead for page in found if (dead := dead_links(page, site))} == {}
    assert checked(folder)[0] == 0
    with served(site) as base:
        for page in ("index.html", "notebooks/08-unet.html", "slides/talk.html"):
            assert urlopen(base + page).status == 200
