"""The one style of every figure in the course."""

import sys

import matplotlib as mpl
from cycler import cycler
from matplotlib import pyplot as plt

# Okabe and Ito's palette, which stays distinct under the common colour-blindnesses, without its yellow, which is too
# faint on white, and its orange, which is as light as the sky blue; neighbours in the list also differ in grey.
BLUE, VERMILLION, GREEN, PINK, SKY, BLACK = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#000000"
COLOURS = [BLUE, VERMILLION, GREEN, PINK, SKY, BLACK]


def use_style() -> None:
    """Set the look of all figures that follow: large type for phones, quiet axes, a palette anyone can read.

    Figures keep a white ground of their own, so that they read the same on a light and on a dark page.

    Introduced in chapter 1, setup.
    """
    if "ipykernel" in sys.modules:  # in a notebook: twice the pixels, shown at the same size, for fine screens
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("retina")
    plt.rcdefaults()
    mpl.rcParams.update(
        {
            "figure.figsize": (6.4, 3.6),
            "figure.dpi": 100,
            "figure.facecolor": "white",
            "figure.constrained_layout.use": True,
            "savefig.facecolor": "white",
            "font.size": 13,
            "axes.titlesize": 13,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.prop_cycle": cycler(color=COLOURS),
            "lines.linewidth": 2,
            "patch.force_edgecolor": True,  # a white edge parts bars that look alike in grey
            "patch.edgecolor": "white",
            "legend.frameon": False,
            "image.cmap": "gray",
            "image.interpolation": "nearest",  # a pixel should look like a pixel
        }
    )
