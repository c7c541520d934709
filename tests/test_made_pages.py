"""Pages made at build: the reference from docstrings, without importing them, and the run times from a table."""

import ast
import subprocess
import sys

import pytest
from browser import ROOT, SITE

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_site import api, run_times

SOURCE = '''
"""Filters: small kernels."""
from dataclasses import dataclass


def blur(image: Array, *, width: int = 3) -> Array:
    """Blur an image.  (H, W) -> (H, W)

    Costs `2 * k` products, not k**2 and not k*k*k.

    Parameters
    ----------
    image : (H, W) floats,
        of any size
    width : in pixels

    Returns
    -------
    Blurred
        image : (H, W)
        width : pixels

    Raises
    ------
    ValueError
        If `width` is even.

    Introduced in chapter 1, the rest in chapters 2 and 11.
    """


@dataclass
class Blurred:
    """What comes out."""

    image: Array
    width: int = 3
    log: list = field(default_factory=list)

    def show(self, title: str) -> None:
        """Draw it."""

    def _hidden(self):
        """Not shown."""


def _hidden():
    """Not shown."""


def undocumented(): ...
'''


@pytest.fixture
def pages(tmp_path):
    package = tmp_path / "unet_teach"
    (package / "draw").mkdir(parents=True)
    (package / "__init__.py").write_text('"""The package."""', encoding="utf-8")
    (package / "filters.py").write_text(SOURCE, encoding="utf-8")
    (package / "draw" / "__init__.py").write_text(
        '"""Draw."""\nfrom x import panel\n__all__ = ["panel"]', encoding="utf-8"
    )
    (package / "draw" / "panels.py").write_text(
        '"""Panels."""\ndef panel():\n    """One."""\ndef other():\n    """Two."""', encoding="utf-8"
    )
    return dict(api.module_pages(package, {"01": "01-convolution.ipynb", "11": "11-why.ipynb"}))


def test_a_module_is_described_by_its_docstrings(pages):
    page = pages["filters"]
    assert page.startswith("# unet_teach.filters\n\nFilters: small kernels.")
    assert "{py:function} unet_teach.filters.blur(image: Array, *, width: int=3) -> Array" in page
    assert "**Parameters**\n\n- `image`: (H, W) floats,\n  of any size\n- `width`: in pixels" in page
    assert "**Returns**\n\n- Blurred\n  - `image`: (H, W)\n  - `width`: pixels" in page
    assert "**Raises**\n\n- ValueError:\n  If `width` is even." in page
    assert r"`2 * k` products, not k\*\*2 and not k\*k\*k" in page
    assert "chapter [1](../../notebooks/01-convolution.ipynb)" in page
    assert "chapters 2 and [11](../../notebooks/11-why.ipynb)" in page
    assert "{py:class} unet_teach.filters.Blurred(image: Array, width: int = 3, log: list = ...)" in page
    assert "{py:method} unet_teach.filters.Blurred.show(title: str) -> None" in page
    assert "idden" not in page
    assert "undocumented" not in page


def test_a_package_is_one_page_with_the_names_by_which_it_is_used(pages):
    assert set(pages) == {"filters", "draw"}
    assert "{py:function} unet_teach.draw.panel()" in pages["draw"]
    assert "{py:function} unet_teach.draw.panels.other()" in pages["draw"]


def test_every_public_definition_of_the_package_is_in_the_reference():
    found = "\n".join(page for _, page in api.module_pages(ROOT / "unet_teach", {}))
    assert "exercises.cnn" not in found  # the checkers serve the notebooks alone
    for path in (ROOT / "unet_teach").rglob("*.py"):
        parts = path.relative_to(ROOT / "unet_teach").with_suffix("").parts
        if not any(part.startswith("_") or part == api.LEFT_OUT for part in parts):
            for node in api.public(ast.parse(path.read_text(encoding="utf-8"))):
                assert f".{node.name}" in found, f"{path.name}: {node.name}"


def test_the_reference_is_written_without_importing_the_package():
    code = (
        "import sys; sys.path.insert(0, 'book/_ext'); from pathlib import Path; from course_site import api; "
        "pages = dict(api.module_pages(Path('unet_teach'), {})); "
        "print(len(pages), sorted({'torch', 'numpy', 'unet_teach'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    count, loaded = done.stdout.split(maxsplit=1)
    root = [p for p in (ROOT / "unet_teach").iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()]
    modules = [p for p in root if not p.name.startswith("_")]
    inside = [p for name in api.APART for p in (ROOT / "unet_teach" / name).iterdir()]
    folders = [p for p in inside if (p / "__init__.py").exists()]
    apart = [p for p in folders if p.name != api.LEFT_OUT]
    assert int(count) == len(modules) + len(apart)
    assert loaded.strip() == "[]"


def test_a_page_of_a_module_that_has_gone_goes_and_others_stay_untouched(tmp_path):
    class App:
        srcdir = str(tmp_path)

    (tmp_path / "book").mkdir()
    (tmp_path / "unet_teach").mkdir()
    for name in ("a", "b"):
        (tmp_path / "unet_teach" / f"{name}.py").write_text('"""A module."""', encoding="utf-8")
    api.write_pages(App, None)
    kept = tmp_path / "book" / "api" / "a.md"
    before = kept.stat().st_mtime_ns
    (tmp_path / "unet_teach" / "b.py").unlink()
    api.write_pages(App, None)
    assert [path.name for path in kept.parent.iterdir()] == ["a.md"]
    assert kept.stat().st_mtime_ns == before


def test_the_table_of_run_times_has_every_notebook_also_one_not_yet_measured(tmp_path):
    for name in ("01-a", "02-b"):
        (tmp_path / f"{name}.ipynb").write_text(
            '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', encoding="utf-8"
        )
    measured = tmp_path / "run-times.tsv"
    measured.write_text(
        "notebook\tcore_seconds\tgigabytes\tdate\n01-a\t12\t0.46\t2026-01-01\n03-gone\t99\t1\t2026-01-01\n",
        encoding="utf-8",
    )
    table = run_times.table(measured, tmp_path)
    assert "| 1. [01-a](../notebooks/01-a.ipynb) | 12 | 0.46 | 0 | 2026-01-01 |" in table
    assert "| 2. [02-b](../notebooks/02-b.ipynb) | not yet | not yet | 0 | |" in table
    assert table.endswith("| all together | 12 | | | |")
    assert "gone" not in table


@pytest.mark.browser
def test_the_built_reference_links_types_of_ours_and_is_in_the_search():
    page = (SITE / "book" / "api" / "data.html").read_text(encoding="utf-8")
    assert 'id="unet_teach.data.load_em"' in page
    assert 'href="#unet_teach.data.EMSections"' in page
    assert "load_em" in (SITE / "searchindex.js").read_text(encoding="utf-8")
