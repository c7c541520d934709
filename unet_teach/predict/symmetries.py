"""Symmetries: one image seen in all its flips and rotations, and the mean of what a network says (chapter 9)."""

from collections.abc import Callable
from itertools import product

import torch
from torch import Tensor

from unet_teach.predict.inference import Image, checked, one_tensor
from unet_teach.transforms import turn


def average_symmetries(predict: Callable[[Tensor], Tensor], image: Image) -> Tensor:
    """Predict an image in all eight flips and rotations, undo each, and average.

    The mean is that of logits, as in nnU-Net: it serves softmax and sigmoid alike, and can be used wherever a single
    prediction could. A `predict` that ends in a softmax gets the mean of probabilities instead, in which no
    orientation outvotes the others by being very sure.

    Parameters
    ----------
    predict : (C, H, W) -> (K, H, W), and (C, W, H) -> (K, W, H) where the image lies on its side
    image : (C, H, W) floats, or a volume (C, D, H, W), which is turned in the plane of its slices: they are often thick

    Returns
    -------
    (K, H, W) or (K, D, H, W), the mean over the eight, on the image's device; float32 at least

    Raises
    ------
    ValueError
        If the image is not as above and finite, or `predict` does not give one tensor of its height and width.

    Source: Ronneberger, Fischer and Brox (2015), section 4, average seven rotated versions, without saying which; all
    eight symmetries here. Introduced in chapter 9.
    """
    image = checked(image, axes=(2, 3))
    total = torch.empty(0)
    for turns, mirrored in product(range(4), (False, True)):
        seen = turn(image, turns, mirrored)
        with torch.inference_mode():
            answer = one_tensor(predict(seen), "predict")
        if answer.ndim != seen.ndim or answer.shape[1:] != seen.shape[1:]:
            need = "(K, H, W)" if seen.ndim == 3 else "(K, D, H, W)"
            raise ValueError(f"predict made {tuple(answer.shape)} of an image {tuple(seen.shape)}: need {need}")
        answer = answer.to(image.device, torch.promote_types(answer.dtype, torch.float32))  # half would not add up
        upright = turn(answer.rot90(-turns, (-2, -1)), 0, mirrored)  # undone in the opposite order
        total = total + upright if total.numel() else upright.clone()
    return total / 8
