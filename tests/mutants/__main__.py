"""Change every solution in one place at a time, and print what its checker did not notice."""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from mutants.examine import Result, examine
from mutants.notebook import solutions

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LONG = 5  # seconds of the processor that an exercise's part of its notebook should not take


def report(name: str, results: list[Result]) -> int:
    """Print a chapter's counts and what is not explained; return how much that is."""
    killed = sum(result.killed for result in results)
    passed = {text: line for result in results for text, line in result.passed.items()}
    reasons = {text for result in results for text in result.equivalent}
    survived = [text for text in passed if not any(_covers(reason, text) for reason in reasons)]
    stale = sorted(reason for reason in reasons if not any(_covers(reason, text) for text in passed))
    counts = f"{killed + len(passed)} made, {killed} killed, {len(passed) - len(survived)} equivalent"
    print(f"{name}: {counts}, {len(survived)} survived")
    for text in survived:
        print(f"    {text.replace(': ', f', line {passed[text]}: ' if passed[text] else ', answer: ', 1)}")
    for reason in stale:
        print(f"    EQUIVALENT explains what does not survive: {reason}")
    for result in results:
        if result.prepared > LONG:
            print(f"    {result.exercise} needs {result.prepared:.0f} s of its notebook first")
    sys.stdout.flush()
    return len(survived) + len(stale)


def _covers(reason: str, text: str) -> bool:
    return text.startswith(reason.removesuffix("...")) if reason.endswith("...") else text == reason


def main(prefix: str, folder: Path = NOTEBOOKS) -> int:
    """Examine the checkers of every notebook whose name begins so; return 1 if anything is not explained."""
    paths = sorted(folder.glob(f"{prefix}*.ipynb"))
    if not paths:
        print(f"no notebook in {folder.name}/ starts with {prefix!r}", file=sys.stderr)
        return 1
    with ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as pool:
        jobs = [[pool.submit(examine, path, number) for number in range(len(solutions(path)))] for path in paths]
        bad = [report(path.stem, [job.result() for job in own]) for path, own in zip(paths, jobs, strict=True)]
    return int(any(bad))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
