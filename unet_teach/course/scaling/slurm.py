"""A job for Slurm, the queue of many computing centres, as text to save and to submit (chapter 26)."""

import re
import shlex

TEMPLATE = """#!/bin/bash
#SBATCH --job-name={name}
#SBATCH --nodes={nodes}
#SBATCH --ntasks-per-node=1
#SBATCH --gpus-per-node={gpus}
#SBATCH --cpus-per-task={cpus}
#SBATCH --time={hours:02d}:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=%x-%j.txt
set -euo pipefail

# One torchrun on each machine starts one process for each of its cards; they meet at the first machine.
first=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
srun torchrun \\
    --nnodes "$SLURM_NNODES" \\
    --nproc_per_node {gpus} \\
    --rdzv-backend c10d \\
    --rdzv-id "$SLURM_JOB_ID" \\
    --rdzv-endpoint "$first:29500" \\
    {script}
"""


def slurm_script(script: str, name: str = "unet", nodes: int = 1, gpus: int = 2, cpus: int = 8, hours: int = 10) -> str:
    """Write the text of a job: so many machines (nodes), each with so many cards, one process a card.

    A job that is ended early goes back into the queue and runs the same command again: `fit` then goes on from its
    checkpoint.

    Parameters
    ----------
    script : what torchrun starts, with its arguments, such as "train.py --steps 60000"
    name : of the job: letters, digits, "-", "_" and "."
    nodes, gpus, cpus : machines; cards and processor cores of each
    hours : after which the queue ends it

    Raises
    ------
    ValueError
        If a number is below 1, there is no script, or the name or script holds what a shell would take apart.

    Source: the manuals of sbatch and torchrun. Introduced in chapter 26.
    """
    numbers = {"nodes": nodes, "gpus": gpus, "cpus": cpus, "hours": hours}
    for key, value in numbers.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ValueError(f"{key} is a whole number from 1, got {value!r}")
    if not re.fullmatch(r"[\w.-]+", name):
        raise ValueError(f"a job's name has letters, digits, '-', '_' and '.', got {name!r}")
    try:
        words = shlex.split(script)
    except ValueError as error:
        raise ValueError(f"a quotation mark is not closed in {script!r}") from error
    if not words or "\n" in script:
        raise ValueError(f"script is one line, such as 'train.py --steps 1000', got {script!r}")
    return TEMPLATE.format(name=name, script=shlex.join(words), **numbers)
