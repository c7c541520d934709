"""The checker for chapter 24's memo: go or no-go for three studies, each with its reason."""

from typing import Any

from unet_teach.course.exercises import checker
from unet_teach.course.exercises.verdict import NotAnsweredYet

REASONS = {
    "leak": "patients of the test were in the training",
    "chosen on the test": "something was chosen on the data that are reported",
    "too few": "so few patients that nearly any failure rate is possible",
    "bias": "areas are off in everybody, in one direction",
    "subgroup": "wrong in a group of people whom it is meant for",
    "sound": "what is asked for is what was tested, and it held",
}
NAMES = ("North", "East", "South")
RIGHT = {"North": ("no-go", "leak"), "East": ("go", "sound"), "South": ("no-go", "subgroup")}
HINTS = {
    (
        "North",
        "go",
    ): "North: before the scores, look at who is who. Which numbers stand in `patient`, and in which parts?",
    ("North", "too few"): "North has few patients, too. But first: are those of the test new?",
    ("North", "no-go"): "North: no-go is right. The reason lies in two columns, `patient` and `part`.",
    ("East", "no-go"): (
        "East: write down what exactly you hold against it, and where in the rows it shows. Patients are apart, they "
        "are yours, heavy ones are in. Doubt without a finding is no reason."
    ),
    ("East", "go"): "East: go is right. Then the reason is not a fault.",
    ("South", "go"): "South: the mean is small. Whose areas are far off? Draw the difference against the shape.",
    ("South", "bias"): "South is off by little in most people, and by much in some. Who are they?",
    ("South", "no-go"): "South: no-go is right. Compare the differences of thin and of heavy patients.",
}


@checker(
    "Exercise 4", "One leaks, one fails in those whom it never learned from, and one is sound. Now write the page."
)
def memo(answer: Any) -> str | None:
    """A dictionary: study -> (decision, reason), "go" or "no-go", and one of `REASONS`."""
    if not isinstance(answer, dict) or set(answer) != set(NAMES):
        return f"A dictionary with {', '.join(NAMES)} is wanted."
    for name in NAMES:
        if answer[name] is ... or answer[name] is None:
            raise NotAnsweredYet(f"({name} is still open.)")
        pair = answer[name]
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            return f'{name}: give a pair, such as ("go", "sound").'
        decision, reason = pair
        if decision is ... or reason is ...:
            raise NotAnsweredYet(f"({name} is still open.)")
        if decision not in ("go", "no-go"):
            return f'{name}: the decision is "go" or "no-go", got {decision!r}.'
        if not isinstance(reason, str) or reason not in REASONS:
            return f"{name}: the reason is one of {', '.join(REASONS)}; got {reason!r}."
        if (decision == "go") != (reason == "sound"):
            return f'{name}: "go" goes with "sound", "no-go" with a fault that you found.'
        if (decision, reason) != RIGHT[name]:
            return HINTS.get((name, reason)) or HINTS[name, decision]
    return None
