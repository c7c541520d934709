"""The checkers of chapter 14 accept what is right, and tell wrong answers apart."""

import numpy as np
from checkers import checker_tests

from unet_teach.course.exercises import scans as check


def hounsfield(stored, signed, slope, intercept):
    return np.frombuffer(stored, "<i2" if signed else "<u2") * slope + intercept


def by_arithmetic(stored, signed, slope, intercept):
    values = []
    for low, high in zip(stored[::2], stored[1::2], strict=True):
        number = low + 256 * high
        if signed and number >= 32768:
            number -= 65536
        values.append(number * slope + intercept)
    return values


def window(values, centre, width):
    return np.clip((values - (centre - width / 2)) / width, 0, 1)


def by_loops(values, centre, width):
    low, high = centre - width / 2, centre + width / 2
    return [[0 if v <= low else 1 if v >= high else (v - low) / (high - low) for v in row] for row in values.tolist()]


def to_ras(orientation, position, next_position, spacing):
    affine = np.eye(4)
    affine[:3, 0] = np.array(orientation[:3]) * spacing[1]
    affine[:3, 1] = np.array(orientation[3:]) * spacing[0]
    affine[:3, 2] = np.array(next_position) - np.array(position)
    affine[:3, 3] = position
    affine[:2] *= -1
    return affine


def volume(mask, affine):
    return mask.sum() * abs(np.linalg.det(affine[:3, :3])) / 1000


def by_triple_product(mask, affine):
    a, b, c = affine[:3, :3].T
    return np.count_nonzero(mask) * abs(np.dot(np.cross(a, b), c)) / 10**3


def lost(heights, usual=np.median):
    steps = np.diff(heights)
    with np.errstate(all="ignore"):
        return np.rint(steps / usual(steps) - 1).sum()


def missing(positions, orientation):
    normal = np.cross(orientation[:3], orientation[3:])
    steps = np.diff(np.sort(positions @ normal))
    return sum(round(step / np.median(steps)) - 1 for step in steps.tolist())


def by_the_shortest(positions, orientation):
    heights = positions @ np.cross(orientation[:3], orientation[3:])
    shortest = np.diff(np.sort(heights)).min()
    return round((heights.max() - heights.min()) / shortest) + 1 - len(positions)


def altered(function, change):
    return lambda *given: change(function(*given))


