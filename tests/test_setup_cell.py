"""The setup cell: silent where the package is, a wheel where it is not, a clear word where there is neither."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest

import unet_teach

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from alone import environment

ROOT = Path(__file__).parents[1]
BOOK = nbformat.read(sorted((ROOT / "notebooks").glob("*.ipynb"))[0], as_version=4)
SETUP = next(cell.source for cell in BOOK.cells if cell.cell_type == "code")


@pytest.fixture(scope="module")
def colab(tmp_path_factory):
    """Make an environment that has every dependency but not the package, as Colab does."""
    return environment(tmp_path_factory.mktemp("colab") / "env", colab=False)


def run(python, folder, source=SETUP):
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return subprocess.run(
        [python, "-c", source + "\nimport unet_teach; print(unet_teach.__version__)"],
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment | {"PIP_NO_INDEX": "1"},
        check=False,
    )


def test_where_the_package_is_nothing_is_installed(tmp_path):
    done = run(
        sys.executable,
        tmp_path,
        SETUP.replace("if subprocess.run(pip).returncode != 0:", "raise SystemExit(pip)\n    if True:"),
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_without_wheel_and_address_it_says_what_to_do(colab, tmp_path):
    done = run(colab, tmp_path, SETUP.replace(SETUP.split("REPOSITORY = ")[1].split("  #")[0], '""', 1))
    assert done.returncode != 0
    assert "Download its wheel" in done.stderr


@pytest.mark.slow
def test_with_an_address_only_that_address_is_asked(colab, tmp_path):
    asked = SETUP.replace(SETUP.split("REPOSITORY = ")[1].split("  #")[0], '"https://example.invalid/a/b"', 1)
    done = run(
        colab, tmp_path, asked.replace("if subprocess.run(pip).returncode != 0:", "raise SystemExit(pip)\n    if True:")
    )
    assert "unet_teach @ git+https://example.invalid/a/b" in done.stderr


WHEEL = f"unet_teach-{unet_teach.__version__}-py3-none-any"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("downloads", "chosen"),  # in the order in which they came
    [
        ([f"{WHEEL}.whl", f"{WHEEL} (1).whl"], f"{WHEEL} (1).whl"),
        ([f"{WHEEL}(2).whl"], f"{WHEEL}(2).whl"),
        ([f"{WHEEL}-2.whl", f"{WHEEL}.whl"], f"{WHEEL}.whl"),
        (["unet_teach-0.10.0-py3-none-any.whl", "unet_teach-0.9.1-py3-none-any (3).whl"], "unet_teach-0.10.0"),
    ],
)
def test_of_several_wheels_the_newest_is_taken_under_a_name_that_pip_takes(colab, tmp_path, downloads, chosen):
    for date, name in enumerate(downloads):
        (tmp_path / name).write_text(name, encoding="utf-8")
        os.utime(tmp_path / name, (date, date))
    done = run(
        colab, tmp_path, SETUP.replace("if subprocess.run(pip).returncode != 0:", "sys.exit(package)\n    if True:")
    )
    package = Path(done.stderr.strip())
    assert re.fullmatch(r"unet_teach-[\d.]+-py3-none-any\.whl", package.name), done.stderr
    assert package.read_text(encoding="utf-8").startswith(chosen)


@pytest.mark.slow
def test_a_wheel_beside_the_notebook_is_installed_and_nothing_else(colab, tmp_path):
    subprocess.run([sys.executable, "-m", "flit_core.wheel", "--outdir", tmp_path], cwd=ROOT, check=True)
    shutil.copy(tmp_path / f"{WHEEL}.whl", tmp_path / f"{WHEEL} (1).whl")  # as browsers call a second download
    done = run(colab, tmp_path)
    assert done.stdout.strip() == unet_teach.__version__, done.stderr
    own = next((colab.parents[1] / "lib").glob("python*/site-packages"))
    assert {path.name for path in own.glob("*.dist-info")} >= {f"unet_teach-{unet_teach.__version__}.dist-info"}
    assert not [path.name for path in own.iterdir() if path.name.startswith(("torch", "numpy", "scipy"))]
    loads = "from unet_teach.data.manifest import SETS; print(len(SETS))"
    assert subprocess.run([colab, "-c", loads], capture_output=True, text=True, check=True).stdout.strip() == "7"


def test_what_is_optional_is_installed_by_the_chapters_that_need_it():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    installed = set()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.id.startswith("setup-"):
                listed = next(node.iter for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.For))
                installed |= set(ast.literal_eval(listed.func.value).values())
    wanted = {one for name, extra in extras.items() if name != "widgets" for one in extra}  # a figure does without
    assert wanted <= installed, wanted - installed
