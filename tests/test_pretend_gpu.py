"""The pretended GPU raises where a GPU would, passes what a GPU would take, and runs notebooks so."""

import copy
import io
import json
import re
import subprocess
import sys

import numpy as np
import pytest
import torch
from conftest import HERE
from pretend_gpu import CARDS, NOTEBOOKS, OnGPU, failing_cells, pretending
from torch import nn
from torch.nn import functional as F


def tensor():
    return torch.arange(6.0).reshape(1, 1, 2, 3)


@pytest.fixture(autouse=True)
def _gpu():
    with pretending():
        yield


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        (lambda x: x + tensor(), RuntimeError, "two devices, cuda:0 and cpu"),
        (lambda x: torch.cat([x, tensor()]), RuntimeError, "two devices"),
        (lambda x: torch.stack([tensor(), x]), RuntimeError, "two devices"),
        (lambda x: nn.Conv2d(1, 1, 1)(x), RuntimeError, "two devices"),
        (lambda x: nn.Conv2d(1, 1, 1).cuda()(x.cpu()), RuntimeError, "two devices"),
        (lambda x: F.cross_entropy(x[:, :, 0, 0].float(), torch.tensor([0])), RuntimeError, "two devices"),
        (lambda x: tensor()[x > 2], RuntimeError, "indices should be"),
        (lambda x: tensor()[..., torch.tensor([1]).cuda()], RuntimeError, "indices should be"),
        (lambda x: x.numpy(), TypeError, "can't convert cuda:0"),
        (lambda x: np.asarray(x), TypeError, "can't convert cuda:0"),
        (lambda x: np.mean([x[0, 0]]), TypeError, "can't convert cuda:0"),
        (lambda x: torch.rand(3, device="cuda", generator=torch.Generator()), RuntimeError, "generator"),
        (lambda x: x.normal_(generator=torch.Generator()), RuntimeError, "generator"),
        (lambda x: torch.zeros(3, device=x.device) + torch.ones(3), RuntimeError, "two devices"),
    ],
)
def test_what_a_gpu_refuses(wrong, error, said):
    with pytest.raises(error, match=said):
        wrong(tensor().to("cuda"))


@pytest.mark.parametrize(
    ("right", "result"),
    [
        (lambda x: x.cpu().numpy().sum(), 15),
        (lambda x: x.sum().item(), 15),
        (lambda x: F.one_hot(x.long(), 6).sum().item(), 6),
        (lambda x: x[0, 0].tolist(), [[0, 1, 2], [3, 4, 5]]),
        (lambda x: (x * 2 + torch.tensor(1.0)).sum().item(), 36),  # a number on the CPU may join
        (lambda x: x[..., torch.tensor([2])].cpu().flatten().tolist(), [2, 5]),
        (lambda x: tensor().copy_(x).sum().item(), 15),
        (lambda x: tensor().to(x).device.type, "cuda"),
        (lambda x: x.to(tensor()).device.type, "cpu"),
        (lambda x: x.to("cpu", torch.float64).dtype, torch.float64),
        (lambda x: x.double().device.type, "cuda"),
        (lambda x: torch.empty_like(x).is_cuda, True),
        (lambda x: torch.where(x > 2, 3.0, 1.0).sum().item(), 12),
        (lambda x: (x.__setitem__((0, 0), 7), x.sum().item())[1], 42),
        (lambda x: (x.__setitem__(x > 3, torch.zeros(())), x.sum().item())[1], 6),
        (lambda x: float(x.mean()), 2.5),
        (lambda x: bool((x == x.cuda()).all()), True),
        (lambda x: (x.device, str(x.device)), (torch.device("cuda", 0), "cuda:0")),
        (lambda x: x.to(memory_format=torch.channels_last).is_contiguous(memory_format=torch.channels_last), True),
    ],
)
def test_what_a_gpu_takes(right, result):
    assert right(tensor().to("cuda")) == result


