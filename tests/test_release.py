"""What a release needs: a tag that is the version, a changelog that knows it, workflows that are well written."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from check_jsonschema import main as check_schema
from click.testing import CliRunner

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import release

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.fixture
def copy(tmp_path):
    for name in ("pyproject.toml", "CITATION.cff", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def write(copy, name, old, new):
    text = (copy / name).read_text(encoding="utf-8")
    assert old in text
    (copy / name).write_text(text.replace(old, new), encoding="utf-8")


def test_the_changelog_begins_with_the_version():
    headings = re.findall(r"^## (\S+),", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == VERSION
    assert len(set(headings)) == len(headings)


def test_a_dated_version_gives_its_notes(copy):
    write(copy, "CHANGELOG.md", f"## {VERSION}, not released yet", f"## {VERSION}, 2027-01-31")
    said = release.notes(f"v{VERSION}", copy)
    assert said.startswith("The first edition.")
    assert "##" not in said


@pytest.mark.parametrize(
    ("tag", "name", "old", "new", "said"),
    [
        ("v9.9.9", "CHANGELOG.md", "Changelog", "Changes", f"the tag is v9.9.9, but pyproject.toml says {VERSION}"),
        (VERSION, "CHANGELOG.md", "Changelog", "Changes", f"tag v{VERSION}"),
        (f"v{VERSION}", "CHANGELOG.md", "Changelog", "Changes", "gives no date"),
        (f"v{VERSION}", "CHANGELOG.md", f"## {VERSION},", "## 0.0.9,", "has no part"),
        (f"v{VERSION}", "CITATION.cff", f"version: {VERSION}", "version: 0.0.9", "CITATION.cff does not say"),
    ],
)
def test_what_cannot_be_released_is_said(copy, tag, name, old, new, said):
    write(copy, name, old, new)
    with pytest.raises(SystemExit, match=re.escape(said)):
        release.notes(tag, copy)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_keeps_the_schema_and_names_what_exists(workflow):
    checked = CliRunner().invoke(check_schema, ["--builtin-schema", "vendor.github-workflows", str(workflow)])
    assert checked.exit_code == 0, checked.output
    text = workflow.read_text(encoding="utf-8")
    plan = yaml.safe_load(text)
    assert plan["permissions"] == {"contents": "read"}  # a job that needs more says so itself
    for job in plan["jobs"].values():
        assert job["timeout-minutes"] <= 90
        for step in job["steps"]:
            assert "@" in step.get("uses", "@")
            if step.get("run", "").startswith("make "):
                words = step["run"].split()[1:]
                assert {word for word in words if "=" not in word and '"' not in word and "-" not in word} <= TARGETS
    for tool in re.findall(r"(?:tools|unet_teach)/[\w/]+\.\w+", text):
        assert (ROOT / tool).exists(), tool
    stages = re.search(r'STAGES="([^"]+)"', text)
    assert set(stages[1].split() if stages else ()) <= TARGETS


def test_three_workflows_build_test_and_publish():
    assert [path.stem for path in WORKFLOWS] == ["check", "pages", "release"]


def test_the_citation_keeps_its_schema_and_version():
    schema = ["--builtin-schema", "vendor.citation-file-format", str(ROOT / "CITATION.cff")]
    assert CliRunner().invoke(check_schema, schema).exit_code == 0
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["version"] == VERSION


def test_wheel_and_source_distribution_hold_the_package(tmp_path):
    line = re.search(r"^dist:.*\n\t(.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[1]
    assert "flit_core.wheel" in line
    assert "build_sdist" in line
    code = "import sys, flit_core.buildapi as flit; flit.build_sdist(sys.argv[1]); flit.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, tmp_path], cwd=ROOT, check=True, capture_output=True)
    (wheel,), (source,) = tmp_path.glob("*.whl"), tmp_path.glob("*.tar.gz")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("unet_teach/")}
    ours = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "unet_teach").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed == ours
    shutil.unpack_archive(source, tmp_path / "source")
    (unpacked,) = (tmp_path / "source").iterdir()
    assert (unpacked / "pyproject.toml").exists()
    assert (unpacked / "unet_teach" / "__init__.py").exists()
