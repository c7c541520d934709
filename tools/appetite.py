"""How much memory a program and all that it starts take together, at their peak: what a machine must have.

A peak of each process by itself would not do: a kernel waits, small, while the processes that it started are large, and
two that never run at once would be added up. So all are looked at together, several times a second. A page of memory
that several share counts once (the proportional set size), where the system says so, as Linux does.
"""

import threading
from types import TracebackType
from typing import Any, Self

import psutil

EVERY = 0.1  # seconds


def memory_of(process: psutil.Process) -> int:
    """Return the bytes that a process takes now; 0 if it has ended."""
    try:
        said: Any = process.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(said, "pss", said.uss))


class Appetite(threading.Thread):
    """Watch everything that a process has started, while the block under `with` runs.

    `gigabytes` is the most that all of it took at once, the process itself left out.
    """

    def __init__(self, process: psutil.Process | None = None) -> None:
        super().__init__(daemon=True)
        self.process = process or psutil.Process()
        self.gigabytes = 0.0
        self._over = threading.Event()

    def look(self) -> None:
        """Add up what runs now, and keep the largest sum."""
        try:
            running = self.process.children(recursive=True)
        except psutil.Error:
            return
        self.gigabytes = max(self.gigabytes, sum(map(memory_of, running)) / 1e9)

    def run(self) -> None:
        """Look until the block is over."""
        while not self._over.wait(EVERY):
            self.look()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self.join()
