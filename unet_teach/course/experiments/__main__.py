"""`python -m unet_teach.course.experiments [NAME ...]`: run what the stored tables do not hold yet."""

import sys

from unet_teach.course.experiments import ALL, ON_DEMAND
from unet_teach.course.experiments.table import TableError, compute
from unet_teach.data import FetchError


def main(names: list[str]) -> int:
    """Bring the named tables up to date, or all; returns the exit status, 0 if they are whole now."""
    known = {experiment.name: experiment for experiment in (*ALL, *ON_DEMAND)}
    if unknown := set(names) - set(known):
        print(f"no experiment is called {', '.join(sorted(unknown))}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    try:
        for name in names or [experiment.name for experiment in ALL]:
            for row in compute(known[name]):
                print(name, *(f"{key}={value}" for key, value in row.items()), flush=True)
            print(f"{name}: all {len(known[name].runs)} rows are there", flush=True)
    except (TableError, FetchError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. The rows that were done are stored; the same command goes on from there.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
