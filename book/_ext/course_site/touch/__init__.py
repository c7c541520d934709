"""Things to touch: a cell whose metadata has `touch: NAME` gets a button, which fetches the module when pressed.

The modules are those of the package, `unet_teach/course/touch/NAME.js`, copied as they are. The first line of each
names it and says what one can do: `// Filter lab: Slide a window over a picture.` Where pages begin with different
things, `touch_with` names which.
"""

import gzip
import json
import re
import shutil
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

from .values import FILES, LIBRARIES, VALUES

MODULES = Path("unet_teach", "course", "touch")
FIRST_LINE = re.compile(r"// (?P<name>[^:\n]+): (?P<does>.+\.)\n")


def described(root: Path, name: str) -> tuple[str, str]:
    """Return a thing's name and what one can do with it, from the first line of its module."""
    file = root / MODULES / f"{name}.js"
    line = FIRST_LINE.match(file.read_text(encoding="utf-8")) if file.is_file() else None
    if line is None:
        raise ExtensionError(f"a cell has touch: {name}, and {file} with a first line `// Name: what one can do.` not")
    return line["name"], line["does"]


def place(root: Path, name: str, chosen: str = "") -> str:
    """Write where a thing goes: what stands there without JavaScript, for the script to put a button before."""
    title, does = described(root, name)
    begins = f"{name}-{chosen}" if chosen else name
    if chosen and begins not in FILES:
        raise ExtensionError(f"a cell has touch: {name} and touch_with: {chosen}, which touch/values.py does not know")
    values = f' data-values="touch/{begins}.json"' if begins in VALUES or begins in FILES else ""
    return (
        f'<div class="touch" data-touch="{name}" data-name="{escape(title)}"{values}>'
        f"<p><strong>{escape(title)}.</strong> {escape(does)}"
        "<noscript> The button that starts it needs JavaScript.</noscript></p></div>"
    )


class PlaceTouch(SphinxPostTransform):
    """Put the place of a thing behind the figure of its cell."""

    default_priority = 195  # after the cells are shortened
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Look at every cell of the page."""
        for cell in self.document.findall(nodes.container):
            said = cell.get("cell_metadata") or {}
            if cell.get("nb_element") == "cell_code" and said.get("touch"):
                text = place(Path(self.app.srcdir), said["touch"], said.get("touch_with", ""))
                cell += nodes.raw("", text, format="html")


def load(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], tree: nodes.document | None) -> None:
    """Load script and style on the pages that have something to touch."""
    if 'class="touch"' in context.get("body", ""):
        app.add_js_file("touch.js", loading_method="defer")
        app.add_css_file("touch/touch.css")


def copy(app: Sphinx, error: Exception | None) -> None:
    """Copy the modules, what they begin with, and the libraries that they load."""
    if error or app.builder.name != "html":
        return
    root, target = Path(app.srcdir), Path(app.outdir, "_static", "touch")
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted((root / MODULES).glob("*.*s")):  # .js and .css
        shutil.copy(path, target)
    for name, values in VALUES.items():
        (target / f"{name}.json").write_text(json.dumps(values(root)), encoding="utf-8")
    for name, made in FILES.items():
        begins, files = made(root)
        (target / f"{name}.json").write_text(json.dumps(begins), encoding="utf-8")
        for file, content in files.items():
            (target / file).write_bytes(content)
    for source, name in LIBRARIES.items():
        if not (root / source).is_file():
            raise ExtensionError(f"{source} is missing: run `make book`, or `npm ci` in the folder book/")
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".gz"):  # servers leave these large files as they are; what loads them unpacks them
            (target / name).write_bytes(gzip.compress((root / source).read_bytes(), mtime=0))
        else:
            shutil.copy(root / source, target / name)


def setup(app: Sphinx) -> None:
    """Place, load, copy."""
    app.add_post_transform(PlaceTouch)
    app.connect("html-page-context", load)
    app.connect("build-finished", copy)
