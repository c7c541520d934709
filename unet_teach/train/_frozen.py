"""Small trained networks that come with the package: weights in half precision, beside the log of their training."""

import csv
import hashlib
import io
from collections.abc import Iterable
from pathlib import Path

import torch
from torch import Tensor, nn

LARGEST = 1_000_000  # bytes


def halved(network: nn.Module) -> dict[str, Tensor]:
    """Return a network's weights in half precision, and round its own to what that leaves of them.

    So whatever is measured on the network afterwards holds for the file, too.
    """
    small = {
        name: tensor.detach().half() if tensor.is_floating_point() else tensor.detach().clone()
        for name, tensor in network.state_dict().items()
    }
    network.load_state_dict(small)
    return small


def freeze_weights(network: nn.Module, story: str, losses: Iterable[float], folder: Path, name: str) -> None:
    """Write weights and log, NAME.pt and NAME.csv; whoever loads the first compares it with the second.

    Parameters
    ----------
    network : its weights are rounded to half precision
    story : a line on how they were made
    losses : of training, a number each 50 steps

    Raises
    ------
    ValueError
        If the file would be larger than a megabyte.
    """
    content = io.BytesIO()
    torch.save(halved(network), content)
    if len(content.getvalue()) > LARGEST:
        raise ValueError(f"the weights take {len(content.getvalue())} bytes: a narrower network, at most {LARGEST}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.pt").write_bytes(content.getvalue())
    text = io.StringIO()
    text.write(f"# {story}\n# sha256 {hashlib.sha256(content.getvalue()).hexdigest()}\n")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["step", "loss"])
    rows.writerows([50 * number, f"{loss:.4f}"] for number, loss in enumerate(losses, start=1))
    (folder / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8")


def thaw_weights(network: nn.Module, folder: Path, name: str, whose: str, table: str) -> nn.Module:
    """Fill a network with the weights of NAME.pt, and return it in eval mode.

    Raises
    ------
    ValueError
        If the file of weights is missing, or is not the one that the log describes.
    """
    advice = f"install the package again, or compute it: make experiments NAME={table}"
    try:
        content = (folder / f"{name}.pt").read_bytes()
        log = (folder / f"{name}.csv").read_text(encoding="utf-8")
    except OSError as error:
        raise ValueError(f"the weights of {whose} cannot be read ({error.strerror}): {advice}") from error
    if f"sha256 {hashlib.sha256(content).hexdigest()}\n" not in log:
        raise ValueError(f"the weights of {whose} are not those that their log describes: {advice}")
    network.load_state_dict(torch.load(io.BytesIO(content), map_location="cpu", weights_only=True))
    return network.eval()
