"""The whole course in one PDF: `make pdf`, from the built site, printed by the Chromium of this machine.

`combine.py` makes one page of many, in which links between them still lead; `printing.py` prints it and looks at what
came out; `__main__.py` does so twice, since the page numbers of the contents are known only after the first time.
"""
