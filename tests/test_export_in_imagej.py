"""Labels that we write, opened by ImageJ itself: the numbers, the scale and its unit, without a screen."""

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from unet_teach.predict.export import write_labels

JAR = Path("/usr/share/java/ij.jar")  # of Debian's ImageJ
PROGRAM = Path(__file__).with_name("Opened.java")


def opened(*paths):
    """Ask ImageJ: (Z, Y, X, channels), spacing, unit, range of grey shown, values -- a file each."""
    if not (JAR.is_file() and shutil.which("javac")):
        if os.environ.get("CI"):
            pytest.fail("CI installs ImageJ and a Java compiler: see .ci/run")
        pytest.skip("needs Debian's ImageJ and a Java compiler, as .ci/run installs them")
    java = ["java", "-Djava.awt.headless=true", "-XX:TieredStopAtLevel=1", "-cp", JAR, PROGRAM, *paths]
    lines = subprocess.run(java, capture_output=True, text=True, check=True, encoding="utf-8").stdout.splitlines()
    for line in lines:
        shape, spacing, unit, shown, values = line.split(";")
        sizes = [int(n) for n in shape.split(",")]
        numbers = np.array(values.split(), dtype=np.int64).reshape(sizes[:3])
        yield sizes[3], [float(n) for n in spacing.split(",")], unit, [float(n) for n in shown.split(",")], numbers


def test_imagej_opens_our_labels_with_their_numbers_and_their_scale(tmp_path):
    draw = np.random.default_rng(4)
    flat, stack, few = draw.integers(0, 5, (23, 31)), draw.integers(0, 700, (4, 11, 9)), np.eye(8, 6, dtype=bool)
    cases = [  # labels, spacing, unit; what ImageJ calls the spacing along z, y, x, and the unit
        (flat, (0.5, 0.25), "µm", [1, 0.5, 0.25], "µm"),
        (stack, (50, 4, 4), "nm", [50, 4, 4], "nm"),
        (stack.astype(np.uint16), (2.5, 0.8, 0.7), "mm", [2.5, 0.8, 0.7], "mm"),
        (few, (), "pixel", [1, 1, 1], "pixel"),
    ]
    paths = [
        write_labels(tmp_path / f"{number}.tif", labels, spacing, unit, "0 ground; 1 cell")
        for number, (labels, spacing, unit, *_) in enumerate(cases)
    ]
    for (labels, _, _, wanted, wanted_unit), (channels, spacing, unit, shown, values) in zip(
        cases, opened(*paths), strict=True
    ):
        assert channels == 1
        np.testing.assert_allclose(spacing, wanted, rtol=1e-5)
        assert unit == wanted_unit
        assert shown == [0, labels.max()]
        np.testing.assert_array_equal(values, labels.reshape(values.shape))
