"""A pretend GPU: find on a CPU what would fail on a GPU, because tensors lie on different devices or have few bits.

    python tests/pretend_gpu.py 03 08              # runs these notebooks, and prints every cell that fails, and why
    python tests/pretend_gpu.py --card T4          # all of them, on a card that only has float16
    python tests/pretend_gpu.py --steps 5 09       # no training longer than this: claims may fail, devices are tried

Within `pretending()` there is a GPU. A tensor or network moved to "cuda" becomes one that claims to lie there, computes
on the CPU all the same, and raises what a GPU would raise where it meets an ordinary tensor, or where numpy asks for
its values. Autocast rounds as a card does, so that claims meet mixed precision. Not for timing, nor for memory.
"""

import argparse
import functools
import io
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from unittest import mock

import torch
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves, tree_map

from unet_teach import train

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
CARDS = {"A100": (8, 0), "T4": (7, 5)}  # what they can do: from 8.0 on, bfloat16
GPU, CPU = torch.device("cuda", 0), torch.device("cpu")
CLAIMED = torch.device("meta")  # what torch's own code sees, since a build for CPUs has no tensor on "cuda"

MIXED = "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!"
NO_NUMPY = "can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first."
INDEXED = "indices should be either on cpu or on the same device as the indexed tensor (cpu)"
GENERATOR = "Expected a 'cuda' device type for generator but found 'cpu'"

CROSSING = {"aten::copy_", "aten::_to_copy"}  # what may have a foot on either side
INDEXING = {"aten::index", "aten::index_put", "aten::index_put_", "aten::_index_put_impl_"}
CONVOLUTIONS = {torch.conv1d, torch.conv2d, torch.conv3d, F.conv_transpose2d, F.conv_transpose3d}
HALVED = CONVOLUTIONS | {F.linear, torch.matmul, torch.Tensor.matmul, torch.Tensor.__matmul__}


class OnGPU(torch.Tensor):
    """A tensor that claims to lie on a GPU, and holds its values in `inner`, on the CPU."""

    @staticmethod
    def __new__(cls, inner, requires_grad=False):
        layout = {"strides": inner.stride(), "storage_offset": inner.storage_offset(), "dtype": inner.dtype}
        with torch.inference_mode(False):  # or it could not be sliced later on
            tensor = torch.Tensor._make_wrapper_subclass(
                cls, inner.size(), device=CLAIMED, requires_grad=requires_grad, **layout
            )
        tensor.inner = inner
        return tensor

    def __repr__(self):
        return f"OnGPU({self.inner})"

    def __reduce_ex__(self, protocol):
        return self.inner.__reduce_ex__(protocol)  # a file of a GPU's tensors, read with map_location="cpu"

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        kwargs, name = dict(kwargs or {}), func._schema.name
        _complain(name, args, kwargs)
        here = kwargs.get("device") is not None and not _on_gpu(kwargs["device"])
        if "device" in kwargs:
            kwargs["device"] = CPU
        result = func(*tree_map(_inner, args), **tree_map(_inner, kwargs))
        if result is not None and name.endswith("_") and not name.endswith("__"):  # in place
            return args[0]
        return result if here else tree_map(lambda x: cls(x) if isinstance(x, torch.Tensor) else x, result)


def _complain(name, args, kwargs):
    """Raise what a GPU would raise."""
    tensors = [x for x in tree_leaves((args, kwargs)) if isinstance(x, torch.Tensor)]
    if name in INDEXING:
        if not isinstance(args[0], OnGPU):
            raise RuntimeError(INDEXED)
    elif name not in CROSSING and any(not isinstance(x, OnGPU) and x.dim() > 0 for x in tensors):
        raise RuntimeError(f"{MIXED} ({name})")
    if kwargs.get("generator") is not None:
        raise RuntimeError(GENERATOR)


class Carry(torch.autograd.Function):
    """Move a tensor to the GPU or back, and its gradient the other way."""

    @staticmethod
    def forward(ctx, tensor, away):
        ctx.came_from_gpu = isinstance(tensor, OnGPU)
        return OnGPU(tensor.detach()) if away else tensor.inner

    @staticmethod
    def backward(ctx, gradient):
        if isinstance(gradient, OnGPU) == ctx.came_from_gpu:
            return gradient, None
        return (OnGPU(gradient) if ctx.came_from_gpu else gradient.inner), None


