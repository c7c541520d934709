"""Starting several processes on one machine, and saying in a sentence what became of them (chapter 26)."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch

import unet_teach
from unet_teach.course.scaling.worker import accelerate_or_advice

Task = Mapping[str, Any]


def train_on_processes(tasks: Sequence[Task], processes: int = 2, timeout: float = 240) -> list[dict[str, Any]]:
    """Run `toy_training` with each task's settings on several processes of one thread each, all on this machine.

    The processes talk over the loopback address alone: no network is needed, and none is used.

    Parameters
    ----------
    tasks : settings of `toy_training`
    processes : how many
    timeout : seconds, after which all of them are ended

    Returns
    -------
    for each task: `ranks`, who took part; `weights`; `apart`, the largest difference between the processes' weights;
    `loss` of each step; `score` by step

    Raises
    ------
    ImportError
        If accelerate is not installed.
    ValueError
        If there are no processes to start.
    RuntimeError
        If a process failed, was killed, or did not end in time; it says which one, and why.

    Introduced in chapter 26.
    """
    accelerate_or_advice()
    if processes < 1:
        raise ValueError(f"at least one process has to be started, got {processes}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tasks.json").write_text(json.dumps([dict(task) for task in tasks]), encoding="utf-8")
        said = _run(command(processes, folder), processes, timeout)
        if not (folder / "results.pt").exists():
            raise RuntimeError(_reason(said, folder, processes))
        results: list[dict[str, Any]] = torch.load(folder / "results.pt", weights_only=True)
    return results


def command(processes: int, folder: Path | str) -> list[str]:
    """Return the command line that starts the worker so many times, with this Python: torchrun by its long name."""
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--local-addr", "127.0.0.1"]
    return [*torchrun, "--nproc_per_node", str(processes), "-m", "unet_teach.course.scaling.worker", str(folder)]


def _run(line: list[str], processes: int, timeout: float) -> str:
    own = Path(unet_teach.__file__).parents[1]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(own), os.environ.get("PYTHONPATH")]))
    loopback = [name for _, name in socket.if_nameindex() if name in ("lo", "lo0")] if os.name == "posix" else []
    if loopback:  # gloo would otherwise ask for the address of the machine's name
        environment["GLOO_SOCKET_IFNAME"] = loopback[0]
    started = subprocess.Popen(
        line,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    try:
        return started.communicate(timeout=timeout)[0]
    except subprocess.TimeoutExpired:
        raise RuntimeError(
            f"{processes} processes did not end within {timeout:g} s, and were stopped: allow more time, or fewer steps"
        ) from None
    finally:
        if started.poll() is None:
            _end(started)


def _end(started: "subprocess.Popen[str]") -> None:
    """End torchrun, which ends its workers; and what does not listen."""
    started.terminate()
    with suppress(subprocess.TimeoutExpired):
        started.wait(60)  # it waits 30 s for its workers before it kills them
    started.kill()
    started.wait(10)


def _reason(said: str, folder: Path, processes: int) -> str:
    ended = [
        (int(rank), int(code)) for rank, code in re.findall(r"rank\s*:\s*(\d+).*?exitcode\s*:\s*(-?\d+)", said, re.S)
    ]
    if not ended:
        last = [line for line in said.splitlines() if line.strip()]
        return f"{processes} processes could not be started: {last[-1] if last else 'torchrun said nothing'}"
    killed = [(rank, code) for rank, code in ended if code not in (1, -15)]  # by others than torchrun, which sends 15
    rank, code = killed[0] if killed else ended[-1]  # it names the root of all last
    note = folder / f"error-{rank}.txt"
    if code < 0:
        why = f"was killed by signal {-code} (9 is often a full memory)"
    else:
        why = f"failed: {note.read_text(encoding='utf-8')}" if note.exists() else f"failed with code {code}"
    return (
        f"process {rank} of {processes} (they count from 0) {why}. The others were stopped. With a checkpoint, the "
        "same call goes on from the last one."
    )
