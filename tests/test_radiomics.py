"""Shape, intensity and texture: the IBSI's published values, other libraries, and numbers made by hand."""

import math

import numpy as np
import pytest
from skimage.feature import graycomatrix, graycoprops

from unet_teach.clinic.radiomics import (
    PHANTOM_SPACING,
    PUBLISHED,
    co_occurrences,
    digital_phantom,
    discretise,
    histogram_features,
    intensity_features,
    matrix_features,
    mesh_area,
    mesh_volume,
    shape_features,
    sphericity,
    surface_mesh,
    texture_features,
)
from unet_teach.clinic.radiomics.texture import directions

LEVELS, REGION = digital_phantom()
MEASURED = shape_features(REGION, PHANTOM_SPACING) | intensity_features(LEVELS[REGION])
MEASURED |= histogram_features(LEVELS) | texture_features(LEVELS)
# The manual's other ways to put directions together: all in one table; slice by slice (2-D, averaged).
MERGED = {
    "joint maximum": 0.509,
    "joint average": 2.15,
    "joint variance": 3.13,
    "joint entropy": 2.57,
    "difference average": 1.38,
    "difference entropy": 1.64,
    "sum entropy": 2.11,
    "angular second moment": 0.291,
    "contrast": 5.12,
    "inverse difference": 0.688,
    "inverse difference moment": 0.631,
    "correlation": 0.183,
    "autocorrelation": 5.19,
    "cluster tendency": 7.41,
    "cluster shade": 17.4,
    "cluster prominence": 147,
}
BY_SLICE = {"joint maximum": 0.519, "joint average": 2.14, "joint variance": 2.69, "joint entropy": 2.05}
BY_SLICE |= {"contrast": 5.28, "angular second moment": 0.368, "inverse difference": 0.678}


def half_a_digit(value):
    """Half a unit of the third significant digit, to which the manual rounds."""
    return 0.5 * 10.0 ** (math.floor(math.log10(abs(value))) - 2)


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_digital_phantom_has_the_published_values(name):
    value, tolerance = PUBLISHED[name]
    assert MEASURED[name] == pytest.approx(value, abs=tolerance + 1e-9)


def test_every_feature_has_a_published_value():
    assert MEASURED.keys() == PUBLISHED.keys()


@pytest.mark.parametrize("name", MERGED)
def test_one_table_of_all_directions_has_the_published_values(name):
    found = texture_features(LEVELS, merged=True)[name]
    assert found == pytest.approx(MERGED[name], abs=half_a_digit(MERGED[name]) * 1.001)


@pytest.mark.parametrize("name", BY_SLICE)
def test_slice_by_slice_has_the_published_values(name):
    found = np.mean([texture_features(LEVELS[:, :, z])[name] for z in range(4)])
    assert found == pytest.approx(BY_SLICE[name], abs=half_a_digit(BY_SLICE[name]) * 1.001)


def test_the_phantom_is_the_manuals():
    assert LEVELS.shape == (5, 4, 4)
    assert REGION.sum() == 74
    assert set(LEVELS[REGION]) == {1, 3, 4, 6}


def test_pyradiomics_agrees_where_it_defines_the_same():
    pytest.importorskip("radiomics", reason="pyradiomics 3.0.1 builds on few machines")
    import SimpleITK
    from radiomics import glcm, shape

    settings = {"binWidth": 1, "symmetricalGLCM": True, "distances": [1], "label": 1}
    image, mask = (SimpleITK.GetImageFromArray(a.T.astype(np.int16)) for a in (LEVELS, REGION))
    for one in (image, mask):
        one.SetSpacing(PHANTOM_SPACING)
    texture = glcm.RadiomicsGLCM(image, mask, **settings)
    texture.enableAllFeatures()
    found = texture.execute()
    theirs = {"contrast": "Contrast", "joint entropy": "JointEntropy", "correlation": "Correlation"}
    theirs |= {
        "cluster prominence": "ClusterProminence",
        "inverse difference": "Id",
        "joint maximum": "MaximumProbability",
    }
    for ours, name in theirs.items():
        assert MEASURED[ours] == pytest.approx(float(found[name]), rel=1e-6), ours
    form = shape.RadiomicsShape(image, mask, **settings)
    form.enableAllFeatures()
    found = form.execute()
    for ours, name in {"volume (mesh)": "MeshVolume", "surface": "SurfaceArea", "sphericity": "Sphericity"}.items():
        assert MEASURED[ours] == pytest.approx(float(found[name]), rel=1e-5), ours
    assert MEASURED["maximum diameter"] == pytest.approx(float(found["Maximum3DDiameter"]), rel=1e-5)
    assert MEASURED["elongation"] == pytest.approx(float(found["Elongation"]), rel=1e-5)


