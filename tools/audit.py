"""Ask the Python Packaging Advisory Database whether a pinned package has a known hole.

    make audit                        # with a network that lets Python's package index through
    make audit DATABASE=FOLDER        # in a checkout of github.com/pypa/advisory-database, without one

The tool that asks, pip-audit, is installed into an environment that is thrown away. What is known and does no harm here
stands in `EXPLAINED`, with the reason; anything else fails the run. So does a run in which nothing could be looked up.
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PINS = ("book/requirements.txt", "requirements.txt", "tests/requirements.txt", "tests/requirements-alone.txt")
EXPLAINED = {  # number of an advisory -> why it does no harm here
    "PYSEC-2023-163": (
        "the entry names no release that mends it, but the pinned one refuses such an expression, as a test holds; it "
        "comes with nnU-Net's storage into the tests' environment alone, where nothing gives it a text from elsewhere"
    ),
}


def pins() -> list[str]:
    """List every pin of the course, each once."""
    lines = [line for name in PINS for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    return sorted({line.partition(" ")[0] for line in lines if "==" in line and not line.startswith("#")})


def report(found: list[dict[str, Any]]) -> tuple[str, int]:
    """Put into words what pip-audit found, a dictionary a package; return the exit status, too."""
    asked = [package for package in found if "skip_reason" not in package]
    if not asked:
        return "Nothing could be looked up: is there a network that lets Python's package index through?", 2
    holes = [(package, hole) for package in asked for hole in package["vulns"]]
    lines = []
    for package, hole in holes:
        mended = ", ".join(hole["fix_versions"]) or "no release"
        why = f" (explained: {EXPLAINED[hole['id']]})" if hole["id"] in EXPLAINED else ""
        lines.append(f"{package['name']} {package['version']}: {hole['id']}, mended in {mended}{why}")
    open_ones = [hole for _, hole in holes if hole["id"] not in EXPLAINED]
    lines.append(f"{len(asked)} of {len(found)} packages looked up, {len(open_ones)} holes that nothing explains")
    return "\n".join(lines), int(bool(open_ones))


def asked_online() -> int:
    """Have pip-audit ask the package index about every pin."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(Path(folder, "env"), with_pip=True)
        python = Path(folder, "env", "bin", "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "pip-audit"], check=True)
        listed = Path(folder, "pins.txt")
        listed.write_text("\n".join(pins()), encoding="utf-8")
        ask = [str(python), "-m", "pip_audit", "-r", str(listed), "--no-deps", "--disable-pip"]
        done = subprocess.run([*ask, "--progress-spinner", "off", "-f", "json"], capture_output=True, check=False)
    try:
        words, status = report(json.loads(done.stdout)["dependencies"])
    except (ValueError, KeyError):
        words, status = f"pip-audit said nothing that can be read:\n{done.stderr.decode(errors='replace')[-1000:]}", 2
    print(words)
    return status


def main() -> int:
    if len(sys.argv) < 2:
        return asked_online()
    from advisories import look_up  # reads YAML, which a bare Python cannot

    found, age = look_up(pins(), Path(sys.argv[1]))
    words, status = report(found)
    print(words, age, sep="\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
