"""Losses of logits against class numbers: cross-entropy, Dice, focal (chapters 3, 6 and 10)."""

import math

import torch
from torch import Tensor
from torch.nn import functional

from unet_teach._checks import number

SMOOTH = 1e-5  # keeps the Dice of an absent class from being 0 / 0; far below one pixel


def cross_entropy(logits: Tensor, labels: Tensor, weights: Tensor | None = None) -> Tensor:
    """Average over all pixels minus the log of the probability that the network gives to the true class.

    With `weights`, the average of weight times cross-entropy: the sum is divided by the number of pixels, not by the
    sum of the weights. A pixel then pulls with its own weight, whatever else is in the batch, and a crop full of seams
    counts for more than one without any, as in the paper's plain sum; only the size of the image no longer matters.
    Weights of 1 change nothing; twice the weights are twice the loss; weights of 0 leave pixels out, and where all
    are 0 the loss and its slope are 0. (The class weights of `torch.nn.CrossEntropyLoss` divide by their sum instead.)

    Parameters
    ----------
    logits : (N, C, H, W) or (N, C, D, H, W) floats, C at least 2
    labels : (N, H, W) or (N, D, H, W) int64, class numbers 0 to C - 1
    weights : the shape of `labels`, floats, finite and not negative

    Returns
    -------
    () tensor, in nats: log(C) where the network cannot tell, 0 where it is certain and right.

    Raises
    ------
    TypeError
        If an argument is not a tensor, logits or weights are not floats, or labels are not int64.
    ValueError
        If shapes do not fit together, there is no pixel, a label is not a class, or a weight is negative or not finite.

    Source: Ronneberger et al. (2015), section 3, equations 1 and 2. Introduced in chapter 3, the weights in chapter 10.
    """
    _check(logits, labels, "to leave pixels out, give them any class and weight 0")
    if weights is None:
        return _per_pixel(logits, labels).mean()
    _check_weights(weights, labels)
    left_out = (weights == 0)[:, None]  # whatever the logits are there, infinite or NaN: 0 times infinity is not 0
    return (weights * _per_pixel(logits.masked_fill(left_out, 0), labels)).mean()


def dice_loss(logits: Tensor, labels: Tensor, include_background: bool = False) -> Tensor:
    """Return 1 minus the soft Dice, averaged over the classes: an overlap with probabilities in place of a mask.

    For each class, sums run over the whole batch and not over each image, because a small crop often lacks a class:
    (2 sum(p t) + s) / (sum(p) + sum(t) + s), with p the probability, t 1 on the class and 0 elsewhere, s = 1e-5.
    A class that no label of the batch has contributes s / (sum(p) + s): its loss is 0 if the network gives it no
    probability, and about 1, with hardly any slope, as soon as that adds up to one pixel. So Dice alone does not
    push false pixels away in such a batch; add cross-entropy, which does. Equal to
    `monai.losses.DiceLoss(softmax=True, to_onehot_y=True, batch=True)`.

    Parameters
    ----------
    logits : (N, C, H, W) or (N, C, D, H, W) floats, C at least 2
    labels : (N, H, W) or (N, D, H, W) int64, class numbers 0 to C - 1
    include_background : count class 0 as a class; it is large and easy, and flatters the mean

    Returns
    -------
    () tensor between 0 and 1.

    Raises
    ------
    TypeError, ValueError
        As `cross_entropy` does.

    Source: Milletari et al. (2016), section 3, there with squares in the denominator; the plain sums are those of
    Drozdzal et al. (2016). Introduced in chapter 6.
    """
    _check(logits, labels)
    classes = logits.shape[1]
    probability = _at_least_single(logits).softmax(dim=1)  # (N, C, H, W)
    truth = functional.one_hot(labels, classes).movedim(-1, 1).to(probability.dtype)  # (N, C, H, W)
    all_but_class = [axis for axis in range(logits.ndim) if axis != 1]
    overlap = (probability * truth).sum(all_but_class)  # (C,)
    total = probability.sum(all_but_class) + truth.sum(all_but_class)  # (C,)
    dice = (2 * overlap + SMOOTH) / (total + SMOOTH)
    return 1 - dice[0 if include_background else 1 :].mean()


