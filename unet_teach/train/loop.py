"""The training loop: a fixed number of steps, best weights by validation, and a file to go on from."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from unet_teach.train.checkpoint import Checkpoint
from unet_teach.train.checks import cpu_generator, positive, whole
from unet_teach.train.machine import Machine

if TYPE_CHECKING:
    from accelerate import Accelerator

Descent = Callable[[list[nn.Parameter], float, int], tuple[Optimizer, LRScheduler]]


@dataclass
class History:
    """What happened: the loss of each step, the validation score at some steps, and the step with the best one."""

    loss: list[float] = field(default_factory=list)
    score: dict[int, float] = field(default_factory=dict)
    best_step: int = 0


def adamw_along_a_cosine(
    weights: list[nn.Parameter], learning_rate: float, steps: int
) -> tuple[Optimizer, LRScheduler]:
    """Return AdamW, and a learning rate that falls to 0 along half a cosine: how the course's networks learn."""
    optimiser = torch.optim.AdamW(weights, lr=learning_rate)
    return optimiser, torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)


def fit(
    network: nn.Module,
    draw_batch: Callable[[torch.Generator], Sequence[Tensor]],
    loss: Callable[..., Tensor],
    *,
    steps: int,
    generator: torch.Generator,
    learning_rate: float = 3e-3,
    descent: Descent = adamw_along_a_cosine,
    steepest: float = math.inf,
    validate: Callable[[nn.Module], float] | None = None,
    validate_every: int = 100,
    checkpoint: Path | None = None,
    device: str | torch.device | None = None,
    accelerator: "Accelerator | None" = None,
) -> History:
    """Train a network for a fixed number of steps, and leave it with its best weights, in eval mode, where it was.

    Parameters
    ----------
    network : images (N, C, H, W) or (N, C, D, H, W) in, logits out
    draw_batch : generator -> (images, labels, ...); all its randomness comes from the generator
    loss : (logits, labels, ...) -> a number to make small
    steps : how many batches to learn from
    generator : a CPU generator, the one source of chance (dropout is seeded from it too)
    learning_rate : the first
    descent : weights, the first learning rate, steps -> an optimiser, and what changes its rate after each step. By
        default AdamW, and the rate falls to 0 along half a cosine.
    steepest : the slopes of all weights together are at most so long; longer ones are shortened before a step
    validate : network -> a score, higher is better; computed on validation data, never on what is reported. On a GPU,
        too, the network answers there wherever the images lie.
    validate_every : steps between two scores; one is always computed after the last step
    checkpoint : a file that is written at each score and read at the start: a run that was killed goes on from there,
        and ends with the same weights as one that was not
    device : default: the GPU if there is one (with mixed precision), else the CPU. Afterwards the network is back where
        its weights were before.
    accelerator : where several processes run this call, each learns from its share of every batch; the first one
        validates and writes the checkpoint. With a loss that is a mean per pixel, and nothing in the network that looks
        at the whole batch, the weights are those of one process (chapter 26).

    Raises
    ------
    ValueError
        If a number, a batch, a loss or a score is not as above, or the checkpoint is none, or belongs to a run with
        other settings; or if several processes cannot share a batch equally, or do not start alike.
    OSError
        If the checkpoint cannot be written or read; before the first step.
    FloatingPointError
        If the loss is no longer a number.

    Introduced in chapter 3.
    """
    steps, validate_every = whole("steps", steps), whole("validate_every", validate_every)
    learning_rate, generator = positive("learning_rate", learning_rate), cpu_generator(generator)
    if not steepest > 0:
        raise ValueError(f"steepest is a length above 0, such as 12, got {steepest!r}")
    with Machine(network, device, accelerator) as machine:
        optimiser, schedule = descent(list(network.parameters()), learning_rate, steps)
        history = History()
        parts = {"network": network, "optimiser": optimiser, "schedule": schedule, "scaler": machine.scaler}
        settings = {"steps": steps, "learning_rate": learning_rate, "validate_every": validate_every}
        settings |= {"steepest": steepest} if steepest < math.inf else {}
        file = Checkpoint(checkpoint, settings, parts, generator, vars(history))
        best = file.resume() or copy_of(network)
        machine.together.agree(len(history.loss), generator)

        for step in range(len(history.loss) + 1, steps + 1):
            pause = step % validate_every == 0 or step == steps
            network.train()
            torch.manual_seed(machine.together.rank + int(torch.randint(2**62, (), generator=generator)))  # for dropout
            images, *targets = machine.fetch(draw_batch(generator))
            cost = loss(machine.logits(images), *targets)
            history.loss += machine.read(cost, step, now=pause)
            optimiser.zero_grad()
            machine.backward(cost)
            if machine.step(optimiser, steepest):
                schedule.step()

            if pause:
                if validate is not None:
                    network.eval()
                    score = history.score[step] = machine.score(validate, step)
                    if score >= max(history.score.values()):
                        history.best_step, best = step, copy_of(network)
                if machine.together.rank == 0:
                    file.save(best)
        if validate is not None:
            network.load_state_dict(best)
        network.eval()
    return history


def copy_of(network: nn.Module) -> dict[str, Tensor]:
    """Copy a network's weights, so that further training does not change them."""
    return {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}
