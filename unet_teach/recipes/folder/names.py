"""What names of files and folders say: image or mask, which belong together, whose they are (chapter 25)."""

import itertools
import re
import unicodedata

MASK_WORDS = {
    *("mask", "masks", "label", "labels", "annotation", "annotations", "annot", "annotated", "gt", "groundtruth"),
    *("truth", "truths", "seg", "segs", "segmentation", "segmentations", "segmented", "target", "targets", "manual"),
    *("labelstr", "labelsts", "labelsval", "instance", "instances", "instanceids", "outline", "outlines", "roi"),
    *("rois", "maske", "masken", "masque", "masques", "mascara", "labelled", "labeled", "drawing", "drawings"),
    *("annotationen", "etiketten", "labelmap", "labelids", "matte", "mattes", "contour", "contours", "cellmask"),
}
IMAGE_WORDS = {
    *("image", "images", "img", "imgs", "im", "raw", "raws", "picture", "pictures", "photo", "photos", "input"),
    *("inputs", "scan", "scans", "volume", "volumes", "orig", "original", "originals", "imagestr", "source"),
    *("sources", "bild", "bilder", "imagen", "imagenes", "data", "jpegimages", "frames", "slices", "micrographs"),
}
SET_ASIDE = {
    *("imagests", "unlabelled", "unlabeled", "unannotated", "topredict", "predictions", "predicted", "prediction"),
    *("results", "unused", "excluded", "aside", "unlabeledimages", "unlabelledimages", "backup", "old"),
}
PARTS = {
    **dict.fromkeys(("train", "training", "tr"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "held back"),
    **dict.fromkeys(("test", "testing", "ts", "holdout", "heldout"), "held back"),
}
CHANNELS = {
    *("flair", "t1", "t1c", "t1ce", "t1gd", "t1w", "t2", "t2w", "t1n", "t2f", "pd", "adc", "dwi", "swi", "ct", "pet"),
    *("dapi", "gfp", "rfp", "yfp", "cfp", "mcherry", "cy3", "cy5", "fitc", "tritc", "hoechst", "phase", "brightfield"),
}
SUBJECTS = {
    *("patient", "pat", "subject", "subj", "sub", "case", "animal", "mouse", "rat", "donor", "volunteer", "person"),
    *("slide", "embryo", "fish", "specimen", "individual", "participant", "pt", "p", "block", "maus", "tier", "souris"),
}


def plain(name: str) -> str:
    """Return a name as computers differ in writing it: one form of each accent, small letters."""
    return unicodedata.normalize("NFC", name).casefold()


def in_order(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts names as people count: cell_2 before cell_10."""
    words = re.findall(r"\d+|\D+", plain(name))
    return tuple((0, int(word), "") if word.isdigit() else (1, 0, word) for word in words)


def words_of(name: str) -> list[str]:
    """Split a name into its words and numbers: "Img_007-maskA" -> img, 007, mask, a."""
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", unicodedata.normalize("NFC", name))
    return [word.casefold() for word in re.findall(r"\d+|[^\W\d_]+", spaced)]


def says_mask(name: str) -> bool:
    """Tell whether a word of a name says that it is a mask: "ground truth" and "instances_ids" do."""
    return bool(MASK_WORDS & {*words_of(name), "".join(words_of(name))})


def says_image(name: str) -> bool:
    """Tell whether a word of a name says that it is an image."""
    return bool(IMAGE_WORDS & {*words_of(name), "".join(words_of(name))})


def without_ending(stem: str) -> str:
    """Take out an ending that was left inside a name: "a.jpg" of a.jpg.png, "a.tif_mask" of a.tif_mask.png."""
    return re.sub(r"\.(?:tiff?|png|jpe?g|bmp|gif|nii|dcm)(?=$|[ _.-])", "", stem, flags=re.IGNORECASE)


def bare(name: str) -> str:
    """Strip a name of the words that say image or mask: what is left pairs the two."""
    words = words_of(without_ending(name))
    if {"ground", "truth"} <= set(words):
        words.remove("ground")
    paired = zip(words, [*words[1:], ""], strict=True)  # Cellpose writes cp_masks
    words = [word for word, after in paired if not (word == "cp" and after in MASK_WORDS)]
    kept = [word for word in words if word not in MASK_WORDS | IMAGE_WORDS and word != "ids"]
    return "_".join(kept)


def channel_of(stem: str) -> tuple[str, str]:
    """Split what names a channel from a name's end: "scan_3_0001", "patient2-T1ce", "cell_7_ch2"; else ("...", "").

    Returns
    -------
    the name without it, and the channel

    Introduced in chapter 25.
    """
    name = unicodedata.normalize("NFC", stem)
    end = re.fullmatch(r"(.+)_(\d{4})", name) or re.fullmatch(r"(.+?)[ _.-]+(ch\d+|channel\d+)", name, re.IGNORECASE)
    if end is None:
        end = re.fullmatch(r"(.+?)[ _.-]+([^\W_]+)", name)
        if end is None or end[2].casefold() not in CHANNELS:
            return stem, ""
    return end[1], end[2].casefold()


def part_of(folders: tuple[str, ...]) -> str:
    """Say what a folder's name makes of the images in it: "train", "held back", or "" where it does not say."""
    for folder in reversed(folders):
        for word in (plain(folder), *words_of(folder)):
            if word in PARTS:
                return PARTS[word]
    return ""


def is_set_aside(folders: tuple[str, ...]) -> bool:
    """Tell whether images in such a folder are not to be trained on."""
    return any("".join(words_of(folder)) in SET_ASIDE for folder in folders)


def same_but_for_writing(one: str, other: str) -> bool:
    """Tell whether two names differ only in signs, capitals or zeros: "cell_03" and "Cell-3"."""

    def key(name: str) -> list[str]:
        return [word.lstrip("0") or "0" if word.isdigit() else word for word in words_of(name)]

    return key(one) == key(other)


def group_by_name(names: list[str]) -> dict[str, str]:
    """Guess from names which cases are one patient's, or one animal's: name -> group.

    "patient03_slice12" and "patient03_slice13" are one group, "cell_01" and "cell_02" are two: what is repeated must
    hold a number, and something else must differ behind it. Where nothing is repeated, every case is its own group.

    Introduced in chapter 25.
    """
    groups = {}
    for name in names:
        words = words_of(name)
        numbered = [place for place, word in enumerate(words) if word.isdigit()]
        if subject_of(name) and len(numbered) > 1:
            groups[name] = subject_of(name)
        elif len(numbered) > 1:
            groups[name] = "_".join(words[: numbered[-1]])
        else:
            groups[name] = name
    sizes = [list(groups.values()).count(group) for group in set(groups.values())]
    by_word = any(subject_of(name) for name in names)
    if not sizes or max(sizes) < 2 or (not by_word and len(sizes) < 3):
        return {name: name for name in names}
    return groups


def subject_of(name: str) -> str:
    """Return the patient, animal or sample that a name gives by word and number, such as "patient_03", or ""."""
    words = words_of(name)
    pairs = itertools.pairwise(words)
    return next((f"{word}_{number}" for word, number in pairs if word in SUBJECTS and number.isdigit()), "")
