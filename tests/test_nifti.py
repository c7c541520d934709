"""NIfTI files: every type of number is read, and what is damaged or mistaken is named."""

import gzip

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unet_teach.data.nifti import read_labels, read_nifti, spacing_of

SIDES = (4, 5, 6)


def save(path, array, slope=None):
    image = nibabel.Nifti1Image(array, np.diag([1, 2, 3, 1]))
    if slope:
        image.header.set_slope_inter(slope, 0)
    nibabel.save(image, path)
    return path


@pytest.mark.parametrize("suffix", ["nii", "nii.gz"])
@pytest.mark.parametrize("kind", ["u1", "i1", "u2", "i2", "u4", "i4", "f4", "f8", ">i2", ">f4"])
def test_every_type_is_read_as_float32(tmp_path, kind, suffix):
    values = (np.arange(120).reshape(SIDES) % 120).astype(kind)
    volume, affine = read_nifti(save(tmp_path / f"volume.{suffix}", values))
    assert (volume.dtype, affine.dtype) == (np.float32, np.float64)
    np.testing.assert_array_equal(volume, values)
    assert spacing_of(affine) == (1, 2, 3)
    np.testing.assert_array_equal(read_labels(str(tmp_path / f"volume.{suffix}")), values)


@pytest.mark.parametrize(
    ("values", "named"),
    [([300, 1035, -1], r"-1, 300, 1035"), ([256], "256"), ([-1], "-1"), ([0.5], "0.5"), ([np.nan], "nan")],
)
def test_what_is_no_label_is_named(tmp_path, values, named):
    array = np.zeros(SIDES, np.int16 if isinstance(values[0], int) else np.float32)
    array.flat[: len(values)] = values
    with pytest.raises(ValueError, match=rf"labels.nii.gz holds {named}: labels are whole numbers from 0 to 255"):
        read_labels(save(tmp_path / "labels.nii.gz", array))


def test_labels_from_0_to_255_stay(tmp_path):
    array = np.arange(256).reshape(4, 8, 8).astype(np.int16)
    np.testing.assert_array_equal(read_labels(save(tmp_path / "all.nii.gz", array)), array)


@settings(max_examples=150)
@given(st.data())
def test_a_compressed_file_is_whole_or_refused(tmp_path_factory, data):
    """Whatever byte is changed or missing: the checksum that the file carries is looked at."""
    folder = tmp_path_factory.mktemp("files")
    array = np.random.default_rng(0).integers(0, 200, SIDES).astype(np.int16)
    stored = bytearray(save(folder / "volume.nii.gz", array).read_bytes())
    if data.draw(st.booleans()):
        stored = stored[: data.draw(st.integers(0, len(stored) - 1))]
    else:
        stored[data.draw(st.integers(0, len(stored) - 1))] ^= data.draw(st.integers(1, 255))
    path = folder / "damaged.nii.gz"
    path.write_bytes(stored)
    try:
        volume, _ = read_nifti(path)
    except ValueError as error:
        refused = str(error)
    else:
        refused = None
        np.testing.assert_array_equal(volume, array)  # a byte of gzip's own header: no grey value hangs on it
    assert refused is None or "damaged.nii.gz" in refused


@settings(max_examples=80)
@given(st.integers(0, 351), st.integers(1, 255))
def test_a_damaged_header_is_read_or_refused_with_a_sentence(tmp_path_factory, place, flip):
    folder = tmp_path_factory.mktemp("files")
    stored = bytearray(save(folder / "volume.nii", np.ones(SIDES, np.int16)).read_bytes())
    stored[place] ^= flip
    (folder / "damaged.nii").write_bytes(stored)
    try:
        read_nifti(folder / "damaged.nii")
    except ValueError as error:
        refused = str(error)
    else:
        refused = "damaged.nii"
    assert "damaged.nii" in refused


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda path: path, FileNotFoundError, "there is no file volume.nii"),
        (
            lambda path: path.write_text("<html>please log in</html>", encoding="utf-8"),
            ValueError,
            "damaged, or no NIfTI file",
        ),
        (lambda path: path.write_bytes(b""), ValueError, "damaged, or no NIfTI file"),
        (lambda path: path.write_bytes(gzip.compress(b"x" * 500)), ValueError, "damaged, or no NIfTI file"),
        (lambda path: save(path, np.zeros((4, 4, 4, 2))), ValueError, "not a volume"),
        (lambda path: save(path, np.zeros((4, 4))), ValueError, "not a volume"),
        (lambda path: save(path, np.full(SIDES, np.inf)), ValueError, "infinite"),
        (lambda path: save(path, np.full(SIDES, 1e300)), ValueError, "beyond float32"),
        (lambda path: save(path, np.zeros(SIDES, [("R", "u1"), ("G", "u1"), ("B", "u1")])), ValueError, "no NIfTI"),
        (lambda path: save(path, np.zeros(SIDES, np.complex64)), ValueError, "no NIfTI file of real numbers"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_what_is_no_volume_is_refused(tmp_path, make, error, message):
    path = tmp_path / "volume.nii"
    make(path)
    with pytest.raises(error, match=message):
        read_nifti(path)
