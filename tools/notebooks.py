"""Re-run notebooks in place and store their outputs in one normal form.

`make notebooks NB=01` runs every notebook whose name starts with 01, in its own folder, on one thread. A notebook is
written only when every cell ran, nothing went to stderr and every data set was the real one; otherwise the file
stays as it was and the message says why. Two runs on one machine give the same file, but for cells tagged
nbval-ignore-output.
"""

import base64
import hashlib
import io
import sys
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from appetite import Appetite
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from PIL import Image, ImageChops

ROOT = Path(__file__).parents[1]
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
KEPT_CELL_METADATA = ("all_colours", "cellView", "jupyter", "mystnb", "tags", "touch", "touch_with")
LOST_COLOUR = 24  # how far a stored pixel may be from its colour, of 255
BUDGET_SECONDS, BUDGET_MEMORY = 200, 1.5  # core-seconds; GB, since Binder has 2
LONG = 60  # core-seconds from which on a notebook asks Colab for a graphics card; they are rationed there
CARD = {"accelerator": "GPU", "colab": {"gpuType": "T4"}}  # Colab's own words
RUN_TIMES = ["notebook", "core_seconds", "gigabytes", "date"]  # the head of book/run-times.tsv
LAST_CELL = """
import os
from unet_teach.data import standins_in_use
print(sum(os.times()[:4]), *sorted(standins_in_use()))  # its own time, and that of all that it started and that ended
"""


class NotStored(Exception):
    """A notebook ran, or failed to run, in a way that must not be stored."""


def run(book: nbformat.NotebookNode, folder: Path) -> tuple[nbformat.NotebookNode, float, float]:
    """Execute a copy of the notebook; refuse errors, stderr and stand-in data. Return core-seconds and GB as well."""
    book = nbformat.from_dict(book)
    book.cells.append(nbformat.v4.new_code_cell(LAST_CELL))
    here = {"metadata": {"path": str(folder)}}
    try:
        with Appetite() as appetite:
            NotebookClient(book, timeout=900, kernel_name="python3", resources=here).execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise NotStored(f"a cell failed:\n{error}") from error
    memory = appetite.gigabytes
    seconds, *standins = "".join(output.get("text", "") for output in book.cells.pop().outputs).split()
    if standins:
        raise NotStored(
            f"it ran on stand-in data ({', '.join(standins)}); stored outputs come from the real sets. "
            "Set UNET_TEACH_DATA to a folder that holds them, see `python -m unet_teach.data status`."
        )
    for cell in book.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise NotStored(
                    f"cell {cell.id!r} wrote to stderr, which nbval would compare (if it was the bar of a download, "
                    f"run this again):\n{output.text}"
                )
    print(f"{float(seconds):.0f} core-seconds, {memory:.2f} GB of memory")
    if float(seconds) > BUDGET_SECONDS or memory > BUDGET_MEMORY:
        raise NotStored(f"the budget is {BUDGET_SECONDS} core-seconds and {BUDGET_MEMORY} GB")
    return book, float(seconds), memory


def record(name: str, seconds: float, memory: float) -> None:
    """Write what a notebook took into `book/run-times.tsv`, from which the site makes a page; forget old notebooks."""
    file = ROOT / "book" / "run-times.tsv"
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()[1:]] if file.exists() else []
    kept = [row for row in rows if row[0] != name and (ROOT / "notebooks" / f"{row[0]}.ipynb").exists()]
    today = datetime.now(UTC).date().isoformat()
    kept.append([name, f"{seconds:.0f}", f"{memory:.2f}", today])
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join("\t".join(row) for row in [RUN_TIMES, *sorted(kept)]) + "\n", encoding="utf-8")


