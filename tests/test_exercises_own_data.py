"""The checkers of chapter 25 accept what is right, and tell wrong answers apart."""

import folders_to_check as made
import numpy as np
import pytest
from checkers import checker_tests

from unet_teach.course.exercises import own_data as check
from unet_teach.course.own_data import FAULTS, planted, planted_folder, sound_folder
from unet_teach.data import CellFields
from unet_teach.recipes.folder import check_folder


def smeared(mask):
    count = 0
    rows, columns = mask.shape
    for row in range(rows):
        for column in range(columns):
            value, pairs = mask[row, column], []
            if 0 < row < rows - 1:
                pairs.append((mask[row - 1, column], mask[row + 1, column]))
            if 0 < column < columns - 1:
                pairs.append((mask[row, column - 1], mask[row, column + 1]))
            count += any(min(pair) < value < max(pair) for pair in pairs)
    return count


def rows_only(mask):
    left, middle, right = mask[:, :-2], mask[:, 1:-1], mask[:, 2:]
    return (((left < middle) & (middle < right)) | ((left > middle) & (middle > right))).sum()


def sides(groups, held_back):
    return [
        g for g in sorted(set(groups)) if len({h for one, h in zip(groups, held_back, strict=True) if one == g}) > 1
    ]


def rows(length, block, around):
    starts = np.arange(0, length, block)
    stops = np.minimum(starts + block, length)
    return np.stack([starts, stops, np.maximum(starts - around, 0), np.minimum(stops + around, length)], axis=1)


SIZES = {"µm": 1, "mm": 1e3, "cm": 1e4, "inch": 25400}

SOLUTIONS = {
    check.smeared_pixels: [smeared],
    check.both_sides: [sides, lambda groups, held_back: np.array(sides(groups, held_back))],
    check.blocks: [rows, lambda *given: rows(*given).tolist()],
    check.micrometres: [lambda numerator, denominator, unit: SIZES[unit] / (numerator / denominator)],
}

WRONG = {
    check.smeared_pixels: [
        (rows_only, "Only along rows"),
        (lambda mask: rows_only(mask.T), "Only along columns"),
        (lambda mask: rows_only(mask) + rows_only(mask.T), "counts once"),
        (lambda mask: len(np.unique(mask)), "counts values"),
        (lambda mask: ((mask > mask.min()) & (mask < mask.max())).sum(), "class of its own"),
        (lambda mask: 5, "same whatever"),
        (lambda mask: smeared(mask) + 1, "it is"),
    ],
    check.both_sides: [
        (lambda groups, held_back: sorted(set(groups)), "all groups"),
        (lambda groups, held_back: sorted({g for g in groups if groups.count(g) > 1}), "more than one image"),
        (lambda groups, held_back: [g for g in groups if g in sides(groups, held_back)], "For groups"),
        (lambda groups, held_back: sorted(g for g in groups if g in sides(groups, held_back)), "once an image"),
        (lambda groups, held_back: sorted({g for g, h in zip(groups, held_back, strict=True) if h}), "are held back"),
    ],
    check.blocks: [
        (lambda *given: _without_clipping(*given), "must lie in the picture"),
        (lambda *given: rows(*given)[:, [2, 3, 0, 1]], "The order is"),
        (lambda length, block, around: rows(length, block, 0), "pixels more on either side"),
        (lambda *given: rows(*given)[:, :2], "no effect"),
        (lambda *given: rows(*given) + 1, "For length 10"),
    ],
    check.micrometres: [
        (lambda numerator, denominator, unit: SIZES[unit] * numerator / denominator, "upside down"),
        (lambda numerator, denominator, unit: denominator / numerator, "In which unit"),
        (lambda numerator, denominator, unit: SIZES[unit] / numerator, "forgets the denominator"),
        (lambda numerator, denominator, unit: numerator / denominator, "pixels per unit"),
        (lambda numerator, denominator, unit: SIZES[unit] * denominator / numerator + 1, "µm a pixel"),
        (lambda numerator, denominator, unit: denominator // numerator * SIZES[unit], "divide with `/`"),
        (lambda numerator, denominator, unit: round(SIZES[unit] * denominator / numerator, 2), "Rounded, it is right"),
    ],
}


def _without_clipping(length, block, around):
    found = rows(length, block, around)
    found[:, 2], found[:, 3] = found[:, 0] - around, found[:, 1] + around
    return found


TestCheckers = checker_tests(SOLUTIONS, WRONG)


def fields(split):
    """Twelve large fields, patched together."""
    images, instances = [], []
    for field in range(12):
        tiles = [made.objects(9 * field + number, (280, 240)) for number in range(9)]
        for which, found in enumerate((images, instances)):
            found.append(np.block([[tile[which] for tile in tiles[row : row + 3]] for row in (0, 3, 6)]))
    return CellFields(np.stack(images).astype(np.uint16), np.stack(instances).astype(np.int32), np.arange(1, 13))


def test_the_planted_folder_has_its_five_faults_and_no_more(tmp_path, monkeypatch):
    monkeypatch.setattr(planted, "load_cells", fields)
    folder = sound_folder(tmp_path / "mine")
    assert check_folder(folder).of("error") == []
    for plant, _ in FAULTS.values():
        plant(folder)
    found = check_folder(folder)
    assert {fault.name for fault in found.of("error")} == set(FAULTS)
    assert found.of("warning") == []
    with pytest.raises(FileExistsError):
        planted_folder(folder)
