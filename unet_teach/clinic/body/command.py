"""`python -m unet_teach bodycomp FOLDER --slices A-B | --vertebrae MASK`: fat and muscle of a CT (chapter 21)."""

import argparse
import sys
from pathlib import Path

from unet_teach.clinic.body.compose import LEVEL, BodyComposition, body_composition
from unet_teach.clinic.body.gate import Refused
from unet_teach.clinic.body.levels import LUMBAR


def add_bodycomp(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of `python -m unet_teach`."""
    parser = commands.add_parser(
        "bodycomp",
        help="measure fat and muscle in some slices of a CT (chapter 21)",
        description="Measure fat and muscle in some slices of a CT. Teaching code: nothing here is for diagnosis.",
    )
    parser.add_argument("folder", type=Path, help="DICOM files of one series")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--slices", metavar="A-B", help="numbers of slices, both included, counted from 0 at the feet")
    which.add_argument("--vertebrae", type=Path, metavar="MASK", help="NIfTI with TotalSegmentator's vertebrae")
    parser.add_argument("--level", default=LEVEL, choices=sorted(LUMBAR), help=f"vertebra of the mask ({LEVEL})")
    parser.add_argument("--out", type=Path, default=Path("bodycomp"), help="folder of the report (bodycomp)")
    parser.add_argument("--anyway", action="store_true", help="measure slices that are too thick or too few, too")
    parser.set_defaults(run=run_bodycomp)


def run_bodycomp(given: argparse.Namespace) -> int:
    """Measure, write the report, and print the measures; returns the exit status, 1 if the scan was refused."""
    from unet_teach.clinic.report import write_report

    try:
        found = body_composition(given.folder, given.slices, given.vertebrae, given.level, given.anyway)
        files = write_report(found, given.out)
    except Refused as refusal:
        print(f"{given.folder} was not measured:", *[f"- {one}" for one in refusal.reasons], sep="\n", file=sys.stderr)
        return 1
    except (OSError, ValueError, ImportError) as error:
        print(f"{given.folder} was not measured: {error}", file=sys.stderr)
        return 1
    print(as_table(found))
    print(f"Written to {given.out}: {', '.join(file.name for file in files[:2])}, {len(files) - 2} overlays.")
    print("Look at the overlays before you believe a number. Nothing here is for diagnosis.")
    return 0


def as_table(found: BodyComposition) -> str:
    """Write the measures as a small table.

    Introduced in chapter 21.
    """
    first, last = found.tissue.numbers[0], found.tissue.numbers[-1]
    lines = [f"Slices {first}-{last}" + (f" ({found.level})" if found.level else "") + ":"]
    for name, row in found.measures.items():
        lines.append(
            f"  {name.replace('_', ' '):17s} {row['area_cm2']:7.1f} cm2 {row['volume_ml']:8.1f} ml "
            f"{row['mean_hu']:7.1f} HU"
        )
    lines.append(f"  torso fat / subcutaneous fat {found.ratio:.2f}")
    lines += [f"  Measured anyway: {reason}" for reason in found.lifted]
    return "\n".join(lines)
