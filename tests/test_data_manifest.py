import subprocess
import sys
from collections import Counter

import pytest

from unet_teach.data import SETS
from unet_teach.data.manifest import read_manifest


def test_the_seven_sets_are_complete():
    assert {name: len(dataset.files) for name, dataset in SETS.items()} == {
        "isbi2012_em": 60,
        "usiigaci": 41,
        "hippocampus": 200,
        "brats2015": 30,
        "totalsegmentator": 10,
        "fatsegmentation": 3,
        "vnc_sstem": 30,
    }


def test_every_set_says_on_whose_terms_and_whom_to_cite():
    for name, dataset in SETS.items():
        assert dataset.name == name
        for fact in (dataset.description, dataset.terms, dataset.citation):
            assert fact == fact.strip() != ""
            assert "  " not in fact


def test_every_file_is_pinned():
    for dataset in SETS.values():
        assert max(Counter(file.path for file in dataset.files).values()) == 1
        for file in dataset.files:
            assert len(file.sha256) == 64
            assert set(file.sha256) <= set("0123456789abcdef")
            assert file.bytes > 0
            assert file.url.startswith("https://raw.githubusercontent.com/")
            assert len(file.url.split("/")[5]) == 40  # a commit, not a branch that moves
            assert not file.path.startswith("/")
            assert ".." not in file.path.split("/")


def test_the_data_modules_do_not_need_torch():
    code = "import sys, unet_teach.data; print('torch' in sys.modules, 'matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_a_notebook_without_ipywidgets_is_not_warned_about_a_bar_that_the_course_never_shows():
    code = "import sys, ipykernel.zmqshell; sys.modules['ipywidgets'] = None; import unet_teach.data"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""


ROW = "set\tpath\tbytes\tsha256\turl\na\t{path}\t{size}\t{sha}\t{url}\n"
FACTS = '[a]\ndescription = "A."\nterms = "none"\ncitation = "nobody"\n'
RIGHT = {"path": "images/1.png", "size": "7", "sha": "0" * 64, "url": "https://example.org/1.png"}


def test_a_list_is_read():
    assert read_manifest(FACTS, ROW.format(**RIGHT))["a"].files[0].path == "images/1.png"


@pytest.mark.parametrize(
    "wrong",
    [
        {"path": "../elsewhere.png"},
        {"path": "images/../../elsewhere.png"},
        {"path": "/elsewhere.png"},
        {"path": "C:\\elsewhere.png"},
        {"path": ""},
        {"size": "-1"},
        {"size": "many"},
        {"sha": "0" * 63},
        {"url": "file:///elsewhere"},
    ],
)
def test_a_path_outside_the_set_and_damaged_rows_are_refused(wrong):
    with pytest.raises(ValueError, match="the list of the data sets is damaged"):
        read_manifest(FACTS, ROW.format(**RIGHT | wrong))
