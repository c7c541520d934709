"""Windows and grids: scipy, SimpleITK, pydicom and MONAI agree; a mask on another grid is seen."""

import numpy as np
import pytest
import torch
from scipy import ndimage

from unet_teach.transforms import grid_of, resample, same_grid, window

RANDOM = np.random.default_rng(0)
VOLUME = RANDOM.normal(size=(7, 6, 5)).astype(np.float32)
LABELS = RANDOM.integers(10, 200, (7, 6, 5)).astype(np.uint8)


def affine(sizes=(1.5, 2, 4), angle=0.0, origin=(-3, 12, 7.25)):
    c, s = np.cos(angle), np.sin(angle)
    matrix = np.eye(4)
    matrix[:3, :3] = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) * sizes
    matrix[:3, 3] = origin
    return matrix


GRIDS = {
    "finer": grid_of(VOLUME.shape, affine(), (0.8, 0.9, 1.1)),
    "coarser": grid_of(VOLUME.shape, affine(), (3.2, 3, 5)),
    "turned": ((6, 9, 4), affine((2, 1.2, 5), 0.4, (-1, 10, 6))),
    "partly beyond": ((8, 8, 8), affine((2, 2, 4), 0, (-9, 7, 0.5))),
}


def by_simpleitk(volume, old, shape, new, order):
    itk = pytest.importorskip("SimpleITK")

    def placed(image, matrix):
        sizes = np.linalg.norm(matrix[:3, :3], axis=0)
        image.SetSpacing(sizes.tolist())
        image.SetOrigin(matrix[:3, 3].tolist())
        image.SetDirection((matrix[:3, :3] / sizes).ravel().tolist())
        return image

    image = placed(itk.GetImageFromArray(volume.T), old)
    grid = placed(itk.Image(*shape, itk.sitkUInt8), new)
    how = itk.sitkLinear if order else itk.sitkNearestNeighbor
    return itk.GetArrayFromImage(itk.Resample(image, grid, itk.Transform(), how, 9)).T


@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize(("volume", "order"), [(VOLUME, 1), (LABELS, 0)])
def test_simpleitk_agrees(name, volume, order):
    shape, new = GRIDS[name]
    found = resample(volume, affine(), shape, new, order, outside=9)
    wanted = by_simpleitk(volume, affine(), shape, new, order)
    assert found.dtype == volume.dtype
    assert found.shape == shape
    assert np.allclose(found, wanted, atol=1e-4)
    assert (found == 9).any() == (name in ("turned", "partly beyond"))


def test_scipy_agrees_on_places_of_its_own():
    shape, new = GRIDS["turned"]
    places = np.linalg.solve(affine(), new) @ np.vstack([np.indices(shape).reshape(3, -1), np.ones(np.prod(shape))])
    wanted = ndimage.map_coordinates(VOLUME.astype(float), places[:3], order=1, mode="nearest").reshape(shape)
    inside = np.all((places[:3] >= -0.5) & (places[:3] <= np.array(VOLUME.shape)[:, None] - 0.5), axis=0).reshape(shape)
    assert np.allclose(resample(VOLUME, affine(), shape, new), np.where(inside, wanted, 0), atol=1e-5)


def test_monai_agrees_on_its_own_grid():
    transforms, tensors = pytest.importorskip("monai.transforms"), pytest.importorskip("monai.data")
    image = tensors.MetaTensor(torch.as_tensor(VOLUME)[None], affine=torch.as_tensor(affine()))
    for order, mode in ((1, "bilinear"), (0, "nearest")):
        spaced = transforms.Spacing((1, 1.3, 3), mode=mode, padding_mode="border", align_corners=True)(image)
        found = resample(VOLUME, affine(), spaced.shape[1:], spaced.affine.numpy(), order)
        inside = np.isin(found, 0, invert=True)  # beyond the outer faces MONAI repeats the border
        share = np.isclose(found, spaced[0].numpy(), atol=1e-4)[inside].mean()
        assert share == 1 if order else share > 0.95  # a tie of two neighbours may go either way


def test_the_same_grid_gives_the_same_numbers():
    for volume, order in ((VOLUME, 1), (LABELS, 0), (LABELS > 99, 0)):
        found = resample(volume, affine(angle=0.3), volume.shape, affine(angle=0.3), order)
        assert np.array_equal(found, volume)


