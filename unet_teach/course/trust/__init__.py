"""Chapter 24's laboratory: a small network for two fats, people it was not made for, and three studies to judge."""

from unet_teach.course.trust.fats import FATS, SCENES, People, areas, dice_of_each, draw_people, people_of, train_fats
from unet_teach.course.trust.studies import COLUMNS, STUDIES, Study, study

__all__ = [
    "COLUMNS",
    "FATS",
    "SCENES",
    "STUDIES",
    "People",
    "Study",
    "areas",
    "dice_of_each",
    "draw_people",
    "people_of",
    "study",
    "train_fats",
]
