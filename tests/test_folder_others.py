"""Folders of other people, once more: what is wrong is named and says what to do, what is right passes."""

import folders_to_check as made
import nibabel
import numpy as np
import pytest
import tifffile
from folders_to_check import picture, remove, save

from unet_teach.recipes.folder import check_folder

BY_Z, BY_Z_AND_X = np.s_[::-1], np.s_[::-1, :, ::-1]


def blobs(seed, contrast=80.0, noise=6.0):
    """A stack (Z, Y, X) of ellipsoids, and its mask."""
    chance, size = np.random.default_rng(seed), (14, 64, 72)
    place = np.mgrid[tuple(slice(side) for side in size)]
    mask = np.zeros(size, bool)
    for _ in range(6):
        middle = [chance.uniform(0.15 * side, 0.85 * side) for side in size]
        reach = (chance.uniform(2, 3.5), chance.uniform(5, 9), chance.uniform(5, 10))
        mask |= sum(((p - m) / r) ** 2 for p, m, r in zip(place, middle, reach, strict=True)) < 1
    grey = 70 + contrast * mask + chance.normal(0, noise, size)
    return grey.clip(0, 255).astype(np.uint8), mask.astype(np.uint8)


def stacks(folder, turned=(), how=BY_Z, count=5, **look):
    for seed in range(count):
        grey, mask = blobs(seed, **look)
        for home, array in (("images", grey), ("masks", mask[how] if seed in turned else mask)):
            (folder / home).mkdir(parents=True, exist_ok=True)
            tifffile.imwrite(folder / home / f"s{seed}.tif", np.ascontiguousarray(array))
    return folder


def said(folder, level, name):
    found = [fault for fault in check_folder(folder).of(level) if fault.name == name]
    assert found, check_folder(folder)
    assert all(fault.todo for fault in found)
    return " ".join(map(str, found))


@pytest.mark.parametrize(
    ("how", "words"), [(BY_Z, "reverse order (the last"), (BY_Z_AND_X, "reverse order and mirrored left to right")]
)
def test_a_stack_that_is_turned_over_is_named_alone(tmp_path, how, words):
    text = said(stacks(tmp_path, turned=[2], how=how), "error", "mask turned over")
    assert f"The mask of s2 seems to be stacked in {words}" in text
    assert len(check_folder(tmp_path).of("error")) == 1


def test_faint_stacks_are_found_beside_the_others_and_all_together(tmp_path):
    faint = {"contrast": 3.0, "noise": 25.0}
    text = said(stacks(tmp_path / "one", turned=[1], count=6, **faint), "warning", "mask turned over")
    assert "The mask of s1 seems" in text
    assert check_folder(stacks(tmp_path / "none", count=6, **faint)).of("warning") == []
    names = {fault.name for fault in check_folder(stacks(tmp_path / "all", turned=range(6), count=6, **faint)).faults}
    assert "mask turned over" in names


def test_a_mask_of_another_stack_is_said_not_to_fit(tmp_path):
    stacks(tmp_path)
    one, other = (tmp_path / f"masks/s{number}.tif" for number in (1, 3))
    first = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(first)
    where = {name for fault in check_folder(tmp_path).faults if fault.level != "note" for name in fault.where}
    assert "s1" in where


def channels(folder, empty=()):
    remove(folder, "images")
    (folder / "images").mkdir()
    for seed, name in enumerate(made.names()):
        grey = picture(seed)[0]
        both = np.stack([grey, (255 - grey) * (name not in empty)])
        tifffile.imwrite(folder / f"images/{name}.tif", both, imagej=True, metadata={"axes": "CYX"})


def films(folder):
    remove(folder, "images", "masks")
    for seed in range(4):
        made.volume_pair(folder, f"s{seed}", seed)
        path = folder / f"imagesTr/s{seed}_0000.nii.gz"
        array = np.asarray(nibabel.load(path).dataobj)
        nibabel.save(nibabel.Nifti1Image(np.stack([array + t for t in range(9)], -1), np.diag([1, 1, 2, 1])), path)