def test_a_network_learns_there_as_here():
    torch.manual_seed(0)
    here = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(72, 2))
    there = copy.deepcopy(here).to("cuda")
    images, labels = torch.rand(4, 1, 8, 8), torch.tensor([0, 1, 1, 0])
    for network, device in ((here, "cpu"), (there, "cuda")):
        optimiser = torch.optim.AdamW(network.parameters())
        for _ in range(3):
            optimiser.zero_grad()
            F.cross_entropy(network(images.to(device)), labels.to(device)).backward()
            optimiser.step()
    assert there[0].weight.grad.device.type == "cuda"
    back = copy.deepcopy(there).cpu()
    assert all(torch.equal(a, b) for a, b in zip(here.state_dict().values(), back.state_dict().values(), strict=True))
    assert {type(weight) for weight in back.parameters()} == {nn.Parameter}


def test_gradients_cross_over_and_back():
    weights = torch.ones(3, requires_grad=True)
    (weights.to("cuda").to(torch.float64) * 2).cpu().sum().backward()
    assert weights.grad.tolist() == [2, 2, 2]
    assert not isinstance(weights.grad, OnGPU)


def test_a_file_is_read_on_the_cpu():
    file = io.BytesIO()
    torch.save({"weights": tensor().to("cuda")}, file)
    file.seek(0)
    assert torch.equal(torch.load(file, map_location="cpu", weights_only=True)["weights"], tensor())


@pytest.mark.parametrize(("card", "half"), [("A100", torch.bfloat16), ("T4", torch.float16)])
def test_autocast_rounds_products_and_nothing_else(card, half):
    with pretending(card), torch.autocast("cuda", dtype=half):
        x = torch.full((1, 1, 4, 4), 1.001, device="cuda")
        product = F.conv2d(x, torch.ones(1, 1, 1, 1, device="cuda"))
        assert product.dtype == half
        assert product.flatten()[0].item() == torch.tensor(1.001).to(half).item() != 1.001
        assert (x * 1).dtype == torch.float32
        assert F.conv2d(x.double(), torch.ones(1, 1, 1, 1, device="cuda").double()).dtype == torch.float64
    assert (torch.cuda.get_device_capability() >= (8, 0)) == (CARDS["A100"] >= (8, 0))


def test_it_ends():
    with pretending("T4"):
        pass
    assert torch.cuda.is_available()  # the fixture's
    code = "import torch, pretend_gpu as p\nwith p.pretending(): pass\nprint(torch.cuda.is_available())"
    done = subprocess.run([sys.executable, "-c", code], cwd=NOTEBOOKS.parent / "tests", capture_output=True, text=True)
    assert done.stdout.strip() == str(torch.version.cuda is not None), done.stderr


def test_a_cell_that_fails_is_named_and_the_others_run(tmp_path):
    cells = ["import torch\nx = torch.ones(2).cuda()", "x + torch.ones(2)", "display(x.cpu().numpy())", "x.numpy()"]
    book = {"cells": [{"cell_type": "code", "id": f"cell-{n}", "source": [cell]} for n, cell in enumerate(cells)]}
    (tmp_path / "99-wrong.ipynb").write_text(json.dumps(book), encoding="utf-8")
    first, second = failing_cells(tmp_path / "99-wrong.ipynb")
    assert first.startswith("99-wrong, cell cell-1: RuntimeError: Expected all tensors to be on the same device")
    assert "cell-3: TypeError" in second


def test_neither_a_notebook_nor_a_recipe_names_a_device():
    files = [*NOTEBOOKS.glob("*.ipynb"), *(NOTEBOOKS.parent / "unet_teach" / "course").rglob("*.py")]
    named = re.compile(r"device=\W*(cpu|cuda)|\.cuda\(")
    assert [path.name for path in files if named.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.slow
@pytest.mark.parametrize("number", ["01", "02", "05"])  # the light ones; `make pretend-gpu` runs all
def test_a_notebook_runs_on_a_gpu(number, monkeypatch):
    if HERE is not None:
        monkeypatch.setenv("UNET_TEACH_DATA", HERE)
    done = subprocess.run(
        [sys.executable, NOTEBOOKS.parent / "tests" / "pretend_gpu.py", number], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
