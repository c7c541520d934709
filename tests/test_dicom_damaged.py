"""A thousand damaged files: each is refused, or gives exactly what pydicom gives for those bytes."""

import warnings

import numpy as np
import pytest
from fuzz.damage import DAMAGES as ANYWHERE

from unet_teach.data import DicomFault, read_slice, write_dicom

pydicom = pytest.importorskip("pydicom")
FILES = 1000


def retagged(stored, random):
    """Change what an entry is called, its type, its length or its first bytes."""
    header = pydicom.dcmread(pydicom.filebase.DicomBytesIO(stored))
    places = [
        stored.find(element.tag.group.to_bytes(2, "little") + element.tag.element.to_bytes(2, "little"))
        for element in header
    ]
    start = random.choice([place for place in places if place > 0])
    spoilt = bytearray(stored)
    for place in start + random.integers(0, 14, random.integers(1, 4)):
        spoilt[place] = random.integers(256)
    return bytes(spoilt)


DAMAGES = [*ANYWHERE, retagged]


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    random = np.random.default_rng(1)
    written = []
    for number, (shape, modality, slope) in enumerate(
        [((7, 5, 1), "CT", 1), ((8, 12, 1), "MR", 0.5), ((3, 3, 1), "CT", 2)]
    ):
        array = random.integers(-500, 500, shape) * 2
        written += write_dicom(
            folder / str(number), array, np.diag([1, 2, 3, 1.0]), modality=modality, slope=slope, padding=-9
        )
    return [path.read_bytes() for path in written]


def wanted(path):
    """What pydicom alone makes of the bytes."""
    header = pydicom.dcmread(path)
    pixels = header.pixel_array.astype(np.float64)
    return (pixels * float(header.get("RescaleSlope", 1)) + float(header.get("RescaleIntercept", 0))).astype(np.float32)


def asked(path):
    """Return what our reader gives, or the fault that it names."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # nothing is said aside
        try:
            return read_slice(path).values, None
        except DicomFault as error:
            return None, error.fault if str(error).startswith(error.fault + ": ") and path.name in str(error) else ""


def test_a_refusal_or_exactly_what_pydicom_gives(originals, tmp_path):
    random = np.random.default_rng(14)
    path = tmp_path / "IM1.dcm"
    read, refused = 0, {}
    for number in range(FILES):
        spoil = DAMAGES[number % len(DAMAGES)]
        path.write_bytes(spoil(originals[number % len(originals)], random))
        found, fault = asked(path)
        if found is None:
            assert fault, "a refusal that names no fault, or no file"
            refused[fault] = refused.get(fault, 0) + 1
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert np.array_equal(found, wanted(path)), spoil.__name__
        read += 1
    assert read + sum(refused.values()) == FILES
    assert read >= 200, "damage that nothing sees, in a picture or in a name"
    assert sum(refused.values()) >= 400
    assert len(refused) >= 6, refused
