"""Time the course's U-Net beside MONAI's two at equal width, depth, normalisation and input: `make bench`.

One table from one run: a training step (forward, cross-entropy, backward, AdamW) and the prediction of a whole image,
with network and input as they come (ours keeps its weights channels last, MONAI's do not), and with both converted to
channels last. Every row is a process of its own, so that its peak memory
is its own; the rows take turns, so that a busy machine is busy for all of them; times are medians.

The roofline says what this machine could do at best: it multiplies large float32 matrices at some rate, and copies
large arrays at some rate, both measured in turn with the rows; matrices once by the library for matrices (MKL) and once
by the one for convolutions (oneDNN, as a 1x1 convolution), of which the faster counts. Operations are counted by
PyTorch (convolutions and matrix products). Bytes are what each operation reads and writes, tensor by tensor, as if no
cache held anything, so a share of the bandwidth can pass 100 %. A script, not a test:
`python tests/bench_unet.py [rounds] [threads]`.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import torch
from monai.networks.nets import BasicUNet
from monai.networks.nets import UNet as MonaiUNet
from torch import Tensor, nn
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode

from unet_teach.models import UNet

WIDTH, DEPTH = 16, 4  # MONAI's BasicUNet has four levels of pooling, no more and no fewer
CHANNELS = [WIDTH * 2**level for level in range(DEPTH + 1)]
TRAINING, IMAGE = (4, 1, 128, 128), (1, 1, 512, 512)
FORMATS = {"as it comes": torch.preserve_format, "channels last": torch.channels_last}
TASKS = ("training step", "whole image")
UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


def normalisation() -> str | tuple[str, dict[str, int]]:
    """Name the layer that our UNet uses in MONAI's words, so that all three normalise alike."""
    layer = next(m for m in UNet(width=WIDTH, depth=DEPTH).modules() if "Norm" in type(m).__name__)
    if isinstance(layer, nn.GroupNorm):
        return "group", {"num_groups": layer.num_groups}
    return "batch" if isinstance(layer, nn.BatchNorm2d) else "instance"


def ours() -> nn.Module:
    """Build the course's U-Net."""
    return UNet(width=WIDTH, depth=DEPTH)


def basic_unet() -> nn.Module:
    """Build MONAI's BasicUNet, which differs by biases before the norm and a wider last level."""
    return BasicUNet(2, 1, 2, features=(*CHANNELS, WIDTH), norm=normalisation())


def monai_unet() -> nn.Module:
    """Build MONAI's UNet, with two residual units as in its tutorials; it halves by strides, where a level begins."""
    return MonaiUNet(2, 1, 2, channels=CHANNELS, strides=(2,) * DEPTH, num_res_units=2, norm=normalisation())


CONTENDERS: dict[str, Callable[[], nn.Module]] = {
    "unet_teach UNet": ours,
    "MONAI BasicUNet": basic_unet,
    "MONAI UNet": monai_unet,
}


