"""A recipe that configures itself, after nnU-Net: fingerprint, rules, plan, run (chapter 18)."""

from unet_teach.nnunet.dataset import Case, Dataset
from unet_teach.nnunet.fingerprint import fingerprint
from unet_teach.nnunet.hand_over import hand_over
from unet_teach.nnunet.plan import plan
from unet_teach.nnunet.run import Trained, run, segment

__all__ = ["Case", "Dataset", "Trained", "fingerprint", "hand_over", "plan", "run", "segment"]
