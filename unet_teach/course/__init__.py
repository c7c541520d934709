"""What only the notebooks need: claims, checkers, experiments, drawing by hand, a debugging clinic."""

from unet_teach.course.claims import ClaimError, claim

__all__ = ["ClaimError", "claim"]
