"""Things to touch: one ES module each, `NAME.js` beside this file, for a notebook and for a page of the site.

In a notebook `touch` shows a figure and, where anywidget is there, the live thing after it. The site runs the same
file when its button is pressed. Nothing of it is stored: a notebook keeps the figure.
"""

from unet_teach.course.touch.show import FOLDER, VIEW, grey_picture, module_of, touch, widget

__all__ = ["FOLDER", "VIEW", "grey_picture", "module_of", "touch", "widget"]
