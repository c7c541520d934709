"""Re-run the chapters' claims on other processors than this one: `make claims`, or `make claims NB=01`.

Training ends with slightly different numbers wherever sums are added up in another order: on more threads, or with
narrower vector instructions. So every notebook runs with one thread and with two, each with what this processor offers
and with what an old one would (ATen, NumPy and OpenBLAS without AVX, oneDNN with AVX2). The table shows each claim's
value in all four, its bound, and how much room is left. A claim that breaks anywhere has too tight a bound. Printed
lines that nbval compares are compared here as well.
"""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from printed import differences

ROOT = Path(__file__).parents[1]
OLD = {
    "ATEN_CPU_CAPABILITY": "default",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "OPENBLAS_CORETYPE": "Nehalem",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
}
PATIENT = {"OMP_WAIT_POLICY": "PASSIVE"}  # a thread that waits leaves its core to others; the sums stay the same
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
SETTINGS = {
    f"{name}, {threads} thread{'s' * (threads > 1)}": {variable: str(threads) for variable in THREADS}
    | PATIENT
    | environment
    for name, environment in (("this CPU", {}), ("old CPU", OLD))
    for threads in (1, 2)
}
# What a process says of the instructions it uses: oneDNN prints its own, once it has work to do.
PROBE = """
import torch
print("aten", torch.backends.cpu.get_cpu_capability())
torch.nn.Conv2d(16, 16, 3)(torch.ones(1, 16, 64, 64))
"""


class Broken(Exception):
    """A run that says nothing about the claims."""


@dataclass
class Row:
    """One claim in every setting: None where a setting did not reach it."""

    notebook: str
    name: str
    bounds: list[tuple[str, float]]
    values: list[float | None]

    @property
    def margin(self) -> float:
        """How far the worst value lies on the right side of its bound; negative where a claim breaks."""
        if None in self.values:
            return -float("inf")
        return min(
            room(sign, bound, value) for sign, bound in self.bounds for value in self.values if value is not None
        )

    @property
    def spread(self) -> float:
        """How far the settings lie apart."""
        found = [value for value in self.values if value is not None]
        return max(found) - min(found) if found else 0.0


def room(sign: str, bound: float, value: float) -> float:
    """Return how far a value is on the right side of one bound. NaN is on the wrong side of each."""
    if value != value:
        return -float("inf")
    if sign == "=":
        return 0.0 if value == bound else -abs(value - bound)
    return value - bound if sign == "≥" else bound - value


