"""What can be wrong with where masks lie, and how large pixels are (chapter 25)."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from unet_teach.recipes.folder.alignment import best_shift, edge_agreement, how_it_lies
from unet_teach.recipes.folder.contents import Contents
from unet_teach.recipes.folder.faults.fault import Fault, listed
from unet_teach.recipes.folder.looking import Look

APART = 1.5  # times: spacings of one folder
FEWEST, TOGETHER = 3, 0.8  # masks, and the share of them that is shifted alike
LYING_WELL, ELSEWHERE = 7.0, 2.0  # of `edge_agreement`
DEEP_WELL, DEEP_ELSEWHERE = 12.0, 4.0  # of `agreement_in_depth`


def misplaced(contents: Contents) -> Iterator[Fault]:
    """Find masks that are mirrored or turned, or lie under another image."""
    seen = {look.name: look.traces for look in contents.good if look.traces is not None and look.spread > 0}
    if not seen:
        return
    over = {found.name for found in contents.over}
    deep = {look.name: look.in_depth[""] for look in contents.good if look.in_depth}
    deep_usual = float(np.median([*deep.values()])) if deep else 0.0
    fits = {name: edge_agreement(own, own.mask) for name, own in seen.items()}
    known = [fit for fit in fits.values() if np.isfinite(fit)]
    usual = float(np.median(known)) if known else 0.0
    turned: dict[str, list[str]] = defaultdict(list)
    lost = []
    for name, own in seen.items():
        if name in over:
            continue  # `in_reverse` says it
        others = {other: their for other, their in seen.items() if other != name} if len(seen) <= 200 else {}
        kind, what = how_it_lies(own, others)
        if kind == "turned":
            turned[what].append(name)
        elif kind == "swapped":
            yield Fault(
                "error",
                "mask of another image",
                f"The mask of {name} fits the image of {what}, not its own.",
                "look whether two files were exchanged, or renamed.",
                (name, what),
            )
        elif (kind == "lost" and usual > LYING_WELL and fits[name] < ELSEWHERE) or (
            deep_usual > DEEP_WELL and deep.get(name, DEEP_WELL) < DEEP_ELSEWHERE
        ):
            lost.append(name)
    for what, names in turned.items():
        yield Fault(
            "error",
            "mask turned",
            f"The mask of {listed(names)} seems to be {what} against the image.",
            "turn it back, or export it again from the program in which it was drawn.",
            tuple(names),
        )
    if lost:
        yield Fault(
            "warning",
            "mask does not fit",
            f"The mask of {listed(lost)} does not follow its image, as the others follow theirs.",
            "look at it: it may be of another image, or shifted.",
            tuple(lost),
        )


def in_reverse(contents: Contents) -> Iterator[Fault]:
    """Find stacks whose masks lie with the last slice first."""
    kinds: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for found in contents.over:
        kinds[found.turn, found.sure].append(found.name)
    for (turn, sure), names in kinds.items():
        yield Fault(
            "error" if sure else "warning",
            "mask turned over",
            f"The mask of {listed(names)} seems to be {turn}, against the image.",
            "look at a slice near either end; if it is so, turn the mask over (Fiji: Image > Transform > Flip Z), or "
            "export it again from the program in which it was drawn.",
            tuple(names),
        )


def all_shifted(contents: Contents) -> Iterator[Fault]:
    """Find folders whose masks would follow their images if all were moved by the same way."""
    seen = [look for look in contents.good if look.traces is not None and look.spread > 0 and look.mask]
    moved = np.array([(*best_shift(look.traces), _step(look)) for look in seen if look.traces is not None])
    if len(moved) < FEWEST:
        return
    usual = np.median(moved[:, :2], axis=0)
    agree = np.abs(moved[:, :2] - usual).max(axis=1) <= 1
    if np.abs(usual).max() >= 2 and agree.mean() >= TOGETHER and np.median(moved[:, 2]) > LYING_WELL:
        rows, columns = (usual * np.median(moved[:, 3])).astype(int)
        way = [f"{abs(n)} {'down' if n > 0 else 'up'}" for n in (rows,) if n]
        way += [f"{abs(n)} to the {'right' if n > 0 else 'left'}" for n in (columns,) if n]
        yield Fault(
            "warning",
            "all masks shifted",
            f"The masks would follow their images better if all were moved by about {' and '.join(way)} (pixels).",
            "look whether images were cut or scaled after drawing; export both from one source.",
            tuple(look.name for look in seen),
        )


def _step(look: Look) -> int:
    assert look.mask is not None
    assert look.traces is not None
    return max(round(look.mask.size[-1] / look.traces.mask.shape[-1]), 1)


def scales(contents: Contents) -> Iterator[Fault]:
    """Find images of another scale."""
    read = [look for look in contents.looks if look.image]
    known = [look for look in read if look.image and look.image.spacing]
    if known and len(known) < len(read):
        without = [look.name for look in read if look not in known]
        few = without if len(without) <= len(known) else [look.name for look in known]
        word = "do not say" if few is without else "alone say"
        yield Fault(
            "warning",
            "scale missing",
            f"{listed(few)} {word} how large a pixel is.",
            "set the scale in all files (Fiji: Image > Properties), or in none; where it is missing, it is taken as "
            "that of the others.",
            tuple(few),
        )
    steps = {look.name: look.image.spacing for look in known if look.image}
    if len({len(step) for step in steps.values()}) != 1:
        return
    every = np.array(list(steps.values()))
    unit = known[0].image.unit if known[0].image else ""
    usual = np.median(every, axis=0)
    off = np.maximum(every / usual, usual / every).max(axis=1)
    odd = [name for name, far in zip(steps, off, strict=True) if far > 1.02]
    shown = " x ".join(f"{step:.3g}" for step in usual)
    if (every.max(axis=0) / every.min(axis=0)).max() > APART:
        yield Fault(
            "warning",
            "scales differ",
            f"Pixels of {listed(odd)} are of another size than the others' ({shown} {unit}).",
            "look whether the scale is right; images are brought to one scale before training.",
            tuple(odd),
        )
    else:
        yield Fault("note", "scale", f"A pixel is {shown} {unit}." + (" Scales differ slightly." if odd else ""))


def elsewhere(contents: Contents) -> Iterator[Fault]:
    """Find masks that lie elsewhere than their images, by what their files say."""
    for look in contents.looks:
        if look.image is None or look.mask is None or look.image.size != look.mask.size:
            continue
        one, other = look.image.facts.get("affine"), look.mask.facts.get("affine")
        apart = one is not None and other is not None and np.abs(one - other).max() > 0.01 * max(look.image.spacing)
        scales = look.image.spacing and look.mask.spacing and look.image.unit == look.mask.unit
        if apart or (scales and not np.allclose(look.image.spacing, look.mask.spacing, rtol=0.02)):
            yield Fault(
                "error",
                "mask elsewhere",
                f"By their files, image and mask of {look.name} lie in different places, or have voxels of "
                "different sizes.",
                "export the mask again on the image's grid (3D Slicer: Export to files, reference volume).",
                (look.name,),
            )