SOLUTIONS = {
    check.hounsfield: [hounsfield, by_arithmetic],
    check.window: [window, by_loops],
    check.to_ras: [to_ras],
    check.volume: [volume, by_triple_product],
    check.missing: [missing],
}
WRONG = {
    check.hounsfield: [
        (3, "function itself"),
        (lambda b, s, m, c: np.frombuffer(b, "<u2") * m + c, "as unsigned"),
        (lambda b, s, m, c: np.frombuffer(b, "<i2") * m + c, "as signed"),
        (lambda b, s, m, c: np.frombuffer(b, "<u2" if s else "<i2") * m + c, "are exchanged"),
        (lambda b, s, m, c: np.frombuffer(b, ">i2" if s else ">u2") * m + c, "wrong order"),
        (lambda b, s, m, c: np.frombuffer(b, "u1")[: len(b) // 2] * m + c, "`signed` has no effect"),
        (lambda b, s, m, c: np.frombuffer(b, "i1" if s else "u1") * m + c, "each byte for a pixel"),
        (lambda b, s, m, c: (hounsfield(b, s, 1, 0) + c) * m, "First times"),
        (lambda b, s, m, c: hounsfield(b, s, m, -c), "own sign"),
        (lambda b, s, m, c: hounsfield(b, s, 1, 0), "what is stored"),
        (lambda b, s, m, c: hounsfield(b, s, m, 0), "`intercept` has no effect"),
        (lambda b, s, m, c: hounsfield(b, s, 1, c), "`slope` has no effect"),
        (lambda b, s, m, c: (hounsfield(b, s, m, c)).astype(int), "cut off"),
        (lambda b, s, m, c: hounsfield(b, s, m, c + 1), "yours gives"),
        (lambda b, s, m, c: [(b[k] + 256 * b[k + 1]) * m + c for k in range(len(b) - 1)], "two bytes each"),
        (lambda b, s, m, c: int.from_bytes(b, "little", signed=s) * m + c, "two bytes each"),
        (lambda b, s, m, c: hounsfield(b, s, m, c)[None], "one after the other"),
        (lambda b, s, m, c: 0.0, "whatever it is given"),
    ],
    check.window: [
        (0.5, "function itself"),
        (lambda v, c, w: (v - c) / w + 0.5, "all black"),
        (lambda v, c, w: np.clip((v - c) / w, 0, 1), "becomes 0.5"),
        (lambda v, c, w: np.clip((v - c + w) / (2 * w), 0, 1), "not half"),
        (lambda v, c, w: 255 * window(v, c, w), "not to 255"),
        (lambda v, c, w: 1 - window(v, c, w), "are dark"),
        (lambda v, c, w: window(v, w, c) if c > 0 else window(v, c, w), "is shown as"),
        (lambda v, c, w: np.where(v > c + w / 2, 0, window(v, c, w)), "white, not black"),
        (lambda v, c, w: np.clip(v, c - w / 2, c + w / 2), "spread it"),
        (lambda v, c, w: window(v, c, 400), "`width` has no effect"),
        (lambda v, c, w: window(v, 40, w), "`centre` has no effect"),
        (lambda v, c, w: window(v, c, w).ravel(), "one shade for each"),
    ],
    check.to_ras: [
        ([1], "function itself"),
        (lambda *h: np.diag([-1, -1, 1, 1]) @ to_ras(*h), "DICOM's directions"),
        (lambda *h: np.diag([-1, -1, 1, 1]) @ to_ras(*h) @ np.diag([-1, -1, 1, 1]), "signs of columns"),
        (lambda *h: to_ras(*h) @ np.diag([1, 1, 1, -1]) * [1, 1, 1, 1], "last row"),
        (lambda *h: np.diag([1, 1, -1, 1]) @ to_ras(*h), "keeps its sign"),
        (lambda *h: np.diag([1, -1, 1, 1]) @ to_ras(*h), "y changes"),
        (lambda o, p, n, s: to_ras(o, p, n, s[::-1]), "distance of the rows first"),
        (lambda o, p, n, s: to_ras([*o[3:], *o[:3]], p, n, s[::-1]), "column number grows"),
        (lambda *h: to_ras(*h).T, "transposed"),
        (lambda o, p, n, s: to_ras(o, p, n, [1, 1]), "times the spacing"),
        (lambda o, p, n, s: to_ras([1, 0, 0, 0, 1, 0], p, n, s), "`orientation` has no effect"),
        (lambda *h: to_ras(*h)[:3], "4 x 4"),
        (lambda o, p, n, s: to_ras(o, [0, 0, 0], np.subtract(n, p), s), "the first pixel's place"),
    ],
    check.volume: [
        (12, "function itself"),
        (lambda m, a: m.sum() * np.linalg.det(a) / 1000, "negative volume"),
        (lambda m, a: 1000 * volume(m, a), "cubic millimetres"),
        (lambda m, a: m.sum() * abs(a[0, 0] * a[1, 1] * a[2, 2]) / 1000, "lies straight"),
        (lambda m, a: m.sum() * np.prod(np.linalg.norm(a[:3, :3], axis=0)) / 1000, "leaning box"),
        (lambda m, a: m.sum() * np.prod(np.linalg.norm(a[:3, :3], axis=1)) / 1000, "not a row"),
        (lambda m, a: m.size * abs(np.linalg.det(a)) / 1000, "not all of them"),
        (lambda m, a: abs(np.linalg.det(a)) / 1000, "How many"),
        (lambda m, a: m.sum() / 1000, "each voxel for"),
        (lambda m, a: volume(m, a) + 1, "yours"),
    ],
    check.missing: [
        (1, "function itself"),
        (lambda p, o: int((np.diff(np.sort(p @ np.cross(o[:3], o[3:]))) > 7.5).sum()), "yours says"),
        (
            lambda p, o: sum(
                s > 1.5 * np.median(np.diff(np.sort(p @ np.cross(o[:3], o[3:]))))
                for s in np.diff(np.sort(p @ np.cross(o[:3], o[3:])))
            ),
            "counts the gaps",
        ),
        (lambda p, o: missing(p, o) > 0, "How many"),
        (lambda p, o: lost(np.sort(p[:, 2])), "goes by z"),
        (lambda p, o: int(lost(np.sort(p[:, 2]))), "goes by z"),
        (lambda p, o: float("nan"), "NaN or an infinity"),
        (lambda p, o: int(float("nan")), "ValueError"),
        (lambda p, o: lost(p @ np.cross(o[:3], o[3:])), "any order"),
        (lambda p, o: lost(np.sort(p @ np.cross(o[:3], o[3:])), np.mean), "median"),
        (lambda p, o: missing(p, o) + 1, "One too many"),
        (lambda p, o: 16 - len(p), "yours says"),
        (lambda p, o: missing(p, o) + len(p), "should be"),
        (lambda p, o: 0, "whatever it is given"),
    ],
}
TestCheckers = checker_tests(SOLUTIONS, WRONG)


def test_going_by_z_and_not_sorting_get_their_own_hints():
    def of(heights):
        steps = np.abs(np.diff(heights))
        return int(np.rint(steps / np.median(steps) - 1).sum()) if np.median(steps) > 0 else 0

    assert "goes by z" in check.missing(lambda p, o: of(np.sort(p[:, 2]))).message
    assert "any order" in check.missing(lambda p, o: of(p @ np.cross(o[:3], o[3:]))).message
