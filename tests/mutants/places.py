"""Places in a syntax tree: walk them, change one, and say what was changed."""

import ast
import copy
import difflib
from collections.abc import Iterator
from dataclasses import dataclass

Path = tuple[tuple[str, int | None], ...]  # from the root: the field, and the number in it where it is a list

BLOCKS = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.With)


@dataclass(frozen=True)
class Mutant:
    """A changed program: its line, what stood there and what stands there now."""

    line: int
    before: str
    after: str
    source: str

    @property
    def name(self) -> str:
        return f"`{self.before}` -> `{self.after}`"


def walk(node: ast.AST, path: Path = ()) -> Iterator[tuple[ast.AST, Path]]:
    """Yield every node with the path that leads to it, the outer ones first."""
    yield node, path
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield from walk(value, (*path, (field, None)))
        elif isinstance(value, list):
            for number, part in enumerate(value):
                if isinstance(part, ast.AST):
                    yield from walk(part, (*path, (field, number)))


def at(tree: ast.AST, path: Path) -> ast.AST:
    """Return the node that a path leads to."""
    for field, number in path:
        tree = getattr(tree, field) if number is None else getattr(tree, field)[number]
    return tree


def put(tree: ast.Module, path: Path, new: ast.AST) -> ast.Module:
    """Return a copy of the tree with another node in one place."""
    tree = copy.deepcopy(tree)
    (field, number), parent = path[-1], at(tree, path[:-1])
    if number is None:
        setattr(parent, field, new)
    else:
        getattr(parent, field)[number] = new
    return ast.fix_missing_locations(tree)


def mutant(tree: ast.Module, path: Path, new: ast.AST) -> Mutant:
    """Put a node into one place of a program; show the expression around it, or the lines that differ."""
    changed = put(tree, path, new)
    around = [at(tree, path[:end]) for end in range(len(path), 0, -1)]
    line = next(node.lineno for node in around if hasattr(node, "lineno"))
    shown = _enough_to_see(tree, path)
    if isinstance(new, ast.stmt) or isinstance(at(tree, shown), BLOCKS):
        before, after = _lines_that_differ(ast.unparse(tree), ast.unparse(changed))
    else:
        before, after = (ast.unparse(at(program, shown)) for program in (tree, changed))
    return Mutant(line, before, after, ast.unparse(changed))


def _enough_to_see(tree: ast.Module, path: Path) -> Path:
    """Return the path to the smallest expression around a place that is worth reading and stands there once."""
    whole = ast.unparse(tree)
    for end in range(len(path), 0, -1):
        node = at(tree, path[:end])
        text = ast.unparse(node)
        if isinstance(node, ast.stmt) or (isinstance(node, ast.expr) and len(text) > 12 and whole.count(text) == 1):
            return path[:end]
    raise ValueError("no statement holds this place")


def _lines_that_differ(before: str, after: str) -> tuple[str, str]:
    changes = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "-+"]
    first = {sign: next((line[2:].strip() for line in changes if line[0] == sign), "") for sign in "-+"}
    return first["-"], first["+"]


def with_(node: ast.AST, **fields: object) -> ast.AST:
    """Return a copy of a node with other fields."""
    other = copy.copy(node)
    for field, value in fields.items():
        setattr(other, field, value)
    return other


def without(things: list, number: int) -> list:
    """Return a list without one of its things."""
    return things[:number] + things[number + 1 :]


def neighbours_swapped(things: list) -> Iterator[list]:
    """Yield the list with two neighbours swapped, for each two."""
    for number in range(len(things) - 1):
        yield [*things[:number], things[number + 1], things[number], *things[number + 2 :]]
