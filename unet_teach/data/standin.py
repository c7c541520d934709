"""Stand-ins: seeded phantoms in place of a real set that cannot be had, always announced."""

import textwrap

_in_use: set[str] = set()
WIDTH = 78  # characters of the box


def announce(name: str, reason: str) -> None:
    """Say, once per set and process, that a stand-in takes the place of a set, why, and what to do.

    Parameters
    ----------
    name : the set
    reason : why the real one is missing, as in `FetchError.reason`: no path of this machine in it

    Introduced in chapter 1.
    """
    if name in _in_use:
        return
    _in_use.add(name)
    said = (
        f"STAND-IN DATA for {name}",
        f"The real set is not here: {reason}.",
        "What follows is drawn by a generator: every step runs, but no number says anything about real tissue.",
        "To get the real set, set UNET_TEACH_DATA to a folder that holds it. Where there is a network, the Python that "
        "has the course's package fills one:",
        "    python -m unet_teach.data fetch FOLDER",
        "Then restart the kernel: until then this notebook examines no claim.",
    )
    print("+" + "-" * WIDTH + "+")
    for paragraph in said:
        for line in textwrap.wrap(paragraph, WIDTH - 2):
            print(f"| {line:{WIDTH - 2}} |")
    print("+" + "-" * WIDTH + "+")


def standins_in_use() -> frozenset[str]:
    """Name the sets that a stand-in has replaced in this process.

    `claim` examines nothing while there is one, and `make notebooks` refuses to store what one made.
    """
    return frozenset(_in_use)
