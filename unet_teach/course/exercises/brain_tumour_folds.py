"""Checker for exercise 4 of chapter 22: a threshold chosen on the other patients."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import FUNCTION, checker
from unet_teach.course.exercises.asking import generator
from unet_teach.course.exercises.judging import Mistakes, judge

Table = NDArray[np.floating]
LAST = "a table has two axes, so the last is the second"
EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 4: `table.shape[1]` -> `table.shape[-1]`": LAST,
    "Exercise 4: `np.delete(table, patient, axis=1)` -> `np.delete(table, patient, axis=-1)`": LAST,
    "Exercise 4: `np.delete(table, patient, axis=1).mean(axis=1)` -> "
    "`np.delete(table, patient, axis=1).mean(axis=-1)`": LAST,
    "Exercise 4: `np.delete(table, patient, axis=1).mean` -> `np.delete(table, patient, axis=1).sum`": "the same order",
    "Exercise 4: `np.array(scores)` -> `scores`": "a list is as good",
}


def _chosen(table: Table, keep_own: bool = False, worst: bool = False) -> NDArray[np.intp]:
    """Return the row that is best on the mean of all columns but one, for each column."""
    best = np.argmin if worst else np.argmax
    columns = range(table.shape[1])
    return np.array([best(table.mean(axis=1) if keep_own else np.delete(table, c, 1).mean(axis=1)) for c in columns])


def _held_out(table: Table) -> Table:
    return np.asarray(table[_chosen(table), np.arange(table.shape[1])])


def _median(table: Table) -> Table:
    columns = range(table.shape[1])
    return np.array([table[np.median(np.delete(table, c, 1), axis=1).argmax(), c] for c in columns])


def _single(table: Table) -> Table:
    columns = range(table.shape[1])
    return np.array([table[np.delete(table, c, 1).max(axis=1).argmax(), c] for c in columns])


MISTAKES: Mistakes = (
    (
        lambda table: table[_chosen(table, keep_own=True), np.arange(table.shape[1])],
        "Your threshold is chosen on all patients, the one who is scored among them. Leave that one out.",
    ),
    (lambda table: table.max(axis=0), "Each patient gets the threshold that suits best: nobody may look there."),
    (lambda table: table[_chosen(table, worst=True), np.arange(table.shape[1])], "Yours takes the worst threshold."),
    (lambda table: _chosen(table), "Those are the rows that were chosen. Give the patients' scores there."),
    (
        lambda table: np.array([np.delete(table, c, 1).mean(axis=1).max() for c in range(table.shape[1])]),
        "That is the mean of those who chose. Give the score of the one who was left out.",
    ),
    (lambda table: _held_out(table).mean(), "Give one score a patient; the mean comes later."),
    (_median, "Choose by the mean of the others, not by the median."),
    (_single, "Choose by the mean of the others, not by the best of them."),
    (lambda table: _held_out(table.T), "Rows are thresholds, columns are patients: yours has them turned."),
)


@checker("Exercise 4", "What is chosen without a patient may be reported about this patient.", FUNCTION)
def held_out(answer: Callable[..., Any]) -> str | None:
    """A function of scores (thresholds, patients) -> each patient's score at the threshold best for the others."""
    rng = generator()
    cases = [(rng.random(shape),) for shape in ((3, 4), (7, 6), (2, 5), (5, 2), (4, 4))]
    peak = np.abs(np.linspace(0, 1, 9)[:, None] - rng.random(6)[None])
    cases += [(1 - peak,), (-peak,), (np.array([[1.0, 0, 0.6], [0, 1, 0.5], [0.5, 0.4, 0.55]]),)]

    def otherwise(given: Any, wanted: Any, table: Any) -> str:
        if given.shape != wanted.shape:
            return f"Of a table {table.shape} come {table.shape[1]} scores, one a patient; yours has {given.shape}."
        patient = int(np.abs(given - wanted).argmax())
        others = ", ".join(f"{mean:.2f}" for mean in np.delete(table, patient, 1).mean(axis=1))
        return (
            f"Without patient {patient} the thresholds' means are {others}; the score there is {wanted[patient]:.2f}."
        )

    return judge(answer, _held_out, cases, MISTAKES, otherwise)
