"""The memory of a program and all that it starts: together, and at its peak."""

import subprocess
import sys
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from appetite import Appetite

# Two processes of a process, of 200 and 150 MB, at once or one after the other; between them and us nothing large.
HELD = "import time; held = b'x' * {} * 10**6; time.sleep(1.5)"
TWO = """
import subprocess, sys
both = [[sys.executable, "-c", code] for code in {codes}]
if {together}:
    for running in [subprocess.Popen(line) for line in both]:
        running.wait()
else:
    for line in both:
        subprocess.run(line)
"""


def taken(together):
    code = TWO.format(codes=[HELD.format(200), HELD.format(150)], together=together)
    with Appetite() as appetite:
        subprocess.run([sys.executable, "-c", code], check=True)
    return appetite.gigabytes


def test_what_runs_at_once_is_added_and_what_does_not_is_not():
    assert 0.35 < taken(together=True) < 0.45
    assert 0.2 < taken(together=False) < 0.28


def test_a_process_that_has_gone_takes_nothing():
    ended = subprocess.Popen([sys.executable, "-c", ""])
    process = psutil.Process(ended.pid)
    ended.wait()
    with Appetite(process) as appetite:
        appetite.look()
    assert appetite.gigabytes == 0
