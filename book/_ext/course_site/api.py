"""The reference of the helper package, one page for each of its modules, written from the source before Sphinx reads.

The source is parsed, never imported: the site is built without torch. Docstrings are Markdown with NumPy's headings
(Parameters, Returns, Raises); what they say of chapters becomes a link where the chapter is there.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from docutils.nodes import Element, TextElement  # type: ignore[import-untyped]
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

PACKAGE = "unet_teach"
LEFT_OUT = "exercises"  # the checkers serve the notebooks alone, and would be half of their page
APART = ("course", "recipes")  # whose folders have a page each: one for all would be too large
SECTION = re.compile(r"^(Parameters|Returns|Raises|Attributes|Yields|Examples|References|Notes)\n-{3,}\n", re.MULTILINE)
CHAPTERS = re.compile(r"\b[Cc]hapters? (\d+(?:(?:, | and |, and )\d+)*)")
Definition = ast.FunctionDef | ast.ClassDef


def write_pages(app: Sphinx, config: Config) -> None:
    """Write `book/api/MODULE.md` for every module, and delete pages of modules that have gone."""
    root, folder = Path(app.srcdir), Path(app.srcdir, "book", "api")
    folder.mkdir(exist_ok=True)
    chapters = {path.stem[:2]: path.name for path in (root / "notebooks").glob("*.ipynb")}
    pages = {f"{name}.md": page for name, page in module_pages(root / PACKAGE, chapters)}
    for path in folder.glob("*.md"):
        if path.name not in pages:
            path.unlink()
    for name, page in pages.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != page:  # an untouched page is not built again
            path.write_text(page, encoding="utf-8")


def module_pages(package: Path, chapters: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield (name, Markdown) of each page: a module, a package with what is below it, each folder of one set apart."""
    for path in sorted(package.iterdir()):
        main = path / "__init__.py" if path.is_dir() else path
        name = path.stem
        if main.suffix != ".py" or name.startswith("_") or not main.exists():
            continue
        tree = ast.parse(main.read_text(encoding="utf-8"))
        dotted = f"{PACKAGE}.{name}"
        parts = [f"# {dotted}\n", markdown(ast.get_docstring(tree) or "", chapters)]
        parts += [describe(node, dotted, chapters) for node in public(tree)]
        apart: dict[Path, list[str]] = {}
        for module in sorted(path.rglob("*.py")) if path.is_dir() else []:
            inner = ast.parse(module.read_text(encoding="utf-8"))
            if LEFT_OUT in module.parts or module.stem.startswith("_") or not (definitions := list(public(inner))):
                continue
            where = ".".join((PACKAGE, *module.relative_to(package).with_suffix("").parts))
            folder = path / module.relative_to(path).parts[0]
            page = apart.setdefault(folder, []) if name in APART and folder.is_dir() else parts
            page += [f"## {where.removeprefix(dotted + '.')}\n", markdown(ast.get_docstring(inner) or "", chapters)]
            page += [describe(node, offered_as(node.name, module, package) or where, chapters) for node in definitions]
        yield name, "\n".join(parts)
        for folder, page in apart.items():
            inner = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
            title = f"# {dotted}.{folder.name}\n\n{markdown(ast.get_docstring(inner) or '', chapters)}\n"
            yield f"{name}-{folder.name}", title + "\n".join(page)


def offered_as(name: str, module: Path, package: Path) -> str:
    """Return the outermost folder that offers a module's definition under its own name, dotted; "" if none does."""
    for folder in [f for f in reversed(module.parents) if f.is_relative_to(package) and f != package]:
        if name in names_in_all(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))):
            return ".".join((PACKAGE, *folder.relative_to(package).parts))
    return ""


def public(tree: ast.Module) -> Iterator[Definition]:
    """Yield the functions and classes that are meant for others."""
    for node in tree.body:
        if isinstance(node, Definition) and not node.name.startswith("_") and ast.get_docstring(node):
            yield node


