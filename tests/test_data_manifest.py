import subprocess
import sys
from collections import Counter

from unet_teach.data import SETS


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
