"""What a notebook prints in the cells that nbval compares: `make claims` looks whether it is the same elsewhere.

A figure rounded for print may still differ between processors: an eigenvalue that is zero but for rounding was -0. on
one and 0. on the next. Claims do not see that, for they print no figure.
"""

from itertools import zip_longest

from nbformat import NotebookNode

FREE = {"nbval-ignore-output", "nbval-skip"}


def printed(cell: NotebookNode) -> list[str]:
    """Return the lines that a cell printed, and what its last line was worth, as text."""
    texts = []
    for output in cell.get("outputs", []):
        if output.output_type == "stream" and output.name == "stdout":
            texts.append(output.text)
        elif output.output_type == "execute_result":
            texts.append(output.data.get("text/plain", ""))
    return "".join(texts).splitlines()


def differences(stored: NotebookNode, run: NotebookNode) -> list[str]:
    """Return a line for each printed line that differs from the stored one, with the name of its cell."""
    found = []
    for before, after in zip(stored.cells, run.cells, strict=True):
        if before.cell_type == "code" and not FREE & set(before.metadata.get("tags", [])):
            for old, new in zip_longest(printed(before), printed(after), fillvalue="nothing"):
                if old != new:
                    found.append(f"cell {before.id}: {new.strip()!r}, stored {old.strip()!r}")
    return found
