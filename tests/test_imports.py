"""The layers of the package: who may import whom, read from the source. Nothing imports `course`."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "unet_teach"
# From the bottom up; a folder may import from those below it, and from itself.
LAYERS = [
    {"_checks"},  # what is asked of numbers and arrays everywhere; nobody's business outside
    {"data", "transforms", "models", "losses", "metrics", "classical", "train"},
    {"predict", "draw"},
    {"nnunet"},
    {"recipes"},
    {"clinic"},
    {"course"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}


def part_of(path):
    """The entry of the package's root that a file belongs to: "metrics", "losses" ..."""
    return path.relative_to(ROOT).with_suffix("").parts[0]


def imported(tree):
    """The entries of the package's root that a module imports, wherever in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, so that they can be read here"
            package, *inner = (node.module or "").split(".")
            if package == "unet_teach":
                yield from [inner[0]] if inner else [alias.name for alias in node.names]
        if isinstance(node, ast.Import):
            yield from [alias.name.split(".")[1] for alias in node.names if alias.name.startswith("unet_teach.")]


def forbidden(part, others):
    """What of these a part must not import: what stands above it or, unless it is itself, beside it."""
    return {other for other in others if other != part and LEVEL[other] >= LEVEL[part]}


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_downwards(path):
    if path.parent == ROOT and path.stem.startswith("__"):
        assert set(imported(ast.parse(path.read_text(encoding="utf-8")))) <= {"clinic", "recipes", "predict", "data"}
        return
    found = set(imported(ast.parse(path.read_text(encoding="utf-8"))))
    assert found <= set(LEVEL), f"the design has no entry {found - set(LEVEL)}"
    assert not forbidden(part_of(path), found)


def test_the_root_holds_what_the_design_names():
    entries = {path.stem for path in ROOT.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert {name for name in entries if not name.startswith("__")} <= set(LEVEL)
    assert 10 <= len([name for name in entries if not name.startswith("_")]) <= 13  # "about a dozen"


def test_an_arrow_that_points_up_would_be_seen():
    tree = ast.parse("def f():\n    from unet_teach.course.claims import claim\n    from unet_teach import recipes\n")
    assert set(imported(tree)) == {"course", "recipes"}
    assert forbidden("metrics", {"metrics", "losses", "course"}) == {"losses", "course"}
    assert forbidden("recipes", {"draw", "data", "clinic"}) == {"clinic"}
    assert forbidden("course", {"recipes", "course"}) == set()