def sessions(folder, masks=True):
    """As Cellpose leaves a folder: its masks, and a file of its own beside each image."""
    remove(folder, "masks")
    for seed, name in enumerate(made.names()):
        if masks:
            save(folder / f"images/{name}_cp_masks.png", picture(seed)[1])
        np.save(folder / f"images/{name}_seg.npy", {"masks": picture(seed)[1]}, allow_pickle=True)


def in_one_array(folder):
    remove(folder, "images", "masks")
    for which, home in enumerate(("images", "masks")):
        np.save(folder / f"{home}.npy", np.stack([picture(seed)[which] for seed in range(20)]))


def contours(folder):
    """A scan with an RTSTRUCT in its folder, and no mask."""
    pydicom = pytest.importorskip("pydicom")
    from unet_teach.data.dicom import write_dicom

    remove(folder, "images", "masks")
    file = write_dicom(folder / "scan", np.random.default_rng(0).integers(0, 99, (20, 20, 4)), np.eye(4))[0]
    header = pydicom.dcmread(file)
    del header.PixelData
    header.Modality = "RTSTRUCT"
    header.save_as(folder / "scan/RS1.dcm")


WRONG = {
    "a channel that was lost": (lambda f: channels(f, ["cell_03"]), "warning", "empty channel", "Channel 2 of cell_03"),
    "fMRI": (films, "warning", "many channels", "9 volumes"),
    "sessions of Cellpose alone": (lambda f: sessions(f, masks=False), "error", "format", "Save masks as PNG"),
    "all pictures in one array": (in_one_array, "error", "too few", "stack of 20 slices"),
    "contours in DICOM": (contours, "error", "outlines", "RS1.dcm"),
}
RIGHT = {
    "channels": channels,
    "sessions beside masks": sessions,
    "two endings": lambda f: [p.rename(p.with_name(f"{p.stem}.jpg.png")) for p in sorted((f / "masks").iterdir())],
    "what a disk station leaves": lambda f: save(f / "images/@eaDir/cell_01.png/THUMB.png", picture(1)[0]),
}


@pytest.mark.parametrize("how", WRONG)
def test_what_is_wrong_is_said(tmp_path, how):
    spoil, level, name, words = WRONG[how]
    spoil(made.clean(tmp_path))
    assert words in said(tmp_path, level, name)


@pytest.mark.parametrize("how", RIGHT)
def test_what_is_right_passes(tmp_path, how):
    RIGHT[how](made.clean(tmp_path))
    checked = check_folder(tmp_path)
    assert len(checked.contents.looks) == 6
    assert checked.of("error") == checked.of("warning") == []


def test_masks_side_by_side_in_other_words(tmp_path):
    made.clean(tmp_path, images="img", masks="ann")
    for path in sorted((tmp_path / "ann").iterdir()):
        path.rename(path.with_name(f"{path.stem}.jpg.png"))
    checked = check_folder(tmp_path)
    assert {pair.mask.parent.name for pair in checked.contents.layout.pairs} == {"ann"}
    assert checked.of("error") == []


@pytest.mark.parametrize("kind", [np.uint8, np.int16])
def test_labels_that_a_file_scales_are_whole(tmp_path, kind):
    made.volumes(tmp_path, count=3)
    for path in sorted((tmp_path / "labelsTr").iterdir()):
        old = nibabel.load(path)
        new = nibabel.Nifti1Image(3.0 * np.asarray(old.dataobj) - (np.asarray(old.dataobj) > 0), old.affine)
        new.set_data_dtype(kind)
        nibabel.save(new, path)
    assert check_folder(tmp_path).contents.classes == [2]


def test_colours_in_nifti_are_called_colours(tmp_path):
    made.volumes(tmp_path, count=3)
    path = tmp_path / "labelsTr/scan_2.nii.gz"
    old = nibabel.load(path)
    kind = np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])
    nibabel.save(nibabel.Nifti1Image(np.zeros(old.shape, kind), old.affine), path)
    assert "scan_2.nii.gz holds colours (R, G, B)" in said(tmp_path, "error", "unreadable")
