"""Chapter 19's bake-off: who takes part, on which terms, and what a run reports."""

from unet_teach.course.bake_off.entrants import ENTRANTS, NAMED, PLAN, REFERENCE, Entrant, price, steps_of
from unet_teach.course.bake_off.runs import RATES, chosen_rate, train_entrant

__all__ = [
    "ENTRANTS",
    "NAMED",
    "PLAN",
    "RATES",
    "REFERENCE",
    "Entrant",
    "chosen_rate",
    "price",
    "steps_of",
    "train_entrant",
]
