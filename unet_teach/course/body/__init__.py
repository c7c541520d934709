"""Chapter 21's laboratory: its comparison, shape by shape; `exam.py` beside it opens the exam, once."""

from unet_teach.course.body.shapes import by_shape, fat_dice, show_crossing

__all__ = ["by_shape", "fat_dice", "show_crossing"]
