"""What training a network asks of a memory, counted and not measured: bytes (chapter 19)."""

import torch
from torch import Tensor, nn

COPIES = 4  # of each weight: itself, its slope, and the two running means of AdamW


def training_memory(network: nn.Module, images: Tensor) -> int:
    """Count the bytes that a step of training holds on to: maps kept for the way back, and four copies of each weight.

    Every operation keeps what its slope needs, mostly the maps that it was given. What is needed only for a moment, and
    what libraries take for themselves, is not counted.

    Parameters
    ----------
    network : it is left as it was, running means and mode
    images : a batch as in training, of a size that the network takes

    Raises
    ------
    TypeError
        If the network is no torch module, or the images no tensor.

    Introduced in chapter 19.
    """
    if not (isinstance(network, nn.Module) and isinstance(images, Tensor)):
        raise TypeError(f"need a network and a tensor, got {type(network).__name__} and {type(images).__name__}")
    weights = sum(weight.nbytes for weight in network.parameters())
    own = {weight.untyped_storage().data_ptr() for weight in (*network.parameters(), *network.buffers())}
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            kept[storage.data_ptr()] = storage.nbytes()
        return (
            tensor.detach()
        )  # kept with its history, a map that an operation gives would keep that operation for ever

    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    modes = [(layer, layer.training) for layer in network.modules()]
    try:
        network.train()
        with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
            answer = network(images)  # held until all is counted: a freed place would be given to the next map
        del answer
    finally:
        network.load_state_dict(before)
        for layer, training in modes:
            layer.training = training
    return COPIES * weights + sum(kept.values())
