"""nnU-Net itself, its code untouched, for as many steps as a table asks (chapter 18).

The package `nnunetv2` is no dependency of the course: install it beside the course to run this. Its trainers for fewer
steps are found by a search that imports whatever lies in its folder, and so needs timm and torchvision, which do not
import beside a CPU's torch. So the ordinary trainer is built here, and its numbers of epochs and steps are set.
"""

import contextlib
import json
import os
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from unet_teach.course.planned.sets import Split
from unet_teach.nnunet import hand_over

VERSION = "2.8.1"  # whose trainer was read
EPOCH = 50  # steps; nnU-Net's own has 250, and its learning rate falls from epoch to epoch
HERE = {"nnUNet_n_proc_DA": "0"}  # other processes to draw patches
PATCHES = 50  # batches for the pseudo-Dice: nnU-Net's number
NUMBER, PLANS = 18, "nnUNetPlans"
FOLDERS = ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results")
# One process, no compiler: as the course runs, and so that a run is a function of its settings.
ALONE = {"nnUNet_n_proc_DA": "1", "nnUNet_def_n_proc": "1", "nnUNet_compile": "f"}


def train_real(
    split: Split, memory_gb: float, steps: int, seed: int
) -> tuple[dict[str, NDArray[np.uint8]], list[float], dict[str, Any]]:
    """Let nnU-Net plan, train and predict.

    Parameters
    ----------
    split : whose validation cases are the fold that is held back
    memory_gb : the planner's dial
    steps : in epochs of 50
    seed : of everything that draws numbers

    Returns
    -------
    labels by the names of the test cases; the pseudo-Dice of each class after the last step; the configuration

    Raises
    ------
    RuntimeError
        If `nnunetv2` is not installed.

    Introduced in chapter 18.
    """
    with _workplace() as home, open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
        _require()
        plans, description = _plan(split, memory_gb, home)
        torch.manual_seed(seed)
        np.random.seed(seed)  # noqa: NPY002
        random.seed(seed)
        os.environ.update(HERE)  # the planner wanted a number above 0
        trainer = _trainer(plans, description, split.configuration, steps)
        trainer.run_training()
        pseudo = _pseudo_dice(trainer)
        said = _predict(trainer, split)
    return said, pseudo, plans["configurations"][split.configuration]


def _plan(split: Split, memory_gb: float, home: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Hand the set over with its fold, and let nnU-Net take its fingerprint, plan and preprocess."""
    from nnunetv2.experiment_planning.plan_and_preprocess_api import extract_fingerprints, plan_experiments
    from nnunetv2.preprocessing.preprocessors.default_preprocessor import DefaultPreprocessor

    held_back = [case.name for case in split.held_back.cases]
    raw = hand_over(split.everything, home / "nnUNet_raw", NUMBER, folds=[held_back])
    extract_fingerprints([NUMBER], num_processes=1, show_progress_bar=False)
    plan_experiments([NUMBER], gpu_memory_target_in_gb=memory_gb, overwrite_plans_name=PLANS)
    ready = home / "nnUNet_preprocessed" / raw.name
    (ready / "splits_final.json").write_text((raw / "splits_final.json").read_text(encoding="utf-8"), encoding="utf-8")
    preprocessor = DefaultPreprocessor(verbose=False)
    preprocessor.show_progress_bar = False
    preprocessor.run(NUMBER, split.configuration, PLANS, num_processes=1)
    texts = [(ready / f"{name}.json").read_text(encoding="utf-8") for name in (PLANS, "dataset")]
    plans, description = map(json.loads, texts)
    return plans, description


def _trainer(plans: Mapping[str, Any], description: Mapping[str, Any], configuration: str, steps: int) -> Any:
    """Build nnU-Net's ordinary trainer, and set how long it trains."""
    from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    trainer = nnUNetTrainer({**plans, "continue_training": False}, configuration, 0, description, device)
    trainer.num_iterations_per_epoch = min(EPOCH, steps)
    trainer.num_epochs = steps // trainer.num_iterations_per_epoch
    trainer.num_val_iterations_per_epoch = 1  # nothing is chosen by them; those that count come at the end
    trainer.disable_checkpointing = True
    return trainer


def _pseudo_dice(trainer: Any) -> list[float]:
    """Score patches of the fold that was held back, as the trainer does after each epoch."""
    trainer.on_validation_epoch_start()
    with torch.no_grad():
        found = [trainer.validation_step(next(trainer.dataloader_val)) for _ in range(PATCHES)]
    right, added, missed = (sum(batch[name] for batch in found) for name in ("tp_hard", "fp_hard", "fn_hard"))
    return [float(2 * t / (2 * t + a + m)) for t, a, m in zip(right, added, missed, strict=True)]


def _predict(trainer: Any, split: Split) -> dict[str, NDArray[np.uint8]]:
    """Let nnU-Net's own predictor answer, with windows, mirroring, and back on the cases' own grids."""
    from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

    predictor = nnUNetPredictor(device=trainer.device, allow_tqdm=False)
    trainer.set_deep_supervision_enabled(False)
    predictor.manual_initialization(
        trainer.network,
        trainer.plans_manager,
        trainer.configuration_manager,
        [trainer.network.state_dict()],
        trainer.dataset_json,
        type(trainer).__name__,
        trainer.inference_allowed_mirroring_axes,
    )
    said = {}
    for case in split.test.cases:
        flat = case.labels.ndim == 2
        image = case.image[:, None] if flat else case.image
        spacing = [999 * max(case.spacing), *case.spacing] if flat else list(case.spacing)
        answer = predictor.predict_single_npy_array(image, {"spacing": spacing})
        said[case.name] = np.asarray(answer[0] if flat else answer, dtype=np.uint8)
    return said


def _require() -> None:
    try:
        import nnunetv2  # noqa: F401
    except ImportError as error:
        raise RuntimeError(
            f"nnU-Net itself is not here: `pip install nnunetv2=={VERSION}` beside the course, and run this again"
        ) from error


@contextlib.contextmanager
def _workplace() -> Iterator[Path]:
    """Give nnU-Net its three folders, and take them away again."""
    before = dict(os.environ)
    with TemporaryDirectory() as folder:
        home = Path(folder)
        for name in FOLDERS:
            (home / name).mkdir()
            os.environ[name] = str(home / name)
        os.environ.update(ALONE)
        try:
            yield home
        finally:
            for name in (*FOLDERS, *ALONE):
                os.environ.pop(name, None)
            os.environ.update({name: value for name, value in before.items() if name in (*FOLDERS, *ALONE)})
