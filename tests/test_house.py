"""The house: what its documents promise exists, and nothing of one machine stands in it."""

import ast
import importlib.util
import os
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# What .gitignore names; git itself may be missing, or distrust the folder.
MADE = {".git", ".venv", "_build", "my-notebooks", "my-annotations", "node_modules", "dist"}
MADE |= {"__pycache__", ".ipynb_checkpoints", ".hypothesis"}
FILES = [
    path
    for path in ROOT.rglob("*")
    if path.is_file() and not any(part in MADE or part.endswith("_cache") for part in path.relative_to(ROOT).parts)
]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
COMPARED_WITH = ("monai", "SimpleITK", "pydicom", "nnunetv2", "lifelines", "highdicom", "totalsegmentator")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_no_file_names_one_machine_or_a_package_registry():
    elsewhere = re.compile(r"/(?:root|home|Users)/\w|/tmp/|pypi" + r"\.org|pythonhosted|registry\.npmjs|deb\.debian")
    found = []
    for path in FILES:
        if path != Path(__file__):
            text = path.read_text(errors="ignore", encoding="utf-8")
            found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in elsewhere.finditer(text)]
            # PyTorch's own index is the one exception: where the README explains it, and for Binder, whose memory the
            # other build would fill and which asks nobody.
            allowed = path in {ROOT / "README.md", ROOT / ".binder" / "requirements.txt"}
            found += [f"{path.relative_to(ROOT)}: PyTorch's index"] * ("download.pytorch" in text and not allowed)
    assert not found


def test_text_is_utf8_on_every_machine():
    """Without `encoding` Windows would read and write in the alphabet of its own region."""
    forgotten = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if path.suffix == ".py" else ():
            if isinstance(node, ast.Call) and "encoding" not in {named.arg for named in node.keywords}:
                called = ast.unparse(node.func)
                binary = any("b" in str(getattr(mode, "value", "")) for mode in node.args[1:])
                if called.endswith((".read_text", ".write_text")) or (called == "open" and not binary):
                    forgotten.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not forgotten


def test_no_file_is_larger_than_a_megabyte_but_a_notebook_with_its_pictures():
    most = {".ipynb": 1_500_000}
    assert [path.name for path in FILES if path.stat().st_size > most.get(path.suffix, 1_000_000)] == []


def test_modules_of_the_package_read_in_one_go():
    modules = (ROOT / "unet_teach").rglob("*.py")
    long = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert {name: lines for name, lines in long.items() if lines > 200} == {}


def test_the_sections_that_docstrings_name_exist():
    named, missing = 0, []
    for path in (ROOT / "unet_teach").rglob("*.py"):
        text = " ".join(path.read_text(encoding="utf-8").split())
        for chapter, section in re.findall(r'chapter (\d+), section "([^"]+)"', text):
            notebook = next((ROOT / "notebooks").glob(f"{int(chapter):02}-*.ipynb")).read_text(encoding="utf-8")
            named += 1
            if not re.search(rf'"##+ {re.escape(section)}(\\n)?"', notebook):
                missing.append(f"{path.name}: chapter {chapter}, {section}")
    assert named
    assert not missing


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "book/start.md"])
def test_every_make_target_that_a_document_names_exists(document):
    named = set(
        re.findall(
            r"`?\bmake ([a-z]+)\b(?= |`|\n)",
            "\n".join(re.findall(r"`[^`]+`|^ {4}.*$", (ROOT / document).read_text(encoding="utf-8"), re.M)),
        )
    )
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    assert named
    assert named <= targets


def test_targets_are_phony():
    phony = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split())
    assert phony == set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


def test_the_package_has_lower_bounds_only():
    for requirement in PROJECT["dependencies"]:
        assert re.fullmatch(r"[\w-]+>=[\d.]+", requirement)


@pytest.mark.parametrize("name", ["requirements.txt", "book/requirements.txt", "tests/requirements.txt"])
def test_pins_are_exact(name):
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"#.*|-r [\w./]+|-e \.|[\w.-]+==[\w.]+", line), line


def test_the_site_needs_no_torch():
    assert "torch" not in (ROOT / "book" / "requirements.txt").read_text(encoding="utf-8")


def test_binder_gets_a_python_that_the_package_takes():
    stated = (ROOT / ".binder" / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
    assert PROJECT["requires-python"] == f">={stated}"


def test_binder_gets_the_pins_and_the_index_of_cpu_builds_first():
    lines = (ROOT / ".binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    index, pins = [line.split() for line in lines if not line.startswith("#")]
    assert index[0] == "--extra-index-url"
    assert index[1].endswith("/whl/cpu")
    assert pins[0] == "-r"
    assert (ROOT / ".binder" / pins[1]).resolve() == ROOT / "requirements.txt"
    assert not (ROOT / "runtime.txt").exists()  # Binder would not read it


def test_versions_agree():
    import unet_teach

    assert PROJECT["version"] == unet_teach.__version__
    assert f"version: {PROJECT['version']}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    start = (ROOT / "book" / "start.md").read_text(encoding="utf-8")
    assert f"unet_teach-{PROJECT['version']}-py3-none-any.whl" in start


def test_in_ci_nothing_is_missing_that_tests_compare_with():
    """Elsewhere such a comparison is passed over where its package is missing."""
    missing = [name for name in COMPARED_WITH if importlib.util.find_spec(name) is None]
    assert not missing or "CI" not in os.environ, f"{missing}: the pins of tests/requirements.txt hold them"
