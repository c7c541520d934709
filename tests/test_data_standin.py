import errno
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from unet_teach.clinic.tumour_volumes import read_head
from unet_teach.data import (
    CellFields,
    CTSlice,
    EMSections,
    MRSlice,
    VNCSections,
    cell_field,
    ct_slice,
    em_sections,
    hippocampus,
    load_brain_tumour,
    load_cells,
    load_ct_slice,
    load_em,
    load_hippocampus,
    load_mr_slice,
    load_vnc_sstem,
    mr_slice,
    standins_in_use,
    vnc_sections,
    vnc_sstem,
)
from unet_teach.data.phantoms.hippocampus import hippocampus_box
from unet_teach.data.tumour import brain_tumour_files


def test_without_data_and_network_the_standin_comes_announced_once(quick_em, capsys, data_home):
    test, train = load_em("test"), load_em("train")
    printed = capsys.readouterr().out
    assert printed.count("STAND-IN DATA for isbi2012_em") == 1
    assert "no network" in printed
    assert "python -m unet_teach.data fetch FOLDER" in printed
    assert str(data_home) not in printed
    assert "/" not in printed  # the path of no Python either: Colab, Binder and a laptop have different ones
    assert "restart the kernel" in printed
    assert len({len(line) for line in printed.splitlines()}) == 1  # a box
    assert standins_in_use() == {"isbi2012_em"}
    assert test.images.shape == test.membrane.shape == (6, 512, 512)
    np.testing.assert_array_equal(test.images, quick_em.images[24:])
    np.testing.assert_array_equal(test.membrane, quick_em.membrane[24:])
    np.testing.assert_array_equal(train.numbers, range(19))
    test.images[:] = 0  # what a reader does to an array must not reach the next one
    assert load_em("test").images.any()


def test_damaged_data_are_never_read(em_elsewhere, server, quick_em, capsys, data_home):
    fetched = data_home / "isbi2012_em/image/00.png"
    fetched.parent.mkdir(parents=True)
    fetched.write_bytes(b"x" * 999)
    server.pages["/isbi2012_em/image/00.png"] = b"<html>please log in</html>"
    assert isinstance(load_em("train"), EMSections)
    assert "wrong checksum" in capsys.readouterr().out
    assert standins_in_use() == {"isbi2012_em"}


@pytest.mark.parametrize(("number", "said"), [(errno.EROFS, "cannot be written"), (errno.ENOSPC, "disk is full")])
def test_a_bad_folder_leads_to_the_standin(em_elsewhere, quick_em, capsys, monkeypatch, data_home, number, said):
    def refuse(*_, **__):
        raise OSError(number, "no", str(data_home))

    monkeypatch.setattr(Path, "mkdir", refuse)
    load_em("train")
    printed = capsys.readouterr().out
    assert said in printed
    assert str(data_home) not in printed


@pytest.mark.parametrize(
    ("load", "kind", "name"),
    [
        (load_ct_slice, CTSlice, "fatsegmentation"),
        (lambda: load_cells("validation"), CellFields, "usiigaci"),
        (lambda: load_mr_slice(2), MRSlice, "brats2015"),
    ],
)
def test_ct_cells_and_mr_have_standins(load, kind, name, capsys):
    assert isinstance(load(), kind)
    assert f"STAND-IN DATA for {name}" in capsys.readouterr().out
    assert standins_in_use() == {name}


def test_the_external_exam_has_a_standin(monkeypatch, capsys):
    monkeypatch.setattr(vnc_sstem, "vnc_sections", lambda n, seed: vnc_sections(1, seed) if n == 10 else None)
    assert isinstance(load_vnc_sstem(), VNCSections)
    assert "STAND-IN DATA for vnc_sstem" in capsys.readouterr().out
    assert standins_in_use() == {"vnc_sstem"}


def test_boxes_of_hippocampi_have_a_standin(capsys):
    cases = load_hippocampus("test")
    assert "STAND-IN DATA for hippocampus" in capsys.readouterr().out
    assert standins_in_use() == {"hippocampus"}
    assert [case.number for case in cases] == hippocampus.SPLITS["test"]
    assert {case.spacing for case in cases} == {(1.0, 1.0, 1.0)}


