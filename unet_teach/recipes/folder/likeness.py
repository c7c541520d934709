"""Which images show the same, or nearly: copies, neighbours of a stack, the next picture of a film (chapter 25)."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

SIDE = 128  # pixels of what is compared
FAR = 4  # pixels of the thumbnail by which one may be shifted against the other
SAME, NEIGHBOUR = 0.97, 0.35
MOST = 400  # images that are compared, each with each
BLOCK = 8  # pixels of the thumbnail's pieces; a copy agrees in nearly all of them, two heads in their outline only
EQUAL, EVERYWHERE, MOSTLY = 0.6, 0.9, 0.75  # agreement of a piece; shares of pieces
Grey = NDArray[np.float32]


def thumbnail_to_compare(image: NDArray[np.number]) -> Grey:
    """Make a small picture of fine detail, mean 0, length 1.  (H, W) -> (128, 128)"""
    zoom = np.asarray(image, dtype=np.float32)
    rows, columns = (max(side // SIDE, 1) for side in zoom.shape)
    cut = zoom[: zoom.shape[0] // rows * rows, : zoom.shape[1] // columns * columns]
    small = cut.reshape(cut.shape[0] // rows, rows, cut.shape[1] // columns, columns).mean(axis=(1, 3))
    small = ndimage.zoom(small, [SIDE / side for side in small.shape], order=1, grid_mode=True, mode="nearest")
    fine = ndimage.gaussian_filter(small, 0.7) - ndimage.gaussian_filter(small, 4)
    fine = np.clip(fine, *np.percentile(fine, (1, 99)))
    fine = fine - fine.mean()
    length = float(np.linalg.norm(fine))
    return np.asarray(fine / length if length > 0 else fine, dtype=np.float32)


def lookalikes(thumbnails: Mapping[str, Grey]) -> list[tuple[str, str, float]]:
    """List the pairs that show the same, or nearly, shifted a little or not.

    Two images count as neighbours where they agree by more than 0.35 and far more than images of this set do usually:
    pictures of heads are all alike.

    Returns
    -------
    (one, other, how alike: at most 1), the most alike first

    Introduced in chapter 25.
    """
    names = list(thumbnails)[:MOST]
    if len(names) < 2:
        return []
    waves = np.fft.rfft2(np.stack([thumbnails[name] for name in names]))
    likeness = np.zeros((len(names), len(names)))
    for number in range(len(names) - 1):
        shifted = np.fft.irfft2(waves[number] * np.conj(waves[number + 1 :]), (SIDE, SIDE))
        near = np.concatenate([shifted[:, : FAR + 1], shifted[:, -FAR:]], axis=1)
        near = np.concatenate([near[:, :, : FAR + 1], near[:, :, -FAR:]], axis=2)
        likeness[number, number + 1 :] = near.max(axis=(1, 2))
    above = likeness[np.triu_indices(len(names), 1)]
    middle = float(np.median(above))
    usual = middle + 8 * float(np.median(np.abs(above - middle))) if len(above) > 5 else 0.0
    found = [
        (names[i], names[j], float(likeness[i, j]))
        for i, j in zip(*np.nonzero(likeness > min(max(NEIGHBOUR, usual), SAME)), strict=True)
    ]
    sure = [(i, j, _looked_at_closely(thumbnails[i], thumbnails[j], how)) for i, j, how in found]
    return sorted((two for two in sure if two[2] > 0), key=lambda two: -two[2])


def _looked_at_closely(one: Grey, other: Grey, how: float) -> float:
    """Say how alike two are that share their strong edges: 0 where it is the edges alone, as in two scans of a head."""
    if how <= SAME:
        return how
    shifted = np.fft.irfft2(np.fft.rfft2(one) * np.conj(np.fft.rfft2(other)), one.shape)
    there = np.unravel_index(int(np.argmax(shifted)), shifted.shape)
    share = _agreeing(one, np.roll(other, (int(there[0]), int(there[1])), (0, 1)))
    return how if share > EVERYWHERE else SAME if share > MOSTLY else 0.0


def _agreeing(one: Grey, other: Grey) -> float:
    """Return the share of pieces that agree, of those in which there is something to see."""
    a, b = (_pieces(picture) for picture in (one, other))
    lengths = np.linalg.norm(a, axis=1), np.linalg.norm(b, axis=1)
    most = np.maximum(*lengths)
    seen = most > 0.3 * np.median(most)
    alike = (a * b).sum(axis=1) > EQUAL * lengths[0] * lengths[1]
    return float(alike[seen].mean()) if seen.any() else 0.0


def _pieces(picture: Grey) -> Grey:
    count = SIDE // BLOCK
    pieces = picture.reshape(count, BLOCK, count, BLOCK).transpose(0, 2, 1, 3).reshape(count**2, -1)
    return np.asarray(pieces - pieces.mean(axis=1, keepdims=True), dtype=np.float32)
