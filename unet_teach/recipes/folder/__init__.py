"""Your own data: a folder of images and masks becomes a trained network, scores and predictions (chapter 25).

`python -m unet_teach check|convert|train|predict|export FOLDER` is the same from a shell.
"""

from unet_teach.recipes.folder.checking import Checked, check_folder
from unet_teach.recipes.folder.exporting import export_model
from unet_teach.recipes.folder.faults import Fault
from unet_teach.recipes.folder.model import FolderModel, load_model
from unet_teach.recipes.folder.reading import Picture, read_picture
from unet_teach.recipes.folder.scoring import Scores, score_folder
from unet_teach.recipes.folder.training import train_folder
from unet_teach.recipes.folder.writing import predict_folder

__all__ = [
    "Checked",
    "Fault",
    "FolderModel",
    "Picture",
    "Scores",
    "check_folder",
    "export_model",
    "load_model",
    "predict_folder",
    "read_picture",
    "score_folder",
    "train_folder",
]