def focal_loss(logits: Tensor, labels: Tensor, gamma: float = 2) -> Tensor:
    """Average (1 - p)^gamma times the cross-entropy of each pixel, p the probability of its true class.

    Pixels that are already right count for little: at gamma 2, a pixel with p = 0.9 for a hundredth. Gamma 0 is
    `cross_entropy`. The paper has one sigmoid a class and a further balance alpha; here are a softmax and no alpha, and
    the sum is divided by the number of pixels.

    Parameters
    ----------
    logits : (N, C, H, W) or (N, C, D, H, W) floats, C at least 2
    labels : (N, H, W) or (N, D, H, W) int64, class numbers 0 to C - 1
    gamma : how much easy pixels are faded, 0 or more

    Returns
    -------
    () tensor, 0 or more.

    Raises
    ------
    TypeError, ValueError
        As `cross_entropy` does; ValueError also if gamma is negative or not finite.

    Source: Lin et al. (2017), section 3.2, equation 4. Introduced in chapter 6.
    """
    _check(logits, labels)
    gamma = number("gamma", gamma)
    if not 0 <= gamma < math.inf:
        raise ValueError(f"gamma must be a number of 0 or more, got {gamma}")
    loss = _per_pixel(logits, labels)  # (N, H, W), -log p
    wrong = 1 - torch.exp(-loss)  # (N, H, W), 1 - p
    # x^gamma has an infinite slope at 0 for gamma below 1; the clamp makes it 0, which times a loss of 0 stays 0.
    return (wrong.clamp(min=torch.finfo(wrong.dtype).tiny) ** gamma * loss).mean()


def _per_pixel(logits: Tensor, labels: Tensor) -> Tensor:
    return functional.cross_entropy(_at_least_single(logits), labels, reduction="none")  # (N, H, W)


def _at_least_single(logits: Tensor) -> Tensor:
    """Half precision ends at 65,504, fewer than the pixels of a 256 x 256 image: add up in float32 at least."""
    return logits.to(torch.promote_types(logits.dtype, torch.float32))


def _check(
    logits: Tensor, labels: Tensor, ignoring: str = "to leave pixels out, crop them away or use `cross_entropy`"
) -> None:
    for name, value in (("logits", logits), ("labels", labels)):
        if not isinstance(value, Tensor):
            raise TypeError(f"{name} must be a torch tensor, got {type(value).__name__}: use torch.as_tensor")
    if not logits.is_floating_point():
        raise TypeError(f"logits must be floats, the network's output before any argmax, got {logits.dtype}")
    if labels.dtype != torch.int64:
        raise TypeError(f"labels must be class numbers of type int64, got {labels.dtype}: call labels.long()")
    if logits.ndim not in (4, 5):
        raise ValueError(f"logits must be (N, C, H, W) or (N, C, D, H, W), got {tuple(logits.shape)}")
    classes = logits.shape[1]
    if classes < 2:
        raise ValueError("a softmax over one channel is always 1: give the network classes=2, background and object")
    expected = (logits.shape[0], *logits.shape[2:])
    if tuple(labels.shape) != expected:
        raise ValueError(
            f"labels must be {expected} for logits {tuple(logits.shape)}, got {tuple(labels.shape)}: "
            "drop the channel axis, or crop the labels to the size of the output"
        )
    if labels.numel() == 0:
        raise ValueError(f"there is no pixel in labels of shape {expected}")
    low, high = (int(bound) for bound in torch.aminmax(labels))
    if low < 0 or high >= classes:
        raise ValueError(
            f"labels must lie in 0..{classes - 1} for {classes} classes, got {low}..{high}: turn a 0/255 mask into "
            f"(mask > 0).long(); {ignoring}"
        )


def _check_weights(weights: Tensor, labels: Tensor) -> None:
    if not (isinstance(weights, Tensor) and weights.is_floating_point()):
        raise TypeError("weights must be a tensor of floats: call weights.float()")
    if weights.shape != labels.shape:
        raise ValueError(f"weights need one number a pixel, {tuple(labels.shape)}, got {tuple(weights.shape)}")
    if not bool((torch.isfinite(weights) & (weights >= 0)).all()):
        raise ValueError("weights must be finite and not negative: look for NaN or infinity in the weight map")
