"""Checkers for chapter 12, "What is wrong with this run?": the diagnoses; the functions' stand beside them."""

from collections.abc import Mapping
from typing import Any

from unet_teach.course.exercises import NotAnsweredYet, checker
from unet_teach.course.exercises.debugging_code import honest_split, know_nothing

__all__ = ["clinic", "honest_split", "know_nothing", "second_ward"]

FAULTS = (
    "background in the score",
    "blurred in training",
    "healthy",
    "labels of 0 and 255",
    "learning rate too large",
    "learning rate too small",
    "masks flipped",
    "no eval()",
    "no shuffling",
    "one patient on both sides",
    "pixels on both sides",
    "sigmoid twice",
    "softmax over the wrong axis",
    "softmax twice",
    "validation not standardised",
)
DIAGNOSES = {
    "A": "no eval()",
    "B": "learning rate too large",
    "C": "labels of 0 and 255",
    "D": "pixels on both sides",
    "E": "sigmoid twice",
    "F": "background in the score",
    "G": "softmax twice",
    "H": "no shuffling",
}
MORE_DIAGNOSES = {
    "I": "masks flipped",
    "J": "healthy",
    "K": "validation not standardised",
    "L": "one patient on both sides",
    "M": "healthy",
    "N": "softmax over the wrong axis",
    "O": "healthy",
    "P": "blurred in training",
}
LOOK = {  # where to look, whatever was answered
    "A": "its training curve is the healthy one's, so training went well. What came after? The picture is patchy.",
    "B": "look at the first ten steps.",
    "C": "no cross-entropy of classes is below 0, and no Dice above 1. What did both get?",
    "D": "compare its validation score with its test score.",
    "E": "the loss says that nothing was learned, and the picture says otherwise. How many output channels are there?",
    "F": "hold the score against the picture.",
    "G": "the picture is as good as the healthy one; only the loss stays too high. How many output channels are there?",
    "H": "count the steps from one peak of its loss to the next.",
    "I": "training went well, and both scores are poor. Lay its prediction over its truth.",
    "J": "its curve is rough because each step sees one crop. Where does it end, and is any laboratory value abnormal?",
    "K": "validation is far below test. What went into the network in each of the three splits?",
    "L": "validation is well above test. Who is on both sides?",
    "M": "its images are noisy in all splits alike, and it does what can be done. Is any laboratory value abnormal?",
    "N": "both losses are the healthy one's, so the logits are right. What is made of them afterwards?",
    "O": "hold every one of its values against the healthy run's: which of them is abnormal?",
    "P": "compare the fine detail of what it learned from with that of what it is tested on.",
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
    (
        "A",
        "pixels on both sides",
    ): "a leak makes the validation score too good. A's is too low, and so is its test score.",
    ("A", "no shuffling"): "the order changes the curve, and A's is the healthy one's.",
    ("A", "softmax over the wrong axis"): "A's probabilities add to 1 at each pixel. Its picture breaks at tiles.",
    ("D", "background in the score"): "the background would lift the test score as well.",
    ("D", "no eval()"): "that fault costs score, in validation and test alike. D's validation score is too good.",
    ("D", "one patient on both sides"): "true, and there is worse: copies of the very pixels are on both sides.",
    ("F", "pixels on both sides"): "a leak lifts the validation score alone; F's test score is as marvellous.",
    ("F", "learning rate too large"): "its loss is low and calm. Hold the score against the picture.",
    ("C", "sigmoid twice"): "a sigmoid bounds the loss from below. C's falls without end.",
    (
        "I",
        "validation not standardised",
    ): "its inputs are standardised in every split, and its test score is poor, too.",
    ("I", "no eval()"): "alone and in company it answers the same. Lay its prediction over its truth.",
    ("J", "learning rate too large"): "nothing leaps, and it ends where the healthy run ends. Why is it rough?",
    ("J", "no shuffling"): "its bumps have no beat, and foreground does not drift through the epoch. Why is it rough?",
    ("K", "masks flipped"): "its labels fit their images in every split. Do its inputs look alike in every split?",
    ("L", "pixels on both sides"): "the laboratory looked for copies and found none. What else may be on both sides?",
    ("M", "blurred in training"): "training images hold as much fine detail as those of validation: all are noisy.",
    ("M", "learning rate too small"): "both curves have long been flat. Look at what it was given.",
    (
        "N",
        "no eval()",
    ): "alone and in company it answers the same, and its validation loss is fine. Look behind the logits.",
    ("N", "masks flipped"): "its labels fit their images, and its validation loss is fine. Look behind the logits.",
    (
        "P",
        "learning rate too small",
    ): "its curve is flat at the end. Compare what it saw in training and in validation.",
    (
        "P",
        "validation not standardised",
    ): "its inputs have mean 0 and sd 1 in every split. What else may differ in them?",
}


def _judged(answer: Any, diagnoses: Mapping[str, str]) -> str | None:
    """Say what is wrong with a dictionary from a ward's letters to names out of `FAULTS`."""
    first, *_, last = diagnoses
    if not isinstance(answer, dict) or set(answer) != set(diagnoses):
        return f"Give a dictionary with the keys {first} to {last}."
    given = {letter: name for letter, name in sorted(answer.items()) if name is not None and name is not ...}
    if not given:
        raise NotAnsweredYet
    for letter, name in given.items():
        if not isinstance(name, str) or name not in FAULTS:
            return f"{letter}: {name!r} is not in the list. Copy a name from it, letter for letter."
    wrong = [letter for letter, name in given.items() if name != diagnoses[letter]]
    if wrong:
        letter = wrong[0]
        hint = CONFUSED.get((letter, given[letter]), LOOK[letter])
        if given[letter] == "healthy":
            hint = f"it is not well: {hint}"
        return f"{len(given) - len(wrong)} of {len(diagnoses)} are right. {letter}: {hint}"
    if len(given) < len(diagnoses):
        left = ", ".join(sorted(set(diagnoses) - set(given)))
        return f"{len(given)} of {len(diagnoses)}, and all right so far. Still without a name: {left}."
    return None


@checker("Exercise 2", "All eight. Now their files may be opened.")
def clinic(answer: Any) -> str | None:
    """The diagnosis of each patient of the first ward: a dictionary from A ... H to a name out of `FAULTS`."""
    return _judged(answer, DIAGNOSES)


@checker("Exercise 3", "All eight, and nobody was treated who is well.")
def second_ward(answer: Any) -> str | None:
    """The diagnosis of each patient of the second ward: a dictionary from I ... P to a name out of `FAULTS`."""
    return _judged(answer, MORE_DIAGNOSES)
