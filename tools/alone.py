"""Run notebooks as on a stranger's machine: each alone in an empty folder, with nothing beside it but the wheel.

    make alone NB=03                  # with the course's own versions
    make alone NB=03 HOW=--colab      # with those that Colab had: tools/colab.txt, in an environment made for it
    make alone HOW=--offline          # all, without a network, without data: on stand-ins
    make alone HOW=--read-only        # from the checkout's own folder, which nobody may write to

Prints what each took; a notebook fails if a cell does, or if it takes more memory than Binder has, or Colab.
`--offline` and `--read-only` shut the notebook into namespaces of its own, which only Linux has.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from pathlib import Path
from typing import Any

import psutil
from appetite import Appetite

ROOT = Path(__file__).parents[1]
ROOM = {"Binder": 2.0, "Colab": 12.0}  # GB of memory, without paying
Took = dict[str, Any]  # seconds, memory, stand_ins; or failed, and why
INNER = r"""
import fcntl, json, socket, struct, subprocess, sys
from pathlib import Path
notebook, offline, read_only = Path(sys.argv[1]), sys.argv[2] == "1", sys.argv[3]
if offline:  # a new network has a loopback that is down, and the kernel talks to us over it
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fcntl.ioctl(one, 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40))
if read_only:
    subprocess.run(["mount", "--bind", read_only, read_only], check=True)
    subprocess.run(["mount", "-o", "remount,ro,bind", read_only], check=True)
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
LAST = '''
import os
from unet_teach.data import standins_in_use
print(sum(os.times()[:4]), *sorted(standins_in_use()))
'''
book = nbformat.read(notebook, as_version=4)
book.cells.append(nbformat.v4.new_code_cell(LAST))
here = {"metadata": {"path": str(Path.cwd())}}
try:
    NotebookClient(book, timeout=1800, kernel_name="python3", resources=here).execute()
except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
    print(json.dumps({"failed": str(error)[-1500:]}))
else:
    seconds, *stand_ins = "".join(o.get("text", "") for o in book.cells[-1].outputs).split()
    print(json.dumps({"seconds": float(seconds), "stand_ins": stand_ins}))
"""


def environment(folder: Path, colab: bool) -> Path:
    """Make an environment that has every dependency but the package, and return its Python."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    if colab:
        listed = ROOT / "tools" / "colab.txt"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", listed, "nbclient"], check=True)
        return python
    # The environment's own setuptools is older than the one that torch asks for.
    subprocess.run([python, "-m", "pip", "uninstall", "--quiet", "--yes", "setuptools"], check=True)
    where = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    # A .pth file names a plain folder, whose own .pth files, and with them the editable install, do not count.
    Path(where, "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return python


def wheel(folder: Path) -> Path:
    """Build the package's wheel."""
    build = [sys.executable, "-m", "flit_core.wheel", "--outdir", str(folder)]
    subprocess.run(build, check=True, cwd=ROOT, capture_output=True)
    return next(folder.glob("*.whl"))


def run_alone(python: Path, notebook: Path, parcel: Path, offline: bool = False, read_only: bool = False) -> Took:
    """Run one notebook; return what it took, or why it failed."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as cache:
        here = notebook.parent if read_only else Path(folder)
        if not read_only:
            shutil.copy(notebook, here)
            shutil.copy(parcel, here)
        apart = [] if not (offline or read_only) else ["unshare", "-r", "-m", *(["-n"] if offline else [])]
        inner = [str(python), "-c", INNER, str(here / notebook.name), str(int(offline)), str(ROOT) * read_only]
        kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "UNET_TEACH_DATA")}
        if not offline and "UNET_TEACH_DATA" in os.environ:
            kept["UNET_TEACH_DATA"] = os.path.abspath(os.environ["UNET_TEACH_DATA"])
        kept |= {"XDG_CACHE_HOME": cache, "IPYTHONDIR": cache}
        if read_only:
            kept["PYTHONPATH"] = str(ROOT)
        pipe = subprocess.PIPE
        running = subprocess.Popen([*apart, *inner], cwd=here, env=kept, text=True, stdout=pipe, stderr=pipe)
        with Appetite(psutil.Process(running.pid)) as appetite:
            said, error = running.communicate()
    lines = [line for line in said.splitlines() if line.startswith("{")]
    return json.loads(lines[-1]) | {"memory": appetite.gigabytes} if lines else {"failed": error[-1500:]}


def main() -> int:
    parser = argparse.ArgumentParser(description="Run notebooks as on a stranger's machine.")
    parser.add_argument("prefix", nargs="?", default="", help="of a notebook's name, such as 03")
    parser.add_argument("--colab", action="store_true", help="with the versions that Colab had")
    parser.add_argument("--offline", action="store_true", help="without a network, and without data")
    parser.add_argument("--read-only", action="store_true", help="from the checkout, which is read-only")
    given = parser.parse_args()
    notebooks = sorted((ROOT / "notebooks").glob(f"{given.prefix}*.ipynb"))
    if not notebooks:
        print(f"no notebook in notebooks/ starts with {given.prefix!r}", file=sys.stderr)
        return 1
    failed, where = 0, "Colab" if given.colab else "Binder"
    with tempfile.TemporaryDirectory() as folder:
        python = environment(Path(folder, "env"), given.colab)
        parcel = wheel(Path(folder))
        for notebook in notebooks:
            took = run_alone(python, notebook, parcel, given.offline, given.read_only)
            said = f"FAILED\n{took['failed']}" if "failed" in took else summary(took, where)
            failed += "failed" in took or took["memory"] > ROOM[where]
            print(f"{notebook.stem:28s}{said}", flush=True)
    return int(bool(failed))


def summary(took: Took, where: str = "Binder") -> str:
    """Say what a notebook took, and whether it would have had room there."""
    stood_in = f", stand-ins: {', '.join(took['stand_ins'])}" if took["stand_ins"] else ""
    much = f" MORE THAN {where.upper()} HAS" * (took["memory"] > ROOM[where])
    return f"{took['seconds']:4.0f} core-seconds, {took['memory']:.2f} GB{much}{stood_in}"


if __name__ == "__main__":
    sys.exit(main())
