"""How much memory something takes at most: a process of its own does it, and says so at its end (chapter 26)."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

import unet_teach

LATE = 124
# A process begins with the largest memory that its parent ever had. So a small one, without torch, stands between.
BETWEEN = f"""
import subprocess, sys
try:
    code = subprocess.run(sys.argv[2:], timeout=float(sys.argv[1])).returncode
except subprocess.TimeoutExpired:
    code = {LATE}
sys.exit(code if code >= 0 else 128 - code)
"""


def peak_memory(task: str, timeout: float = 3600, **options: Any) -> dict[str, float]:
    """Do one of the things in `tasks.TASKS` in a new process of one thread.

    Returns
    -------
    "peak MB": what it held at most, less what it held when all was prepared; "seconds" of that processor; and what
    the task says

    Raises
    ------
    RuntimeError
        If the process failed, or did not end within `timeout` seconds; it says why.

    Introduced in chapter 26.
    """
    own = Path(unet_teach.__file__).parents[1]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(own), os.environ.get("PYTHONPATH")]))
    line = [sys.executable, "-c", BETWEEN, str(timeout)]
    line += [sys.executable, "-m", "unet_teach.course.scaling.measure", task, json.dumps(options)]
    done = subprocess.run(line, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode == LATE:
        raise RuntimeError(f"{task!r} did not end within {timeout:g} s: give it more, or a smaller picture")
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        number = done.returncode - 128
        ended = f"was killed by signal {number} (9 is often a full memory)" if number > 0 else "failed"
        raise RuntimeError(f"{task!r} {ended}: {said[-1] if said else 'no word'}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def memory_now_and_at_most() -> tuple[int, int]:
    """Return the bytes that this process holds, and has held at most, since it began.

    Raises a `RuntimeError` where neither the system nor the package psutil says so.
    """
    try:
        import psutil
    except ImportError as error:
        raise RuntimeError("measuring memory needs the package psutil, which comes with accelerate") from error
    held = psutil.Process().memory_info()
    if hasattr(held, "peak_wset"):  # Windows
        return held.rss, held.peak_wset
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return held.rss, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main(task: str, options: Mapping[str, Any]) -> None:
    """Prepare a task, do it, and print what it took."""
    import time

    from unet_teach.course.scaling.tasks import TASKS

    torch.set_num_threads(1)
    do = TASKS[task](**options)
    before, started = memory_now_and_at_most()[0], time.process_time()
    said = do()
    seconds = time.process_time() - started
    peak = (memory_now_and_at_most()[1] - before) / 1e6
    print(json.dumps({"peak MB": round(peak, 1), "seconds": round(seconds, 1)} | dict(said)))


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
