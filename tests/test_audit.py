"""`make audit`: holes are named, explained ones do not count, and no answer is not a good answer."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import audit

SOUND = {"name": "numpy", "version": "2.4.6", "vulns": []}
HOLE = {"name": "pillow", "version": "9.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["9.1"]}]}
SKIPPED = {"name": "ours", "skip_reason": "not found"}


def test_every_pin_is_asked_about_once():
    pins = audit.pins()
    assert len(pins) == len(set(pins)) > 200
    assert all(pin.count("==") == 1 for pin in pins)
    assert any(pin.startswith("torch==") for pin in pins)


def test_a_hole_fails_and_is_named():
    words, status = audit.report([SOUND, HOLE, SKIPPED])
    assert status == 1
    assert "pillow 9.0: PYSEC-1, mended in 9.1" in words
    assert "2 of 3 packages looked up, 1 holes" in words


def test_an_explained_hole_is_shown_and_does_not_count(monkeypatch):
    monkeypatch.setitem(audit.EXPLAINED, "PYSEC-1", "no picture from elsewhere is opened")
    words, status = audit.report([SOUND, HOLE])
    assert status == 0
    assert "explained: no picture from elsewhere" in words


def test_sound_packages_pass_and_no_answer_does_not():
    assert audit.report([SOUND])[1] == 0
    words, status = audit.report([SKIPPED])
    assert status == 2
    assert "Nothing could be looked up" in words
