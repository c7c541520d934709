"""Series there and back; each fault by its name; SimpleITK and pydicom as the independent readers."""

import sys
from pathlib import Path

import numpy as np
import pytest

from unet_teach.course.scans import FAULTS, spoil
from unet_teach.data import DicomFault, read_dicom, read_slice, write_dicom
from unet_teach.data.nifti import spacing_of

pydicom = pytest.importorskip("pydicom")
TEST_FILES = Path(pydicom.__file__).parent / "data" / "test_files"
TRAPS = TEST_FILES / "dicomdirtests"


def turned(axis, degrees):
    """A rotation about one axis of the patient."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix = np.eye(3)
    a, b = (axis + 1) % 3, (axis + 2) % 3
    matrix[[a, a, b, b], [a, b, a, b]] = c, -s, s, c
    return matrix


def affine_of(directions, sizes=(1.5, 2, 4), origin=(-30.5, 12, 7.25)):
    affine = np.eye(4)
    affine[:3, :3], affine[:3, 3] = directions * sizes, origin
    return affine


GRIDS = {
    "to the right, the front and the head": affine_of(np.eye(3)),
    "as scanners write": affine_of(np.diag([-1, -1, 1])),
    "feet last": affine_of(np.diag([-1, 1, -1])),
    "sagittal": affine_of(np.array([[0, 0, 1], [-1, 0, 0], [0, 1, 0]])),
    "coronal": affine_of(np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])),
    "oblique": affine_of(turned(0, 20) @ turned(2, 33) @ np.diag([-1, -1, 1])),
    "mirrored": affine_of(np.diag([1, -1, 1])),
}


def volume(shape=(7, 5, 6), seed=0):
    return np.random.default_rng(seed).integers(-1000, 1500, shape)


@pytest.fixture
def healthy(tmp_path):
    write_dicom(tmp_path / "healthy", volume(), GRIDS["as scanners write"], intercept=-1024)
    return tmp_path / "healthy"


@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize(("slope", "intercept"), [(1, 0), (1, -1024), (0.5, 10), (2, -1000)])
def test_a_series_comes_back_as_the_same_voxels_at_the_same_places(tmp_path, name, slope, intercept):
    array = volume() // 2 * 2
    write_dicom(tmp_path, array, GRIDS[name], slope=slope, intercept=intercept)
    read = read_dicom(tmp_path)
    mirrored = np.linalg.det(GRIDS[name][:3, :3]) < 0  # a file's slices rise along the normal of its rows and columns
    assert np.array_equal(read.array, array[..., ::-1] if mirrored else array)
    assert read.array.dtype == np.float32
    assert not read.padding.any()
    assert spacing_of(read.affine) == pytest.approx((1.5, 2, 4))
    for index in np.ndindex(2, 2, 2):
        there = np.array(index) * (np.array(array.shape) - 1)
        back = there * [1, 1, -1] + [0, 0, array.shape[2] - 1] if mirrored else there
        place = (read.affine @ [*back, 1])[:3]
        assert place == pytest.approx((GRIDS[name] @ [*there, 1])[:3], abs=1e-6)


@pytest.mark.parametrize("name", GRIDS)
def test_simpleitk_finds_the_same_values_spacing_origin_and_directions(tmp_path, name):
    itk = pytest.importorskip("SimpleITK")
    write_dicom(tmp_path, volume(), GRIDS[name], slope=0.5, intercept=-1024, thickness=5)
    read = read_dicom(tmp_path)
    reader = itk.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(tmp_path)))
    image = reader.Execute()
    assert [Path(file).name for file in reader.GetFileNames()] == [file.name for file in read.files]
    assert np.array_equal(itk.GetArrayFromImage(image).T, read.array)  # it counts z, y, x
    assert image.GetSpacing() == pytest.approx(read.spacing)
    to_lps = np.diag([-1, -1, 1])
    assert image.GetOrigin() == pytest.approx(to_lps @ read.affine[:3, 3])
    directions = np.array(image.GetDirection()).reshape(3, 3) * image.GetSpacing()
    assert np.allclose(directions, to_lps @ read.affine[:3, :3], atol=1e-6)


def test_an_mr_needs_no_scale_and_has_its_modality(tmp_path):
    write_dicom(tmp_path, volume(), GRIDS["oblique"], modality="MR")

    def unscaled(headers):
        for header in headers:
            del header.RescaleSlope, header.RescaleIntercept

    read = read_dicom(spoil(tmp_path, tmp_path / "mr", unscaled))
    assert read.modality == "MR"
    assert np.array_equal(read.array, volume())


def test_the_same_call_writes_the_same_bytes(tmp_path):
    for folder in ("a", "b"):
        write_dicom(tmp_path / folder, volume(), GRIDS["oblique"], padding=-2000)
    files = sorted((tmp_path / "a").iterdir())
    assert len(files) == 6
    assert all(file.read_bytes() == (tmp_path / "b" / file.name).read_bytes() for file in files)


def test_the_writer_refuses_what_a_file_cannot_hold(tmp_path):
    for array, affine, more, words in (
        (volume() * 100, np.eye(4), {}, "16 bits"),
        (volume(), np.eye(4), {"slope": 0}, "16 bits"),
        (volume()[0], np.eye(4), {}, r"volume \(X, Y, Z\)"),
        (volume(), np.eye(4), {"modality": "XA"}, "CT or MR"),
        (volume(), np.array([[1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]), {}, "right angles"),
        (volume(), np.diag([1, 0, 1, 1]), {}, "right angles"),
    ):
        with np.errstate(all="ignore"), pytest.raises(ValueError, match=words):
            write_dicom(tmp_path, array, affine, **more)
    assert not list(tmp_path.iterdir())


# What is wrong with a folder


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_refused_by_its_name(healthy, tmp_path, fault):
    with pytest.raises(DicomFault) as caught:
        read_dicom(spoil(healthy, tmp_path / "spoilt", FAULTS[fault]))
    assert caught.value.fault == fault
    said = str(caught.value)
    assert said.startswith(fault)
    assert "IM" in said, "which file?"
    assert any(word in said for word in ("export", "move", "keep", "decompress", "resample")), "what to do?"


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("lost", [1, 2, 4])
def test_a_missing_slice_is_counted_and_placed_whatever_the_plane(tmp_path, axis, lost):
    directions = np.roll(np.eye(3), axis, axis=0)
    write_dicom(tmp_path / "all", volume((4, 5, 9)), affine_of(directions))

    def lose(headers):
        del headers[3 : 3 + lost]

    with pytest.raises(DicomFault, match=f"missing slice: {lost} between IM3.dcm and IM4.dcm"):
        read_dicom(spoil(tmp_path / "all", tmp_path / "some", lose))


def test_a_slice_that_is_missing_at_an_end_cannot_be_seen(healthy, tmp_path):
    read = read_dicom(spoil(healthy, tmp_path / "some", lambda headers: headers.pop()))
    assert read.array.shape == (7, 5, 5)


def test_names_and_numbers_do_not_decide_the_order(healthy, tmp_path):
    def shuffled(headers):
        random = np.random.default_rng(3)
        for header, number in zip(headers, random.permutation(len(headers)), strict=True):
            header.InstanceNumber = int(number)
        random.shuffle(headers)

    read = read_dicom(spoil(healthy, tmp_path / "shuffled", shuffled))
    assert np.array_equal(read.array, volume())
    assert [file.name for file in read.files] != sorted(file.name for file in read.files)


def test_each_slice_has_its_own_scale(healthy, tmp_path):
    def rescaled(headers):
        for number, header in enumerate(headers):
            header.RescaleSlope, header.RescaleIntercept = 1 + number / 4, -number

    read = read_dicom(spoil(healthy, tmp_path / "slopes", rescaled))
    stored = volume() + 1024
    assert np.allclose(read.array, stored * (1 + np.arange(6) / 4) - np.arange(6))


def test_thickness_is_told_and_is_not_the_spacing(healthy, tmp_path):
    def thick(headers):
        for header in headers:
            header.SliceThickness = 7

    read = read_dicom(spoil(healthy, tmp_path / "thick", thick))
    assert (read.thickness, read.spacing[2]) == (7, 4)

    def unlike(headers):
        headers[2].SliceThickness = 3

    assert np.isnan(read_dicom(spoil(healthy, tmp_path / "unlike", unlike)).thickness)


@pytest.mark.parametrize("written", [-2000, 63536])  # the same 16 bits
def test_padding_is_marked(tmp_path, written):
    array = volume()
    array[0, :, :2] = -3024
    write_dicom(tmp_path / "a", array, GRIDS["oblique"], intercept=-1024, padding=-2000)

    def as_unsigned(headers):
        for header in headers:
            header[0x00280120].VR = "SS" if written < 0 else "US"
            header.PixelPaddingValue = written

    read = read_dicom(spoil(tmp_path / "a", tmp_path / "b", as_unsigned))
    assert np.array_equal(read.padding, array == -3024)


def test_a_range_of_padding_is_marked(healthy, tmp_path):
    def ranged(headers):
        for header in headers:
            header.add_new("PixelPaddingValue", "SS", 500)
            header.add_new("PixelPaddingRangeLimit", "SS", 24)

    read = read_dicom(spoil(healthy, tmp_path / "b", ranged))
    assert np.array_equal(read.padding, (volume() >= -1000) & (volume() <= -524))


@pytest.mark.parametrize(
    ("tag", "value", "fault"),
    [
        ("Rows", 6, "damaged file"),
        ("Rows", 0, "damaged file"),
        ("SamplesPerPixel", 3, "colour"),
        ("NumberOfFrames", 2, "many frames"),
        ("BitsAllocated", 32, "other pixels"),
        ("PixelSpacing", [1, 0], "no place"),
        ("ImageOrientationPatient", [1, 0, 0, 1, 0, 0], "no place"),
        ("ImageOrientationPatient", [2, 0, 0, 0, 1, 0], "no place"),
        ("RescaleSlope", 0, "no scale"),
        ("RescaleSlope", None, "no scale"),
        ("RescaleType", "US", "no scale"),
        ("SeriesInstanceUID", None, "several series"),
        ("Modality", "MR", "different modality"),
    ],
)
def test_one_changed_entry_of_one_file_is_refused(healthy, tmp_path, tag, value, fault):
    def change(headers):
        setattr(headers[1], tag, value)

    with pytest.raises(DicomFault) as caught:
        read_dicom(spoil(healthy, tmp_path / "b", change))
    assert caught.value.fault == fault


@pytest.mark.parametrize(
    ("tag", "value", "fault"),
    [
        ("PixelSpacing", [1, 2], "different spacing"),
        ("ImageOrientationPatient", [1, 0, 0, 0, 0, -1], "different orientation"),
        ("Columns", 5, "different pixels"),
    ],
)
def test_files_that_do_not_fit_together_are_refused(healthy, tmp_path, tag, value, fault):
    def change(headers):
        if tag == "Columns":
            headers[1].Rows, headers[1].Columns = headers[1].Columns, headers[1].Rows
        else:
            setattr(headers[1], tag, value)

    with pytest.raises(DicomFault) as caught:
        read_dicom(spoil(healthy, tmp_path / "b", change))
    assert caught.value.fault == fault


def test_what_else_lies_in_the_folder_is_passed_over_or_named(healthy):
    (healthy / ".DS_Store").write_bytes(b"x")
    (healthy / "DICOMDIR").write_bytes(b"x")
    assert read_dicom(healthy).array.shape == (7, 5, 6)
    (healthy / "notes.txt").write_bytes(b"x")
    with pytest.raises(DicomFault, match=r"not DICOM: notes.txt"):
        read_dicom(healthy)
    (healthy / "notes.txt").unlink()
    (healthy / "inner").mkdir()
    with pytest.raises(DicomFault, match="folders inside"):
        read_dicom(healthy)


def test_a_folder_of_nothing_and_of_one(healthy, tmp_path):
    with pytest.raises(FileNotFoundError, match="no folder"):
        read_dicom(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="no file"):
        read_dicom(tmp_path / "empty")
    with pytest.raises(FileNotFoundError, match="no file"):
        read_slice(healthy / "IM99.dcm")
    with pytest.raises(FileNotFoundError, match="no series"):
        spoil(tmp_path / "empty", tmp_path / "x", FAULTS["localiser"])
    with pytest.raises(DicomFault, match="one slice"):
        read_dicom(spoil(healthy, tmp_path / "one", lambda headers: headers.__delitem__(slice(1, None))))


def test_without_pydicom_a_sentence_says_what_to_install(healthy, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pydicom", None)
    for call in (lambda: read_dicom(healthy), lambda: write_dicom(tmp_path, volume(), np.eye(4))):
        with pytest.raises(ImportError, match="pip install 'pydicom"):
            call()


# pydicom's own files


@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small.dcm", "MR_small_bigendian.dcm", "MR_small_implicit.dcm"])
def test_single_images_have_the_values_that_pydicom_gives(name):
    read, header = read_slice(TEST_FILES / name), pydicom.dcmread(TEST_FILES / name)
    assert np.array_equal(read.values, pydicom.pixels.apply_rescale(header.pixel_array, header))
    assert read.modality == name[:2]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("JPEG2000.dcm", "compressed pixels"),
        ("MR_small_RLE.dcm", "compressed pixels"),
        ("MR_truncated.dcm", "damaged file"),
        ("rtplan.dcm", "no picture"),
        ("SC_rgb_small_odd.dcm", "colour"),
        ("README.txt", "not DICOM"),
        ("no_meta.dcm", "not DICOM"),
        ("dicomdirtests/98892001/CT2N/6293", "localiser"),
        ("dicomdirtests/77654033/CR1/6154", "MONOCHROME1"),
    ],
)
def test_what_is_no_slice_is_refused_by_name(name, fault):
    with pytest.raises(DicomFault) as caught:
        read_slice(TEST_FILES / name)
    assert caught.value.fault == fault
    assert Path(name).name in str(caught.value)


@pytest.mark.parametrize(
    ("folder", "fault"),
    [
        ("98892001/CT2N", "localiser"),
        ("98892003/MR1", "several series"),
        ("98892003/MR2", "several series"),
        ("98892003/MR700", "different orientation"),
        ("77654033/CT2", "missing slice"),
        ("77654033/CR3", "MONOCHROME1"),
        ("77654033", "folders inside"),
        ("TINY_ALPHA/PT000000/ST000000/SE000000", "no picture"),
    ],
)
def test_real_folders_are_traps(folder, fault):
    with pytest.raises(DicomFault) as caught:
        read_dicom(TRAPS / folder)
    assert caught.value.fault == fault


def test_one_real_folder_is_a_series():
    read = read_dicom(TRAPS / "98892001" / "CT5N")
    assert read.array.shape == (16, 16, 5)
    assert read.spacing == pytest.approx((0.488281, 0.488281, 2.5))
    assert [file.name for file in read.files] == ["3353", "3023", "2693", "2392", "2062"]
