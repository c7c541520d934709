"""Hold each file beside this one against its checksum, and name those that differ: `python check.py`."""

import hashlib
import sys
from pathlib import Path


def differing(folder: Path) -> list[str]:
    """Return what is missing or other than the list of checksums says."""
    wrong = []
    for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        expected, name = line.split("  ", 1)
        path = folder / name
        found = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"
        if found != expected:
            wrong.append(f"{name}: {'missing' if found == 'missing' else 'not as it was packed'}")
    return wrong


if __name__ == "__main__":
    wrong = differing(Path(__file__).resolve().parent)
    print("\n".join(wrong) or "every file is as it was packed")
    sys.exit(bool(wrong))
