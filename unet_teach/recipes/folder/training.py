"""From a checked folder to a trained network: a fixed number of steps, which a kill does not undo (chapter 25)."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

import unet_teach
from unet_teach.nnunet.learning import EveryLevel, planned_loss
from unet_teach.nnunet.prepare import prepare
from unet_teach.nnunet.run import training_batches
from unet_teach.recipes.folder.cases import dataset_of, meaning_of
from unet_teach.recipes.folder.checking import Checked
from unet_teach.recipes.folder.model import FILE, FolderModel, build, save_model
from unet_teach.recipes.folder.planning import MEMORY_GB, WIDTH, aloud, plan_folder
from unet_teach.recipes.folder.splitting import split_by_group
from unet_teach.train import fit

STEPS = 300
RATE = 3e-3  # of AdamW, the course's; nnU-Net's own descent is made for a thousand times as many steps
KEPT_EVERY = 25  # steps between two files to go on from
RUN, PROGRESS, SCORES = "run.json", "run.pt", "scores.tsv"


def train_folder(
    checked: Checked,
    out: str | Path,
    steps: int = STEPS,
    seed: int = 0,
    memory_gb: float = MEMORY_GB,
    width: int = WIDTH,
    coarser: float = 1,
    quiet: bool = True,
    say: Callable[[str], None] = lambda sentence: None,
) -> FolderModel:
    """Split by group, plan by chapter 18's rules, train, and write the network; the last weights are kept.

    The same call again goes on where a kill ended it, and comes to the same weights.

    Parameters
    ----------
    checked : of `check_folder`, without errors
    out : a folder that is not there yet, or that of the same run, killed
    steps, seed : of the run
    memory_gb, width, coarser : as `plan_folder` takes them
    quiet : no progress bar
    say : is handed each sentence about what is done

    Raises
    ------
    ValueError
        If the folder has errors, or nothing can be held back.
    FileExistsError
        If something else is in `out`.

    Introduced in chapter 25.
    """
    if not checked.may_train:
        raise ValueError(f"the folder has {len(checked.of('error'))} errors, which check names: mend them first")
    out = Path(out)
    split = split_by_group(checked.contents, seed)
    meaning = meaning_of(checked.contents)
    settings = {
        "images": _digest(checked),
        "instances": meaning.instances,
        "known": list(split.known),
        "held_back": list(split.held_back),
        "steps": steps,
        "seed": seed,
        "memory_gb": memory_gb,
        "width": width,
        "coarser": coarser,
    }
    claim_folder(out, settings)
    say(f"{len(split.known)} images to learn from, {len(split.held_back)} held back, {split.why}.")
    say(f"Held back: {', '.join(split.held_back)}.")
    dataset = dataset_of(checked.contents, meaning, split.known)
    plan, configuration = plan_folder(dataset, memory_gb, width, coarser)
    for sentence in aloud(plan, configuration, meaning, dataset):
        say(sentence)
    torch.manual_seed(seed)
    network = build(plan, configuration, meaning)
    cases = [prepare(case, plan, configuration) for case in dataset.cases]
    draw = training_batches(cases, plan["configurations"][configuration])
    done = steps_done(out)
    if done:
        say(f"{done} of {steps} steps were done already; going on from there.")
    with tqdm(total=steps, initial=done, desc="learning", unit="step", disable=quiet) as bar:

        def counted(generator: torch.Generator) -> tuple[Tensor, Tensor]:
            bar.update()
            return draw(generator)

        history = fit(
            EveryLevel(network),
            counted,
            planned_loss(plan["configurations"][configuration]),
            steps=steps,
            generator=torch.Generator().manual_seed(seed),
            learning_rate=RATE,
            validate_every=min(KEPT_EVERY, steps),
            checkpoint=out / PROGRESS,
        )
    about = {
        **settings,
        "folder": checked.folder.resolve().name,
        "loss": [history.loss[0], history.loss[-1]],
        "warnings": [fault.what for fault in checked.of("warning")],
        "why": split.why,
        "unet_teach": unet_teach.__version__,
        "torch": str(torch.__version__),
    }
    model = FolderModel(network.cpu().eval(), plan, configuration, meaning, about)
    save_model(model, out)
    return model


def claim_folder(out: Path, settings: dict[str, Any]) -> None:
    """Make a folder for a run, or find that it is this run's; nothing is written over.

    Raises
    ------
    FileExistsError
        If the folder holds a finished run, another one, or something else.
    """
    wanted = json.dumps(settings, indent=1) + "\n"
    if out.exists() and not out.is_dir():
        raise FileExistsError(f"{out} is a file: name a folder for what is trained")
    if (out / FILE).exists() and (out / SCORES).exists():
        raise FileExistsError(f"{out} holds a trained network already: predict with it, or name another folder (--out)")
    if (out / RUN).exists():
        if (out / RUN).read_text(encoding="utf-8") != wanted:
            old = json.loads((out / RUN).read_text(encoding="utf-8"))
            differ = ", ".join(key for key in settings if old.get(key) != settings[key])
            raise FileExistsError(f"{out} holds another run ({differ} differ): name another folder (--out)")
        return
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty: name a folder that is not there yet (--out)")
    out.mkdir(parents=True, exist_ok=True)
    (out / RUN).write_text(wanted, encoding="utf-8")


def steps_done(out: Path) -> int:
    """Say how many steps of a run lie behind."""
    try:
        return len(torch.load(out / PROGRESS, map_location="cpu", weights_only=True)["history"]["loss"])
    except Exception:  # `fit` says what is wrong with it
        return 0


def _digest(checked: Checked) -> str:
    """Return one number for all pixels of a folder."""
    text = json.dumps(
        [[one.name, one.image and one.image.digest, one.mask and one.mask.digest] for one in checked.contents.looks]
    )
    return hashlib.sha256(text.encode()).hexdigest()
