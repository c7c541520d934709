"""Training: one loop that serves every network of the course. Chapter 3 reads it line by line."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

MEMORY_FORMAT = {4: torch.channels_last, 5: torch.channels_last_3d}  # by dimensions; up to several times faster


@dataclass
class History:
    """What happened: the loss of each step, the validation score at some steps, and the step with the best one."""

    loss: list[float] = field(default_factory=list)
    score: dict[int, float] = field(default_factory=dict)
    best_step: int = 0


def fit(
    network: nn.Module,
    draw_batch: Callable[[torch.Generator], Sequence[Tensor]],
    loss: Callable[..., Tensor],
    *,
    steps: int,
    generator: torch.Generator,
    learning_rate: float = 3e-3,
    validate: Callable[[nn.Module], float] | None = None,
    validate_every: int = 100,
    checkpoint: Path | None = None,
    device: str | torch.device | None = None,
) -> History:
    """Train a network for a fixed number of steps, and leave it with its best weights, in eval mode.

    Parameters
    ----------
    network : images (N, C, H, W) or (N, C, D, H, W) in, logits out
    draw_batch : generator -> (images, labels, ...); all its randomness comes from the generator
    loss : (logits, labels, ...) -> a number to make small
    steps : how many batches to learn from; the learning rate falls to 0 over them along half a cosine
    generator : a CPU generator, the one source of chance (dropout is seeded from it too)
    learning_rate : the first, of AdamW
    validate : network -> a score, higher is better; computed on validation data, never on what is reported
    validate_every : steps between two scores; one is always computed after the last step
    checkpoint : a file that is written at each score and read at the start: a run that was killed goes on from there,
        and ends with the same weights as one that was not
    device : default: the GPU if there is one (with mixed precision), else the CPU

    Raises
    ------
    ValueError
        If `steps` or `validate_every` is below 1, or the checkpoint belongs to a run with other settings.
    FloatingPointError
        If the loss is no longer a number.

    Introduced in chapter 3.
    """
    if steps < 1 or validate_every < 1:
        raise ValueError(f"steps and validate_every start at 1, got {steps} and {validate_every}")
    device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    on_gpu = device.type == "cuda"
    dimensions = max(weight.ndim for weight in network.parameters())
    network.to(device, memory_format=MEMORY_FORMAT.get(dimensions, torch.preserve_format))  # type: ignore[call-overload]
    optimiser = torch.optim.AdamW(network.parameters(), lr=learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    scaler = torch.amp.GradScaler(device.type, enabled=on_gpu)
    history, best = History(), copy_of(network)
    parts = {"network": network, "optimiser": optimiser, "schedule": schedule, "scaler": scaler}
    settings = {"steps": steps, "learning_rate": learning_rate, "validate_every": validate_every}
    if checkpoint is not None and checkpoint.exists():
        best = resume(checkpoint, settings, parts, generator, history)

    for step in range(len(history.loss) + 1, steps + 1):
        network.train()
        torch.manual_seed(int(torch.randint(2**62, (), generator=generator)))  # for dropout
        images, *targets = (tensor.to(device) for tensor in draw_batch(generator))
        images = images.to(memory_format=MEMORY_FORMAT.get(images.ndim, torch.preserve_format))
        with torch.autocast(device.type, dtype=torch.float16, enabled=on_gpu):
            cost = loss(network(images), *targets)
        if not torch.isfinite(cost):
            raise FloatingPointError(
                f"the loss is {cost.item()} at step {step}: look for NaN in the images, or lower the learning rate"
            )
        optimiser.zero_grad()
        torch.autograd.backward(scaler.scale(cost))  # on a CPU the scaler does nothing
        scaler.step(optimiser)
        scaler.update()
        schedule.step()
        history.loss.append(cost.item())

        if step % validate_every == 0 or step == steps:
            if validate is not None:
                network.eval()
                history.score[step] = score = float(validate(network))
                if score >= max(history.score.values()):
                    history.best_step, best = step, copy_of(network)
            if checkpoint is not None:
                save(checkpoint, settings, parts, generator, history, best)
    if validate is not None:
        network.load_state_dict(best)
    network.eval()
    return history


def copy_of(network: nn.Module) -> dict[str, Tensor]:
    """Copy a network's weights, so that further training does not change them."""
    return {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}


def save(
    path: Path,
    settings: dict[str, float],
    parts: dict[str, Any],
    generator: torch.Generator,
    history: History,
    best: dict[str, Tensor],
) -> None:
    """Write a checkpoint in one step that cannot be seen half-done: a kill leaves the old file or the new one."""
    state = {name: part.state_dict() for name, part in parts.items()}
    state |= {"settings": settings, "generator": generator.get_state(), "history": vars(history), "best": best}
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    torch.save(state, unfinished)
    unfinished.replace(path)


def resume(
    path: Path, settings: dict[str, float], parts: dict[str, Any], generator: torch.Generator, history: History
) -> dict[str, Tensor]:
    """Put everything back as it was when the checkpoint was written; return the best weights so far."""
    afresh = f"cannot go on from {path.name}: {{}}. Delete the file to start afresh."
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch's own message would advise to load it unsafely
        raise ValueError(afresh.format("it is damaged, or no checkpoint")) from error
    if state["settings"] != settings:
        raise ValueError(afresh.format(f"it belongs to a run with {state['settings']}, not {settings}"))
    try:
        for name, part in parts.items():
            part.load_state_dict(state[name])
    except (RuntimeError, ValueError, KeyError) as error:
        raise ValueError(afresh.format("it belongs to another network")) from error
    generator.set_state(state["generator"])
    vars(history).update(state["history"])
    return dict(state["best"])
