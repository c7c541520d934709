"""Checker for the debugging clinic of chapter 11."""

from typing import Any

from unet_teach.course.exercises import NotAnsweredYet, checker

CLINIC = 5  # the number of the clinic's exercise

FAULTS = (
    "background in the score",
    "labels of 0 and 255",
    "learning rate too large",
    "learning rate too small",
    "no eval()",
    "no shuffling",
    "sigmoid twice",
    "softmax twice",
    "validation leak",
)
DIAGNOSES = {
    "A": "no eval()",
    "B": "learning rate too large",
    "C": "labels of 0 and 255",
    "D": "validation leak",
    "E": "sigmoid twice",
    "F": "background in the score",
    "G": "softmax twice",
    "H": "no shuffling",
}
LOOK = {  # where to look, whatever was answered
    "A": "its curve is the healthy one's, so training went well. What came after training? The picture is patchy.",
    "B": "look at the first ten steps.",
    "C": "no cross-entropy of classes is below 0, and no Dice above 1. What did both get?",
    "D": "compare its validation score with its test score.",
    "E": "the loss says that nothing was learned, and the picture says otherwise. How many output channels are there?",
    "F": "hold the score against the picture.",
    "G": "the picture is as good as the healthy one; only the loss stays too high. How many output channels are there?",
    "H": "count the steps from one peak of its loss to the next.",
}
BOUNDED = (
    "both faults squeeze what goes into the loss between 0 and 1. Look at the channels: a softmax needs two or more, a "
    "sigmoid here has one. With one, background never costs less than ln 2; with two, both classes can get to 0.31."
)
CONFUSED = {  # (patient, what was answered) -> why not
    ("E", "softmax twice"): BOUNDED,
    ("G", "sigmoid twice"): BOUNDED,
    ("E", "learning rate too small"): "a rate too small leaves a poor picture, and E's is good. Look at its outputs.",
    ("G", "learning rate too small"): "its score is the healthy one's, so it has learned. Look at its outputs.",
    ("B", "learning rate too small"): "a rate too small lets the loss creep. B's leaps in the first steps.",
    ("B", "background in the score"): "B's score is 0, and says so. Look at the first ten steps.",
    ("H", "learning rate too large"): "such peaks come anyhow. H's come every 40 steps.",
    ("A", "validation leak"): "a leak makes the validation score too good. A's is too low, and so is its test score.",
    ("A", "no shuffling"): "the order changes the curve, and A's is the healthy one's.",
    ("D", "background in the score"): "the background would lift the test score as well.",
    ("D", "no eval()"): "that fault costs score, in validation and test alike. D's validation score is too good.",
    ("F", "validation leak"): "a leak lifts the validation score alone; F's test score is as marvellous.",
    ("F", "learning rate too large"): "its loss is low and calm. Hold the score against the picture.",
    ("C", "sigmoid twice"): "a sigmoid bounds the loss from below. C's falls without end.",
}


@checker(f"Exercise {CLINIC}", "All eight. Now the files may be opened.")
def clinic(answer: Any) -> str | None:
    """The fault of each patient: a dictionary from A ... H to a name out of `FAULTS`."""
    if not isinstance(answer, dict) or set(answer) != set(DIAGNOSES):
        return "Give a dictionary with the keys A to H."
    given = {letter: name for letter, name in sorted(answer.items()) if name is not None and name is not ...}
    if not given:
        raise NotAnsweredYet
    for letter, name in given.items():
        if name not in FAULTS:
            return f"{letter}: {name!r} is not in the list. Copy a name from it, letter for letter."
    wrong = [letter for letter, name in given.items() if name != DIAGNOSES[letter]]
    if wrong:
        letter = wrong[0]
        hint = CONFUSED.get((letter, given[letter]), LOOK[letter])
        return f"{len(given) - len(wrong)} of 8 are right. {letter}: {hint}"
    if len(given) < len(DIAGNOSES):
        left = ", ".join(sorted(set(DIAGNOSES) - set(given)))
        return f"{len(given)} of 8, and all right so far. Still without a name: {left}."
    return None
