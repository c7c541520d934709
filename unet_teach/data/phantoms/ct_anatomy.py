"""What lies in the CT phantom's abdomen, and where: one row for each part, painted in this order."""

from typing import NamedTuple

import numpy as np


class Part(NamedTuple):
    """An ellipse of tissue: place and size in pixels, turn in degrees, mean and sd of its Hounsfield units."""

    name: str
    row: float
    column: float
    half_height: float
    half_width: float
    turn: float
    hu: float
    texture: float

    def jittered(self, rng: np.random.Generator) -> "Part":
        """Move and resize it a little, as people differ."""
        row, column = rng.normal((self.row, self.column), 1.5)
        high, wide = (self.half_height, self.half_width) * rng.normal(1, 0.03, 2)
        return self._replace(row=row, column=column, half_height=high, half_width=wide)


# The patient lies on the back and is seen from the feet: the patient's right is on the left.
BACK = (
    Part("erector spinae, right", 385, 205, 26, 60, -2, 44, 9),
    Part("erector spinae, left", 385, 316, 26, 60, 2, 44, 9),
    Part("multifidus, right", 383, 241, 24, 17, 10, 38, 22),
    Part("multifidus, left", 383, 275, 24, 17, -10, 38, 22),
    Part("spinous process", 390, 259, 24, 4, 0, 520, 50),
    Part("rib, right", 300, 94, 12, 3, 8, 420, 60),
    Part("rib, left", 296, 436, 11, 3, -8, 400, 60),
)
IN_CAVITY = (
    Part("liver", 224, 150, 74, 40, 12, 64, 4),
    Part("liver", 192, 160, 42, 38, 30, 64, 4),
    Part("gallbladder", 186, 186, 26, 16, -5, 18, 2),
    Part("spleen", 232, 420, 40, 15, -10, 52, 4),
    Part("pancreas", 246, 234, 13, 40, -4, 38, 14),
    Part("pancreas", 256, 286, 9, 26, 14, 38, 14),
    Part("stomach", 184, 262, 21, 38, -24, 46, 5),
    Part("duodenum", 207, 216, 29, 25, 0, 44, 5),
    Part("its gas", 203, 213, 20, 17, -20, -960, 3),
    Part("colon, hepatic flexure", 264, 205, 13, 10, 0, 40, 5),
    Part("its contrast agent", 265, 205, 8, 6, 0, 280, 90),
    Part("transverse colon", 178, 352, 18, 27, 5, 45, 5),
    Part("its contrast agent", 181, 352, 13, 21, 5, 430, 110),
    Part("its gas", 174, 344, 6, 9, 0, -940, 5),
    Part("its gas", 173, 362, 5, 6, 0, -900, 5),
    Part("jejunum", 212, 322, 14, 34, 12, 62, 22),
    Part("jejunum", 238, 352, 17, 30, -35, 80, 45),
    Part("its contrast agent", 240, 354, 8, 22, -35, 170, 90),
    Part("jejunum", 266, 330, 13, 28, 8, 55, 18),
    Part("jejunum", 256, 380, 19, 18, 0, 70, 30),
    Part("its contrast agent", 260, 380, 12, 13, 0, 330, 120),
    Part("its gas", 249, 377, 6, 11, 0, -930, 5),
    Part("jejunum", 212, 376, 15, 17, 0, 46, 8),
    Part("its gas", 210, 376, 10, 13, 0, -950, 5),
    Part("descending colon", 284, 404, 18, 12, 10, 45, 5),
    Part("its contrast agent", 286, 404, 13, 8, 10, 400, 70),
    Part("vena cava", 274, 230, 12, 15, 0, 46, 3),
    Part("aorta", 270, 262, 13, 13, 0, 44, 3),
    Part("its calcification", 273, 273, 3, 1.6, 0, 600, 0),
    Part("kidney, right", 304, 160, 41, 32, 18, 30, 6),
    Part("its sinus", 304, 170, 15, 9, 12, -70, 25),
    Part("its pelvis", 304, 172, 7, 4, 0, 14, 6),
    Part("kidney, left", 316, 358, 40, 31, -16, 30, 6),
    Part("its sinus", 316, 348, 15, 9, -12, -70, 25),
    Part("its pelvis", 316, 346, 7, 4, 0, 14, 6),
    Part("psoas, right", 324, 205, 32, 16, -6, 50, 6),
    Part("psoas, left", 324, 311, 32, 16, 6, 50, 6),
    Part("quadratus lumborum, right", 355, 178, 10, 24, 14, 46, 8),
    Part("quadratus lumborum, left", 356, 338, 10, 24, -14, 46, 8),
    Part("transverse process, right", 358, 222, 5, 22, 14, 430, 60),
    Part("transverse process, left", 358, 295, 5, 22, -14, 430, 60),
    Part("vertebral arch", 348, 258, 24, 25, 0, 400, 110),
    Part("vertebral body", 312, 258, 31, 32, 0, 430, 70),
    Part("its marrow", 311, 258, 27, 28, 0, 185, 45),
    Part("vertebral canal", 348, 258, 12, 15, 0, 28, 4),
)
