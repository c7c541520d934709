"""From files to millilitres of tumour: the right ones, or a sentence; never a number out of bad input."""

import nibabel
import numpy as np
import pytest
import torch
from torch import nn

from unet_teach.clinic.tumour_volumes import read_head, tumour_volumes

SIZE = (114, 132, 108)
LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


class Bright(nn.Module):
    """Says yes where FLAIR is bright; the core and what enhances where T1c is."""

    def __init__(self, gain=10.0):
        super().__init__()
        self.gain = nn.Parameter(torch.tensor(gain))

    def forward(self, x):
        flair, t1c = x[:, 0], x[:, 1]
        return self.gain * torch.stack([flair - 2, t1c - 6, t1c - 6], dim=1)


@pytest.fixture(scope="module")
def scan():
    """A brain of about 800 ml or more with two balls, one inside the other."""
    grid = np.indices(SIZE, dtype=np.float32) - (np.array(SIZE, np.float32)[:, None, None, None] - 1) / 2
    brain = ((grid / np.array([56, 65, 53])[:, None, None, None]) ** 2).sum(0) < 1
    away = np.sqrt(((grid - np.array([15, 0, 0])[:, None, None, None]) ** 2).sum(0))
    rng = np.random.default_rng(0)
    flair = 100 + 60 * (away < 18) + rng.normal(0, 4, SIZE)
    t1c = 80 + 90 * (away < 9) + rng.normal(0, 4, SIZE)
    return {"flair": flair, "t1c": t1c, "brain": brain.astype(np.uint8)}


@pytest.fixture
def files(scan, tmp_path):
    def write(affines=None, **changed):
        paths = {}
        for name, volume in (scan | changed).items():
            kind = np.uint8 if name == "brain" and volume.max() < 256 else np.float32
            paths[name] = tmp_path / f"{name}.nii"
            nibabel.save(nibabel.Nifti1Image(volume.astype(kind), (affines or {}).get(name, LPS)), paths[name])
        return paths

    return write


def test_a_good_head_gets_its_volumes(files):
    found = tumour_volumes(Bright(), **files())
    assert found.whole == pytest.approx(4 / 3 * np.pi * 1.8**3, rel=0.15)
    assert found.enhancing == pytest.approx(4 / 3 * np.pi * 0.9**3, rel=0.3)
    assert found.core == found.enhancing
    assert found.not_nested < 0.2


def test_a_head_without_a_tumour_has_none(files):
    plain, other = (100 + np.random.default_rng(n).normal(0, 4, SIZE).clip(-5, 5) for n in (1, 2))
    found = tumour_volumes(Bright(), **files(flair=plain, t1c=other))
    assert found == (0, 0, 0, 0)


def holed(volume):
    volume = volume.copy()
    volume[57, 66, 54] = np.nan
    return volume


def moved(mm):
    affine = LPS.copy()
    affine[0, 3] = mm
    return affine


BAD = {
    "another grid": (lambda s: {"flair": s["flair"][:-1]}, {}, "different grids"),
    "another place": (lambda s: {}, {"t1c": moved(5)}, "different grids"),
    "2 mm": (lambda s: {}, dict.fromkeys(("flair", "t1c", "brain"), LPS * [2, 2, 2, 1]), "resample"),
    "turned": (lambda s: {}, dict.fromkeys(("flair", "t1c", "brain"), np.eye(4)), "turn the volumes"),
    "NaN": (lambda s: {"t1c": holed(s["t1c"])}, {}, "T1c holds NaN"),
    "one value": (lambda s: {"flair": np.full(SIZE, 7.0)}, {}, "FLAIR has one grey value"),
    "the same twice": (lambda s: {"t1c": 3 * s["flair"] + 1}, {}, "given twice"),
    "an image for a mask": (lambda s: {"brain": (s["flair"] > 130) * 7}, {}, "a mask is 0 and 1"),
    "a grey mask": (lambda s: {"brain": s["flair"] * 9.5}, {}, "whole numbers"),
    "no brain": (lambda s: {"brain": np.zeros(SIZE)}, {}, "0 ml"),
    "a small brain": (lambda s: {"brain": s["brain"] * (s["flair"] > 130)}, {}, "an adult's brain"),
    "four axes": (lambda s: {"flair": np.stack([s["flair"]] * 2, axis=-1)}, {}, "not a volume"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_get_a_sentence(files, scan, name):
    change, affines, said = BAD[name]
    with pytest.raises(ValueError, match=said) as caught:
        tumour_volumes(Bright(), **files(affines, **change(scan)))
    assert len(str(caught.value)) > 30


def test_missing_and_damaged_files_get_a_sentence(files):
    paths = files()
    with pytest.raises(FileNotFoundError, match="no file"):
        tumour_volumes(Bright(), **paths | {"t1c": paths["t1c"].with_name("gone.nii")})
    paths["flair"].write_bytes(paths["flair"].read_bytes()[:5000])
    with pytest.raises(ValueError, match="damaged"):
        tumour_volumes(Bright(), **paths)


def test_a_damaged_network_gives_no_number(files):
    with pytest.raises(ValueError, match="gave NaN"):
        tumour_volumes(Bright(gain=float("nan")), **files())


@pytest.mark.usefixtures("real_data")
def test_the_sets_own_files_are_good():
    from unet_teach.data.tumour import brain_tumour_files

    paths = brain_tumour_files(3)
    scan = read_head(paths["FLAIR"], paths["T1c"], paths["brain"])
    assert scan.flair.shape == scan.t1c.shape == scan.brain.shape == (240, 240, 155)
    with pytest.raises(ValueError, match="a mask is 0 and 1"):
        read_head(paths["FLAIR"], paths["T1c"], paths["labels"])
