"""TotalSegmentator itself, where it is installed with its weights: asked without telling anybody (chapter 20).

Nothing is downloaded here, and no usage statistics are sent: the tool's own setting is switched off first.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

PROGRAM = "TotalSegmentator"
WEIGHTS = {"total": "Dataset297", "total_mr": "Dataset852"}  # what the networks at 3 mm are called, as of 2.18.0


def total_home() -> Path:
    """Return the folder in which TotalSegmentator keeps its settings: `TOTALSEG_HOME_DIR`, or one at home."""
    return Path(os.environ.get("TOTALSEG_HOME_DIR", Path.home() / ".totalsegmentator"))


def why_not_total(task: str = "total") -> str:
    """Say in a sentence what is missing before a task can run here, or "" if nothing is.

    task : "total" for CT, or "total_mr"

    Raises `ValueError` for another task. Introduced in chapter 20.
    """
    if task not in WEIGHTS:
        raise ValueError(f"the tasks are {' and '.join(WEIGHTS)}, got {task!r}")
    if shutil.which(PROGRAM) is None:
        return f"{PROGRAM} is not installed here: `pip install TotalSegmentator`, in an environment of its own."
    results = Path(os.environ.get("TOTALSEG_WEIGHTS_PATH", total_home() / "nnunet" / "results"))
    if not any(results.glob(f"{WEIGHTS[task]}*")):
        return f"The weights of {task} at 3 mm are not here: the program fetches them at its first run, with a network."
    return ""


def send_no_statistics() -> None:
    """Switch off TotalSegmentator's usage statistics, which are on by default; its other settings stay.

    Raises
    ------
    ValueError
        If its settings cannot be read.

    Introduced in chapter 20.
    """
    path = total_home() / "config.json"
    settings: dict[str, Any] = {"totalseg_id": "totalseg_not_sent", "prediction_counter": 0}
    if path.exists():
        try:
            settings = dict(json.loads(path.read_text(encoding="utf-8")))
        except (json.JSONDecodeError, TypeError, ValueError) as error:
            raise ValueError(f"{path} is damaged: delete it, and the program writes a new one") from error
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(settings | {"send_usage_stats": False}, indent=4), encoding="utf-8")


def run_total(scan: Path, labels: Path, task: str = "total") -> Path:
    """Let TotalSegmentator label a scan at 3 mm, with its statistics off.

    Parameters
    ----------
    scan : a NIfTI file, or a folder with one DICOM series
    labels : the NIfTI file to write, one number a class
    task : "total" for CT, or "total_mr"

    Raises
    ------
    FileNotFoundError
        If there is no such scan.
    RuntimeError
        If something is missing here, or the program fails: with its own last line.
    ValueError
        If the task is another one, or the program's settings cannot be read.

    Introduced in chapter 20.
    """
    if not Path(scan).exists():
        raise FileNotFoundError(f"there is no scan {scan}")
    if missing := why_not_total(task):
        raise RuntimeError(missing)
    send_no_statistics()
    command = [PROGRAM, "-i", str(scan), "-o", str(labels), "-ta", task, "-ml", "--fast"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not Path(labels).exists():
        said = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
        raise RuntimeError(f"{PROGRAM} failed: {said[-1]}")
    return Path(labels)
