"""A trained network with all that is needed to use it, in one file (chapter 25)."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from unet_teach.models.nn_unet import NNUNet
from unet_teach.recipes.folder.cases import Meaning

FILE, ABOUT = "model.pt", "about.json"


@dataclass(frozen=True)
class FolderModel:
    """A network that was trained on a folder.

    network : in eval mode
    plan, configuration : what it follows, and the configuration's name
    meaning : of classes and channels
    about : how it was trained and how it scored; goes into the model card

    Introduced in chapter 25.
    """

    network: NNUNet
    plan: dict[str, Any]
    configuration: str
    meaning: Meaning
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, Any]:
        """The configuration itself."""
        return dict(self.plan["configurations"][self.configuration])


def build(plan: dict[str, Any], configuration: str, meaning: Meaning) -> NNUNet:
    """Build the network of a plan; its weights are drawn from torch's generator."""
    return NNUNet(plan["configurations"][configuration], len(meaning.channels), len(meaning.names))


def save_model(model: FolderModel, folder: Path) -> Path:
    """Write a model into a folder, in one step.

    Introduced in chapter 25.
    """
    known = {
        "plan": model.plan,
        "configuration": model.configuration,
        "meaning": asdict(model.meaning),
        "about": model.about,
    }
    unfinished = folder / f"{FILE}.part"
    torch.save({"weights": model.network.state_dict(), "known": json.dumps(known)}, unfinished)
    unfinished.replace(folder / FILE)
    (folder / ABOUT).write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    return folder / FILE


def load_model(folder: str | Path) -> FolderModel:
    """Read a model from the folder that `train` wrote, or from its file.

    Raises
    ------
    FileNotFoundError, ValueError
        If there is none, or it is damaged or something else.

    Introduced in chapter 25.
    """
    file = Path(folder)
    file = file / FILE if file.is_dir() else file
    if not file.is_file():
        raise FileNotFoundError(f"there is no trained network {file}: train first, or give the folder that train wrote")
    try:
        read = torch.load(file, map_location="cpu", weights_only=True)
        known = json.loads(read["known"])
        said: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in known["meaning"].items()}
        meaning = Meaning(**said)
        network = build(known["plan"], known["configuration"], meaning)
        network.load_state_dict(read["weights"])
    except Exception as error:  # torch's own message would advise to load it unsafely
        raise ValueError(f"{file.name} is damaged, or was not written by train: train again") from error
    network.eval()
    return FolderModel(network, known["plan"], known["configuration"], meaning, known["about"])
