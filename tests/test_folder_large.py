"""A large picture is checked in little memory, and is understood as a small one is."""

import subprocess
import sys

import folders_to_check as made
import numpy as np
import pytest
import tifffile
from folders_to_check import picture

from unet_teach.recipes.folder.shrinking import KEPT, LARGE, factor_of, shrunk
from unet_teach.recipes.folder.values import values_of


def test_small_pictures_are_left_as_they_are_and_large_ones_averaged_in_blocks():
    assert factor_of((4000, 4000)) == 1
    assert factor_of((20000, 20000)) == 20000 // KEPT
    assert 4000 * 4000 < LARGE < 20000 * 20000
    flat = np.random.default_rng(0).normal(size=(3, 31, 20))
    flat[1, 2, 3] = np.nan
    known = np.nan_to_num(flat)
    assert np.allclose(shrunk(flat, 1), known.mean(axis=0), atol=1e-6)
    blocks = known[:, :30, :20].reshape(3, 6, 5, 4, 5).mean(axis=(0, 2, 4))
    assert np.allclose(shrunk(flat, 5), blocks, atol=1e-6)


def test_values_are_counted_alike_in_strips_of_any_size(monkeypatch):
    soft = made.soft(picture(3)[1])
    stack = np.stack([picture(number, classes=3)[1] for number in range(4)])
    whole = [values_of(array) for array in (soft, soft / 255, stack)]
    for pixels in (1, 1000, 5000):
        monkeypatch.setattr("unet_teach.recipes.folder.values.STRIP", pixels)
        for array, wanted in zip((soft, soft / 255, stack), whole, strict=True):
            found = values_of(array)
            assert np.array_equal(found.values, wanted.values)
            assert np.array_equal(found.counts, wanted.counts)
            assert found[2:] == wanted[2:]


@pytest.mark.slow
def test_a_large_picture_is_looked_at_in_little_memory(tmp_path):
    """Of 21 million pixels, both files take 42 MB; looking at them took 640."""
    made.clean(tmp_path)
    for which in ("images", "masks"):
        array = np.kron(picture(9)[which == "masks"], np.ones((48, 41), np.uint8))
        tifffile.imwrite(tmp_path / which / "large.tif", array)
    program = f"""
import resource
from unet_teach.recipes.folder import check_folder
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = check_folder({str(tmp_path)!r})
assert found.may_train, found
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    unit = 1024 if sys.platform == "linux" else 1
    assert int(run.stdout) * unit < 500e6
