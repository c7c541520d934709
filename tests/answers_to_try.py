"""Answers to an exercise that is checked in the page: named ones, ones at every edge of its rules, and chance."""

from itertools import islice, product

import numpy as np

OPEN = "-"  # as in `number-exercises.yml`


def tried(entry, exercise, count):
    """About so many answers, each a list of what stands in the fields; always the same ones."""
    rng = np.random.default_rng(0)
    kind = "chosen" if "choices" in entry else "plane" if "plane" in entry else entry.get("as", "list")
    some = {"chosen": chosen, "plane": everywhere, "ticked": ticked, "places": places}.get(kind, typed)
    return [entry["right"], *islice(some(entry, exercise, rng), count)]


def chosen(entry, exercise, rng):
    """Choices near what is right, with some left open: a pair is open as a whole."""
    offered = exercise["choices"]
    size = 2 if "pairs" in entry["as"] else 1
    while True:
        answer = list(entry["right"])
        wrong, blank = rng.choice([0, 0.2, 0.5, 1]), rng.choice([0, 0, 0.2, 0.9])
        for at in range(len(answer)):
            if rng.random() < wrong:
                answer[at] = str(rng.choice(offered[at]))
        for at in range(0, len(answer), size):
            if rng.random() < blank:
                answer[at : at + size] = [OPEN] * size
        yield answer


def ticked(entry, exercise, rng):
    """Every way to tick."""
    yield from map(list, product((0, 1), repeat=len(entry["labels"])))


def places(entry, exercise, rng):
    """Cells near a line that stands or lies, or anywhere."""
    while True:
        cells = rng.integers(1, 8)
        spread = rng.choice([0, 1, 3, 8], size=2)
        answer = rng.integers(-spread, spread + 1, (cells, 2)) + rng.integers(-1, 2, 2)
        yield [float(one) for one in (answer + 0.5 * (rng.random() < 0.05)).ravel()]


def everywhere(entry, exercise, rng):
    """Of a plane all parts, of the middle more; and in turn what else is typed."""
    low, high = np.array(list(entry["plane"].values())).T
    for answer in typed(entry, exercise, rng):
        yield answer
        anywhere = rng.uniform(low, high)
        middle = np.array(entry["right"]) + rng.normal(0, 40, 2)
        yield [float(one) for one in (np.round(anywhere), anywhere, np.round(middle), middle)[rng.integers(4)]]


def typed(entry, exercise, rng):
    """Numbers: named ones with every other, the edges of the rules and what lies just beyond, and chance."""
    right = entry["right"]
    pools = [{0.0, 1.0, 2.0, 0.5, -2.25, float(one)} for one in right]
    for row in entry["wrong"]:
        named = row if isinstance(row, list) else row["like"]
        for pool, one in zip(pools, named, strict=True):
            pool |= set() if one in ("R", "*") else {float(one)}
    for _, *where in exercise["rules"]:
        for at, *ends in where:
            for end in (end for end in ends if end is not None and at < len(right)):
                pools[at] |= {end, *(float(np.nextafter(end, way * np.inf)) for way in (-1, 1))}
    lists = [np.array(sorted(pool)) for pool in pools]
    named = [float(one) for one in right]
    for at, pool in enumerate(lists):
        yield from ([*named[:at], float(one), *named[at + 1 :]] for one in pool)
    every = [one if isinstance(one, list) else one["like"] for one in entry["wrong"]]
    known = [
        [
            r if one == "R" else float(rng.choice(lists[at])) if one == "*" else float(one)
            for at, (one, r) in enumerate(zip(row, named, strict=True))
        ]
        for row in every
    ]
    yield from known
    known.append(named)
    while True:
        answer = list(known[rng.integers(len(known))])
        for at in np.flatnonzero(rng.random(len(answer)) < rng.choice([0.15, 0.4, 1])):
            span = 1 + abs(right[at])
            answer[at] = [
                named[at],
                float(rng.choice(lists[at])),
                float(rng.normal(right[at], span)),
                float(np.round(rng.normal(right[at], span))),
                0.0,
                answer[at] * (1 + 0.02 * rng.normal()),
            ][rng.integers(6)]
        yield [one * 1.0 for one in answer]
