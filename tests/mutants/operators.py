"""Changes of one expression: operators, comparisons, constants, arguments, slices, names."""

import ast
import copy
from collections.abc import Iterator

ARITHMETIC = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div, ast.Add],
    ast.Div: [ast.Mult, ast.FloorDiv],
    ast.FloorDiv: [ast.Div, ast.Mult],
    ast.Mod: [ast.FloorDiv, ast.Mult],
    ast.Pow: [ast.Mult],
    ast.MatMult: [ast.Mult],
    ast.BitAnd: [ast.BitOr, ast.BitXor],
    ast.BitOr: [ast.BitAnd],
    ast.BitXor: [ast.BitOr],
}
COMPARISONS = {
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq, ast.LtE, ast.GtE],
    ast.NotEq: [ast.Eq],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
}
TWINS = [
    ("min", "max"), ("sum", "mean"), ("any", "all"), ("argmax", "argmin"), ("zeros", "ones"), ("fliplr", "flipud"),
    ("exp", "exp2"), ("log", "log2"), ("sqrt", "abs"), ("var", "std"), ("minimum", "maximum"), ("ReLU", "Sigmoid"),
    ("ReLU", "LeakyReLU"), ("ReLU", "Identity"), ("MaxPool2d", "AvgPool2d"), ("logaddexp", "logaddexp2"),
    ("arccos", "arcsin"), ("degrees", "radians"), ("convolve", "correlate"),
]  # fmt: skip
OTHER_NAMES: dict[str, list[str]] = {}
for one, other in TWINS:
    OTHER_NAMES.setdefault(one, []).append(other)
    OTHER_NAMES.setdefault(other, []).append(one)


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand in the place of a node."""
    for kind, change in CHANGES.items():
        if isinstance(node, kind):
            yield from change(node)


def _with(node: ast.AST, **fields: object) -> ast.AST:
    other = copy.copy(node)
    for field, value in fields.items():
        setattr(other, field, value)
    return other


def _without(things: list, number: int) -> list:
    return things[:number] + things[number + 1 :]


def _neighbours_swapped(things: list) -> Iterator[list]:
    for number in range(len(things) - 1):
        yield [*things[:number], things[number + 1], things[number], *things[number + 2 :]]


def _binary(node: ast.BinOp) -> Iterator[ast.AST]:
    for other in ARITHMETIC.get(type(node.op), []):
        yield _with(node, op=other())
    yield node.left
    yield node.right
    if not isinstance(node.op, ast.Add | ast.Mult | ast.BitAnd | ast.BitOr | ast.BitXor):
        yield _with(node, left=node.right, right=node.left)


def _augmented(node: ast.AugAssign) -> Iterator[ast.AST]:
    for other in ARITHMETIC.get(type(node.op), []):
        yield _with(node, op=other())
    yield ast.Assign([node.target], node.value)


def _comparison(node: ast.Compare) -> Iterator[ast.AST]:
    for number, op in enumerate(node.ops):
        for other in COMPARISONS[type(op)]:
            yield _with(node, ops=[*node.ops[:number], other(), *node.ops[number + 1 :]])


def _boolean(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for number in range(len(node.values)):
        left = _without(node.values, number)
        yield left[0] if len(left) == 1 else _with(node, values=left)


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
        yield _with(node, keywords=_without(node.keywords, number))
    for number in range(len(node.args)):
        if len(node.args) > 1:
            yield _with(node, args=_without(node.args, number))
    for swapped in _neighbours_swapped(node.args):
        yield _with(node, args=swapped)
    if node.args:
        yield node.args[0]
    if isinstance(node.func, ast.Attribute):
        yield node.func.value


def _list(node: ast.List | ast.Tuple) -> Iterator[ast.AST]:
    for swapped in _neighbours_swapped(node.elts):
        yield _with(node, elts=swapped)
    for number in range(len(node.elts)):
        yield _with(node, elts=_without(node.elts, number))


def _slice(node: ast.Slice) -> Iterator[ast.AST]:
    for field in ("lower", "upper"):
        edge = getattr(node, field)
        if edge is not None:
            yield _with(node, **{field: None})
            for op in (ast.Add(), ast.Sub()):
                yield _with(node, **{field: ast.BinOp(edge, op, ast.Constant(1))})
    if node.lower is None:
        yield _with(node, lower=ast.Constant(1))
    if node.upper is None:
        yield _with(node, upper=ast.Constant(-1))
    if node.step is not None:
        yield _with(node, step=None)


def _subscript(node: ast.Subscript) -> Iterator[ast.AST]:
    if isinstance(node.slice, ast.Name):
        for op in (ast.Add(), ast.Sub()):
            yield _with(node, slice=ast.BinOp(node.slice, op, ast.Constant(1)))


def _unary(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


def _either(node: ast.IfExp) -> Iterator[ast.AST]:
    yield node.body
    yield node.orelse
    yield _with(node, body=node.orelse, orelse=node.body)


def _comprehension(node: ast.GeneratorExp | ast.ListComp) -> Iterator[ast.AST]:
    for number, part in enumerate(node.generators):
        if part.ifs:
            yield _with(node, generators=[*_without(node.generators, number), _with(part, ifs=[])])


def _name(node: ast.Name | ast.Attribute) -> Iterator[ast.AST]:
    field = "id" if isinstance(node, ast.Name) else "attr"
    for other in OTHER_NAMES.get(getattr(node, field), []):
        yield _with(node, **{field: other})


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
