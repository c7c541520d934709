"""Chapter 21's laboratory: its comparison, shape by shape, and its exam, which is opened once."""

from unet_teach.course.body.exam import examine_tissue, read_exam
from unet_teach.course.body.shapes import by_shape, fat_dice, show_crossing

__all__ = ["by_shape", "examine_tissue", "fat_dice", "read_exam", "show_crossing"]
