"""One training run of the clinic, as its author sees it (chapter 12).

Nothing raises, and a run returns what its author would report: both losses, scores as that author computed them, a
picture, and what the laboratory measured. All have the same small U-Net and 120 steps of crops of 64 pixels.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from unet_teach.course.debugging import faults
from unet_teach.course.debugging.laboratory import Values, examine
from unet_teach.course.debugging.material import Draw, crops_of, sections
from unet_teach.losses import cross_entropy
from unet_teach.metrics import dice
from unet_teach.metrics.overlap import Mask
from unet_teach.models import UNet
from unet_teach.predict import infer
from unet_teach.train import fit

STEPS = 120
EVERY = 10  # steps between two looks at the validation loss
EPOCH = 40  # batches that the laboratory looks at
CORNER = 128  # pixels of the picture
GLANCE = 192  # pixels of the corner on which the validation loss is computed

Loss = Callable[[Tensor, Tensor], Tensor]
HeldOut = Callable[[str], tuple[Tensor, Tensor]]  # split -> images (N, 1, H, W), labels (N, H, W)


@dataclass(frozen=True)
class Run:
    """What the author of a run could report."""

    loss: list[float]  # of each step
    validation_loss: dict[int, float]  # step -> loss
    image: NDArray[np.float32]  # (128, 128) or less: a corner of a validation image, as the network got it
    truth: Mask
    prediction: Mask
    values: Values

    @property
    def validation(self) -> float:
        """The validation score, as the author computed it."""
        return self.values.scores["validation"]

    @property
    def test(self) -> float:
        """The test score, as the author computed it."""
        return self.values.scores["test"]


def from_sections(split: str) -> tuple[Tensor, Tensor]:
    """Return the whole sections of a split.  (N, 1, 512, 512), (N, 512, 512)"""
    images, membrane = sections(split)
    return images[:, None], torch.from_numpy(membrane).long()


def run(
    seed: int,
    draw: Draw | None = None,
    loss: Loss = cross_entropy,
    channels: int = 2,
    rate: float = faults.MENDED_RATE,
    last: Callable[[Tensor], Tensor] = lambda logits: logits,
    look: Callable[[nn.Module, Tensor], Tensor] = faults.mended_prediction,
    classes: Callable[[Tensor], Tensor] = faults.mended_axis,
    score: Callable[[Mask, Mask], float] = dice,
    held_out: HeldOut = from_sections,
    sources: tuple[set[str], set[str]] = ({"15", "16", "17", "18"}, {"20", "21", "22"}),
    pictured: int = 0,
) -> Run:
    """Train once and write the author's report; whatever is not given is as in the healthy run.

    Parameters
    ----------
    seed : of the weights and of everything drawn
    draw : generator -> (images, labels) of a batch
    loss, channels, rate : what is made small, the network's outputs a pixel, the learning rate
    last : the network's last layer, where its author has put one between the logits and the loss
    look : (network, images) -> logits, as the author predicts
    classes : logits -> probabilities
    score : (predicted, true) -> number, averaged over the images
    held_out : the images and labels on which the author validates, and tests
    sources : the specimens that are trained on, and validated on
    pictured : which of the validation images is shown
    """
    draw = draw or crops_of(*sections("train"))
    splits = {split: held_out(split) for split in ("validation", "test")}
    some_images, some_labels = (part[:8, ..., :GLANCE, :GLANCE] for part in splits["validation"])
    validation_loss: dict[int, float] = {}

    def watch(network: nn.Module) -> float:
        validation_loss[EVERY * (len(validation_loss) + 1)] = loss(look(network, some_images), some_labels).item()
        return len(validation_loss)  # watches only: the weights that are kept are the last

    torch.manual_seed(seed)
    network = UNet(classes=channels, width=8, depth=2)
    generator = torch.Generator().manual_seed(seed)
    curve = fit(
        network,
        draw,
        loss,
        steps=STEPS,
        generator=generator,
        learning_rate=rate,
        validate=watch,
        validate_every=EVERY,
    ).loss

    epoch = [draw(generator) for _ in range(EPOCH)]
    outputs = last(infer(network, epoch[0][0]))

    def predict(images: Tensor) -> Tensor:
        return classes(look(network, images))

    def found(image: Tensor) -> Mask:
        probabilities = predict(image[None])[0]
        return (probabilities.argmax(dim=0) == 1 if channels > 1 else probabilities[0] > 0.5).numpy()

    predicted = {split: [found(image) for image in images] for split, (images, _) in splits.items()}
    true = {split: (labels > 0).numpy() for split, (_, labels) in splits.items()}
    scores = {
        split: float(np.mean([score(a, b) for a, b in zip(predicted[split], true[split], strict=True)]))
        for split in splits
    }
    values = examine(
        curve, epoch, splits, dict(zip(("train", "validation"), sources, strict=True)), outputs, predict, score, scores
    )
    return Run(
        loss=curve,
        validation_loss=validation_loss,
        image=splits["validation"][0][pictured, 0, :CORNER, :CORNER].numpy(),
        truth=true["validation"][pictured, :CORNER, :CORNER],
        prediction=predicted["validation"][pictured][:CORNER, :CORNER],
        values=values,
    )
