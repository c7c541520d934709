"""Checkers for chapter 23's C-index, and for a choice of features that stays inside the folds."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import FUNCTION, checker, generator
from unet_teach.course.exercises.judging import Mistakes, judge

Numbers = NDArray[np.float64]
Choose = Callable[[Numbers, Numbers, Numbers], NDArray[np.int64]]
Learn = Callable[[Numbers, Numbers, Numbers], Callable[[Numbers], Numbers]]
EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 3: `times[a] == times[b]` -> `times[a] <= times[b]`": "a shorter time is asked for beside it, by `or`",
    "Exercise 4: `np.zeros(len(times))` -> `np.ones(len(times))`": "every place is written",
    "Exercise 4: `np.unique(fold)` -> `fold`": "a fold is done over and over, with the same result",
}


def _index(
    times: Numbers,
    events: Numbers,
    risk: Numbers,
    tie: float = 0.5,
    censored_first: bool = False,
    events_only: bool = False,
    tied_events: bool = False,
    tied_censored: bool = True,
) -> float:
    """Harrell's index, or one of the ways to get it wrong."""
    points, pairs = 0.0, 0
    for one, other in combinations(range(len(times)), 2):
        a, b = sorted((one, other), key=lambda k: (times[k], -events[k]))
        if not (events[a] or censored_first) or (events_only and not events[b]):
            continue
        if times[a] == times[b] and not (tied_events if events[a] == events[b] else tied_censored):
            continue
        pairs += 1
        points += tie if risk[a] == risk[b] else float(risk[a] > risk[b])
    return points / pairs if pairs else 0.0


def _with(**how: Any) -> Callable[..., float]:
    return lambda times, events, risk: _index(times, events, risk, **how)


INDEX_MISTAKES: Mistakes = (
    (_with(tie=0.0), "Equal risks are half right, not wrong: add 0.5."),
    (_with(tie=1.0), "Equal risks are half right, not right: add 0.5."),
    (lambda t, e, r: _index(t, e, -r), "The wrong way round: the higher risk should have the event first."),
    (_with(censored_first=True), "Who left first alive may have lived longest: such a pair does not count."),
    (
        lambda t, e, r: _index(t, np.ones_like(e), r),
        "Yours takes everybody as dead. Look at `events`: a pair counts if the *shorter* time ends with an event.",
    ),
    (_with(events_only=True), "The second of a pair may be censored: it is still known who was first."),
    (_with(tied_events=True), "Two events at the same time: nobody was first, so the pair does not count."),
    (
        _with(tied_censored=False),
        "An event and a censoring at the same time: the event was first, so the pair counts.",
    ),
    (lambda t, e, r: 1 - _index(t, e, r, tie=0.0), "Equal risks count half, and the higher risk should go first."),
)


@checker("Exercise 3", "Pairs that nobody can order do not count, and a coin gets 0.5.", FUNCTION)
def c_index(answer: Callable[..., Any]) -> str | None:
    """A function (times, events, risk) -> the share of pairs in the right order."""
    rng = generator()
    six = np.array([3.0, 5, 8, 8, 11, 14]), np.array([1, 0, 1, 0, 1, 0])
    cases: list[tuple[Numbers, Any, Numbers]] = [
        (*six, np.array([2.0, 1, 1, 0, 1, 0.5])),
        (*six, np.array([0.0, 1, 1, 2, 1, 3])),
        (six[0], 1 - six[1], np.array([2.0, 1, 1, 0, 1, 0.5])),
        (six[0][::-1].copy(), six[1], np.array([2.0, 1, 1, 0, 1, 0.5])),
        (np.array([4.0, 4, 4, 7]), np.array([1, 1, 0, 0]), np.array([1.0, 3, 2, 2])),
        (np.array([9.0, 2]), np.array([0, 1]), np.array([0.1, 0.2])),
    ]
    for count in (9, 14):
        times, risk = rng.integers(1, 7, count).astype(float), rng.integers(-2, 3, count).astype(float)
        cases.append((times, (rng.random(count) < 0.6).astype(int), risk))

    def otherwise(given: Any, wanted: Any, times: Numbers, events: Any, risk: Numbers) -> str:
        return (
            f"For times {times.tolist()}, events {events.tolist()} and risks {risk.tolist()} it is {wanted:.3f}, "
            f"not {given:.3f}."
        )

    return judge(answer, _index, cases, INDEX_MISTAKES, otherwise, ("times", "events", "risk"))


