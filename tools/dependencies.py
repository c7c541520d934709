"""On which modules of ours does a module stand? Read from the import statements, without running any."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]


def source(module: str, root: Path = ROOT) -> Path | None:
    """Find the file of a module, or of a folder of modules, if it is one of ours."""
    path = root.joinpath(*module.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


@cache
def imports(file: Path) -> list[tuple[str, str | None, str]]:
    """List what a file imports, wherever in it: module, name if one is taken from it, what it is called here."""
    found: list[tuple[str, str | None, str]] = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, None, alias.asname or alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [(node.module, alias.name, alias.asname or alias.name) for alias in node.names]
    return found


def home(module: str, name: str | None, root: Path = ROOT) -> str:
    """Follow a name through the folders that re-export it, to the module in which it is written."""
    if name is not None:
        if source(f"{module}.{name}", root):
            return f"{module}.{name}"
        file = source(module, root)
        for there, original, here in imports(file) if file else ():
            if here == name and source(there, root):
                return home(there, original, root)
    return module


def closure(module: str, root: Path = ROOT) -> set[str]:
    """Collect a module and all modules of ours that it stands on, directly or not."""
    found: set[str] = set()
    todo = {module}
    while todo:
        here = todo.pop()
        if (file := source(here, root)) and here not in found:
            found.add(here)
            todo |= {home(there, name, root) for there, name, _ in imports(file)}
    return found


def bare(code: str) -> str:
    """Write code without its comments and docstrings: those change no result."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)
