"""The processes that train one network together, each on its share of every batch. Chapter 26 starts two.

Each draws the same batch from the same generator and keeps a slice of it; slopes are averaged before each step, so that
all take the same one. A loss that is a mean over equally many pixels then gives what one process would get.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn


class Processes:
    """All processes of a run, this one among them; by default it is alone, and nothing here does anything.

    accelerator : an `accelerate.Accelerator`, which knows the others
    """

    def __init__(self, accelerator: Any = None) -> None:
        for name, plain in {"mixed_precision": "no", "gradient_accumulation_steps": 1}.items() if accelerator else ():
            if (got := getattr(accelerator, name, None)) != plain:
                raise ValueError(
                    f"fit takes an accelerate.Accelerator with {name}={plain!r}, got {got!r}: it has a loop of its own"
                )
        self.accelerator = accelerator
        self.count: int = accelerator.num_processes if accelerator else 1
        self.rank: int = accelerator.process_index if accelerator else 0

    def wrap(self, network: nn.Module) -> nn.Module:
        """Return a network whose slopes are averaged over all processes; its weights become the first's."""
        return self.accelerator.prepare_model(network) if self.count > 1 else network

    def unwrap(self) -> None:
        """Let go of the wrapped network: its hooks would run in the next training, too."""
        if self.count > 1:
            self.accelerator.free_memory()

    def share(self, batch: Sequence[Tensor]) -> Sequence[Tensor]:
        """Return this process's part of a batch, or say why there are no equal parts."""
        if self.count == 1:
            return batch
        lengths = {len(part) if part.ndim else 0 for part in batch}
        total = len(batch[0])
        if len(lengths) > 1:
            raise ValueError(
                f"several processes share a batch along its first axis, but its parts have {lengths} there"
            )
        if total % self.count:
            fit = max(total // self.count, 1) * self.count
            raise ValueError(f"{self.count} processes cannot share a batch of {total} equally: draw {fit} images, say")
        own = total // self.count
        return [part[self.rank * own : (self.rank + 1) * own] for part in batch]

    def mean(self, losses: Tensor) -> Tensor:
        """Average what every process found."""
        return self.accelerator.reduce(losses, "mean") if self.count > 1 else losses

    def first_says(self, number: float) -> float:
        """Return the first process's number everywhere: the same score, and so the same best weights."""
        if self.count == 1:
            return number
        said = torch.tensor([number], dtype=torch.float64, device=self.accelerator.device)
        torch.distributed.broadcast(said, 0)
        return float(said)

    def agree(self, step: int, generator: torch.Generator) -> None:
        """Raise, in every process, unless all start at one step and from the same chance.

        Raises
        ------
        ValueError
            If they do not: they would wait for each other for ever, or learn from shares of different batches.
        """
        if self.count == 1:
            return
        state = generator.get_state().long()
        own = torch.tensor([step, int((state * torch.arange(1, len(state) + 1)).sum())])
        all_of_them = self.accelerator.gather(own.to(self.accelerator.device)[None]).cpu()
        steps, chances = all_of_them.T.tolist()
        if len(set(steps)) > 1:
            raise ValueError(
                f"the processes would go on from steps {steps}: let the checkpoint lie where all of them can read it"
            )
        if len(set(chances)) > 1:
            raise ValueError("the processes' generators differ: seed them alike, so that all draw the same batches")
