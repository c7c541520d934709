"""A recipe that configures itself, after nnU-Net: fingerprint, rules, plan, run (chapter 18)."""

from unet_teach.nnunet.dataset import Case, Dataset

__all__ = ["Case", "Dataset"]
