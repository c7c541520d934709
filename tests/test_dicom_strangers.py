"""The odd file of a DICOM series is named, whichever it is, with what it has and what the others have."""

import numpy as np
import pytest

pydicom = pytest.importorskip("pydicom")

from unet_teach.data.dicom import DicomFault, read_dicom, read_flat, write_dicom
from unet_teach.recipes.folder.listing import list_items

AFFINE = np.diag([0.8, 0.8, 2.5, 1.0])


def series(folder, count=8):
    return write_dicom(folder, np.random.default_rng(0).integers(0, 99, (12, 10, count)), AFFINE, modality="MR")


def changed(file, **entries):
    header = pydicom.dcmread(file)
    for tag, value in entries.items():
        if value is None:
            delattr(header, tag)
        else:
            setattr(header, tag, value)
    if "Rows" in entries:
        header.PixelData = header.PixelData[: header.Rows * header.Columns * 2]
    header.save_as(file)


def refusal(folder):
    with pytest.raises(DicomFault) as caught:
        read_dicom(folder)
    return caught.value


@pytest.mark.parametrize("odd", [0, 3, 7])
@pytest.mark.parametrize(
    ("entries", "fault", "own", "others"),
    [
        ({"Rows": 8}, "different pixels", "8 x 12 pixels", "10 x 12 pixels"),
        ({"PixelSpacing": [1.1, 1.1]}, "different spacing", "1.1 x 1.1 mm", "0.8 x 0.8 mm"),
        ({"ImageOrientationPatient": [1, 0, 0, 0, 0, -1]}, "different orientation", "1 0 0 0 0 -1", "like 6 more"),
        ({"Modality": "PT"}, "different modality", "of modality PT", "of modality MR"),
        ({"SeriesInstanceUID": "2.25.999"}, "several series", "of another series", "the other 7 files"),
        ({"ImagePositionPatient": None}, "no place", "no ImagePositionPatient", ""),
    ],
)
def test_one_odd_file_among_many_is_named(tmp_path, odd, entries, fault, own, others):
    files = series(tmp_path / "scan")
    changed(files[odd], **entries)
    said = refusal(tmp_path / "scan")
    assert said.fault == fault
    assert str(said).startswith(f"{fault}: {files[odd].name} ")
    assert own in str(said)
    assert others in str(said)


@pytest.mark.parametrize("odd", [0, 4, 7])
def test_a_slice_beside_a_straight_stack_is_named_and_an_even_tilt_is_a_tilt(tmp_path, odd):
    files = series(tmp_path / "scan")
    place = pydicom.dcmread(files[odd]).ImagePositionPatient
    changed(files[odd], ImagePositionPatient=[place[0] + 5, place[1], place[2]])
    said = refusal(tmp_path / "scan")
    assert f"{files[odd].name} lies beside the others" in str(said)
    for number, file in enumerate(series(tmp_path / "tilted")):
        changed(file, ImagePositionPatient=[0, number, -2.5 * number])
    assert "drift aslant" in str(refusal(tmp_path / "tilted"))


def test_two_odd_files_are_both_named_and_halves_are_told_apart(tmp_path):
    files = series(tmp_path / "scan")
    for file in files[:2]:
        changed(file, PixelSpacing=[2, 2])
    assert "IM1.dcm, IM2.dcm differ; " in str(refusal(tmp_path / "scan"))
    for file in files[2:4]:
        changed(file, PixelSpacing=[2, 2])
    assert "differs from IM1.dcm" in str(refusal(tmp_path / "scan"))


def test_mixed_series_are_one_folder_and_single_pictures_are_many(tmp_path):
    files = series(tmp_path / "mixed")
    for file in files[5:]:
        changed(file, SeriesInstanceUID="2.25.999")
    for number, file in enumerate(series(tmp_path / "plates")):
        changed(file, SeriesInstanceUID=f"2.25.9{number}")
    items, _, _ = list_items(tmp_path)
    assert tmp_path / "mixed" in items
    assert sorted(item.name for item in items if item.parent == tmp_path / "plates") == [
        f"IM{n}.dcm" for n in range(1, 9)
    ]


def test_a_plate_needs_no_place_and_keeps_its_spacing(tmp_path):
    file = series(tmp_path)[2]
    whole = read_flat(file)
    changed(file, ImagePositionPatient=None, ImageOrientationPatient=None)
    plate = read_flat(file)
    assert np.array_equal(plate.values, whole.values)
    assert plate.spacing == whole.spacing == (0.8, 0.8)
    changed(file, PixelSpacing=None, ImagerPixelSpacing=[0.14, 0.15])
    assert read_flat(file).spacing == (0.14, 0.15)
    changed(file, ImagerPixelSpacing=None)
    assert read_flat(file).spacing == ()
    changed(file, PixelData=None)
    with pytest.raises(DicomFault, match="without pixels"):
        read_flat(file)
