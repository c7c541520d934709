"""What things to touch begin with on the site, and which libraries they load: the place to register a new one."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from . import cells, crops, live, scans


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

# What fetches files of its own, too: what it begins with, and the files by name. Where pages begin differently there is
# one each, NAME-CHOSEN.
Made = tuple[dict[str, Any], dict[str, bytes]]
FILES: dict[str, Callable[[Path], Made]] = {
    "filter-lab-gabor": lambda root: (filter_lab(root) | {"preset": "Gabor, odd"}, {}),
    "click-a-cell": cells.click_files,
    "live-unet": live.live_files,
    **{f"volume-viewer-{name}": partial(scans.scan_files, name=name) for name in ("hippocampus", "torso", "brain")},
}

# From the root of the repository to `_static/touch/`; a module finds them below `model.get("site") + "touch/"`.
# One whose name ends in .gz is packed.
ORT = "book/node_modules/onnxruntime-web/dist"
LIBRARIES: dict[str, str] = {
    f"{ORT}/ort.wasm.bundle.min.mjs": "ort.js",
    f"{ORT}/ort-wasm-simd-threaded.wasm": "ort.wasm.gz",
    "unet_teach/course/live/worker.js": "live-worker.js",
    "unet_teach/course/live/live.onnx": "live.onnx",
    "unet_teach/course/live/clicks.onnx": "clicks.onnx",
    "book/node_modules/@niivue/niivue/dist/index.js": "niivue.js",
}