def _choose(features: Numbers, times: Numbers, events: Numbers) -> NDArray[np.int64]:
    """A plain choice that depends on everything it is given: the two columns that go most with the times."""
    return np.argsort(-np.abs((features - features.mean(axis=0)).T @ (times * (1 + events))), kind="stable")[:2]


def _learn(features: Numbers, times: Numbers, events: Numbers) -> Callable[[Numbers], Numbers]:
    weights = (features * (events / times)[:, None]).mean(axis=0)
    return lambda new: new @ weights + len(times)


def _choose_one(features: Numbers, times: Numbers, events: Numbers) -> NDArray[np.int64]:
    return np.array([int(np.argmin((features - features.mean(axis=0)).T @ (times - 3 * events)))])


def _learn_other(features: Numbers, times: Numbers, events: Numbers) -> Callable[[Numbers], Numbers]:
    weights = np.abs(features).mean(axis=0) * (1 + events.sum())
    return lambda new: times.mean() - new @ weights


def _held_out(
    features: Numbers,
    times: Numbers,
    events: Numbers,
    fold: NDArray[np.int64],
    choose: Choose,
    learn: Learn,
    chosen_on: str = "the others",
    learned_on: str = "the others",
) -> Numbers:
    risk = np.zeros(len(times))
    for number in np.unique(fold):
        rows = {"the others": fold != number, "all": fold == fold, "itself": fold == number}
        a, b, out = rows[chosen_on], rows[learned_on], fold == number
        columns = choose(features[a], times[a], events[a])
        risk[out] = learn(features[b][:, columns], times[b], events[b])(features[out][:, columns])
    return risk


def _leak(chosen_on: str, learned_on: str) -> Callable[..., Numbers]:
    return lambda f, t, e, fold, choose, learn: _held_out(f, t, e, fold, choose, learn, chosen_on, learned_on)


FOLD_MISTAKES: Mistakes = (
    (
        _leak("all", "the others"),
        "The features are still chosen on everybody: that is the leak. Choose inside the loop.",
    ),
    (_leak("the others", "all"), "The model still learns from everybody, the held-out patients among them."),
    (_leak("all", "all"), "Nothing is held out: both the choice and the model see everybody."),
    (_leak("itself", "the others"), "The features are chosen on the held-out fold itself: that is the exam's answers."),
    (_leak("the others", "itself"), "The model learns from the held-out fold, and not from the others."),
    (
        _leak("itself", "itself"),
        "Everything is learned from the held-out fold: `fold == number` and `!=` are exchanged.",
    ),
)


@checker("Exercise 4", "What is chosen with the times is part of the model, and belongs inside.", FUNCTION)
def inside_the_folds(answer: Callable[..., Any]) -> str | None:
    """A function (features, times, events, fold, choose, learn) -> the risk of each patient, held out once."""
    rng = generator()
    features, times = rng.normal(size=(9, 5)), rng.uniform(1, 9, 9)
    events, fold = np.array([1, 0, 1, 1, 0, 1, 1, 0, 1]), np.array([2, 0, 1, 1, 2, 0, 0, 2, 1])
    given: list[Any] = [features, times, events, fold, _choose, _learn]
    changed = [features[::-1].copy(), times[::-1].copy(), 1 - events, np.array([4, 4, 7, 7, 7, 4, 4, 7, 7])]
    cases = [tuple(given)]
    for place, other in enumerate([*changed, _choose_one, _learn_other]):
        cases.append(tuple(other if at == place else one for at, one in enumerate(given)))
    large = rng.normal(size=(14, 8)), rng.uniform(1, 5, 14), rng.integers(0, 2, 14), rng.permutation(14) % 4
    cases.append((*large, _choose, _learn))

    def otherwise(given: Any, wanted: Any, *case: Any) -> str:
        if np.shape(given) != np.shape(wanted):
            return f"One risk for each of {len(case[1])} patients is wanted; yours has the shape {np.shape(given)}."
        patient = int(np.argmax(~np.isclose(given, wanted)))
        right, yours = wanted[patient], given[patient]
        return f"Patient {patient}, in fold {case[3][patient]}, should get {right:.3f}, not {yours:.3f}."

    return judge(
        answer, _held_out, cases, FOLD_MISTAKES, otherwise, ("features", "times", "events", "fold", "choose", "learn")
    )
