"""What each process runs: `torchrun --nproc_per_node 2 -m unet_teach.course.scaling.worker FOLDER` (chapter 26).

FOLDER holds `tasks.json`, a list of settings of `toy_training`. The first process writes `results.pt`; one that fails
leaves its reason in `error-RANK.txt`.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch

from unet_teach._checks import needed
from unet_teach.course.scaling.toy import toy_training

PATIENCE = timedelta(seconds=60)  # so long a process waits for the others


def accelerate_or_advice() -> Any:
    """Return the package accelerate, or say how to get it.

    Raises an `ImportError` if it is not installed.
    """
    return needed("accelerate", "several processes train with", "unet_teach[scale]")


def main(folder: Path) -> None:
    """Train on every task in the folder, and let the first process store what came out."""
    accelerate = accelerate_or_advice()
    patient = accelerate.InitProcessGroupKwargs(timeout=PATIENCE)
    accelerator = accelerate.Accelerator(cpu=True, kwargs_handlers=[patient])
    torch.set_num_threads(1)
    results = []
    try:
        for task in json.loads((folder / "tasks.json").read_text(encoding="utf-8")):
            network, history = toy_training(accelerator, **task)
            ranks = accelerator.gather(torch.tensor([accelerator.process_index])).tolist()
            apart = max(_apart(accelerator, value) for value in network.parameters())
            result = {"ranks": ranks, "apart": apart, "weights": network.state_dict()}
            results.append(result | {"loss": history.loss, "score": history.score})
    except Exception as error:
        note = f"{type(error).__name__}: {error}"
        (folder / f"error-{accelerator.process_index}.txt").write_text(note, encoding="utf-8")
        raise
    if accelerator.is_main_process:
        torch.save(results, folder / "results.pt")
    accelerator.end_training()


def _apart(accelerator: Any, value: torch.Tensor) -> float:
    """Say how far the processes' values are from one another, at most."""
    everyone = accelerator.gather(value.detach()[None].contiguous())
    return float((everyone - everyone[0]).abs().max())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
