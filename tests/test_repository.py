"""The repository's address stands in one place, and one command sets it everywhere."""

import shutil
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import repository


@pytest.fixture
def copy(tmp_path):
    shutil.copy(ROOT / "_config.yml", tmp_path)
    (tmp_path / "notebooks").mkdir()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(path, tmp_path / "notebooks")
    return tmp_path


def setup_cells(root):
    books = [nbformat.read(path, as_version=4) for path in sorted((root / "notebooks").glob("*.ipynb"))]
    return [next(cell.source for cell in book.cells if cell.cell_type == "code") for book in books]


def test_every_setup_cell_holds_the_configured_address():
    for source in setup_cells(ROOT):
        assert f'REPOSITORY = "{repository.configured(ROOT)}"' in source


def test_setting_the_address_reaches_everything_and_can_be_undone(copy):
    before = {path: path.read_text(encoding="utf-8") for path in copy.rglob("*") if path.is_file()}
    was = repository.configured(copy)
    changed = repository.set_address("https://github.com/OWNER/NAME.git", copy)
    assert set(changed) == set(before)
    assert repository.configured(copy) == "https://github.com/OWNER/NAME"
    assert all('REPOSITORY = "https://github.com/OWNER/NAME"' in source for source in setup_cells(copy))
    assert repository.set_address("https://github.com/OWNER/NAME/", copy) == []
    repository.set_address(was, copy)
    assert {path: path.read_text(encoding="utf-8") for path in before} == before


@pytest.mark.parametrize(
    "address", ["github.com/a/b", "https://github.com/a", "https://github.com/a/b/c", 'https://github.com/a/b"']
)
def test_a_malformed_address_changes_nothing(copy, address):
    before = {path: path.read_text(encoding="utf-8") for path in copy.rglob("*") if path.is_file()}
    with pytest.raises(SystemExit, match="OWNER/NAME"):
        repository.set_address(address, copy)
    assert {path: path.read_text(encoding="utf-8") for path in before} == before


def test_a_config_without_the_setting_is_an_error(copy):
    (copy / "_config.yml").write_text("title: x\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="repository"):
        repository.set_address("https://github.com/OWNER/NAME", copy)
