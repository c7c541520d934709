"""The house: what its documents promise exists, and nothing of one machine stands in it."""

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
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
MAKEFILE = (ROOT / "Makefile").read_text()


def test_no_file_names_one_machine_or_a_package_registry():
    elsewhere = re.compile(r"/(?:root|home|Users)/\w|/tmp/|pypi" + r"\.org|pythonhosted|registry\.npmjs|deb\.debian")
    found = []
    for path in FILES:
        if path != Path(__file__):
            text = path.read_text(errors="ignore")
            found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in elsewhere.finditer(text)]
            # PyTorch's own index is the one exception, and only where the README explains it.
            found += [f"{path.name}: PyTorch's index"] * ("download.pytorch" in text and path.name != "README.md")
    assert not found


def test_no_file_is_larger_than_a_megabyte():
    assert [path.name for path in FILES if path.stat().st_size > 1_000_000] == []


def test_modules_of_the_package_read_in_one_go():
    long = {path.name: len(path.read_text().splitlines()) for path in (ROOT / "unet_teach").rglob("*.py")}
    assert {name: lines for name, lines in long.items() if lines > 200} == {}


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "book/start.md"])
def test_every_make_target_that_a_document_names_exists(document):
    named = set(
        re.findall(
            r"`?\bmake ([a-z]+)\b(?= |`|\n)",
            "\n".join(re.findall(r"`[^`]+`|^ {4}.*$", (ROOT / document).read_text(), re.M)),
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
    for line in (ROOT / name).read_text().splitlines():
        assert re.fullmatch(r"#.*|-r [\w./]+|-e \.|[\w.-]+==[\w.]+", line), line


def test_the_site_needs_no_torch():
    assert "torch" not in (ROOT / "book" / "requirements.txt").read_text()


def test_binder_gets_a_python_that_the_package_takes():
    stated = (ROOT / "runtime.txt").read_text().strip().removeprefix("python-")
    assert PROJECT["requires-python"] == f">={stated}"


def test_versions_agree():
    import unet_teach

    assert PROJECT["version"] == unet_teach.__version__
    assert f"version: {PROJECT['version']}" in (ROOT / "CITATION.cff").read_text()
    assert f"unet_teach-{PROJECT['version']}-py3-none-any.whl" in (ROOT / "book" / "start.md").read_text()