def instructions(environment: dict[str, str]) -> tuple[str, str]:
    """Return the instruction sets that ATen and oneDNN use under these variables."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        env=os.environ | environment | {"ONEDNN_VERBOSE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    aten = next(line.removeprefix("aten ") for line in lines if line.startswith("aten "))
    return aten, next((line.split("isa:")[1] for line in lines if "isa:" in line), "unknown")


def run(path: Path, environment: dict[str, str]) -> tuple[list[dict[str, Any]], list[str]]:
    """Run a notebook, past any claim that breaks; return what claims recorded, and printed lines that differ."""
    stored, book = (nbformat.read(path, as_version=4) for _ in range(2))
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder, "claims.jsonl")
        place = {"metadata": {"path": path.parent}}
        client = NotebookClient(book, timeout=4 * 3600, kernel_name="python3", allow_errors=True, resources=place)
        client.execute(env=os.environ | environment | {"UNET_TEACH_CLAIMS": str(record)})
        recorded = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
    for cell in book.cells:
        for output in cell.get("outputs", []):
            allowed = {"raises-exception", "nbval-raises-exception"} & set(cell.metadata.get("tags", []))
            if output.output_type == "error" and output.ename != "ClaimError" and not allowed:
                raise Broken(f"cell {cell.id} failed: {output.ename}: {output.evalue}")
    claims = [json.loads(line) for line in recorded]
    if not all(claim["examined"] for claim in claims):
        raise Broken("it ran on stand-in data, about which nothing is claimed: set UNET_TEACH_DATA to the real sets")
    return claims, differences(stored, book)


def joined(notebook: str, runs: list[list[dict[str, Any]]]) -> list[Row]:
    """Lay several runs of one notebook side by side. A claim made in a loop is told apart by its turn."""
    rows: dict[tuple[str, int], Row] = {}
    for setting, claims in enumerate(runs):
        turns: dict[str, int] = {}
        for claim in claims:
            turn = turns[claim["name"]] = turns.get(claim["name"], 0) + 1
            bounds = [(sign, bound) for sign, bound in claim["bounds"]]
            row = rows.setdefault((claim["name"], turn), Row(notebook, claim["name"], bounds, [None] * len(runs)))
            row.values[setting] = claim["value"]
    return list(rows.values())


def table(rows: list[Row]) -> str:
    """Write the rows as text, one claim a line."""
    head = ["", "claim", "bound", *SETTINGS, "margin", "spread", ""]
    lines = [head]
    for row in rows:
        verdict = "BREAKS" if row.margin < 0 else "tight" if 0 < row.margin < 3 * row.spread else ""
        bound = " and ".join(f"{sign} {bound:g}" for sign, bound in row.bounds)
        values = ["not reached" if value is None else f"{value:.6g}" for value in row.values]
        numbers = [f"{row.margin:.3g}", f"{row.spread:.1g}"]
        lines.append([row.notebook[:2], row.name, bound, *values, *numbers, verdict])
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(w) if n < 3 else cell.rjust(w) for n, (cell, w) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def measure(paths: list[Path]) -> tuple[list[Row], list[str]]:
    """Run every notebook in every setting, as many at once as there are cores for; return claims and other words."""
    done: dict[tuple[Path, str], list[dict[str, Any]]] = {}
    other: list[str] = []
    for threads in (1, 2):
        jobs = [(path, name) for path in paths for name, at in SETTINGS.items() if at[THREADS[0]] == str(threads)]
        with ThreadPoolExecutor(max(1, (os.cpu_count() or 1) // threads)) as pool:
            command = [sys.executable, __file__, "--one"]
            results = [
                (job, pool.submit(subprocess.run, [*command, *map(str, job)], capture_output=True, text=True))
                for job in jobs
            ]
        for (path, name), future in results:
            result = future.result()
            if result.returncode:
                raise Broken(f"{path.name}, {name}: {result.stderr.strip()[-600:]}")
            done[path, name], words = json.loads(result.stdout)
            other += [f"{path.stem}, {name}, {line}" for line in words]
            print(f"{path.stem}, {name}: {len(done[path, name])} claims", file=sys.stderr, flush=True)
    return [row for path in paths for row in joined(path.stem, [done[path, name] for name in SETTINGS])], other


def main(prefix: str) -> int:
    """Print the table; return 1 if a claim breaks somewhere, or a compared line differs."""
    paths = sorted((ROOT / "notebooks").glob(f"{prefix}*.ipynb"))
    if not paths:
        print(f"no notebook in notebooks/ starts with {prefix!r}", file=sys.stderr)
        return 1
    here, old = instructions({}), instructions(OLD)
    print(f"this CPU: ATen {here[0]}, oneDNN {here[1]}; old CPU: ATen {old[0]}, oneDNN {old[1]}")
    if here == old:
        print("the two do not differ here, so only the threads are compared", file=sys.stderr)
    try:
        rows, other = measure(paths)
    except Broken as error:
        print(error, file=sys.stderr)
        return 1
    print(table(rows), *other, sep="\n")
    broken = sum(row.margin < 0 for row in rows)
    found = f"{broken} broken, {len(other)} printed lines differ"
    print(f"{len(rows)} claims in {len(paths)} notebooks and {len(SETTINGS)} settings: {found}")
    return int(broken > 0 or not rows or other != [])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(run(Path(sys.argv[2]), SETTINGS[sys.argv[3]])))
    else:
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
