"""Changes of what holds several lines: a statement left out, a branch taken always or never, an argument ignored."""

import ast
import copy
from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand in the place of a node that holds statements."""
    if isinstance(node, ast.If | ast.While):
        yield from _branch(node)
    if isinstance(node, ast.For):
        yield _body(node, [*node.body, ast.Break()])
    if isinstance(node, ast.If | ast.For | ast.While | ast.With | Function):
        yield from _a_statement_left_out(node)
    if isinstance(node, Function):
        yield from _an_argument_ignored(node)
        if node.name != "__init__" and ("nn." in ast.unparse(node) or node.name == "forward"):
            yield from _nothing_to_learn(node)


def _body(node: ast.AST, body: list[ast.stmt]) -> ast.AST:
    other = copy.copy(node)
    other.body = body
    return other


def _branch(node: ast.If | ast.While) -> Iterator[ast.AST]:
    tests = (
        [ast.Constant(False)] + [ast.Constant(True)] * isinstance(node, ast.If) + [ast.UnaryOp(ast.Not(), node.test)]
    )
    for test in tests:
        other = copy.copy(node)
        other.test = test
        yield other


def _a_statement_left_out(node: ast.AST) -> Iterator[ast.AST]:
    for number, statement in enumerate(node.body):
        if not isinstance(statement, ast.Return | ast.FunctionDef | ast.If):
            yield _body(node, [*node.body[:number], *node.body[number + 1 :]] or [ast.Pass()])


def _an_argument_ignored(node: Function) -> Iterator[ast.AST]:
    """Take each argument from the first call for ever, or put the default, 1 or 2 in its place."""
    names = [argument.arg for argument in node.args.args if argument.arg != "self"]
    defaults = dict(zip(reversed(names), reversed(node.args.defaults), strict=False))
    for name in names:
        lines = [f"{name} = always_the_first('{node.name}.{name}', {name})", f"{name} = 1", f"{name} = 2"]
        if name in defaults:
            lines.append(f"{name} = {ast.unparse(defaults[name])}")
        for line in lines:
            yield _body(node, [*ast.parse(line).body, *node.body])


def _nothing_to_learn(node: Function) -> Iterator[ast.AST]:
    """Cut a network's result from its gradient."""
    yield _body(node, [ast.With([ast.withitem(ast.parse("torch.no_grad()", mode="eval").body)], node.body)])
    for number, statement in enumerate(node.body):
        if isinstance(statement, ast.Return):
            detached = ast.Return(ast.parse(f"({ast.unparse(statement.value)}).detach()", mode="eval").body)
            yield _body(node, [*node.body[:number], detached, *node.body[number + 1 :]])
        if isinstance(statement, ast.Assign) and node.name == "forward":
            target = ast.unparse(statement.targets[0])
            cut = ast.parse(f"{target} = {target}.detach()").body
            yield _body(node, [*node.body[: number + 1], *cut, *node.body[number + 1 :]])