def test_a_patient_with_a_tumour_has_a_standin_in_files(capsys):
    patient = load_brain_tumour(5)
    assert "STAND-IN DATA for brats2015" in capsys.readouterr().out
    assert standins_in_use() == {"brats2015"}
    assert patient.flair.shape == patient.t1c.shape == patient.brain.shape == patient.labels.shape == (240, 240, 155)
    assert (patient.flair.dtype, patient.brain.dtype, patient.labels.dtype) == (np.float32, bool, np.uint8)
    assert patient.spacing == (1.0, 1.0, 1.0)
    assert set(np.unique(patient.labels)) == {0, 1, 2, 3, 4}
    assert not patient.labels[~patient.brain].any()
    for sequence in (patient.flair, patient.t1c):
        assert abs(sequence[patient.brain].mean()) < 0.2
        assert len(np.unique(sequence[:, :, 0])) == 1  # nothing but air below the head
    files = brain_tumour_files(5)
    scan = read_head(files["FLAIR"], files["T1c"], files["brain"])  # which compares grids, axes and the brain's size
    np.testing.assert_array_equal(scan.brain, patient.brain)
    assert not np.array_equal(load_brain_tumour(2).labels, patient.labels)


@pytest.mark.parametrize("number", [1, 2, 7, 100])
def test_a_drawn_hippocampus_keeps_the_contract(number):
    image, labels = hippocampus_box(number)
    assert (image.dtype, labels.dtype) == (np.float32, np.uint8)
    assert image.shape == labels.shape
    assert (np.abs(np.subtract(image.shape, (36, 50, 36))) <= 5).all()
    assert set(np.unique(labels)) == {0, 1, 2}
    assert 0.03 < (labels > 0).mean() < 0.08
    head, tail = (np.argwhere(labels == part).mean(axis=0) for part in (1, 2))
    assert head[0] > tail[0]  # leans to the right, in front of the tail and lower
    assert head[1] > tail[1]
    assert head[2] < tail[2]
    np.testing.assert_array_equal(image, hippocampus_box(number)[0])


def test_two_sides_of_a_person_are_alike_and_not_the_same():
    one, other, stranger = (hippocampus_box(number)[0] for number in (3, 4, 5))
    assert one.mean() == pytest.approx(other.mean(), rel=0.15)
    assert not 0.85 < stranger.mean() / one.mean() < 1.15
    assert one.shape != other.shape or not np.array_equal(one, other)
    with pytest.raises(ValueError, match="numbered from 1"):
        hippocampus_box(0)


def test_nothing_is_announced_where_nothing_is_replaced(real_data, capsys):
    load_em("test")
    load_ct_slice()
    assert capsys.readouterr().out == ""
    assert standins_in_use() == frozenset()


def test_em_sections_keep_the_contract(quick_em):
    images, membrane, numbers = quick_em
    assert (images.dtype, membrane.dtype) == (np.uint8, np.bool_)
    assert images.shape == membrane.shape == (30, 512, 512)
    np.testing.assert_array_equal(numbers, range(30))
    assert 0.15 < membrane.mean() < 0.3
    assert 110 < images.mean() < 145
    assert 35 < images.std() < 55
    assert images[membrane].mean() < images[~membrane].mean() - 40  # membranes are dark
    assert all(0.1 < section.mean() < 0.35 for section in membrane)


def test_em_neighbours_look_alike_and_distant_sections_do_not(quick_em):
    flat = quick_em.images.reshape(30, -1).astype(float)
    alike = np.corrcoef(flat)
    assert np.diag(alike, 1).min() > 0.1
    assert np.diag(alike, 8).mean() < 0.6 * np.diag(alike, 1).mean()


def test_em_noise_grows_at_section_15(quick_em):
    images = quick_em.images.astype(float)
    grain = (images[:, 1:, 1:] - images[:, :-1, 1:] - images[:, 1:, :-1] + images[:, :-1, :-1]).std(axis=(1, 2)) / 2
    assert grain[15:].min() > 1.5 * grain[:15].max()


def test_the_other_animal_keeps_the_contract(quick_em):
    images, membrane, mitochondria = vnc_sections(2, seed=0)
    assert (images.dtype, membrane.dtype, mitochondria.dtype) == (np.uint8, np.bool_, np.bool_)
    assert images.shape == membrane.shape == mitochondria.shape == (2, 1024, 1024)
    assert 0.15 < membrane.mean() < 0.3
    assert 0.015 < mitochondria.mean() < 0.1
    assert 115 < images.mean() < 140
    assert 45 < images.std() < 60 > quick_em.images.std()  # crisper than the block that is trained on
    inside = ~membrane & ~mitochondria
    assert images[membrane].mean() < images[inside].mean() - 60
    assert images[mitochondria].mean() < images[inside].mean() - 40
    assert (membrane & mitochondria).mean() < 0.001
    assert _cells(membrane) < 3 * _cells(quick_em.membrane[:2])  # on four times the pixels: its cells are larger
    assert (vnc_sections(1, seed=1).membrane[0] != membrane[0]).mean() > 0.1  # another seed, another tissue


