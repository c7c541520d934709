"""The names of TotalSegmentator's classes, version 2, by number: task `total` for CT, `total_mr` for MR (chapter 20).

A test holds both against the list in the installed package.
"""

from itertools import chain


def _sides(*names: str, first: str = "right") -> list[str]:
    second = "left" if first == "right" else "right"
    return [f"{name}_{side}" for name in names for side in (first, second)]


_ABDOMEN = [
    "spleen",
    *_sides("kidney"),
    *("gallbladder", "liver", "stomach", "pancreas"),
    *_sides("adrenal_gland"),
]
_LOBES = ["upper_lobe_left", "lower_lobe_left", "upper_lobe_right", "middle_lobe_right", "lower_lobe_right"]
_SPINE = ["S1", *(f"L{n}" for n in range(5, 0, -1)), *(f"T{n}" for n in range(12, 0, -1))]
_SPINE += [f"C{n}" for n in range(7, 0, -1)]
_MUSCLES = _sides("gluteus_maximus", "gluteus_medius", "gluteus_minimus", "autochthon", "iliopsoas", first="left")
_HIP = _sides("femur", "hip", first="left")
_ARM = _sides("humerus", "scapula", "clavicula", first="left")
_ILIAC = _sides("iliac_artery", "iliac_vena", first="left")

_TOTAL = chain(
    _ABDOMEN,
    (f"lung_{lobe}" for lobe in _LOBES),
    ["esophagus", "trachea", "thyroid_gland", "small_bowel", "duodenum", "colon", "urinary_bladder", "prostate"],
    _sides("kidney_cyst", first="left"),
    ["sacrum", *(f"vertebrae_{name}" for name in _SPINE), "heart", "aorta", "pulmonary_vein"],
    ["brachiocephalic_trunk", *_sides("subclavian_artery", "common_carotid_artery")],
    _sides("brachiocephalic_vein", first="left"),
    ["atrial_appendage_left", "superior_vena_cava", "inferior_vena_cava", "portal_vein_and_splenic_vein"],
    _ILIAC + _ARM + _HIP,
    ["spinal_cord", *_MUSCLES, "brain", "skull"],
    (f"rib_{side}_{n}" for side in ("left", "right") for n in range(1, 13)),
    ["sternum", "costal_cartilages"],
)
_TOTAL_MR = chain(
    _ABDOMEN,
    _sides("lung", first="left"),
    ["esophagus", "small_bowel", "duodenum", "colon", "urinary_bladder", "prostate", "sacrum", "vertebrae"],
    ["intervertebral_discs", "spinal_cord", "heart", "aorta", "inferior_vena_cava", "portal_vein_and_splenic_vein"],
    _ILIAC + _ARM + _HIP + _MUSCLES,
    ["brain"],
)
TOTAL = dict(enumerate(_TOTAL, start=1))
TOTAL_MR = dict(enumerate(_TOTAL_MR, start=1))
