"""What things to touch begin with on the site, and which libraries they load: the place to register a new one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import crops


def filter_lab(root: Path) -> dict[str, Any]:
    """Return crops of an EM section and of the CT, as far as they are here; the module draws what is missing."""
    section, slice_ = crops.em_section(root, 24), crops.ct_slice(root)
    pictures = []
    if section:
        pictures.append(crops.packed("EM section", section, (150, 150), 96))
    if slice_:
        pictures.append(crops.packed("CT slice", slice_, (60, 60), 128, every=3))
    return {"pictures": pictures}


VALUES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "filter-lab": filter_lab,
}

# From the root of the repository to `_static/touch/`; a module finds them below `model.get("site") + "touch/"`.
LIBRARIES: dict[str, str] = {}
