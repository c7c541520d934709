"""Folders of images and masks for the checker's tests: clean ones, and a hundred ways to spoil one, a row each."""

import shutil

import numpy as np
from PIL import Image
from scipy import ndimage

COUNT, SIZE = 6, (96, 112)


def picture(seed, size=SIZE, classes=1):
    """A grey picture of bright blobs, and their labels."""
    chance = np.random.default_rng(seed)
    labels = np.zeros(size, np.uint8)
    y, x = np.mgrid[: size[0], : size[1]]
    for number in range(7):
        cy, cx = chance.integers(8, size[0] - 8), chance.integers(8, size[1] - 8)
        a, b = chance.uniform(6, 14), chance.uniform(5, 9)
        turn = chance.uniform(0, np.pi)
        u, v = (y - cy) * np.cos(turn) + (x - cx) * np.sin(turn), (x - cx) * np.cos(turn) - (y - cy) * np.sin(turn)
        labels[(u / a) ** 2 + (v / b) ** 2 < 1] = number % classes + 1
    grey = 60 + 60.0 * labels / classes + 25 * ndimage.gaussian_filter(chance.normal(size=size), 4) * 6
    grey = grey + chance.normal(0, 6, size)
    return grey.clip(0, 255).astype(np.uint8), labels


def objects(seed, size=SIZE, count=8):
    """The same with a number for each object."""
    grey, labels = picture(seed, size)
    return grey, ndimage.label(labels)[0].astype(np.uint8)


def names(count=COUNT):
    return [f"cell_{number:02}" for number in range(1, count + 1)]


def clean(folder, count=COUNT, classes=1, images="images", masks="masks"):
    """images/cell_01.png ... and masks/ of the same names, 0 and 1."""
    for seed, name in enumerate(names(count)):
        grey, labels = picture(seed, classes=classes)
        save(folder / images / f"{name}.png", grey)
        save(folder / masks / f"{name}.png", labels)
    return folder


def save(path, array, **how):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(array).save(path, **how)
    return path


def load(path):
    return np.array(Image.open(path))


def change(folder, name, how, which="masks"):
    path = folder / which / f"{name}.png"
    save(path, how(load(path)))


def change_all(folder, how, which="masks"):
    for path in sorted((folder / which).iterdir()):
        save(path, how(load(path)))


def resaved(folder, name, ending, which="masks", array=None, **how):
    path = folder / which / f"{name}.png"
    array = load(path) if array is None else array
    path.unlink()
    return save(path.with_suffix(ending), array, **how)


def as_colour(labels):
    return np.array([(0, 0, 0), (255, 0, 0), (0, 255, 0)], np.uint8)[labels]


def soft(labels):
    return (255 * ndimage.gaussian_filter((labels > 0).astype(float), 1)).astype(np.uint8)


def stack(seed, slices=6, classes=1):
    pairs = [picture(100 * seed + number, classes=classes) for number in range(slices)]
    return tuple(np.stack(one) for one in zip(*pairs, strict=True))


def volume_pair(folder, name, seed, spacing=(1.0, 1.0, 2.0), mask_spacing=None, shift=0.0, kind=np.float32, offset=0.0):
    import nibabel

    grey, labels = stack(seed)
    affine, other = np.diag([*spacing, 1.0]), np.diag([*(mask_spacing or spacing), 1.0])
    other[0, 3] += shift
    for where, array, grid in (("imagesTr", grey.astype(kind) + offset, affine), ("labelsTr", labels, other)):
        path = folder / where / (f"{name}_0000.nii.gz" if where == "imagesTr" else f"{name}.nii.gz")
        path.parent.mkdir(parents=True, exist_ok=True)
        nibabel.save(
            nibabel.Nifti1Image(array.transpose(2, 1, 0).astype(kind if where == "imagesTr" else np.uint8), grid), path
        )


def volumes(folder, count=5, **how):
    for seed in range(count):
        volume_pair(folder, f"scan_{seed + 1}", seed, **how)
    return folder


def remove(folder, *paths):
    for path in paths:
        target = folder / path
        shutil.rmtree(target) if target.is_dir() else target.unlink()
