"""Damaged files: each is refused with a sentence, or read exactly as its library reads those bytes."""

from collections import Counter

import numpy as np

from fuzz.damage import DAMAGES
from fuzz.readers import READERS, verdict

GOOD = ("read", "refused")


def damaged_files(folder, number, readers=READERS, seed=26):
    """Damage so many files of all readers, in turns, and count how they fared.

    Returns
    -------
    Counter of (reader, verdict), and a list of what went wrong: reader, damage, number, what
    """
    counts, wrong = Counter(), []
    originals = {}
    for reader in readers:
        (home := folder / reader.name).mkdir()
        originals[reader.name] = [(path, path.read_bytes()) for path in reader.originals(home)]
    for turn in range(number):
        reader = readers[turn % len(readers)]
        random = np.random.default_rng((seed, turn))
        path, stored = originals[reader.name][random.integers(len(originals[reader.name]))]
        spoil = DAMAGES[random.integers(len(DAMAGES))]
        path.write_bytes(spoil(stored, random))
        fared = verdict(reader, path)
        path.write_bytes(stored)
        counts[reader.name, fared if fared in GOOD else "WRONG"] += 1
        if fared not in GOOD:
            wrong.append((reader.name, spoil.__name__, turn, fared))
    return counts, wrong