class Watch(TorchFunctionMode):
    """Catch what moves tensors between devices, makes them on one, or takes them out of torch."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        first = args[0] if args else None
        if isinstance(first, OnGPU):
            if func in (torch.Tensor.numpy, torch.Tensor.__array__):
                raise TypeError(NO_NUMPY)
            if func is torch.Tensor.tolist:
                return first.inner.tolist()
            if func == torch.Tensor.device.__get__:
                return GPU
            if func in (torch.Tensor.is_cuda.__get__, torch.Tensor.is_meta.__get__):
                return func == torch.Tensor.is_cuda.__get__
            if func is torch.nn.functional.one_hot:  # away from a CPU it compares with numbers that it makes itself
                return OnGPU(func(first.inner, *args[1:], **kwargs))
            if func is torch.as_tensor and not {"device", "dtype"} & kwargs.keys():
                return first
        if func in (torch.Tensor.to, torch.Tensor.cuda, torch.Tensor.cpu):
            return _moved(func, *args, **kwargs)
        if kwargs.get("device") is not None and _on_gpu(kwargs["device"]) and not isinstance(first, torch.Tensor):
            if kwargs.get("generator") is not None:
                raise RuntimeError(GENERATOR)
            grad = kwargs.pop("requires_grad", False)
            return OnGPU(func(*args, **kwargs | {"device": CPU}), requires_grad=grad)
        if func in HALVED and torch.is_autocast_enabled("cuda") and isinstance(first, OnGPU):
            return _rounded(func, args, kwargs)
        if isinstance(first, OnGPU) and func in (torch.where, torch.Tensor.__setitem__):
            # torch itself would put numbers on CLAIMED, and lose them
            keep = 1 if func is torch.where else 2  # the condition, or the tensor and the place in it
            args = args[:keep] + tuple(torch.tensor(x) if isinstance(x, int | float) else x for x in args[keep:])
        return func(*args, **kwargs)


def _on_gpu(device):
    return torch.device(device).type in ("cuda", "meta")


def _inner(x):
    return x.inner if isinstance(x, OnGPU) else x


def _moved(func, tensor, *args, **kwargs):
    """Do what `to`, `cuda` and `cpu` do: first the type and the layout, where the tensor is, then the way."""
    device = {torch.Tensor.cuda: GPU, torch.Tensor.cpu: CPU}.get(func, kwargs.pop("device", None))
    for argument in args:
        if isinstance(argument, torch.Tensor):
            device, kwargs["dtype"] = GPU if isinstance(argument, OnGPU) else argument.device, argument.dtype
        elif isinstance(argument, torch.dtype):
            kwargs["dtype"] = argument
        elif isinstance(argument, str | torch.device):
            device = argument
    away = isinstance(tensor, OnGPU) if device is None else _on_gpu(device)
    kwargs = {key: value for key, value in kwargs.items() if value not in (None, False) and key != "non_blocking"}
    changed = torch.Tensor.to(tensor, **{"dtype": tensor.dtype} | kwargs)
    return changed if away == isinstance(tensor, OnGPU) else Carry.apply(changed, away)


def _rounded(func, args, kwargs):
    """Compute as a card does in mixed precision: numbers of 16 bits in and out, sums of 32 bits between."""
    half = torch.get_autocast_dtype("cuda")

    def rounded(x):
        return x.to(half).float() if isinstance(x, torch.Tensor) and x.dtype in (torch.float32, half) else x

    result = func(*tree_map(rounded, args), **tree_map(rounded, kwargs))
    return result.to(half) if result.dtype == torch.float32 else result


@contextmanager
def pretending(card: str = "A100") -> Iterator[None]:
    """Pretend that there is a GPU, one of `CARDS`."""
    answers = {
        "is_available": lambda: True,
        "device_count": lambda: 1,
        "get_device_capability": lambda *_: CARDS[card],
        "is_bf16_supported": lambda *_, **__: CARDS[card] >= (8, 0),
        "synchronize": lambda *_: None,
    }
    overwrite = torch.__future__.get_overwrite_module_params_on_conversion()
    torch.__future__.set_overwrite_module_params_on_conversion(True)  # a parameter here cannot become one there
    try:
        with mock.patch.multiple(torch.cuda, **answers), Watch():
            yield
    finally:
        torch.__future__.set_overwrite_module_params_on_conversion(overwrite)


@contextmanager
def at_most(steps: int) -> Iterator[None]:
    """Let no training be longer; to be entered before anything imports `fit`."""

    @functools.wraps(train.fit)
    def short(*args, **options):
        return short.__wrapped__(*args, **options | {"steps": min(options["steps"], steps)})

    with mock.patch.object(train, "fit", short):
        yield


def failing_cells(path: Path) -> list[str]:
    """Run a notebook's code cells one after the other in one namespace; say of each that fails where and why."""
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    space, failures = {"__name__": "__main__", "display": lambda *_, **__: None}, []
    for cell in cells:
        try:
            with redirect_stdout(io.StringIO()):
                exec(compile("".join(cell["source"]), cell["id"], "exec"), space)
        except Exception as error:
            last = [f for f in traceback.extract_tb(error.__traceback__)[1:] if "/torch/" not in f.filename][-3:]
            way = " -> ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in last)
            failures.append(f"{path.stem}, cell {cell['id']}: {type(error).__name__}: {error} ({way})")
    return failures


def main() -> int:
    """Run notebooks, several each in a process of its own; return how many fail."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", help="such as 03; default: all")
    parser.add_argument("--card", choices=CARDS, default="A100")
    parser.add_argument("--steps", type=int, default=10**6, help="of a training, at most")
    chosen = parser.parse_args()
    paths = sorted(p for n in chosen.numbers or [""] for p in NOTEBOOKS.glob(f"{n}*.ipynb"))
    if len(paths) != 1:
        again = [sys.executable, __file__, "--card", chosen.card, "--steps", str(chosen.steps)]
        return sum(subprocess.run([*again, path.stem], check=False).returncode != 0 for path in paths)
    import matplotlib

    matplotlib.use("agg")
    os.chdir(NOTEBOOKS)  # where a kernel would start
    with pretending(chosen.card), at_most(chosen.steps):
        failures = failing_cells(paths[0])
    print(*failures, f"{paths[0].stem} on a pretended {chosen.card}: {len(failures)} cells fail", sep="\n", flush=True)
    return len(failures) > 0


if __name__ == "__main__":
    sys.exit(main())
