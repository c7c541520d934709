"""Rules that every notebook keeps: form, alt text, size, claims, and code that is the package's own."""

import ast
import base64
import builtins
import dis
import importlib
import inspect
import io
import json
import pkgutil
import re
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import CodeType

import nbformat
import pytest
from PIL import Image

import unet_teach

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import reading_time

from notebooks import CARD, LONG

ROOT = Path(__file__).parents[1]
PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
BOOKS = {path.stem: nbformat.read(path, as_version=4) for path in PATHS}
pytestmark = [pytest.mark.notebooks, pytest.mark.parametrize("name", BOOKS)]

SECTIONS = ["Afterwards you will be able to", "## What you learned", "## Questions", "## Further reading"]


def code_cells(name):
    return [cell for cell in BOOKS[name].cells if cell.cell_type == "code"]


def prose(name):
    return "\n\n".join(cell.source for cell in BOOKS[name].cells if cell.cell_type == "markdown")


def tags(cell):
    return set(cell.metadata.get("tags", []))


def outputs(name):
    return [(cell, output) for cell in code_cells(name) for output in cell.outputs]


def calls(source, function):
    """Every call of a function, by its name or as an attribute of a module."""
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", None)) == function
    ]


def test_there_is_one_title_and_it_asks_a_question(name):
    titles = re.findall(r"^# (.*)", prose(name), re.MULTILINE)
    assert len(titles) == 1
    assert titles[0].endswith("?")
    assert re.fullmatch(r"\d\d-[a-z-]+", name)


def test_the_sections_of_a_chapter_come_in_order(name):
    places = [prose(name).find(section) for section in SECTIONS]
    assert -1 not in places, f"missing: {SECTIONS[places.index(-1)]}"
    assert places == sorted(places)
    goals = re.search(r"will be able to\*\*\n\n((?:- .*\n)+)", prose(name))
    assert goals, "list what the reader will be able to do"
    assert 3 <= goals[1].count("- ") <= 5
    assert re.search(r"\d+ minutes to read.*seconds", prose(name), re.DOTALL)


def test_a_chapter_is_one_sitting_and_says_how_long_it_takes(name):
    minutes = reading_time.stated(ROOT / "notebooks" / f"{name}.ipynb")
    assert int(re.search(r"About (\d+) minutes to read", prose(name))[1]) == minutes, (
        "tools/reading_time.py computes it"
    )
    assert minutes <= reading_time.ONE_SITTING


def test_the_first_code_cell_is_the_setup_cell_of_all_chapters(name):
    assert code_cells(name)[0].source == code_cells(next(iter(BOOKS)))[0].source
    assert "unet_teach" in code_cells(name)[0].source


