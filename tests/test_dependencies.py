"""What a module stands on: names are followed through the folders that re-export them; words are no code."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import dependencies

FILES = {
    "ours/__init__.py": "from ours.scores import dice, surface\n",
    "ours/top.py": "from ours.scores import dice as overlap\nimport numpy\n\ndef f():\n    import ours.late\n",
    "ours/scores/__init__.py": "from ours.scores.areas import dice\nfrom ours.scores.shells import surface\nBEST = 1\n",
    "ours/scores/areas.py": "from ours import base\n",
    "ours/scores/shells.py": "import scipy\n",
    "ours/base.py": "from ours.scores.areas import dice\n",  # in a ring
    "ours/late.py": "",
    "ours/best.py": "from ours.scores import BEST\n",
}


@pytest.fixture
def root(tmp_path):
    for name, code in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(code, encoding="utf-8")
    return tmp_path


def test_a_name_is_followed_to_where_it_is_written_and_no_neighbour_comes_with_it(root):
    assert dependencies.closure("ours.top", root) == {"ours.top", "ours.scores.areas", "ours.base", "ours.late"}


def test_what_a_folder_itself_defines_brings_the_folder(root):
    everything = {"ours.scores", "ours.scores.areas", "ours.scores.shells", "ours.base"}
    assert dependencies.closure("ours.best", root) == {"ours.best"} | everything


def test_a_name_re_exported_twice_is_found(root):
    assert dependencies.home("ours", "surface", root) == "ours.scores.shells"
    assert dependencies.home("ours", "base", root) == "ours.base"


def test_comments_and_docstrings_change_nothing_and_code_does():
    code = 'def f(x):\n    """Add."""\n    return x + 1  # one\n'
    assert dependencies.bare(code) == dependencies.bare('"""New."""\ndef f(x):\n    return (x + 1)\n')
    assert dependencies.bare(code) != dependencies.bare(code.replace("+ 1", "+ 2"))
    assert dependencies.bare('class A:\n    """Only words."""\n') == "class A:\n    pass"
