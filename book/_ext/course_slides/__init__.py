"""Slides from the chapters' notebooks: `make slides`, or `make book`, which ends with it.

A deck shows what the `slideshow` metadata of a notebook's cells choose, and nothing else:

    {"slideshow": {"slide_type": "slide"}}      a slide begins here; "-" continues it, "fragment" too, at a key press
    {"slideshow": {"slide_type": "notes"}}      for the speaker alone; the prose of a chapter makes good notes
    {"slideshow": {"slide_type": "skip"}}       not in the deck, and so is a cell that says nothing

Three more entries help, all optional: `title` (else the cell's heading, or the last one above it), `text` (Markdown
that takes the place of a cell's prose, or stands beside its figure) and `show` ("output", "code" or "both" of a code
cell; else a figure is shown without its code, and anything else with it).

`cells.py` chooses, `render.py` turns into HTML, `pdf.py` prints, `__main__.py` writes the files.
"""
