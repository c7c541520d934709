"""`make audit`: holes are named, explained ones do not count, and no answer is not a good answer."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import advisories
import audit
import pytest
from packaging.version import Version

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


OLD = """
id: PYSEC-1
modified: '2024-05-01T00:00:00Z'
affected:
- package: {name: Some.Package, ecosystem: PyPI}
  ranges:
  - type: GIT
    events: [{introduced: '0'}, {fixed: 0123abc}]
  - type: ECOSYSTEM
    events: [{introduced: '1.2'}, {fixed: '1.10'}]
- package: {name: other, ecosystem: PyPI}
  ranges:
  - type: ECOSYSTEM
    events: [{introduced: '0'}]
"""
LISTED = """
id: PYSEC-2
modified: 2024-06-02T00:00:00Z
affected:
- package: {name: some-package, ecosystem: PyPI}
  versions: ['0.9', 2004d, '2.0']
"""
TAKEN_BACK = "id: PYSEC-3\nwithdrawn: 2024-01-01\n" + OLD.partition("PYSEC-1\n")[2]


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "vulns" / "some-package"
    folder.mkdir(parents=True)
    for number, text in enumerate((OLD, LISTED, TAKEN_BACK), 1):
        (folder / f"PYSEC-{number}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("version", "holes"),
    [("0.9", ["PYSEC-2"]), ("1.0", []), ("1.2", ["PYSEC-1"]), ("1.9", ["PYSEC-1"]), ("1.10", []), ("2.0", ["PYSEC-2"])],
)
def test_a_copy_of_the_database_is_asked_by_version_and_says_its_age(copy, version, holes):
    found, age = advisories.look_up([f"Some_Package=={version}", "sound==1.0"], copy)
    assert [[hole["id"] for hole in one["vulns"]] for one in found] == [holes, []]
    assert "2024-06-02" in age
    words, status = audit.report(found)
    assert status == bool(holes)
    assert "2 of 2 packages looked up" in words


def test_a_last_affected_release_is_affected_and_the_next_is_not():
    events = [{"introduced": "1.0"}, {"last_affected": "1.4"}, {"introduced": "2.0"}]
    inside = [advisories.in_range(Version(version), events) for version in ("0.9", "1.0", "1.4", "1.5", "2.1")]
    assert inside == [False, True, True, False, True]


def test_another_folder_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="give a checkout"):
        advisories.look_up(["numpy==2.0"], tmp_path)


def test_the_explained_hole_of_numexpr_is_closed():
    numexpr = pytest.importorskip("numexpr")
    with pytest.raises(ValueError, match="forbidden"):
        numexpr.evaluate("__import__('os').getcwd()")