@pytest.mark.parametrize("spacing", [(0.75, 1, 2), (3, 4, 8), (1.5, 2, 20), (1, 1, 1), (10, 100, 4)])
def test_another_grid_covers_the_same_box_from_the_same_corner(spacing):
    old = affine(angle=0.3)
    shape, new = grid_of((8, 6, 10), old, spacing)
    assert np.linalg.norm(new[:3, :3], axis=0) == pytest.approx(spacing)
    assert new @ [-0.5, -0.5, -0.5, 1] == pytest.approx(old @ [-0.5, -0.5, -0.5, 1])
    box, new_box = np.array((8, 6, 10)) * (1.5, 2, 4), np.array(shape) * spacing
    assert (np.abs(box - new_box) <= np.array(spacing) / 2 + 1e-9).all() or min(shape) == 1


def test_linear_values_stand_on_the_line_between_two():
    ramp = np.broadcast_to(np.arange(4.0)[:, None, None], (4, 2, 2))
    shape, new = grid_of(ramp.shape, np.eye(4), (0.5, 1, 1))
    assert resample(ramp, np.eye(4), shape, new)[:, 0, 0].tolist() == [0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3]


def test_a_label_is_never_mixed():
    shape, new = GRIDS["finer"]
    assert set(np.unique(resample(LABELS, affine(), shape, new, 0))) <= set(np.unique(LABELS))
    with pytest.raises(ValueError, match="order=0"):
        resample(LABELS > 99, affine(), shape, new)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"order": 3}, "order is 1"),
        ({"volume": VOLUME[0]}, r"volume \(X, Y, Z\)"),
        ({"volume": VOLUME * np.nan}, "finite"),
        ({"shape": (2, 3)}, "three whole numbers"),
        ({"shape": (2, 3, 0)}, "above 0"),
        ({"shape": (2**10, 2**10, 2**10)}, "can be held"),
        ({"affine": np.eye(3)}, r"\(4, 4\)"),
        ({"new_affine": np.diag([1, 1, 0, 1])}, "flat"),
        ({"volume": LABELS, "order": 0, "outside": 300}, "no uint8"),
        ({"outside": 1e40}, "round away"),
    ],
)
def test_what_cannot_be_resampled_is_refused(change, words):
    asked = {"volume": VOLUME, "affine": affine(), "shape": (3, 3, 3), "new_affine": affine()} | change
    with pytest.raises((TypeError, ValueError), match=words):
        resample(**asked)


@pytest.mark.parametrize("spacing", [(1, 1), (1, 1, 0), (1, 1, np.nan), 1e-9 * np.ones(3)])
def test_a_spacing_is_three_sizes(spacing):
    with pytest.raises(ValueError, match=r"spacing|finite|in mm"):
        grid_of((4, 4, 4), np.eye(4), spacing)


def test_grids_are_the_same_or_not():
    old = affine(angle=0.2)
    assert same_grid((5, 4, 3), old, [5, 4, 3], old + 1e-6 * np.eye(4)[:, [3]] @ [[0, 0, 0, 0]])
    for shape, change in (((5, 4, 2), np.zeros(3)), ((5, 4, 3), [0, 0, 0.1]), ((5, 4, 3), [0.02, 0, 0])):
        other = old.copy()
        other[:3, 3] += change
        assert not same_grid((5, 4, 3), old, shape, other)
    flipped = old @ np.diag([-1, 1, 1, 1.0])
    assert not same_grid((5, 4, 3), old, (5, 4, 3), flipped)
    assert same_grid((5, 4, 3), old, (5, 4, 3), flipped, within=1000)
    longer = old.copy()
    longer[:3, 0] *= 1.001  # 0.006 mm at the far end
    assert same_grid((5, 4, 3), old, (5, 4, 3), longer)
    assert not same_grid((500, 4, 3), old, (500, 4, 3), longer)


def test_a_window_by_hand():
    given = window(np.array([-200, -160, 40, 140, 240, 300]), 40, 400)
    assert given.tolist() == [0, 0, 0.5, 0.75, 1, 1]
    assert given.dtype == np.float32


def test_pydicom_agrees_on_windows():
    pydicom = pytest.importorskip("pydicom")
    header = pydicom.Dataset()
    header.WindowCenter, header.WindowWidth, header.VOILUTFunction = 40, 400, "LINEAR_EXACT"
    header.PhotometricInterpretation, header.BitsStored, header.PixelRepresentation = "MONOCHROME2", 16, 1
    values = RANDOM.integers(-1000, 2000, (9, 8)).astype(np.int16)
    shown = pydicom.pixels.apply_windowing(values, header)
    assert np.allclose((shown - shown.min()) / np.ptp(shown), window(values, 40, 400), atol=1e-6)


@pytest.mark.parametrize("width", [0, -1, np.nan, np.inf])
def test_a_window_has_a_width(width):
    with pytest.raises(ValueError, match="width above 0"):
        window(VOLUME, 0, width)
