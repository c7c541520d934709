"""What may be predicted from a region: phantom tumours, simulated times, noise that seems to foretell (chapter 23)."""

from unet_teach.course.foretelling.noise import best_columns, learn_risk, noise_cohort
from unet_teach.course.foretelling.phantoms import FEATURES, measure_phantoms, phantom_tumour

__all__ = ["FEATURES", "best_columns", "learn_risk", "measure_phantoms", "noise_cohort", "phantom_tumour"]
