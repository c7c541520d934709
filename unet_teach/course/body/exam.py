"""Chapter 21's exam: one CT of one patient, whose tissues another model named. It is opened once, when all is frozen.

`python -m unet_teach.course.body.exam` does it, and stores one table with the commit that made it. Where the table is
there, it refuses: an exam that is looked at twice is a validation set. What it says is agreement between two programs
on one person, not truth, and there is no interval to be had.
"""

import csv
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import nn

from unet_teach.clinic.body import load_body_network, seen_from_the_feet, segment_slices
from unet_teach.course.experiments.table import Row, Value, read
from unet_teach.data import load_torso, load_torso_tissue
from unet_teach.data.dicom import DicomVolume
from unet_teach.metrics import dice
from unet_teach.recipes.torso import TISSUES, best_depths, by_depth, slices_of

TABLE = Path(__file__).parent / "exam.csv"
L1 = range(86, 104)  # slices of the first lumbar vertebra; the masks are on 82 to 111
HINDSIGHT = 24.0  # mm, the depth that somebody found best on this very scan


def read_exam(table: Path = TABLE) -> list[Row]:
    """Read what the exam said, a row a method.

    Introduced in chapter 21.
    """
    return read(table)


def examine_tissue(
    network: nn.Module, scan: DicomVolume, chosen: range, truth: NDArray[np.uint8], depths: tuple[float, float]
) -> list[dict[str, Value]]:
    """Score the network, and the rule at two depths, on some slices of a scan.

    Parameters
    ----------
    network : of `load_body_network`
    scan, chosen : the slices
    truth : (N, H, W) labels of these slices, seen from the feet
    depths : the rule's two, mm

    Returns
    -------
    a row a method: "dice torso_fat" ..., "cm2 torso_fat" ..., and "true cm2 torso_fat" ...

    Introduced in chapter 21.
    """
    in_ranges, plain = (segment_slices(network, scan, chosen, ranges) for ranges in (True, False))
    spacing = in_ranges.spacing[1:]
    said = {
        "network": in_ranges.labels,
        "network, all of its pixels": plain.labels,
        f"rule at {depths[0]:g} mm": np.stack([by_depth(hu, spacing, *depths) for hu in in_ranges.hu]),
        f"rule at {HINDSIGHT:g} mm, in hindsight": np.stack(
            [by_depth(hu, spacing, HINDSIGHT, depths[1]) for hu in in_ranges.hu]
        ),
    }
    pixel = spacing[0] * spacing[1] / 100 / len(truth)  # cm2 of a mean slice
    rows = []
    for method, labels in said.items():
        row: dict[str, Value] = {"method": method, "slices": f"{chosen[0]} to {chosen[-1]}"}
        for name, tissue in TISSUES.items():
            row[f"dice {name}"] = round(dice(labels == tissue, truth == tissue), 4)
            row[f"cm2 {name}"] = round(float((labels == tissue).sum() * pixel), 2)
            row[f"true cm2 {name}"] = round(float((truth == tissue).sum() * pixel), 2)
        rows.append(row)
    return rows


def main(table: Path = TABLE) -> int:
    """Open the exam, unless it was opened; returns the exit status."""
    if table.exists():
        print(f"The exam was opened: {table.name} is there, and it is opened once.", file=sys.stderr)
        return 1
    root = Path(__file__).parents[3]
    changed = subprocess.run(["git", "status", "--porcelain"], cwd=root, capture_output=True, text=True, check=True)
    if changed.stdout.strip():
        print("Commit first, so that the table can name the commit that made it.", file=sys.stderr)
        return 1
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=True)
    ct, exam = load_torso(), load_torso_tissue()
    affine = ct.affine.copy()
    affine[:3, 3] += ct.labelled.start * affine[:3, 2]
    hu = ct.hu[..., ct.labelled].astype(np.float32)
    scan = DicomVolume(hu, affine, ct.spacing, "CT", np.zeros(hu.shape, bool), ct.spacing[2], ())
    labels = np.zeros(hu.shape, np.uint8)
    for name, tissue in TISSUES.items():
        labels[getattr(exam, name)] = tissue
    first = ct.labelled.start
    chosen = range(L1[0] - first, L1[-1] + 1 - first)
    truth = seen_from_the_feet(labels, affine)[chosen[0] : chosen[-1] + 1]
    rows = examine_tissue(load_body_network(), scan, chosen, truth, best_depths(slices_of("validation")))
    made: dict[str, Value] = {"commit": f"commit {head.stdout[:12]}", "date": datetime.now(UTC).date().isoformat()}
    with table.open("w", encoding="utf-8", newline="") as text:
        text.write("# One patient, L1, beside TotalSegmentator's labels: agreement, not truth. Opened once.\n")
        writer = csv.DictWriter(text, [*rows[0], *made], lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | made | {"slices": f"{L1[0]} to {L1[-1]}"} for row in rows)
    print(table.read_text(encoding="utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
