"""Your own data: a folder of images and masks becomes a trained network, scores and predictions (chapter 25).

`python -m unet_teach check|train|predict|export FOLDER` is the same from a shell.
"""

from unet_teach.recipes.folder.checking import Checked, check_folder
from unet_teach.recipes.folder.faults import Fault

__all__ = ["Checked", "Fault", "check_folder"]
