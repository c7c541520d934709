"""What does a graphics card give? Made only where there is one: `python -m unet_teach.course.experiments on_a_card`.

One command, at most seven minutes; each row carries the card's name. Where there is no card, it says so, and stores
nothing: the chapter shows the table if it is there (chapter 26).
"""

import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from unet_teach.course.experiments.table import TABLES, Experiment, Row, load
from unet_teach.data.phantoms.em import em_sections
from unet_teach.losses import cross_entropy
from unet_teach.models import OriginalUNet, UNet
from unet_teach.recipes.em.batches import augmented_batch
from unet_teach.train import fit
from unet_teach.train.machine import half_type
from unet_teach.transforms import standardise

STEPS, WARM = 60, 10
BATCH, SIDE = 8, 256
COURSE, PAPER, LOADING = "the course's, width 32, depth 4", "the paper's", "drawing crops on the processor"


def run(what: str, bits: int, layout: str, compiled: int, steps: int) -> dict[str, float]:
    """Train for some steps on the card, or draw batches for it; seconds are those of the wall clock."""
    if not torch.cuda.is_available():
        raise RuntimeError(
            "there is no graphics card that torch can use, so there is nothing to measure: run this where "
            "torch.cuda.is_available() says True"
        )
    return run_on("cuda", what, bits, layout, compiled, steps)


def run_on(device: str, what: str, bits: int, layout: str, compiled: int, steps: int) -> dict[str, float]:
    """Do one run on any device: images a second, the last loss, and the card's peak memory where it is one."""
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    torch.manual_seed(0)
    tasks: dict[str, Callable[..., tuple[float, float, int]]] = {COURSE: _course, PAPER: _paper, LOADING: _loading}
    seconds, loss, images = tasks[what](torch.device(device), bits, layout, compiled, steps)
    peak = torch.cuda.max_memory_allocated() / 1e9 if device == "cuda" else 0.0
    return {"seconds": seconds, "images a second": images / seconds, "card GB": peak, "loss": min(loss, 1.0)}


def _course(device: torch.device, bits: int, layout: str, compiled: int, steps: int) -> tuple[float, float, int]:
    channels_last = layout == "channels last"
    form = torch.channels_last if channels_last else torch.contiguous_format
    network: Any = UNet(width=32, depth=4).to(device=device, memory_format=form)  # type: ignore[call-overload]
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3)
    learner = torch.compile(network) if compiled else network
    images, labels = _squares(BATCH, SIDE)
    images, labels = images.to(device, memory_format=form), labels.to(device)
    begun, cost = time.perf_counter(), torch.zeros(())
    for step in range(WARM + steps):
        if step == WARM:
            _wait(device)
            begun = time.perf_counter()
        half = half_type(device) if device.type == "cuda" else torch.bfloat16
        with torch.autocast(device.type, dtype=half, enabled=bits == 16):
            logits = learner(images)
        cost = cross_entropy(logits.float(), labels)
        optimiser.zero_grad()
        cost.backward()
        optimiser.step()
    loss = float(cost.detach())
    return time.perf_counter() - begun, loss, BATCH * steps


def _paper(device: torch.device, bits: int, layout: str, compiled: int, steps: int) -> tuple[float, float, int]:
    images, labels = _squares(1, 572)
    network: nn.Module = OriginalUNet()
    begun = time.perf_counter()
    history = fit(
        network,
        lambda generator: (images, labels[:, 92:-92, 92:-92]),
        cross_entropy,
        steps=steps,
        learning_rate=1e-4,
        generator=torch.Generator().manual_seed(0),
        device=device,
    )
    return time.perf_counter() - begun, history.loss[-1], steps


def _loading(device: torch.device, bits: int, layout: str, compiled: int, steps: int) -> tuple[float, float, int]:
    images, labels = _squares(2, 512)
    generator, begun = torch.Generator().manual_seed(0), time.perf_counter()
    drawn = sum(len(augmented_batch(images[:, 0], labels, generator)[0]) for _ in range(steps))
    return time.perf_counter() - begun, 0.0, drawn


def _squares(count: int, side: int) -> tuple[Tensor, Tensor]:
    """Return phantoms of nerve tissue, reflected to any size.  (N, 1, side, side), (N, side, side)"""
    sections = em_sections(count, 0)
    images = standardise(sections.images)
    rows = (torch.arange(side) + 512).remainder(1024).sub(512).abs().clamp(max=511)
    membrane = torch.from_numpy(sections.membrane).long()
    return images[:, None, rows[:, None], rows], membrane[:, rows[:, None], rows]


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


WAYS = [
    (COURSE, 32, "as it comes", 0, STEPS),
    (COURSE, 32, "channels last", 0, STEPS),
    (COURSE, 16, "as it comes", 0, STEPS),
    (COURSE, 16, "channels last", 0, STEPS),
    (COURSE, 16, "channels last", 1, STEPS),
    (PAPER, 16, "channels last", 0, 1000),
    (LOADING, 32, "as it comes", 0, 20),
]
EXPERIMENT = Experiment(
    "on_a_card",
    "How many images a second does a graphics card train on, and how long do 1,000 steps of the paper's network take?",
    [dict(zip(("what", "bits", "layout", "compiled", "steps"), way, strict=True)) for way in WAYS],
    run,
    {"loss": 0.3},
)


def stored_card() -> list[Row]:
    """Return the rows of the table: none, where no card has made it yet."""
    return load(EXPERIMENT) if (TABLES / f"{EXPERIMENT.name}.csv").exists() else []
