"""Survival: times that may be cut off, curves, ranks and Cox's model, and how such times are simulated (chapter 23)."""

from unet_teach.clinic.survival.concordance import concordance, concordances
from unet_teach.clinic.survival.cox import Cox, cox
from unet_teach.clinic.survival.curves import SurvivalCurve, kaplan_meier, log_rank
from unet_teach.clinic.survival.outcomes import outcomes
from unet_teach.clinic.survival.simulated import simulate_times

__all__ = [
    "Cox",
    "SurvivalCurve",
    "concordance",
    "concordances",
    "cox",
    "kaplan_meier",
    "log_rank",
    "outcomes",
    "simulate_times",
]
