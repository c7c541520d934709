"""What is taken for what: operators, comparisons, and names that are easily confused."""

import ast

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
