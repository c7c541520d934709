"""The machine that trains, a CPU or a GPU: where numbers lie, and how many bits they have. Chapter 26 returns to it."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

import torch
from torch import Tensor, nn

from unet_teach.train.checks import a_batch, a_cost, a_score, weights_of
from unet_teach.train.processes import Processes

MEMORY_FORMAT = {4: torch.channels_last, 5: torch.channels_last_3d}  # by dimensions; up to several times faster
UNREAD = 100  # losses at most that wait on a GPU


class Machine:
    """The place where one network is trained: it moves there for a `with` block, and then back to where it was.

    On a GPU, convolutions and their kind compute with numbers of 16 bits. bfloat16 has the range of float32, and needs
    no more care. Cards from before 2020 only have float16, in which small slopes vanish: the loss is scaled up before
    the walk back, and the slopes down again before the step. On a CPU none of this does anything.
    """

    def __init__(self, network: nn.Module, device: str | torch.device | None = None, accelerator: Any = None) -> None:
        weights = weights_of(network)
        self.network, self.home = network, weights[0].device
        self.together, self._learner = Processes(accelerator), network
        if accelerator and device:
            raise ValueError("the accelerator chooses each process's device: leave device out")
        device = accelerator.device if accelerator else device
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        self.on_gpu = self.device.type == "cuda"
        if self.on_gpu and not torch.cuda.is_available():
            raise ValueError(f"there is no GPU here for device={device!r}: leave device out, and the CPU is used")
        self.half = half_type(self.device) if self.on_gpu else None
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=self.half is torch.float16)
        self._format = MEMORY_FORMAT.get(max(weight.ndim for weight in weights), torch.preserve_format)
        self._unread: list[Tensor] = []

    def __enter__(self) -> Self:
        self.network.to(self.device, memory_format=self._format)  # type: ignore[call-overload]
        self._learner = self.together.wrap(self.network)
        self._exact, torch.backends.cudnn.deterministic = torch.backends.cudnn.deterministic, True  # to resume exactly
        return self

    def __exit__(self, *_: object) -> None:
        torch.backends.cudnn.deterministic = self._exact
        self._learner = self.network
        self.together.unwrap()
        self.network.to(self.home)

    def fetch(self, batch: Sequence[Tensor]) -> list[Tensor]:
        """Bring a batch here, or this process's share of it; the first of it are the images."""
        images, *targets = (tensor.to(self.device) for tensor in self.together.share(a_batch(batch)))
        return [images.to(memory_format=MEMORY_FORMAT.get(images.ndim, torch.preserve_format)), *targets]

    def logits(self, images: Tensor) -> Any:
        """Run the network, in mixed precision where there is some; a loss gets at least 32 bits."""
        with torch.autocast(self.device.type, dtype=self.half, enabled=self.on_gpu):
            answer = self._learner(images)
        return _in_each(answer, lambda t: t.float() if t.dtype in (torch.float16, torch.bfloat16) else t)

    def read(self, cost: Tensor, step: int, *, now: bool) -> list[float]:
        """Return the losses of the last steps, this one included, or on a GPU none yet: it would have to wait.

        Raises
        ------
        FloatingPointError
            If one of them is no number.
        """
        self._unread.append(a_cost(cost).detach().reshape(()))
        if self.on_gpu and not now and len(self._unread) < UNREAD:
            return []
        losses: list[float] = self.together.mean(torch.stack(self._unread)).tolist()
        self._unread.clear()
        for number, loss in enumerate(losses, step - len(losses) + 1):
            if not math.isfinite(loss):
                look = "look for NaN in the images or in the network's weights, or lower the learning rate"
                raise FloatingPointError(f"the loss is {loss} at step {number}: {look}")
        return losses

    def backward(self, cost: Tensor) -> None:
        """Find the slopes."""
        self.scaler.scale(cost).backward()

    def step(self, optimiser: torch.optim.Optimizer, steepest: float = math.inf) -> bool:
        """Take the step, and say so; not if float16 spoilt the slopes: then the next ones are scaled less.

        Slopes that are longer than `steepest`, all weights' together, are shortened to it first.
        """
        if steepest < math.inf:
            self.scaler.unscale_(optimiser)
            nn.utils.clip_grad_norm_(self.network.parameters(), steepest)
        taken: list[bool] = []
        hook = optimiser.register_step_post_hook(lambda *_: taken.append(True))
        self.scaler.step(optimiser)
        self.scaler.update()
        hook.remove()
        return bool(taken)

    def score(self, validate: Callable[[nn.Module], float], step: int) -> float:
        """Return the validation score, which the first process finds out for all."""
        with self.answering_anywhere():
            own = a_score(validate(self.network), step) if self.together.rank == 0 else 0.0
        return self.together.first_says(own)

    @contextmanager
    def answering_anywhere(self) -> Iterator[None]:
        """Let the network take images from wherever they lie, and put its answers there."""
        if self.device.type == "cpu":
            yield
            return
        places: list[torch.device] = []

        def come(network: nn.Module, inputs: tuple[Any, ...]) -> Any:
            places.append(inputs[0].device)
            return _in_each(inputs, lambda tensor: tensor.to(self.device))

        def go(network: nn.Module, inputs: tuple[Any, ...], answer: Any) -> Any:
            place = places.pop()
            return _in_each(answer, lambda tensor: tensor.to(place))

        hooks = [self.network.register_forward_pre_hook(come), self.network.register_forward_hook(go)]
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()


def half_type(device: torch.device) -> torch.dtype:
    """Choose a card's type of 16 bits: bfloat16 where it computes with it, not where that is only imitated."""
    try:
        return torch.bfloat16 if torch.cuda.get_device_capability(device) >= (8, 0) else torch.float16
    except (AssertionError, RuntimeError):  # a card that does not say what it can do
        return torch.float16


def _in_each(answer: Any, change: Callable[[Tensor], Tensor]) -> Any:
    if isinstance(answer, Tensor):
        return change(answer)
    if isinstance(answer, tuple | list):
        return type(answer)(_in_each(part, change) for part in answer)
    return answer