class Bytes(TorchDispatchMode):
    """Count what operations read and write; views move nothing."""

    total = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run one operation and add up its tensors."""
        out = func(*args, **(kwargs or {}))
        if not func.is_view and "empty" not in str(func):
            tensors = [x for x in tree_leaves((args, kwargs, out)) if isinstance(x, Tensor)]
            self.total += sum(x.numel() * x.element_size() for x in tensors)
        return out


def work(contender: str, task: str, memory_format: str) -> Callable[[], Any]:
    """Return what a row repeats."""
    torch.manual_seed(0)
    network = CONTENDERS[contender]().to(memory_format=FORMATS[memory_format])
    if task == "whole image":
        network.eval()
        image = torch.randn(IMAGE).to(memory_format=FORMATS[memory_format])
        return torch.inference_mode()(lambda: network(image))
    images = torch.randn(TRAINING).to(memory_format=FORMATS[memory_format])
    labels = torch.randint(0, 2, (TRAINING[0], *TRAINING[2:]))
    optimiser = torch.optim.AdamW(network.parameters())

    def step() -> None:
        optimiser.zero_grad()
        functional.cross_entropy(network(images), labels).backward()
        optimiser.step()

    return step


def roof(kind: str) -> tuple[Callable[[], Any], float]:
    """Return what the roofline repeats, and how many operations or bytes that is."""
    if kind == "matrix product":
        a, b, c = (torch.randn(1536, 1536) for _ in range(3))
        return lambda: torch.mm(a, b, out=c), 2 * 1536**3
    if kind == "1x1 convolution":
        pixels, weight = torch.randn(1, 1536, 48, 32), torch.randn(1536, 1536, 1, 1)
        pixels, weight = (x.to(memory_format=torch.channels_last) for x in (pixels, weight))
        return torch.inference_mode()(lambda: functional.conv2d(pixels, weight)), 2 * 1536**3
    a, b = torch.randn(2, 2**25)  # 128 MB each, more than caches hold
    return lambda: b.copy_(a), 2 * a.numel() * a.element_size()


def serve(row: list[str], threads: int) -> None:
    """Be the process of one row: say what it costs, then run once for each line that comes in."""
    torch.set_num_threads(threads)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if row[0] == "roof":
        repeat, amount = roof(row[1])
        said = {"amount": amount}
        repeat()
    else:
        repeat = work(*row)
        for _ in range(3):  # libraries choose and set up what they need
            repeat()
        said = {"MB": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * UNIT / 1e6}
        with FlopCounterMode(display=False) as flops:
            repeat()
        with Bytes() as moved:
            repeat()
        said |= {"GFLOP": flops.get_total_flops() / 1e9, "GB": moved.total / 1e9}
    repeat()
    print(json.dumps(said), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        repeat()
        print(time.perf_counter() - start, flush=True)


class Row:
    """One process that runs when asked."""

    def __init__(self, name: tuple[str, ...], threads: int) -> None:
        self.name, self.seconds = name, list[float]()
        command = [sys.executable, __file__, "--serve", str(threads), *name]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.cost = json.loads(self._line())

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"{self.name} ended early"
        return line

    def turn(self) -> None:
        """Run once and note the time."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.seconds.append(float(self._line()))

    @property
    def median(self) -> float:
        """Seconds of a turn."""
        return statistics.median(self.seconds)

    def end(self) -> None:
        """Let the process go."""
        self.process.communicate()


def main(rounds: int = 15, threads: int = 1) -> list[float]:
    """Print the table; return, for each task and format, our GFLOP/s over the fastest other's."""
    roofs = [Row(("roof", kind), threads) for kind in ("matrix product", "1x1 convolution", "copying")]
    rows = [Row((c, task, kind), threads) for task in TASKS for kind in FORMATS for c in CONTENDERS]
    everything = roofs + rows
    for turn in range(rounds):
        for row in everything if turn % 2 == 0 else reversed(everything):
            row.turn()
    for row in everything:
        row.end()
    product, convolution, bandwidth = (row.cost["amount"] / row.median / 1e9 for row in roofs)
    peak = max(product, convolution)
    print(f"PyTorch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}, {threads} threads, {rounds} rounds")
    print(f"This machine, float32: matrix product {product:.0f} GFLOP/s, as 1x1 convolution {convolution:.0f} GFLOP/s")
    print(f"This machine, copying: {bandwidth:.1f} GB/s read and written")
    print(f"Width {WIDTH}, depth {DEPTH}, {normalisation()} norm; training on {TRAINING}, prediction of {IMAGE}\n")
    print(f"{'':15s}  {'network':15s}  {'format':13s}     ms  GFLOP  GFLOP/s  of matmul    GB  of copying  peak MB")
    ratios = []
    for start in range(0, len(rows), len(CONTENDERS)):
        group = rows[start : start + len(CONTENDERS)]
        rates = [row.cost["GFLOP"] / row.median for row in group]
        for row, rate in zip(group, rates, strict=True):
            contender, task, kind = row.name
            cost, share = row.cost, row.cost["GB"] / row.median / bandwidth
            print(
                f"{task:15s}  {contender:15s}  {kind:13s} {row.median * 1e3:6.1f}  {cost['GFLOP']:5.2f}  {rate:7.1f}"
                f"  {rate / peak:9.0%}  {cost['GB']:4.2f}  {share:10.0%}  {cost['MB']:7.0f}"
            )
        ratios.append(rates[0] / max(rates[1:]))
        print(f"{'':15s}  ours per FLOP, over the fastest other: {ratios[-1]:.2f}\n")
    return ratios


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(sys.argv[3:], int(sys.argv[2]))
    else:
        main(*map(int, sys.argv[1:]))
