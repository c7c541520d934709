"""Small trained networks that an experiment leaves beside its table: one for the first seed, in numpy's own format.

How each was made stands in the experiment's module and in the row of its table with that seed: `make experiments`
writes both anew.
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn

FOLDER = Path(__file__).parent


def store_weights(network: nn.Module, name: str, half: bool = False, folder: Path = FOLDER) -> Path:
    """Write a network's weights to NAME.npz, numbers of 32 bits or, to save room, of 16; return the path.

    Introduced in chapter 27.
    """
    kept = {}
    for key, tensor in network.state_dict().items():
        array = tensor.detach().cpu().contiguous().numpy()
        kept[key] = array.astype(np.float16) if half and array.dtype == np.float32 else array
    path = folder / f"{name}.npz"
    np.savez(path, **kept)
    return path


def restore_weights(network: nn.Module, name: str, folder: Path = FOLDER) -> nn.Module:
    """Fill a network with the weights in NAME.npz, and return it ready to answer.

    Raises
    ------
    FileNotFoundError
        If there is no such file; `make experiments` writes it.
    RuntimeError
        If the weights belong to another network.

    Introduced in chapter 27.
    """
    path = folder / f"{name}.npz"
    if not path.exists():
        raise FileNotFoundError(f"there are no weights {path.name}: `make experiments` makes them with the table")
    with np.load(path, allow_pickle=False) as stored:
        arrays = {key: stored[key] for key in stored.files}
    tensors = {k: torch.from_numpy(a.astype(np.float32) if a.dtype == np.float16 else a) for k, a in arrays.items()}
    network.load_state_dict(tensors)
    return network.eval()
