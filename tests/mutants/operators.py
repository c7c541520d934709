"""Changes of one expression: operators, comparisons, constants, arguments, slices, names."""

import ast
from collections.abc import Iterator

from mutants.places import neighbours_swapped, with_, without
from mutants.swaps import ARITHMETIC, COMPARISONS, OTHER_NAMES


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand in the place of a node."""
    for kind, change in CHANGES.items():
        if isinstance(node, kind):
            yield from change(node)


def _binary(node: ast.BinOp) -> Iterator[ast.AST]:
    for other in ARITHMETIC.get(type(node.op), []):
        yield with_(node, op=other())
    yield node.left
    yield node.right
    if not isinstance(node.op, ast.Add | ast.Mult | ast.BitAnd | ast.BitOr | ast.BitXor):
        yield with_(node, left=node.right, right=node.left)


def _augmented(node: ast.AugAssign) -> Iterator[ast.AST]:
    for other in ARITHMETIC.get(type(node.op), []):
        yield with_(node, op=other())
    yield ast.Assign([node.target], node.value)


def _comparison(node: ast.Compare) -> Iterator[ast.AST]:
    for number, op in enumerate(node.ops):
        for other in COMPARISONS[type(op)]:
            yield with_(node, ops=[*node.ops[:number], other(), *node.ops[number + 1 :]])


def _boolean(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield with_(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for number in range(len(node.values)):
        left = without(node.values, number)
        yield left[0] if len(left) == 1 else with_(node, values=left)


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        others: list[object] = [not value]
    elif isinstance(value, int):
        others = [value + 1, value - 1, 0, -value]
    elif isinstance(value, float):
        others = [float(f"{value * factor:.4g}") for factor in (1.1, 0.9, 0, -1)]
    else:
        others = []
    for other in others:
        if other != value:
            yield ast.Constant(other)


def _call(node: ast.Call) -> Iterator[ast.AST]:
    for number in range(len(node.keywords)):
        yield with_(node, keywords=without(node.keywords, number))
    for number in range(len(node.args)):
        if len(node.args) > 1:
            yield with_(node, args=without(node.args, number))
    for swapped in neighbours_swapped(node.args):
        yield with_(node, args=swapped)
    if node.args:
        yield node.args[0]
    if isinstance(node.func, ast.Attribute):
        yield node.func.value


def _list(node: ast.List | ast.Tuple) -> Iterator[ast.AST]:
    axes = isinstance(node, ast.Tuple) and all(isinstance(part, ast.Constant) for part in node.elts)
    for swapped in [] if axes else neighbours_swapped(node.elts):  # axes have no order
        yield with_(node, elts=swapped)
    for number in range(len(node.elts)):
        yield with_(node, elts=without(node.elts, number))
        if isinstance(node, ast.List) and not isinstance(node.elts[number], ast.Constant):  # a skip, say
            zeroed = ast.BinOp(ast.Constant(0), ast.Mult(), node.elts[number])
            yield with_(node, elts=[*node.elts[:number], zeroed, *node.elts[number + 1 :]])


def _slice(node: ast.Slice) -> Iterator[ast.AST]:
    for field in ("lower", "upper"):
        edge = getattr(node, field)
        if edge is not None:
            yield with_(node, **{field: None})
            for op in (ast.Add(), ast.Sub()):
                yield with_(node, **{field: ast.BinOp(edge, op, ast.Constant(1))})
    if node.lower is None:
        yield with_(node, lower=ast.Constant(1))
    if node.upper is None:
        yield with_(node, upper=ast.Constant(-1))
    if node.step is not None:
        yield with_(node, step=None)


def _subscript(node: ast.Subscript) -> Iterator[ast.AST]:
    if isinstance(node.slice, ast.Name):
        for op in (ast.Add(), ast.Sub()):
            yield with_(node, slice=ast.BinOp(node.slice, op, ast.Constant(1)))


def _unary(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


def _either(node: ast.IfExp) -> Iterator[ast.AST]:
    yield node.body
    yield node.orelse
    yield with_(node, body=node.orelse, orelse=node.body)


def _comprehension(node: ast.GeneratorExp | ast.ListComp) -> Iterator[ast.AST]:
    for number, part in enumerate(node.generators):
        if part.ifs:
            yield with_(node, generators=[*without(node.generators, number), with_(part, ifs=[])])


def _name(node: ast.Name | ast.Attribute) -> Iterator[ast.AST]:
    field = "id" if isinstance(node, ast.Name) else "attr"
    for other in OTHER_NAMES.get(getattr(node, field), []):
        yield with_(node, **{field: other})


CHANGES = {
    ast.BinOp: _binary,
    ast.AugAssign: _augmented,
    ast.Compare: _comparison,
    ast.BoolOp: _boolean,
    ast.Constant: _constant,
    ast.Call: _call,
    ast.List | ast.Tuple: _list,
    ast.Slice: _slice,
    ast.Subscript: _subscript,
    ast.UnaryOp: _unary,
    ast.IfExp: _either,
    ast.GeneratorExp | ast.ListComp: _comprehension,
    ast.Name | ast.Attribute: _name,
}