def test_headings_do_not_skip_a_level(name):
    levels = [len(marks) for marks in re.findall(r"^(#+) ", prose(name), re.MULTILINE)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_colab_is_asked_for_a_graphics_card_by_long_notebooks_alone(name):
    rows = (ROOT / "book" / "run-times.tsv").read_text(encoding="utf-8").splitlines()
    seconds = {row.split("\t")[0]: float(row.split("\t")[1]) for row in rows[1:]}[name]
    card = {key: BOOKS[name].metadata.get(key) for key in CARD}
    assert card == (CARD if seconds >= LONG else dict.fromkeys(CARD))


def test_outputs_are_stored_in_normal_form(name):
    cells = code_cells(name)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert len({cell.id for cell in BOOKS[name].cells}) == len(BOOKS[name].cells)
    assert "widgets" not in BOOKS[name].metadata
    for cell, output in outputs(name):
        assert output.output_type != "error", cell.id
        assert output.get("name") != "stderr", cell.id
        text = output.get("text", "") + json.dumps(output.get("data", {}).get("text/plain", ""))
        assert not re.search(r"\b0x[0-9a-f]{6,}", text), f"{cell.id} prints a memory address"
        assert "STAND-IN" not in text, f"{cell.id} ran on stand-in data"
        assert "not examined" not in text, cell.id


def test_what_it_takes_to_run_was_measured(name):
    measured = (ROOT / "book" / "run-times.tsv").read_text(encoding="utf-8")
    assert re.search(rf"^{name}\t", measured, re.M), f"run `make notebooks NB={name[:2]}`, which measures it"


def test_no_cell_escapes_the_comparison(name):
    for cell in code_cells(name):
        assert tags(cell) <= {"hide-input", "hide-cell", "nbval-ignore-output"}, cell.id
        assert not re.search(r"^\s*#\s*(NBVAL|PYTEST_VALIDATE)_", cell.source, re.M), f"{cell.id}: tags, not comments"


def test_a_fold_that_is_no_solution_says_what_it_holds(name):
    for cell in code_cells(name):
        if tags(cell) & {"hide-input", "hide-cell"} and "Solution to exercise" not in cell.source:
            assert cell.metadata.get("mystnb", {}).get("code_prompt_show"), f"{cell.id} would say: Show the solution"


def test_every_figure_has_alt_text_of_its_own(name):
    seen = set()
    for cell in code_cells(name):
        pictures = [output for output in cell.outputs if "image/png" in output.get("data", {})]
        assert len(pictures) <= 1, f"{cell.id} shows {len(pictures)} figures: one a cell"
        alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        assert bool(alt) == bool(pictures), f"{cell.id}: a figure needs alt text, and only a figure"
        if pictures:
            assert len(alt) >= 60, f"{cell.id}: say what there is to see"
            assert alt not in seen
            seen.add(alt)


def test_every_figure_has_a_caption_that_is_not_its_alt_text(name):
    for cell in code_cells(name):
        shown = [kind for output in cell.outputs for kind in output.get("data", {})]
        drawing = any("<svg" in "".join(output.get("data", {}).get("text/html", "")) for output in cell.outputs)
        caption = cell.metadata.get("mystnb", {}).get("figure", {}).get("caption", "")
        if "image/png" in shown or (drawing and not cell.id.startswith("draw-")):  # those are canvases to draw on
            assert 10 <= len(caption.split()) <= 60, f"{cell.id}: a caption says what is shown and how to read it"
            assert caption.rstrip("*)").endswith((".", "?")), cell.id
            assert caption != cell.metadata["mystnb"].get("image", {}).get("alt"), cell.id


def test_svg_drawings_have_a_role_and_a_title(name):
    for cell, output in outputs(name):
        assert "image/svg+xml" not in output.get("data", {}), f"{cell.id}: show SVG inline, as HTML"
        for drawing in re.findall(r"<svg.*?</svg>", "".join(output.get("data", {}).get("text/html", "")), re.DOTALL):
            assert 'role="img"' in drawing, cell.id
            assert "<title>" in drawing, cell.id


def test_there_are_at_least_four_figures_of_readable_and_modest_size(name):
    pictures = [output.data["image/png"] for _, output in outputs(name) if "image/png" in output.get("data", {})]
    assert len(pictures) >= 4
    for picture in pictures:
        raw = base64.b64decode(picture)
        assert len(raw) < 450_000
        assert 750 <= Image.open(io.BytesIO(raw)).width <= 1450


def test_the_file_is_at_most_a_megabyte_and_a_half(name):
    assert (ROOT / "notebooks" / f"{name}.ipynb").stat().st_size <= 1_500_000


def test_claims_are_at_least_three_with_literal_bounds(name):
    found = 0
    for cell in code_cells(name):
        for call in calls(cell.source, "claim"):
            found += 1
            assert isinstance(call.args[0], ast.Constant), f"{cell.id}: a claim's name is a literal"
            assert call.keywords, f"{cell.id}: a claim has a bound"
            for bound in call.keywords:
                assert isinstance(ast.literal_eval(bound.value), int | float), cell.id
            assert "nbval-ignore-output" not in tags(cell) or not cell.outputs, f"{cell.id}: a claim is compared"
    assert found >= 3


def test_exercises_have_an_answer_a_checker_and_a_folded_executed_solution(name):
    cells = code_cells(name)
    solutions = [cell for cell in cells if "Solution to exercise" in cell.source]
    headings = re.findall(r"^### Exercise (\d+)", prose(name), re.MULTILINE)
    assert len(headings) >= 4
    assert [re.search(r"Solution to exercise (\d+)", cell.source)[1] for cell in solutions] == headings
    for number, cell in zip(headings, solutions, strict=True):
        assert tags(cell) == {"hide-cell"}, cell.id
        assert cell.metadata.get("cellView") == "form", cell.id
        assert cell.metadata.get("jupyter") == {"source_hidden": True, "outputs_hidden": True}, cell.id
        assert cell.source.startswith("# @title Solution"), cell.id
        assert f"Exercise {number}: correct." in json.dumps(cell.outputs), cell.id
        before = cells[cells.index(cell) - 1]
        assert "check." in before.source, before.id
        assert f"Exercise {number}: not answered yet." in json.dumps(before.outputs), before.id


def bound_and_needed(source):
    """The names that a cell binds at its top, and those that it needs from cells before, in its functions too."""
    bound, needed, later = set(), set(), []
    for step in dis.get_instructions(compile(source, "cell", "exec")):
        if step.opname == "STORE_NAME":
            bound.add(step.argval)
        elif step.opname == "LOAD_NAME" and step.argval not in bound:
            needed.add(step.argval)
        elif isinstance(step.argval, CodeType):
            later.append(step.argval)
    while later:  # the bodies of functions and classes run when the cell's own names are there
        steps = list(dis.get_instructions(later.pop()))
        own = bound | {step.argval for step in steps if step.opname == "STORE_NAME"}  # of a class
        needed |= {s.argval for s in steps if s.opname in ("LOAD_NAME", "LOAD_GLOBAL") and s.argval not in own}
        later += [step.argval for step in steps if isinstance(step.argval, CodeType)]
    return bound, needed - set(dir(builtins))


def only_folded(cells):
    """Every name that an open cell needs and that, so far, only folded cells define, in words."""
    there, folded, missing = set(), {}, []
    for cell in cells:
        bound, needed = bound_and_needed(cell.source)
        if "hide-cell" in tags(cell):
            folded |= dict.fromkeys(bound, cell.id)
        else:
            lost = sorted((needed - there) & folded.keys())
            missing += [f"{cell.id} needs {lacking}, which only the fold {folded[lacking]} defines" for lacking in lost]
            there |= bound
    return missing


def test_no_open_cell_needs_a_name_that_only_a_fold_defines(name):
    assert not only_folded(code_cells(name)), "\n".join(only_folded(code_cells(name)))


def test_a_definition_that_went_into_a_fold_would_be_seen(name):
    """In each notebook: the imports folded, which every chapter needs."""
    cells = [nbformat.from_dict(cell) for cell in code_cells(name)]
    cells[1].metadata["tags"] = ["hide-cell"]
    assert any(f"needs claim, which only the fold {cells[1].id}" in words for words in only_folded(cells))


def test_prose_is_commonmark_with_plain_summaries(name):
    assert not re.search(r"^:::|^```\{|\{[a-z]+\}`", prose(name), re.MULTILINE), "MyST is shown raw in Colab"
    for summary in re.findall(r"<summary>(.*?)</summary>", prose(name), re.DOTALL):
        assert "$" not in summary, "maths in a summary stays literal"
    assert prose(name).count("<details>") == prose(name).count("</details>") >= 4
    assert not re.search(r"\b[Ss]imply\b", prose(name))
    sentences = re.sub(r"\$.*?\$|`.*?`|!\[", "", prose(name), flags=re.DOTALL)
    assert "!" not in sentences


def test_no_cell_asks_another_host_for_anything(name):
    for cell in code_cells(name)[1:]:
        assert not re.search(r"https?://|urlopen|urlretrieve|requests\.|hub\.load|pooch|[!%]pip", cell.source), cell.id
    for cell, output in outputs(name):
        html = "".join(output.get("data", {}).get("text/html", ""))
        assert not re.search(r"(https?:)?//\w", html.replace("http://www.w3.org/2000/svg", "")), cell.id
    assert not re.search(r"!\[[^\]]*\]\((https?:)?//|!\[\]\(", prose(name)), "a foreign picture, or one without words"


def test_links_lead_somewhere(name):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(name)):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        page = (ROOT / "notebooks" / path).resolve()
        assert page.is_file(), target
        if anchor:
            text = page.read_text(encoding="utf-8")
            slugs = {
                re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-")
                for h in re.findall(r"^#+ (.*)", text, re.M)
            }
            if page.name == "references.md":  # its anchors are the entries of the bibliography
                slugs |= set(re.findall(r"^@\w+\{(\w+),", page.with_suffix(".bib").read_text(encoding="utf-8"), re.M))
            assert anchor in slugs or f"({anchor})=" in text, target


