"""Torsos in Hounsfield units that never were, from thin to obese, with the name of every tissue."""

from unet_teach.data.phantoms.bodies.materials import TORSO_LABELS
from unet_teach.data.phantoms.bodies.scan import Torso, torso

__all__ = ["TORSO_LABELS", "Torso", "torso"]
