"""The volumes of the viewer: the site's own reader gives what the package's gives; names, colours and stand-ins."""

import gzip
import io
import json
import sys

import nibabel
import numpy as np
import pytest
from matplotlib import pyplot as plt
from test_house import ROOT

from unet_teach.clinic.classes import TOTAL
from unet_teach.course.live.scans import SCANS, draw_scan, load_scan, scan_values

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_site.touch import live, scans

MOST = 1_500_000  # bytes of a volume


@pytest.fixture(autouse=True)
def _closed():
    """Leave no figure open."""
    yield
    plt.close("all")


def opened(content):
    return nibabel.Nifti1Image.from_bytes(gzip.decompress(content))


@pytest.mark.parametrize("name", SCANS)
def test_the_site_s_files_hold_what_a_notebook_is_shown(name, real_data):
    values, files = scans.scan_files(ROOT, name)
    ours = load_scan(name)
    image, labels = (opened(files[f"{name}-{part}.nii.gz"]) for part in ("image", "labels"))
    np.testing.assert_allclose(np.asarray(image.dataobj), ours.image, rtol=1e-6)
    np.testing.assert_array_equal(np.asarray(labels.dataobj), ours.labels)
    assert nibabel.aff2axcodes(image.affine) == nibabel.aff2axcodes(ours.affine) == ("R", "A", "S")
    np.testing.assert_array_equal(image.affine, labels.affine)
    np.testing.assert_allclose(np.diag(image.affine), np.diag(ours.affine))
    assert {one["value"] for one in values["volume"]["names"]} >= set(np.unique(ours.labels)) - {0}
    assert sum(map(len, files.values())) < MOST


def test_a_cut_keeps_every_voxel_where_it_was():
    numbers = np.random.default_rng(0).normal(size=(7, 6, 5)).astype(np.float32)
    affine = np.array([[-1, 0, 0, 0], [0, -1, 0, 239], [0, 0, 1, 0], [0, 0, 0, 1.0]])
    box = [[2, 6], [1, 6], [0, 4]]
    made = opened(scans.cut(gzip.compress(nibabel.Nifti1Image(numbers, affine).to_bytes()), box, -2, 255 / 4))
    values, corner = np.asarray(made.dataobj), made.affine @ (0, 0, 0, 1)
    np.testing.assert_array_equal(corner[:3], (affine @ (5, 5, 0, 1))[:3])
    expected = np.clip(np.round((numbers[2:6, 1:6, :4] + 2) * 255 / 4), 0, 255)[::-1, ::-1]
    assert np.abs(values - expected).max() <= 1  # rounding of a half
    turned = np.diag([1, 1, 1, 1.0])
    with pytest.raises(ValueError, match="axes that point left"):
        scans.cut(gzip.compress(nibabel.Nifti1Image(numbers, turned).to_bytes()), box, 0, 1)


@pytest.mark.parametrize("name", SCANS)
def test_without_the_set_a_stand_in_is_drawn_and_named_as_one(name, monkeypatch, tmp_path):
    monkeypatch.setenv("UNET_TEACH_DATA", str(tmp_path))
    values, files = scans.scan_files(ROOT, name)
    assert "stand-in" in values["volume"]["about"]
    image, labels = (opened(files[f"{name}-{part}.nii.gz"]) for part in ("image", "labels"))
    assert image.shape == labels.shape == (48, 48, 48)
    assert set(np.unique(np.asarray(labels.dataobj))) == {0, 1, 2}
    assert [one["value"] for one in values["volume"]["names"]] == [1, 2]
    where = np.argwhere(np.asarray(labels.dataobj) == 2).mean(axis=0)
    assert (where > 24).all()  # the kernel lies to the right, to the front, and up


def test_without_sections_cells_are_drawn_with_their_truth(monkeypatch, tmp_path):
    from PIL import Image

    monkeypatch.setenv("UNET_TEACH_DATA", str(tmp_path))
    values, files = live.live_files(ROOT)
    assert [section["name"] for section in values["sections"]] == ["drawn cells, a stand-in"]
    image, truth = (np.asarray(Image.open(io.BytesIO(content))) for content in files.values())
    assert image.shape == truth.shape == (256, 256)
    assert image[truth == 0].mean() + 50 < image[truth == 255].mean()


def test_the_names_are_total_segmentator_s():
    names = {one["value"]: one["name"] for one in SCANS["torso"]["names"]}
    assert names == {number: name.replace("_", " ") for number, name in TOTAL.items()}


def test_a_notebook_gives_the_viewer_volumes_that_it_can_read():
    import base64

    volume = scan_values("hippocampus")["volume"]
    json.dumps(volume)
    ours = load_scan("hippocampus")
    content = base64.b64decode(volume["image"].split(",")[1])
    np.testing.assert_allclose(np.asarray(opened(content).dataobj), ours.image)


def test_the_figure_has_three_planes_and_their_directions():
    figure = draw_scan("hippocampus")
    assert [ax.get_title() for ax in figure.axes] == ["axial", "coronal", "sagittal"]
    assert ["".join(text.get_text() for text in ax.texts) for ax in figure.axes] == ["LRPA", "LRIS", "PAIS"]


def test_a_volume_that_is_none_is_named():
    with pytest.raises(ValueError, match="no volume named 'knee'; there are hippocampus, torso, brain"):
        load_scan("knee")
