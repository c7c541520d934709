"""`make fuzz`: everything that could break it, at full length; a table, and a status of 1 if something did."""

import logging
import resource
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

import torch

from fuzz.files import damaged_files
from fuzz.masks import masks_of_every_kind
from fuzz.sizes import LARGEST, RULES, sizes_of, tiled_at

FILES, MASKS = 12_000, 20_000


def show(title, counts, wrong, seconds):
    """Print what was tried, and what went wrong."""
    print(f"\n{title}: {sum(counts.values())} in {seconds:.0f} s")
    for name in sorted({name for name, _ in counts}):
        print(
            f"  {name:24s}" + ", ".join(f"{count} {fared}" for (n, fared), count in sorted(counts.items()) if n == name)
        )
    for problem in wrong:
        print("  WRONG", *problem)
    sys.stdout.flush()


def every_size():
    """Yield what is wrong with any network at any size."""
    for name in RULES:
        yield from sizes_of(name)


def main():
    """Run all parts; return the exit status."""
    torch.set_num_threads(1)
    logging.disable(logging.CRITICAL)  # libraries' own words on each header
    warnings.simplefilter("ignore")
    start, found = time.process_time(), []
    with tempfile.TemporaryDirectory() as folder:
        counts, wrong = damaged_files(Path(folder), FILES)
    show("Damaged files", counts, wrong, time.process_time() - start)
    found += wrong
    start = time.process_time()
    counts, wrong = masks_of_every_kind(MASKS)
    show("Masks", counts, wrong, time.process_time() - start)
    found += wrong
    for title, tried, problems in (
        (f"Tiles: pictures with sides from 1 to {LARGEST}", LARGEST, map(tiled_at, range(1, LARGEST + 1))),
        ("Networks: sizes of " + ", ".join(RULES), 2 * sum(rule.largest for rule in RULES.values()), every_size()),
    ):
        start = time.process_time()
        wrong = [(problem,) for problem in problems if problem]
        show(title, Counter({("all", "tried"): tried}), wrong, time.process_time() - start)
        found += wrong
    print(f"\nPeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
    print(f"{len(found)} things went wrong" if found else "Nothing broke it.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
