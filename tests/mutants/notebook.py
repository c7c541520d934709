"""Find a notebook's solutions, and for each no more of the earlier cells than it needs."""

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Solution:
    """A solution cell, and the earlier statements whose names it uses."""

    exercise: str
    tree: ast.Module
    needs: ast.Module

    @property
    def alias(self) -> str:
        """The name under which the notebook imports its checkers: `check`."""
        return self.tree.body[-1].value.func.value.id


def solutions(path: Path) -> list[Solution]:
    """Return the solutions of a notebook in order."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    earlier: list[ast.stmt] = []
    found = []
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse(re.sub(r"(?m)^[%!].*", "", source))
        title = re.match(r"# @title Solution to exercise (\d+)", source)
        if title:
            found.append(Solution(f"Exercise {title[1]}", tree, needed(tree, earlier)))
        earlier += tree.body
    return found


def needed(tree: ast.AST, earlier: list[ast.stmt]) -> ast.Module:
    """Return those earlier statements that a program needs, and what these need in their turn."""
    wanted, chosen = used(tree), []
    for statement in reversed(earlier):
        bound = made(statement)
        if bound & wanted:
            chosen.append(statement)
            if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom | ast.Assign):
                wanted -= bound  # made anew here: what stands further up does not count
            wanted |= used(statement)
    return ast.Module(chosen[::-1], [])


def used(tree: ast.AST) -> set[str]:
    """Every name that is read."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def made(statement: ast.stmt) -> set[str]:
    """Every name that a statement binds, or changes from the outside."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(name.asname or name.name).split(".")[0] for name in statement.names}
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
