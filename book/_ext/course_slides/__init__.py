"""Slides for the chapters and for the talk: `make slides`, or `make book`, which ends with it.

A deck is a file in `book/decks`, with words of its own; its figures are those that the notebooks hold, by cell id:

    cover: {text: ..., notes: ...}
    slides:
      - figure: fig-pills
        title: Eleven pills on Wednesday
        ask: ...
        answer: ...
        notes: ...

`cells.py` reads and checks, `render.py` turns into HTML, `pdf.py` prints, `__main__.py` writes the files.
"""
