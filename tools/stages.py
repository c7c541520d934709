"""`make test`: one stage after the other until one fails, and then the seconds that each took."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

BUDGET = 45 * 60  # seconds for all stages on two quiet cores, with every chapter there


def table(stages: Sequence[str], seconds: Mapping[str, float], failed: str | None) -> str:
    """Write the closing table: a line a stage, also for those that were not reached."""
    width = max(map(len, ["all together", *stages]))
    lines = [f"{'stage':{width}}  seconds"]
    for stage in stages:
        took = f"{seconds[stage]:7.0f}" if stage in seconds else "not run"
        lines.append(f"{stage:{width}}  {took}" + "  FAILED" * (stage == failed))
    return "\n".join([*lines, f"{'all together':{width}}  {sum(seconds.values()):7.0f}  of {BUDGET}"])


def main(make: str, stages: Sequence[str]) -> int:
    """Make each stage; return 1 if one failed, after which no other is begun."""
    seconds: dict[str, float] = {}
    failed = None
    for stage in stages:
        begun = time.monotonic()
        status = subprocess.run([make, "--no-print-directory", stage]).returncode
        seconds[stage] = time.monotonic() - begun
        print(f"{stage}: {seconds[stage]:.0f} s", flush=True)  # at once, for a run that is cut off has no table
        if status:
            failed = stage
            break
    print(table(stages, seconds, failed))
    return int(failed is not None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
