"""Pooch, imported without a word.

Its progress bar, which the course does not use, asks for `ipywidgets`, and warns in a notebook that has none.
"""

import warnings

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "IProgress not found")
    import pooch

__all__ = ["pooch"]
