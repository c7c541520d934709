"""What pages and slides load from npm's folder, copied into the site: nothing is asked of another host."""

import shutil
from pathlib import Path

# One script that turns TeX into HTML, its fonts, and the TeX extensions it fetches when a formula needs one.
MATHJAX = ["tex-chtml.js", "output/chtml/fonts/woff-v2", "input/tex/extensions"]
REVEAL = ["dist/reset.css", "dist/reveal.css", "dist/reveal.js", "plugin/notes/notes.js"]


def copy_mathjax(source: Path, target: Path) -> None:
    """Copy the parts of MathJax."""
    for part in MATHJAX:
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part, dirs_exist_ok=True)
        else:
            shutil.copy(source / part, target / part)


def copy_reveal(source: Path, target: Path) -> None:
    """Copy the parts of reveal.js, flat."""
    target.mkdir(parents=True, exist_ok=True)
    for part in REVEAL:
        shutil.copy(source / part, target)
