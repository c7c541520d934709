import nibabel
import numpy as np
import pytest
from PIL import Image
from skimage.io import imsave

from unet_teach.data import (
    cells,
    em,
    grouped_folds,
    hippocampus,
    leave_one_patient_out,
    load_brain_tumour,
    load_cells,
    load_ct_slice,
    load_em,
    load_hippocampus,
    load_mr_slice,
    load_torso,
    load_torso_mr,
    load_torso_tissue,
    load_vnc_sstem,
    tumour,
    vnc_sstem,
)
from unet_teach.data.nifti import read_labels, read_nifti, spacing_of


def test_em_splits_are_the_designs():
    assert list(em.SPLITS["train"]) == list(range(0, 19))
    assert list(em.SPLITS["validation"]) == [20, 21, 22]
    assert list(em.SPLITS["test"]) == [24, 25, 26, 27, 28, 29]  # 19 and 23 are gaps


def test_cell_splits_are_the_designs():
    assert sorted(cells.SPLITS["train"]) == [1, 2, 3, 4, 5, 6, 7, 8, 13, 14, 15, 46]
    assert sorted(cells.SPLITS["validation"]) == [9, 47]
    assert sorted(cells.SPLITS["test"]) == [10, 11, 12, 48, 49, 50]


def test_hippocampus_splits_keep_groups_together():
    groups = {split: {(number + 1) // 2 for number in numbers} for split, numbers in hippocampus.SPLITS.items()}
    assert {group % 3 for group in groups["test"]} == {0}
    assert {group % 3 for group in groups["validation"]} == {1}
    assert {group % 3 for group in groups["train"]} == {2}
    assert [len(hippocampus.SPLITS[split]) for split in ("train", "validation", "test")] == [33, 30, 37]
    assert sorted(number for split in hippocampus.SPLITS.values() for number in split) == hippocampus.NUMBERS
    assert len(hippocampus.NUMBERS) == 100
    assert hippocampus.group_of(25) == hippocampus.group_of(26) == 13


@pytest.mark.parametrize("count", [2, 3, 5, 7])
def test_folds_keep_people_together_and_are_balanced(count):
    folds = grouped_folds(hippocampus.NUMBERS, hippocampus.group_of, count)
    assert sorted(number for fold in folds for number in fold) == hippocampus.NUMBERS
    homes = {}
    for place, fold in enumerate(folds):
        assert fold == sorted(fold)
        for number in fold:
            assert homes.setdefault(hippocampus.group_of(number), place) == place
    sizes = [len(fold) for fold in folds]
    assert max(sizes) - min(sizes) <= 1  # the single cases come last, and level out what the pairs left


def test_folds_do_not_depend_on_order_and_are_what_they_were():
    numbers = [11, 2, 5, 1, 6, 9, 20]  # groups 1, 1, 3, 3, 5, 6, 10
    assert grouped_folds(numbers, hippocampus.group_of, 2) == [[1, 2, 9, 20], [5, 6, 11]]
    assert grouped_folds(numbers[::-1], hippocampus.group_of, 2) == [[1, 2, 9, 20], [5, 6, 11]]


@pytest.mark.parametrize(
    ("numbers", "count", "error", "message"),
    [
        ([1, 2, 3, 3], 2, ValueError, r"\[3\] come twice"),
        ([1, 2, 3], 3, ValueError, "2 groups make 2 to 2 folds, not 3"),
        ([1, 2, 3], 1, ValueError, "not 1"),
        ([1.5, 2, 3], 2, TypeError, "whole number"),
    ],
)
def test_folds_that_cannot_be_are_named(numbers, count, error, message):
    with pytest.raises(error, match=message):
        grouped_folds(numbers, hippocampus.group_of, count)


@pytest.mark.parametrize("splits", [em.SPLITS, cells.SPLITS, hippocampus.SPLITS])
def test_splits_share_nothing(splits):
    numbers = [number for split in splits.values() for number in split]
    assert len(numbers) == len(set(numbers))


def test_each_patient_is_left_out_once():
    splits = leave_one_patient_out()
    assert [left_out for _, left_out in splits] == [1, 2, 3, 4, 5, 6]
    for training, left_out in splits:
        assert sorted((*training, left_out)) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("load", [load_em, load_cells, load_hippocampus])
def test_a_bad_split_is_answered_with_the_legal_ones(load):
    with pytest.raises(ValueError, match=r"'val'.*'train', 'validation', 'test'"):
        load("val")


def test_a_bad_patient_is_answered_with_the_legal_ones():
    with pytest.raises(ValueError, match="choose one of 1, 2, 3, 4, 5, 6"):
        load_brain_tumour(7)


def test_specks_go_and_cells_stay():
    drawn = np.zeros((60, 60), dtype=np.uint8)
    drawn[:10, :10] = 1
    drawn[20:27, 20:27] = 1  # 49 pixels, the same cell
    drawn[40:45, 40:50] = 2  # 50 pixels
    drawn[10, 10] = 3  # a cell of one pixel, touching the first at a corner
    kept = cells.without_specks(drawn)
    assert kept.dtype == drawn.dtype
    assert [int((kept == cell).sum()) for cell in (1, 2, 3)] == [100, 50, 0]


def test_cells_are_read_from_both_folders(tmp_path, monkeypatch):
    for folder in ("train/set09", "val/set47"):
        (tmp_path / folder).mkdir(parents=True)
        imsave(tmp_path / folder / "raw.tif", np.full((60, 70), 40_000, np.uint16), check_contrast=False)
        ids = np.zeros((60, 70), np.uint8)
        ids[:30, :30] = 7
        imsave(tmp_path / folder / "instances_ids.png", ids, check_contrast=False)
    monkeypatch.setattr(cells, "fetch", lambda name: tmp_path)
    images, instances, numbers = load_cells("validation")
    assert (images.dtype, images.shape, instances.dtype, instances.shape) == (
        np.uint16,
        (2, 60, 70),
        np.int32,
        (2, 60, 70),
    )
    assert images.max() == 40_000
    assert set(np.unique(instances)) == {0, 7}
    assert numbers.tolist() == [9, 47]


def save(path, array, spacing=(1, 2, 3)):
    path.parent.mkdir(parents=True, exist_ok=True)
    image = nibabel.Nifti1Image(array, np.diag([*spacing, 1]))
    nibabel.save(image, path)
    return path


def test_labels_are_rounded_not_cut(tmp_path):
    path = save(tmp_path / "labels.nii.gz", np.array([[[0, 0.99999997, 1.9999999]]], dtype=np.float64))
    assert read_labels(path).tolist() == [[[0, 1, 2]]]


def test_spacing_is_in_the_order_of_the_axes(tmp_path):
    volume, affine = read_nifti(save(tmp_path / "volume.nii.gz", np.zeros((4, 5, 6), np.int16), (0.5, 2, 3)))
    assert (volume.dtype, volume.shape) == (np.float32, (4, 5, 6))
    assert spacing_of(affine) == (0.5, 2.0, 3.0)


def test_a_patient_is_read_with_its_brain_mask(tmp_path, monkeypatch):
    home = tmp_path / "validation/brats_2013_pat0003_1"
    for name in ("Flair_subtrMeanDivStd", "T1c_subtrMeanDivStd", "OTMultiClass"):
        save(home / f"{name}.nii.gz", np.full((2, 2, 2), 4, np.float32))
    save(home / "brainmask.nii.gz", np.full((2, 2, 2), 0.99999997, np.float64))
    monkeypatch.setattr(tumour, "fetch", lambda name: tmp_path)
    patient = load_brain_tumour(3)
    assert patient.brain.all()
    assert (patient.labels == 4).all()
    assert patient.spacing == (1.0, 2.0, 3.0)


def test_a_hippocampus_is_read_with_its_labels(tmp_path, monkeypatch):
    for number in hippocampus.SPLITS["train"]:
        save(tmp_path / f"images/hippocampus_{number:03}.nii.gz", np.full((3, 4, 5), 1e6, np.float32))
        save(tmp_path / f"labels/hippocampus_{number:03}.nii.gz", np.full((3, 4, 5), 2, np.float32))
    monkeypatch.setattr(hippocampus, "fetch", lambda name: tmp_path)
    cases = load_hippocampus("train")
    assert [case.number for case in cases] == hippocampus.SPLITS["train"]
    assert cases[0].image.dtype == np.float32
    assert cases[0].labels.dtype == np.uint8
    assert (cases[0].labels == 2).all()


def test_the_external_exam_is_read_whatever_its_masks_store(tmp_path, monkeypatch):
    for folder in ("raw", "membranes", "mitochondria"):
        (tmp_path / folder).mkdir()
    for number in range(10):
        half = np.arange(64).reshape(8, 8) % 8 < 4
        soft = np.where(half, 128, 127).astype(np.uint8)
        imsave(tmp_path / f"raw/{number:02}.tif", np.full((8, 8), number, np.uint8), check_contrast=False)
        Image.fromarray(half).save(tmp_path / f"membranes/{number:02}.png")
        # Where nothing is grey, a mask stores one bit a pixel, and a cut at 128 would leave it empty.
        Image.fromarray(half if number == 1 else soft).save(tmp_path / f"mitochondria/{number:02}.png")
    monkeypatch.setattr(vnc_sstem, "fetch", lambda name: tmp_path)
    images, membrane, mitochondria = load_vnc_sstem()
    assert (images.dtype, images.shape) == (np.uint8, (10, 8, 8))
    assert images[:, 0, 0].tolist() == list(range(10))
    for masks in (membrane, mitochondria):
        assert masks.dtype == np.bool_
        assert (masks == half).all()


def test_real_external_exam(real_data):
    images, membrane, mitochondria = load_vnc_sstem()
    assert images.shape == membrane.shape == mitochondria.shape == (10, 1024, 1024)
    assert (images.dtype, membrane.dtype, mitochondria.dtype) == (np.uint8, np.bool_, np.bool_)
    for section, traced, bodies in zip(images, membrane, mitochondria, strict=True):
        assert 0.15 < traced.mean() < 0.3
        assert 0.03 < bodies.mean() < 0.1  # in every section, whatever its file stores
        assert section[traced].mean() < section[~traced].mean() - 60  # True on membrane, which is dark
        assert section[bodies].mean() < section[~traced & ~bodies].mean() - 40


@pytest.mark.parametrize(("split", "count"), [("train", 19), ("validation", 3), ("test", 6)])
def test_real_em(real_data, split, count):
    images, membrane, numbers = load_em(split)
    assert images.shape == membrane.shape == (count, 512, 512)
    assert (images.dtype, membrane.dtype) == (np.uint8, np.bool_)
    assert numbers.tolist() == list(em.SPLITS[split])
    assert 0.15 < membrane.mean() < 0.3
    assert images[membrane].mean() < images[~membrane].mean() - 40


def test_real_ct_slice(real_data):
    hu, tissue = load_ct_slice()
    assert (hu.dtype, hu.shape, tissue.dtype, tissue.shape) == (np.int16, (512, 512), np.uint8, (512, 512))
    assert hu.dtype.isnative
    assert set(np.unique(tissue)) == {0, 64, 128, 255}
    assert hu.min() == -2048
    # The map is the right way up: mirrored, either fat would have the median of something else.
    assert np.median(hu[tissue == 255]) == -112
    assert np.median(hu[tissue == 128]) == -94


@pytest.mark.parametrize(("split", "count"), [("train", 12), ("validation", 2), ("test", 6)])
def test_real_cells(real_data, split, count):
    images, instances, numbers = load_cells(split)
    assert images.shape == instances.shape == (count, 1022, 1024)
    assert (images.dtype, instances.dtype) == (np.uint16, np.int32)
    assert numbers.tolist() == list(cells.SPLITS[split])
    sizes = np.array([(field > 0).sum() / len(np.unique(field[field > 0])) for field in instances])
    large, small = sizes[numbers <= 12], sizes[numbers > 12]
    assert large.mean() > 1.5 * small.mean()  # both populations


@pytest.mark.parametrize("patient", range(1, 7))
def test_real_mr_slice(real_data, patient):
    number, flair, t1c, brain, tumour = load_mr_slice(patient)
    volume = load_brain_tumour(patient)
    assert number == patient
    assert flair.shape == t1c.shape == brain.shape == tumour.shape == (240, 240)
    assert tumour.sum() == (volume.labels > 0).sum(axis=(0, 1)).max()  # the level with most of it
    assert len(np.unique(flair[~brain])) == 1
    rows, columns = np.nonzero(brain)
    assert np.ptp(rows) > np.ptp(columns) or patient == 6  # upright: a head is longer than wide; the sixth is cut off


def test_real_hippocampus(real_data):
    cases = load_hippocampus("test")
    assert len(cases) == 37
    assert max(case.image.max() for case in cases) > 1000  # as stored, not scaled
    for case in cases:
        assert case.image.shape == case.labels.shape
        assert set(np.unique(case.labels)) == {0, 1, 2}
        assert case.spacing == (1.0, 1.0, 1.0)


def test_real_brain_tumour(real_data):
    patient = load_brain_tumour(3)
    for volume in (patient.flair, patient.t1c, patient.brain, patient.labels):
        assert volume.shape == (240, 240, 155)
    assert set(np.unique(patient.labels)) == {0, 1, 2, 3, 4}
    assert abs(patient.flair[patient.brain].mean()) < 0.25
    oedema, enhancing = patient.labels == 2, patient.labels == 4
    assert np.median(patient.flair[oedema]) > 1.5  # fluid is bright on FLAIR
    assert np.median(patient.t1c[enhancing]) > np.median(patient.t1c[oedema]) + 1  # contrast agent on T1c
    outside = load_brain_tumour(6)
    assert ((outside.labels > 0) & ~outside.brain).sum() == 481  # labels are not cut to the mask
    assert len(np.unique(patient.flair[~patient.brain])) == 1
    assert patient.spacing == (1.0, 1.0, 1.0)


def test_real_torso(real_data):
    ct, mr, tissue = load_torso(), load_torso_mr(), load_torso_tissue()
    assert (ct.hu.dtype, ct.hu.shape, ct.vertebrae.shape) == (np.int16, (122, 101, 112), (122, 101, 112))
    assert ct.hu[..., ct.labelled].shape == ct.organs.shape == (122, 101, 30)
    smaller, _ = read_nifti(real_data / "totalsegmentator/example_ct_sm.nii.gz")
    np.testing.assert_array_equal(ct.hu[..., ct.labelled], smaller)
    assert all(mask.shape == (122, 101, 30) and mask.dtype == np.bool_ for mask in tissue)
    assert -110 < np.median(ct.hu[..., ct.labelled][tissue.subcutaneous_fat]) < -90
    assert -100 < np.median(ct.hu[..., ct.labelled][tissue.torso_fat]) < -80
    assert 0 < np.median(ct.hu[..., ct.labelled][tissue.skeletal_muscle]) < 40
    assert len(np.unique(mr.organs)) == 24
    liver = np.argwhere(ct.organs == 5)[:, 0]
    assert liver.mean() > 122 / 2  # x grows towards the patient's right, where the liver is
    assert mr.image.shape == mr.organs.shape == (117, 91, 20)
    assert ct.spacing == mr.spacing == (3.0, 3.0, 3.0)
