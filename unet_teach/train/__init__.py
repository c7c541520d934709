"""Training: one loop that serves every network of the course. Chapter 3 reads it line by line.

The loop is in `loop`; what it asks of a machine is in `machine`, the file it keeps in `checkpoint`, and the sentences
for what cannot be trained on in `checks`.
"""

from unet_teach.train.loop import History, fit

__all__ = ["History", "fit"]