def test_scikit_image_counts_the_same_pairs():
    levels = np.random.default_rng(0).integers(1, 6, (9, 7))
    angles = [0, np.pi / 4, np.pi / 2, 3 * np.pi / 4]
    theirs = graycomatrix(levels.astype(np.uint8) - 1, [1], angles, levels=5, symmetric=True)[:, :, 0]
    ours = co_occurrences(levels)  # farther, scikit-image goes along a circle, and the IBSI along a square
    assert sorted(map(np.ndarray.tobytes, ours)) == sorted(
        t.astype(np.int64).tobytes() for t in theirs.transpose(2, 0, 1).copy()
    )
    table = theirs[:, :, [0]][:, :, None].astype(float)
    table /= table.sum()
    read = matrix_features(table[:, :, 0, 0])
    names = {"contrast": "contrast", "difference average": "dissimilarity", "angular second moment": "ASM"}
    names |= {"inverse difference moment": "homogeneity", "correlation": "correlation"}
    for ours, name in names.items():
        assert read[ours] == pytest.approx(graycoprops(table, name).item(), rel=1e-9)


def test_a_picture_of_four_pixels_by_hand():
    table = co_occurrences(np.array([[1, 1], [2, 2]])).sum(axis=0)
    assert table.tolist() == [[2, 4], [4, 2]]  # two rows of equal neighbours; two columns and two diagonals of unequal
    assert matrix_features(table)["contrast"] == pytest.approx(8 / 12)


def test_directions_are_four_and_thirteen():
    assert len(directions(2)) == 4
    assert len(directions(3)) == 13
    with pytest.raises(ValueError, match="not in 4"):
        directions(4)


def test_where_a_region_lies_changes_nothing():
    image, mask = np.zeros((12, 12, 12), int), np.zeros((12, 12, 12), bool)
    image[4:9, 5:9, 2:6], mask[4:9, 5:9, 2:6] = LEVELS, REGION
    moved = shape_features(mask, PHANTOM_SPACING) | texture_features(image * mask)
    for name, value in moved.items():
        assert value == pytest.approx(MEASURED[name], rel=1e-9), name
    corners, _ = surface_mesh(mask, PHANTOM_SPACING)
    assert corners.min(axis=0).tolist() == [7, 9, 3]  # half a voxel before its first


def test_a_block_loses_its_edges_and_a_ball_comes_near_one():
    block = np.zeros((8, 9, 10), bool)
    block[2:6, 2:6, 2:6] = True
    corners, triangles = surface_mesh(block)
    assert 54 < mesh_volume(corners, triangles) < 64  # its edges and corners are bevelled
    assert mesh_area(corners, triangles) < 6 * 16
    place = np.indices((31, 31, 31)) - 15
    ball = shape_features((place**2).sum(axis=0) <= 14**2, (0.5, 0.5, 0.5))
    assert 0.9 < ball["sphericity"] <= 1
    assert ball["volume (mesh)"] == pytest.approx(4 / 3 * np.pi * 7**3, rel=0.02)
    assert ball["elongation"] == pytest.approx(1)
    assert ball["maximum diameter"] == pytest.approx(14, abs=0.6)


def test_a_tetrahedron_by_hand():
    corners = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    triangles = np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]])
    assert mesh_volume(corners + 7, triangles) == pytest.approx(1 / 6)
    assert mesh_area(corners, triangles) == pytest.approx(1.5 + math.sqrt(3) / 2)
    assert sphericity(8, 24) == pytest.approx((math.pi / 6) ** (1 / 3))


def test_spacing_stretches():
    mask = np.zeros((6, 6, 6), bool)
    mask[2:4, 2:4, 1:5] = True
    thin, plain = shape_features(mask, (1, 1, 0.5)), shape_features(mask)
    assert thin["volume (voxels)"] == plain["volume (voxels)"] / 2
    assert thin["volume (mesh)"] == pytest.approx(plain["volume (mesh)"] / 2)
    assert thin["elongation"] > plain["elongation"]


