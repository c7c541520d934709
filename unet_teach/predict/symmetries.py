"""Symmetries: one image seen in all its flips and rotations, and the mean of what a network says (chapter 9)."""

from collections.abc import Callable
from itertools import product

import torch
from torch import Tensor

from unet_teach.predict.inference import Image, checked
from unet_teach.transforms import turn


def average_symmetries(predict: Callable[[Tensor], Tensor], image: Image) -> Tensor:
    """Predict an image in all eight flips and rotations, undo each, and average.

    The mean is that of logits, as in nnU-Net: it serves softmax and sigmoid alike, and can be used wherever a single
    prediction could. A `predict` that ends in a softmax gets the mean of probabilities instead, in which no
    orientation outvotes the others by being very sure.

    Parameters
    ----------
    predict : (C, H, W) -> (K, H, W), and (C, W, H) -> (K, W, H) where the image lies on its side
    image : (C, H, W) floats

    Returns
    -------
    (K, H, W), the mean over the eight

    Raises
    ------
    ValueError
        If the image is not (C, H, W) finite floats, or `predict` does not keep its height and width.

    Source: Ronneberger, Fischer and Brox (2015), section 4, average seven rotated versions, without saying which; all
    eight symmetries here. Introduced in chapter 9.
    """
    image = checked(image, axes=(2,))
    total = torch.empty(0)
    for turns, mirrored in product(range(4), (False, True)):
        seen = turn(image, turns, mirrored)
        with torch.inference_mode():
            answer = predict(seen)
        if answer.ndim != 3 or answer.shape[1:] != seen.shape[1:]:
            raise ValueError(f"predict made {tuple(answer.shape)} of an image {tuple(seen.shape)}: need (K, H, W)")
        upright = turn(answer.rot90(-turns, (-2, -1)), 0, mirrored)  # undone in the opposite order
        total = total + upright if total.numel() else upright.clone()
    return total / 8
