"""Change every solution in one place at a time, and print what its checker did not notice."""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from mutants.examine import Result, examine
from mutants.notebook import solutions

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def report(name: str, results: list[Result]) -> int:
    """Print a chapter's counts and what is not explained; return how much that is."""
    killed = sum(result.killed for result in results)
    passed = {text: line for result in results for text, line in result.passed.items()}
    explained = {text for result in results for text in result.equivalent}
    survived, stale = passed.keys() - explained, explained - passed.keys()
    equivalent = len(passed) - len(survived)
    print(f"{name}: {killed + len(passed)} made, {killed} killed, {equivalent} equivalent, {len(survived)} survived")
    for text in passed:  # in their order
        if text in survived:
            print(f"    {text.replace(': ', f', line {passed[text]}: ' if passed[text] else ', answer: ', 1)}")
    for text in sorted(stale):
        print(f"    EQUIVALENT explains what does not survive: {text}")
    sys.stdout.flush()
    return len(survived) + len(stale)


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
