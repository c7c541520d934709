"""Find a notebook's solutions, and for each no more of the earlier cells than it needs."""

import ast
import dis
import json
import re
from dataclasses import dataclass
from pathlib import Path
from types import CodeType


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


def needed(tree: ast.Module, earlier: list[ast.stmt]) -> ast.Module:
    """Return those earlier statements that a program needs, and what these need in their turn."""
    wanted = read(tree) - set().union(*(bound(statement) for statement in tree.body))
    chosen = []
    for statement in reversed(earlier):
        if (bound(statement) | changed(statement)) & wanted:
            chosen.append(statement)
            wanted -= bound(statement)  # bound anew here: what stands further up does not count
            wanted |= read(ast.Module([statement], []))
    return ast.Module(chosen[::-1], [])


def read(tree: ast.Module) -> set[str]:
    """Every name that a program reads from outside its functions: their own variables do not count."""
    found, codes = set(), [compile(tree, "cell", "exec")]
    for code in codes:
        found |= {step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_NAME", "LOAD_GLOBAL")}
        codes += [part for part in code.co_consts if isinstance(part, CodeType)]
    return found


def bound(statement: ast.stmt) -> set[str]:
    """Every name that a statement defines, imports or assigns, whatever it held before."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(name.asname or name.name).split(".")[0] for name in statement.names}
    if isinstance(statement, ast.Assign):
        parts = [part for target in statement.targets for part in getattr(target, "elts", [target])]
        return {part.id for part in parts if isinstance(part, ast.Name)}
    return set()


def changed(statement: ast.stmt) -> set[str]:
    """Every name that a statement assigns somewhere inside, as a loop does, or whose parts it assigns."""
    code = compile(ast.Module([statement], []), "cell", "exec")
    names = {step.argval for step in dis.get_instructions(code) if step.opname == "STORE_NAME"}
    for node in ast.walk(statement):
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            whole = node.value
            while isinstance(whole, ast.Subscript | ast.Attribute):
                whole = whole.value
            names |= {whole.id} if isinstance(whole, ast.Name) else set()
    return names
