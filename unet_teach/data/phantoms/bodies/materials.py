"""What a torso is made of: the name that each material goes by in the label map, and its Hounsfield units.

Fat is -190 to -30 HU and muscle -29 to 150 by the usual rule (Yoshizumi et al. 1999; Aubrey et al. 2014). Visceral fat
was -94 HU on average in 3,198 people, fat under the skin denser by a few HU less, both lower in heavier people
(Rosenquist et al. 2013). Muscle gets darker as fat grows into it. The rest is what textbooks give without and with
contrast agent. None of it was measured on a scan that this course examines anything on.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unet_teach.data.phantoms.bodies.outline import MEAN_SHAPE, Build

# The number of each name in the label map. The three tissues have the names of TotalSegmentator's `tissue_types`.
TORSO_LABELS = {
    "background": 0,
    "subcutaneous_fat": 1,
    "torso_fat": 2,
    "skeletal_muscle": 3,
    "skin": 4,
    "liver": 5,
    "spleen": 6,
    "kidney_right": 7,
    "kidney_left": 8,
    "aorta": 9,
    "inferior_vena_cava": 10,
    "stomach": 11,
    "gallbladder": 12,
    "pancreas": 13,
    "bowel": 14,
    "lung_right": 15,
    "lung_left": 16,
    "heart": 17,
    "vertebrae": 18,
    "ribs": 19,
    "spinal_cord": 20,
    "arms": 21,
}


class Substance(NamedTuple):
    """A row of the table: its label (of a pair the right one), HU without and with contrast agent, texture in HU."""

    label: str
    plain: float
    enhanced: float
    fine: float = 0.0  # standard deviation of what changes over 3 mm
    coarse: float = 0.0  # and over 9 mm


MATERIALS = {
    "air": Substance("background", -1000, -1000),
    "table": Substance("background", -930, -930, 5),
    "cover": Substance("background", -700, -700),
    "shell": Substance("background", 240, 240),
    "skin": Substance("skin", 55, 65),
    "under_skin": Substance("subcutaneous_fat", -105, -105, 6, 7),
    "inner_fat": Substance("torso_fat", -98, -96, 9, 9),
    "wall": Substance("skeletal_muscle", 52, 60, 11, 6),
    "back": Substance("skeletal_muscle", 50, 58, 15, 9),
    "psoas": Substance("skeletal_muscle", 54, 62, 6, 3),
    "plane": Substance("skeletal_muscle", -35, -35, 20),  # fat between the wall's three sheets
    "liver": Substance("liver", 57, 108, 3, 3),
    "liver_vessel": Substance("liver", 42, 145),
    "spleen": Substance("spleen", 48, 118, 3, 2),
    "kidney": Substance("kidney_right", 32, 165, 4, 3),
    "medulla": Substance("kidney_right", 28, 125, 5, 3),
    "aorta": Substance("aorta", 42, 165),
    "cava": Substance("inferior_vena_cava", 38, 130),
    "stomach": Substance("stomach", 40, 75, 4, 3),
    "meal": Substance("stomach", 25, 25, 9, 12),
    "stomach_gas": Substance("stomach", -960, -960),
    "gallbladder": Substance("gallbladder", 9, 9),
    "pancreas": Substance("pancreas", 38, 92, 14, 6),
    "bowel": Substance("bowel", 36, 72, 10, 12),
    "faeces": Substance("bowel", 25, 25, 80, 60),
    "bowel_gas": Substance("bowel", -940, -940),
    "drink": Substance("bowel", 36, 210, 20, 30),  # what the patient drank before the scan
    "lung": Substance("lung_right", -850, -845, 22, 18),
    "lung_vessel": Substance("lung_right", -150, -40),
    "heart": Substance("heart", 42, 120, 3, 6),
    "cortex": Substance("vertebrae", 480, 490, 60),
    "marrow": Substance("vertebrae", 175, 180, 30, 12),
    "disc": Substance("vertebrae", 78, 82, 6),
    "canal": Substance("spinal_cord", 22, 24, 3),
    "rib": Substance("ribs", 430, 430, 50),
    "rib_marrow": Substance("ribs", 150, 150, 25),
    "cartilage": Substance("ribs", 115, 118, 12),
    "arm_skin": Substance("arms", 55, 65),
    "arm_fat": Substance("arms", -105, -105, 5, 3),
    "arm_muscle": Substance("arms", 54, 60, 9, 5),
    "arm_bone": Substance("arms", 750, 750, 40),
    "arm_marrow": Substance("arms", 120, 120, 25),
}
NUMBER = {name: number for number, name in enumerate(MATERIALS)}
PAIRED = ("kidney", "medulla", "lung", "lung_vessel")  # their label on the patient's left is the next number


def brightness(build: Build) -> tuple[NDArray[np.float32], ...]:
    """Return this person's HU, fine and coarse texture of every material.  three arrays (materials,)"""
    rows = np.array([material[1:] for material in MATERIALS.values()], dtype=np.float32)
    grey = rows[:, 0] + np.float32(build.contrast) * (rows[:, 1] - rows[:, 0])
    heavier = build.shape - MEAN_SHAPE
    for name, more in {
        "under_skin": build.fat - 5 * heavier,
        "arm_fat": build.fat - 5 * heavier,
        "inner_fat": build.fat - 7 * heavier,
        "wall": -16 * heavier,
        "back": -24 * heavier,
        "psoas": -12 * heavier,
        "liver": -22 * max(heavier, 0),  # fat in the liver
    }.items():
        grey[NUMBER[name]] += more
    return grey, rows[:, 2], rows[:, 3]
