"""Show a figure, or the live thing in its place: the notebook's side of what can be touched."""

import base64
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import pyplot as plt
from numpy.typing import ArrayLike

if TYPE_CHECKING:
    from anywidget import AnyWidget

FOLDER = Path(__file__).parent
Answer = Callable[[dict[str, Any], list[memoryview]], tuple[dict[str, Any], list[bytes]]]
VIEW = "application/vnd.jupyter.widget-view+json"
NOT_HERE = (
    "This figure can be touched: run `%pip install anywidget` in a cell, load the page again, and run this cell again."
)


def module_of(name: str) -> Path:
    """Name the file of a thing to touch; the `ValueError` for a name that is none lists the names there are.

    Introduced in chapter 1.
    """
    names = sorted(path.stem for path in FOLDER.glob("*.js"))
    if name not in names:
        raise ValueError(f"there is nothing to touch named {name!r}; there are {', '.join(names)}")
    return FOLDER / f"{name}.js"


def grey_picture(name: str, image: ArrayLike, black: float = 0, white: float = 255) -> dict[str, Any]:
    """Pack a picture for a thing to touch: 256 greys, from the value drawn black to the one drawn white.

    Parameters
    ----------
    name : what the reader chooses it by
    image : (H, W) numbers

    Raises
    ------
    ValueError
        If the image is no grid of numbers, or black is not below white.

    Introduced in chapter 1.
    """
    grid = np.asarray(image, dtype=float)
    if grid.ndim != 2 or not grid.size or not np.isfinite(grid).all():
        raise ValueError(f"the picture {name!r} must be a grid of numbers, one grey channel, got shape {grid.shape}")
    if not black < white:
        raise ValueError(f"black must lie below white, got {black} and {white}")
    greys = np.clip((grid - black) / (white - black) * 255, 0, 255).round().astype(np.uint8)
    height, width = grid.shape
    return {"name": name, "width": width, "height": height, "grey": base64.b64encode(greys.tobytes()).decode()}


def widget(name: str, answer: Answer | None = None, **values: Any) -> "AnyWidget":
    """Make the live thing, which needs anywidget; its values are those that the module asks `model.get` for.

    answer : what to reply to each message of the module: its content and its buffers -> content and buffers

    Introduced in chapter 1.
    """
    import anywidget
    import traitlets

    parts: dict[str, Any] = {key: traitlets.Any(value).tag(sync=True) for key, value in values.items()}
    parts["_esm"] = module_of(name).read_text(encoding="utf-8")
    parts["_css"] = (FOLDER / "touch.css").read_text(encoding="utf-8")
    live = type("Touch", (anywidget.AnyWidget,), parts)()
    if answer is not None:
        live.on_msg(lambda _, content, buffers: live.send(*answer(content, buffers)))
    return live


def touch(name: str, answer: Answer | None = None, **values: Any) -> None:
    """Show the current figure, as `plt.show()` does; in a notebook with anywidget the thing to touch after it.

    Parameters
    ----------
    name : of the thing, such as "filter-lab"
    answer : where the kernel computes for it: the content and the buffers of its message -> those of the reply
    values : what it begins with, of types that JSON has: pictures from `grey_picture`, numbers, texts

    JupyterLab hides the figure while the thing lives. It is what is seen where nothing can be touched: on paper,
    without anywidget, and in a notebook that is opened again, where of a thing alone an error would be left.

    Raises
    ------
    ValueError
        If there is no such thing.

    Introduced in chapter 1.
    """
    module_of(name)
    shell = None
    if "IPython" in sys.modules:
        from IPython import get_ipython

        shell = get_ipython()
    if shell is None:
        plt.show()
        return
    from IPython.display import display

    figure = plt.gcf()
    data, metadata = shell.display_formatter.format(figure)
    plt.close(figure)
    display(data, metadata=metadata, raw=True)
    if importlib.util.find_spec("anywidget") is None:
        print(NOT_HERE)
        return
    bundle: Any = widget(name, answer, **values)._repr_mimebundle_()
    view, more = bundle  # in Colab with the address of its manager of widgets, which anywidget has switched on
    display({VIEW: view[VIEW]}, metadata=more, raw=True)
