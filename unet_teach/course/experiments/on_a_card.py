"""What does a graphics card give? Made only where there is one: `python -m unet_teach.course.experiments on_a_card`.

One command, at most seven minutes; each row carries the card's name (chapter 26). Where there is no card, it says so,
and the stored rows stay. Each way is timed three times, and all ways once before any of them twice: a card that grows
warm, or shares its machine, then slows all of them.
"""

import time
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.profiler import ProfilerActivity, profile

from unet_teach.course.experiments.table import Experiment, Value
from unet_teach.data.phantoms.em import em_sections
from unet_teach.losses import cross_entropy
from unet_teach.models import OriginalUNet, UNet
from unet_teach.recipes.em.batches import augmented_batch
from unet_teach.train import fit
from unet_teach.train.machine import half_type
from unet_teach.transforms import standardise

SIDE, WARM, REPEATS = 256, 10, 3
STEPS = {8: 200, 64: 40}  # by batch: a small one leaves much of a large card idle
COURSE, PAPER, LOADING = "the course's, width 32, depth 4", "the paper's", "drawing crops on the processor"


def run(
    what: str, bits: int, layout: str, compiled: int, batch: int, steps: int, repeat: int, device: str = "cuda"
) -> dict[str, float]:
    """Train for some steps, or draw batches for it: seconds by the wall clock, peak memory, the last loss.

    "convolving" is the share of the card's time that convolutions take, by torch's profiler in five more steps.

    Raises
    ------
    RuntimeError
        If there is no card.
    """
    on_card = device == "cuda"
    if on_card and not torch.cuda.is_available():
        raise RuntimeError(
            "there is no graphics card that torch can use, so there is nothing to measure: run this where "
            "torch.cuda.is_available() says True"
        )
    if on_card:
        torch.cuda.reset_peak_memory_stats()
    torch.manual_seed(repeat)
    tasks: dict[str, Callable[..., dict[str, float]]] = {COURSE: _course, PAPER: _paper, LOADING: _loading}
    found = {"convolving": 0.0} | tasks[what](torch.device(device), bits, layout, compiled, batch, steps)
    peak = torch.cuda.max_memory_allocated() / 1e9 if on_card else 0.0
    speed = {"images a second": batch * steps / found["seconds"], "card GB": peak}
    return found | speed | {"loss": min(found["loss"], 1.0)}


def _course(device: torch.device, bits: int, layout: str, compiled: int, batch: int, steps: int) -> dict[str, float]:
    form = torch.channels_last if layout == "channels last" else torch.contiguous_format
    network: Any = UNet(width=32, depth=4).to(device=device, memory_format=form)  # type: ignore[call-overload]
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3)
    torch.compiler.reset()  # a second batch size would else be compiled for any size, which is slower
    learner = torch.compile(network, dynamic=False) if compiled else network
    images, labels = _squares(batch, SIDE)
    images, labels = images.to(device, memory_format=form), labels.to(device)
    half = half_type(device) if device.type == "cuda" else torch.bfloat16

    def train(count: int) -> Tensor:
        cost = torch.zeros(())
        for _ in range(count):
            with torch.autocast(device.type, dtype=half, enabled=bits == 16):
                logits = learner(images)
            cost = cross_entropy(logits.float(), labels)
            optimiser.zero_grad()
            cost.backward()
            optimiser.step()
        _wait(device)
        return cost.detach()

    train(WARM)
    begun = time.perf_counter()
    loss = float(train(steps))
    return {"seconds": time.perf_counter() - begun, "loss": loss, "convolving": _convolving(train)}


def _convolving(train: Callable[[int], Tensor]) -> float:
    """Return convolutions' share of the time that a card computes; 0 without one."""
    if not torch.cuda.is_available():
        return 0.0
    with profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA]) as seen:
        train(5)
    times = {event.key: event.self_device_time_total for event in seen.key_averages() if event.key.startswith("aten::")}
    kernels = sum(e.self_device_time_total for e in seen.key_averages() if e.device_type.name == "CUDA")
    return float(sum(time for name, time in times.items() if "convolution" in name) / max(kernels, 1))


def _paper(device: torch.device, bits: int, layout: str, compiled: int, batch: int, steps: int) -> dict[str, float]:
    images, labels = _squares(batch, 572)
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
    return {"seconds": time.perf_counter() - begun, "loss": history.loss[-1]}


def _loading(device: torch.device, bits: int, layout: str, compiled: int, batch: int, steps: int) -> dict[str, float]:
    images, labels = _squares(2, 512)
    generator, begun = torch.Generator().manual_seed(0), time.perf_counter()
    for _ in range(steps):
        augmented_batch(images[:, 0], labels, generator)
    return {"seconds": time.perf_counter() - begun, "loss": 0.0}


@cache
def _squares(count: int, side: int) -> tuple[Tensor, Tensor]:
    """Return at most eight phantoms of nerve tissue, again and again, reflected to any size.

    Shapes: (N, 1, side, side), (N, side, side).
    """
    sections = em_sections(min(count, 8), 0)
    again = torch.arange(count) % len(sections.images)
    images = standardise(sections.images)[again]
    rows = (torch.arange(side) + 512).remainder(1024).sub(512).abs().clamp(max=511)
    membrane = torch.from_numpy(sections.membrane).long()[again]
    return images[:, None, rows[:, None], rows], membrane[:, rows[:, None], rows]


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


WAYS: list[tuple[Value, ...]] = [
    (COURSE, bits, layout, compiled, batch, steps)
    for batch, steps in STEPS.items()
    for bits, layout, compiled in (
        (32, "as it comes", 0),
        (32, "channels last", 0),
        (16, "as it comes", 0),
        (16, "channels last", 0),
        (16, "channels last", 1),
    )
]
WAYS += [(PAPER, 16, "channels last", 0, 1, 1000), (LOADING, 32, "as it comes", 0, 4, 20)]
NAMES = ("what", "bits", "layout", "compiled", "batch", "steps")
RUNS = [dict(zip(NAMES, way, strict=True)) | {"repeat": repeat} for repeat in range(REPEATS) for way in WAYS]
# Of the compiled runs two are left; the others met what was compiled for another size, which `_course` now forgets.
RUNS = [run for run in RUNS if not run["compiled"] or (run["batch"], run["repeat"]) in ((8, 0), (64, 2))]
EXPERIMENT = Experiment(
    "on_a_card",
    "How many images a second does a graphics card train on, and how long do 1,000 steps of the paper's network take?",
    RUNS,
    run,
    {"loss": 0.3},
)