def normalise(book: nbformat.NotebookNode, seconds: float = 0) -> nbformat.NotebookNode:
    """Bring a notebook into its one normal form: stable ids, counts 1..n, no volatile metadata, modest figures."""
    book = nbformat.from_dict(book)
    card = CARD if round(seconds) >= LONG else {}
    book.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}} | card)
    book.nbformat, book.nbformat_minor = 4, 5
    seen: set[str] = set()
    count = 0
    for cell in book.cells:
        if not cell.get("id") or cell.id in seen:
            cell.id = hashlib.sha256((str(len(seen)) + cell.source).encode()).hexdigest()[:8]
        seen.add(cell.id)
        cell.metadata = {key: cell.metadata[key] for key in KEPT_CELL_METADATA if key in cell.metadata}
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        cell.outputs = _merged_streams(cell.outputs)
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
            if "data" in output:
                output.metadata = {
                    kind: _size(output.metadata[kind]) for kind in output.metadata if kind == "image/png"
                }
                output.data = {kind: data for kind, data in output.data.items() if "widget" not in kind}
                if "image/png" in output.data:
                    output.data["image/png"] = _modest(
                        output.data["image/png"], cell.metadata.get("all_colours", False)
                    )
        cell.outputs = [output for output in cell.outputs if output.get("data", True)]  # nothing of what lives
    nbformat.validate(book)
    return book


def _merged_streams(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Join neighbouring pieces of one stream: how a kernel cuts them is chance."""
    merged: list[nbformat.NotebookNode] = []
    for output in outputs:
        if merged and output.output_type == "stream" and merged[-1].get("name") == output.name:
            merged[-1].text += output.text
        else:
            merged.append(output)
    return merged


def _size(metadata: nbformat.NotebookNode) -> dict[str, int]:
    """Keep the size at which a figure is shown, which is half of its pixels."""
    return {side: metadata[side] for side in ("height", "width") if side in metadata}


def _modest(png: str, all_colours: bool = False) -> str:
    """Store a figure with 64 greys or 128 colours: a third of the bytes, hardly a difference to the eye.

    The colours are those that lie closest to all pixels, rare ones too; where one would be lost, all are kept. All
    are kept, too, where the cell's metadata say "all_colours": true: of instances each has a colour of its own.
    """
    stored = Image.open(io.BytesIO(base64.b64decode(png)))
    if all_colours:
        opaque = stored.mode == "RGBA" and stored.getchannel("A").getextrema() == (255, 255)
        return min(png, _encoded(stored.convert("RGB")), key=len) if opaque else png
    if stored.mode in ("L", "P"):
        return png
    picture = stored.convert("RGB")
    red, green, blue = picture.split()
    if red.tobytes() == green.tobytes() == blue.tobytes():
        few = red.point([round(grey / 255 * 63) * 255 // 63 for grey in range(256)])  # 64 greys stay greys
    else:
        few = picture.quantize(128, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        off = ImageChops.difference(picture, few.convert("RGB"))
        if max(band.getextrema()[1] for band in off.split()) > LOST_COLOUR:  # type: ignore[operator]
            few = picture
    return min(png, _encoded(few), key=len)


def _encoded(picture: Image.Image) -> str:
    """Return a picture as a notebook stores it."""
    small = io.BytesIO()
    picture.save(small, "png", optimize=True)
    return base64.b64encode(small.getvalue()).decode()


def main(prefix: str) -> int:
    paths = sorted((ROOT / "notebooks").glob(f"{prefix}*.ipynb"))
    if not paths:
        print(f"no notebook in notebooks/ starts with {prefix!r}", file=sys.stderr)
        return 1
    failed = 0
    for path in paths:
        try:
            book, seconds, memory = run(nbformat.read(path, as_version=4), path.parent)
            book = normalise(book, seconds)
        except NotStored as error:
            print(f"{path.name} was not stored: {error}", file=sys.stderr)
            failed = 1
            continue
        new = path.with_suffix(".new")  # a killed run leaves the old notebook whole
        nbformat.write(book, new)
        new.replace(path)
        record(path.stem, seconds, memory)
        print(f"{path.name} stored, {path.stat().st_size / 1e3:.0f} kB")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