def test_first_order_by_hand():
    found = intensity_features(np.array([[1.0, 2], [3, 6]]))
    assert found["mean"] == 3
    assert found["variance"] == 3.5
    assert found["mean absolute deviation"] == 1.5
    assert found["energy"] == 50
    assert found["skewness"] == pytest.approx((-8 - 1 + 0 + 27) / 4 / 3.5**1.5)
    even = intensity_features([0.1] * 3)
    assert even["skewness"] == even["kurtosis"] == 0


def test_bins_hold_the_highest_and_leave_the_outside():
    image = np.array([[0.0, 1, 2], [3, 4, -99]])
    levels = discretise(image, image >= 0, 4)
    assert levels.tolist() == [[1, 2, 3], [4, 4, 0]]
    assert histogram_features(levels) == {
        "entropy": pytest.approx(3 * 0.2 * math.log2(5) + 0.4 * math.log2(2.5)),
        "uniformity": pytest.approx(0.28),
    }


def test_one_level_has_the_most_alike_neighbours():
    found = texture_features(np.ones((3, 4), int))
    assert found["contrast"] == found["joint entropy"] == 0
    assert found["correlation"] == 1


MASK = np.ones((2, 3, 4), bool)
ZERO = np.zeros((3, 3, 3), bool)
ONE = ZERO.copy()
ONE[1, 1, 1] = True
BAD = [
    (lambda: shape_features(ZERO), "empty"),
    (lambda: shape_features(ONE), "one voxel alone"),
    (lambda: shape_features(MASK[0]), "3-D"),
    (lambda: shape_features(MASK.astype(int)), "boolean"),
    (lambda: shape_features(MASK.tolist()), "boolean"),
    (lambda: shape_features(MASK, (1, 1)), "three positive numbers"),
    (lambda: shape_features(MASK, (1, 1, 0)), "three positive numbers"),
    (lambda: shape_features(MASK, (1, 1, np.nan)), "three positive numbers"),
    (lambda: surface_mesh(ZERO), "empty"),
    (lambda: mesh_volume(np.zeros((3, 2)), np.zeros((1, 3), int)), r"\(n, 3\)"),
    (lambda: mesh_area(np.zeros((3, 3)), np.array([[0, 1, 3]])), "0 to 2"),
    (lambda: sphericity(0, 3), "positive"),
    (lambda: sphericity(8, 2), "look at the units"),
    (lambda: sphericity(np.nan, 2), "positive"),
    (lambda: intensity_features([]), "empty"),
    (lambda: intensity_features([1, np.nan]), "finite"),
    (lambda: intensity_features(["a"]), "numbers"),
    (lambda: discretise(np.ones((2, 2)), np.ones((2, 2), bool)), "no texture"),
    (lambda: discretise(np.eye(2), np.ones((2, 3), bool)), "image's shape"),
    (lambda: discretise(np.eye(2), np.zeros((2, 2), bool)), "empty"),
    (lambda: discretise(np.eye(2), np.ones((2, 2), bool), 1), "2 to 1024"),
    (lambda: discretise(np.eye(2), np.ones((2, 2), bool), 2.5), "whole number"),
    (lambda: histogram_features(np.zeros((2, 2), int)), "no voxel"),
    (lambda: histogram_features(np.ones((2, 2))), "discretise"),
    (lambda: co_occurrences(np.array([[-1, 2]])), "within 0"),
    (lambda: co_occurrences(np.array([[1, 5000]])), "within 0"),
    (lambda: co_occurrences(np.ones(4, int)), "2-D or 3-D"),
    (lambda: co_occurrences(np.ones((2, 2), int), 0), "at least 1"),
    (lambda: matrix_features(np.zeros((2, 2))), "no pair"),
    (lambda: matrix_features(np.ones((2, 3))), "square"),
    (lambda: matrix_features(-np.ones((2, 2))), "negative"),
    (lambda: texture_features(ONE.astype(int)), "single voxels"),
    (lambda: texture_features(ONE.astype(int), merged=True), "single voxels"),
]


@pytest.mark.parametrize("number", range(len(BAD)))
def test_bad_input_ends_in_a_sentence(number):
    call, words = BAD[number]
    with pytest.raises((TypeError, ValueError), match=words):
        call()
