"""What of a cell's code is read: its end, which only draws a figure or checks claims, folds on the site."""

import ast

DRAWS = ("plt", "ax", "axes", "figure", "number_grids", "claim")  # names that such a statement starts from, or assigns
DRAWS_BY_PREFIX = ("show_", "draw_")


def split(source: str) -> tuple[str, str]:
    """Part a cell's source into what is read and what folds; either may be empty.

    The fold is the run of last statements that draw or claim (calls, assignments to axes, loops over axes), and
    whatever follows on `plt.subplots` unless something is printed there.
    """
    try:
        statements = ast.parse(source).body
    except SyntaxError:  # a magic or a shell line: nothing of the course's
        return source, ""
    first = len(statements)
    while first and _draws(statements[first - 1]):
        first -= 1
    for place, statement in enumerate(statements[:first]):
        if _calls(statement, "subplots") and not any(_calls(later, "print") for later in statements[place:]):
            first = place
            break
    if first == len(statements):
        return source, ""
    lines = source.splitlines()
    start = statements[first].lineno - 1
    while start and lines[start - 1].lstrip().startswith("#"):  # a remark belongs to what stands below it
        start -= 1
    return "\n".join(lines[:start]).rstrip(), "\n".join(lines[start:]).strip("\n")


def _draws(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=function)):
            return _is_drawing(_root(function))
        case ast.Assign(targets=[ast.Tuple(elts=names)]) | ast.Assign(targets=[*names]):
            return any(_is_drawing(_root(name)) for name in names)
        case ast.For(body=body) | ast.If(body=body) | ast.With(body=body):
            return any(_draws(inner) for inner in body)
    return False


def _calls(statement: ast.stmt, function: str) -> bool:
    names = (
        getattr(node.func, "id", getattr(node.func, "attr", ""))
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
    )
    return not isinstance(statement, ast.FunctionDef) and function in names


def _root(node: ast.expr) -> str:
    """Find the name that an expression starts from: `axes[0, 0].legend` -> axes."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Starred):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_drawing(name: str) -> bool:
    return name in DRAWS or name.startswith(DRAWS_BY_PREFIX)
