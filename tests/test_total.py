"""Asking TotalSegmentator: what is missing is said, statistics are off, and a stand-in for the program is obeyed."""

import json
import os

import pytest

from unet_teach.clinic import total

PROGRAM = """#!/bin/sh
echo "$@" > "$TOTALSEG_HOME_DIR/asked"
[ -n "$FAIL" ] && { echo "first line" >&2; echo "no licence" >&2; exit 1; }
while [ "$1" != "-o" ]; do shift; done
cat "$TOTALSEG_HOME_DIR/config.json" > "$2"
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("TOTALSEG_HOME_DIR", str(tmp_path / "home"))
    monkeypatch.delenv("TOTALSEG_WEIGHTS_PATH", raising=False)
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/bin{os.pathsep}/usr/bin")
    return tmp_path / "home"


def install(home, weights=True):
    program = home.parent / "bin" / total.PROGRAM
    program.write_text(PROGRAM, encoding="utf-8")
    program.chmod(0o755)
    for dataset in total.WEIGHTS.values() if weights else ():
        (home / "nnunet" / "results" / f"{dataset}_and_more").mkdir(parents=True)


def test_what_is_missing_is_said(home):
    assert "not installed" in total.why_not_total()
    install(home, weights=False)
    assert "weights of total_mr" in total.why_not_total("total_mr")
    install(home)
    assert total.why_not_total("total_mr") == total.why_not_total() == ""
    with pytest.raises(ValueError, match="total and total_mr"):
        total.why_not_total("tissue_types")


def test_statistics_are_off_and_the_rest_stays(home):
    total.send_no_statistics()
    assert json.loads((home / "config.json").read_text(encoding="utf-8"))["send_usage_stats"] is False
    (home / "config.json").write_text('{"license_number": "mine", "send_usage_stats": true}', encoding="utf-8")
    total.send_no_statistics()
    settings = json.loads((home / "config.json").read_text(encoding="utf-8"))
    assert settings == {"license_number": "mine", "send_usage_stats": False}
    (home / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="damaged"):
        total.send_no_statistics()


def test_the_program_is_asked(home, tmp_path):
    install(home)
    scan = tmp_path / "mr.nii.gz"
    scan.write_bytes(b"scan")
    written = total.run_total(scan, tmp_path / "labels.nii.gz", "total_mr")
    assert '"send_usage_stats": false' in written.read_text(encoding="utf-8")  # when it ran, they were off
    asked = (home / "asked").read_text(encoding="utf-8").split()
    assert asked == ["-i", str(scan), "-o", str(written), "-ta", "total_mr", "-ml", "--fast"]


def test_failures_end_in_a_sentence(home, tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match="no scan"):
        total.run_total(tmp_path / "none.nii.gz", tmp_path / "labels.nii.gz")
    scan = tmp_path / "ct.nii.gz"
    scan.write_bytes(b"scan")
    with pytest.raises(RuntimeError, match="not installed"):
        total.run_total(scan, tmp_path / "labels.nii.gz")
    install(home)
    monkeypatch.setenv("FAIL", "yes")
    with pytest.raises(RuntimeError, match="failed: no licence"):
        total.run_total(scan, tmp_path / "labels.nii.gz")
