"""Look pins up in a copy of the Python Packaging Advisory Database, where the index itself cannot be asked.

The copy is a checkout of github.com/pypa/advisory-database: a folder `vulns/PACKAGE/` a package, a YAML file an
advisory, in the format of OSV (ossf.github.io/osv-schema). It knows nothing of what was found later: its age is said.
"""

import datetime
import re
from pathlib import Path
from typing import Any

import yaml
from packaging.version import InvalidVersion, Version

Advisory = dict[str, Any]


def canonical(name: str) -> str:
    """Return a package's name as the database writes it (PEP 503): small letters, one hyphen."""
    return re.sub(r"[-_.]+", "-", name).lower()


def in_range(version: Version, events: list[dict[str, str]]) -> bool:
    """Follow the events of a range in their order: introduced, fixed, or the last that is affected."""
    inside = False
    for event in events:
        ((kind, at),) = event.items()
        reached = at == "0" or version >= Version(at)
        if kind == "introduced" and reached:
            inside = True
        elif (kind == "fixed" and reached) or (kind == "last_affected" and version > Version(at)):
            inside = False
    return inside


def affected(advisory: Advisory, name: str, version: Version) -> tuple[bool, list[str]]:
    """Return whether a release has the hole, and in which it is mended."""
    hit, mended = False, list[str]()
    for entry in advisory.get("affected", []):
        if canonical(entry["package"]["name"]) != name:
            continue
        for span in entry.get("ranges", []):
            if span["type"] == "ECOSYSTEM":
                hit |= in_range(version, span["events"])
                mended += [event["fixed"] for event in span["events"] if "fixed" in event]
        for listed in map(str, entry.get("versions", [])):
            try:
                hit |= Version(listed) == version
            except InvalidVersion:  # a release from before such rules; no pin is one
                continue
    return hit, mended


def look_up(pins: list[str], copy: Path) -> tuple[list[dict[str, Any]], str]:
    """Look up each pin, as pip-audit would answer, and say how old the copy is.

    Raises
    ------
    SystemExit
        If the folder is no copy of the database.
    """
    if not (copy / "vulns").is_dir():
        raise SystemExit(f"{copy} has no folder vulns/: give a checkout of github.com/pypa/advisory-database")
    found, newest = [], ""
    read = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for pin in pins:
        name, _, version = pin.partition("==")
        holes = []
        for path in sorted((copy / "vulns" / canonical(name)).glob("*.yaml")):
            advisory = yaml.load(path.read_text(encoding="utf-8"), Loader=read)
            hit, mended = affected(advisory, canonical(name), Version(version))
            if hit and not advisory.get("withdrawn"):
                holes.append({"id": advisory["id"], "fix_versions": mended})
        found.append({"name": name, "version": version, "vulns": holes})
    for path in (copy / "vulns").rglob("*.yaml"):
        modified = re.search(r"^modified: ['\"]?(\d{4}-\d\d-\d\d)", path.read_text(encoding="utf-8"), re.M)
        newest = max(newest, modified[1] if modified else "")
    days = (datetime.datetime.now(tz=datetime.UTC).date() - datetime.date.fromisoformat(newest)).days
    return found, f"The newest entry of this copy is of {newest}, {days} days ago: it knows nothing of later ones."