def _cells(membrane):
    return sum(ndimage.label(~section)[1] for section in membrane)


def test_a_seed_is_a_tissue():
    first, again, other = em_sections(2, seed=7), em_sections(2, seed=7), em_sections(2, seed=8)
    np.testing.assert_array_equal(first.images, again.images)
    np.testing.assert_array_equal(first.membrane, again.membrane)
    assert (first.images != other.images).mean() > 0.5
    assert em_sections(1, seed=7).images.shape == (1, 512, 512)
    with pytest.raises(ValueError, match="at least one section"):
        em_sections(0, seed=7)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_ct_slice_keeps_the_contract(seed):
    hu, tissue = ct_slice(seed)
    assert (hu.dtype, hu.shape) == (np.int16, (512, 512))
    assert (tissue.dtype, tissue.shape) == (np.uint8, (512, 512))
    assert set(np.unique(tissue)) == {0, 64, 128, 255}
    assert hu[0, 0] == hu.min() == -2048  # outside the field of view
    assert abs(np.median(hu[(hu > -2048) & (hu < -900)]) + 1000) < 10  # air
    for fat in (128, 255):
        assert -190 <= hu[tissue == fat].min() <= hu[tissue == fat].max() <= -30
        assert (tissue == fat).mean() > 0.04
    assert 30 < np.median(hu[tissue == 64]) < 60
    assert (hu > 300).sum() > 1000  # bone and contrast agent


@pytest.mark.parametrize("large", [True, False])
def test_cell_fields_keep_the_contract(large):
    image, instances = cell_field(3, large)
    assert (image.dtype, image.shape) == (np.uint16, (1022, 1024))
    assert (instances.dtype, instances.shape) == (np.int32, (1022, 1024))
    areas = np.bincount(instances.ravel())[1:]
    assert areas.min() > 0  # numbered without gaps
    assert (3000 if large else 1100) < areas.mean() < (4500 if large else 1700)
    assert 0.08 < (instances > 0).mean() < 0.3
    assert abs(np.median(image) - 32_000) < 500
    bright, dark = (np.mean(image[instances > 0] > 36_000), np.mean(image[instances > 0] < 28_000))
    assert 0.1 < bright < 0.5  # no threshold on grey finds both
    assert 0.1 < dark < 0.5
    assert (np.abs(image[instances == 0].astype(float) - 32_200) < 4000).mean() > 0.9


def test_many_cells_touch():
    _, instances = cell_field(0, large=False)
    pairs = np.stack([instances[:, 1:], instances[:, :-1]])[:, (instances[:, 1:] > 0) & (instances[:, :-1] > 0)]
    touching = np.unique(pairs[:, pairs[0] != pairs[1]])
    assert len(touching) > 0.3 * instances.max()


@pytest.mark.parametrize("patient", [1, 5])
def test_mr_slices_keep_the_contract(patient):
    number, flair, t1c, brain, tumour = mr_slice(patient)
    assert number == patient
    assert flair.dtype == t1c.dtype == np.float32
    assert flair.shape == t1c.shape == brain.shape == tumour.shape == (240, 240)
    assert tumour[~brain].sum() == 0
    assert 1000 < tumour.sum() < 0.4 * brain.sum()
    assert len(np.unique(flair[~brain])) == 1
    assert np.median(flair[tumour]) > np.median(flair[brain & ~tumour]) + flair[brain].std()
    np.testing.assert_array_equal(flair, mr_slice(patient).flair)


def test_the_grey_of_one_patient_says_nothing_about_the_next():
    first, *others = (mr_slice(patient) for patient in range(1, 7))
    tumours = [np.median(other.flair[other.tumour]) for other in others]
    assert max(tumours) > 1.5 * min(tumours)


def test_there_are_six_patients():
    with pytest.raises(ValueError, match="there is no patient 7"):
        load_mr_slice(7)


def test_a_seed_is_a_person():
    np.testing.assert_array_equal(ct_slice(3).hu, ct_slice(3).hu)
    assert (ct_slice(3).tissue != ct_slice(4).tissue).mean() > 0.01


def test_phantoms_do_not_disturb_other_random_numbers():
    np.random.seed(1)  # noqa: NPY002 - the global state is what is being watched
    expected = np.random.random()  # noqa: NPY002
    np.random.seed(1)  # noqa: NPY002
    ct_slice(0)
    assert np.random.random() == expected  # noqa: NPY002


@pytest.mark.slow
def test_two_processes_draw_the_same():
    code = "import zlib; from unet_teach.data import ct_slice; print(zlib.crc32(ct_slice(0).hu.tobytes()))"
    drawn = {subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout for _ in range(2)}
    assert len(drawn) == 1