@cache
def package_definitions():
    """Every public function and class of the package, by name: a block may stand in several architectures."""
    found = {}
    for module in pkgutil.walk_packages(unet_teach.__path__, "unet_teach."):
        if module.name.endswith("__main__") or ".exercises" in module.name:
            continue
        for node in ast.parse(inspect.getsource(importlib.import_module(module.name))).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(node)
    return found


def bare(definition):
    """The definition without docstrings, annotations and what refuses wrong types before it runs, as text."""
    definition = ast.parse(ast.unparse(definition)).body[0]
    for node in ast.walk(definition):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            node.decorator_list = [d for d in node.decorator_list if not ast.unparse(d).startswith("prepared(")]
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:]
            if isinstance(node, ast.FunctionDef):
                node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(definition)


def test_code_that_the_package_also_holds_is_the_same(name):
    package = package_definitions()
    for cell in code_cells(name):
        for node in ast.parse(cell.source).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in package:
                originals = [bare(original) for original in package[node.name]]
                assert bare(node) in originals, f"{cell.id}: {node.name} differs from the package's"


def test_a_difference_from_the_package_would_be_seen(name):
    """In each notebook: every definition that the package holds too, with one comparison or operator changed."""
    package = package_definitions()
    for cell in code_cells(name):
        for node in ast.parse(cell.source).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in package:
                source = ast.unparse(node)
                for was, becomes in ((" - ", " + "), (" == ", " != "), ("return ", "return 1 * ")):
                    changed = source.replace(was, becomes, 1)
                    originals = [bare(original) for original in package[node.name]]
                    assert changed == source or bare(ast.parse(changed).body[0]) not in originals, (cell.id, was)