def names_in_all(tree: ast.Module) -> set[str]:
    """Return what a package offers under its own name."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def describe(node: Definition, where: str, chapters: dict[str, str], kind: str = "") -> str:
    """Write one function or class, a class with its methods inside."""
    kind = kind or ("class" if isinstance(node, ast.ClassDef) else "function")
    body = [markdown(ast.get_docstring(node) or "", chapters)]
    if isinstance(node, ast.ClassDef):
        methods = [part for part in node.body if isinstance(part, ast.FunctionDef) and not part.name.startswith("_")]
        body += [describe(m, f"{where}.{node.name}", chapters, "method") for m in methods if ast.get_docstring(m)]
    fence = "```" if kind == "method" else "````"
    return f"{fence}{{py:{kind}}} {where}.{node.name}{signature(node)}\n\n" + "\n".join(body) + f"\n{fence}\n"


def signature(node: Definition) -> str:
    """Return what stands between the name and the colon."""
    if isinstance(node, ast.FunctionDef):
        arguments = node.args
        owner = [*arguments.posonlyargs, *arguments.args][:1]
        if owner and owner[0].arg in ("self", "cls"):
            (arguments.posonlyargs or arguments.args).pop(0)
        returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        return f"({ast.unparse(arguments)}){returns}"
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.name == "__init__":
            part.returns = None
            return signature(part)
    fields = [part for part in node.body if isinstance(part, ast.AnnAssign)]
    return f"({', '.join(field_signature(part) for part in fields)})" if fields else ""


def field_signature(part: ast.AnnAssign) -> str:
    """Write a field of a dataclass or named tuple as the parameter that it is."""
    default = f" = {ast.unparse(part.value)}" if isinstance(part.value, ast.Constant) else " = ..." * bool(part.value)
    return f"{ast.unparse(part.target)}: {ast.unparse(part.annotation)}{default}"


def markdown(docstring: str, chapters: dict[str, str]) -> str:
    """Turn a docstring into Markdown: sections become lists, chapters become links."""
    first, *rest = SECTION.split(docstring)
    parts = [linked(first, chapters)]
    for name, text in zip(rest[::2], rest[1::2], strict=True):
        entries, after = split_entries(name, text)
        parts.append(f"**{name}**\n\n" + "\n".join(linked(entry, chapters) for entry in entries))
        parts.append(linked(after, chapters))
    return "\n\n".join(parts) + "\n"


def split_entries(section: str, text: str) -> tuple[list[str], str]:
    """Return the entries of a section as list items, and the prose that follows after a blank line.

    An entry is `name : what it is`, or for what is raised a name by itself, and goes on in indented lines, of which
    those that look like an entry are one, a level deeper: the fields of what is returned.
    """
    block, _, after = text.partition("\n\n")
    items: list[str] = []
    for line in block.splitlines():
        name, colon, said = (part.strip() for part in line.partition(" : "))
        if line.startswith(" ") and items:
            items[-1] += f"\n  - `{name}`: {said}" if colon else f"\n  {line.strip()}"
        elif colon:
            items.append(f"- `{name}`: {said}")
        else:
            items.append(f"- {line}:" if section == "Raises" else f"- {line}")
    return items, after


def linked(text: str, chapters: dict[str, str]) -> str:
    """Escape what Markdown would take for emphasis, and link chapters; code in backticks stays as it is."""

    def link(match: re.Match[str]) -> str:
        def one(number: re.Match[str]) -> str:
            file = chapters.get(number[0].zfill(2))
            return f"[{number[0]}](../../notebooks/{file})" if file else number[0]

        return re.sub(r"\d+", one, match[0])

    pieces = re.split(r"(`[^`]*`)", text)
    pieces[::2] = [CHAPTERS.sub(link, re.sub(r"([*$<])", r"\\\1", piece)) for piece in pieces[::2]]
    return "".join(pieces)


def other_projects_type(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: TextElement) -> Element | None:
    """Leave types of Python, NumPy and PyTorch unlinked: their pages are on other hosts. Ours must still be found."""
    target = node.get("reftarget", "")
    is_type = node.get("refdomain") == "py" and node.get("reftype") in ("class", "obj", "exc")
    return content if is_type and not target.startswith(PACKAGE) else None


def setup(app: Sphinx) -> None:
    """Write the pages before the table of contents is read, and mind the types in signatures."""
    app.connect("config-inited", write_pages, priority=100)
    app.connect("missing-reference", other_projects_type)
