"""The text of a drawing says the mask that it should, and every slip gets its own answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.path import Path
from scipy import ndimage

from unet_teach.course.annotate import example, instances, membrane, shapes

NUMBER = st.integers(0, 40).map(lambda half: half / 2)
POINTS = st.lists(st.tuples(NUMBER, NUMBER), min_size=3, max_size=7, unique=True)


def text_of(kind, points, width=""):
    return f"{kind} {width}: ".replace(" :", ":") + " ".join(f"{x:g},{y:g}" for x, y in points)


def test_nothing_drawn_is_no_shape():
    for text in ("", "\n \n", "# only a comment\n"):
        assert shapes(text) == []
        assert not membrane(text, (4, 5)).any()
        assert not instances(text, (4, 5)).any()


def test_lines_comments_and_spaces_are_read():
    found = shapes("# membranes\n\n  line 3.5: 1,2 3.5,4  # the long one\narea: 0,0 4,0 0,4\n")
    assert [(shape.kind, shape.width, shape.number) for shape in found] == [("line", 3.5, 3), ("area", 0, 4)]
    assert found[0].points == ((1, 2), (3.5, 4))


def test_a_stroke_is_as_wide_as_it_says():
    mask = membrane("line 3: 0,4.5 9,4.5", (9, 9))
    assert np.array_equal(np.flatnonzero(mask[:, 4]), [3, 4, 5])
    assert not membrane("line 3: 2,4.5 5,4.5", (9, 9))[4, 8]


def test_an_area_is_its_pixels():
    labels = instances("area: 1,2 4,2 4,6 1,6", (8, 8))
    assert labels.sum() == (labels[2:6, 1:4] == 1).sum() == 12
    assert labels.dtype == np.int32


def test_the_earlier_area_keeps_its_pixels():
    labels = instances("area: 0,0 4,0 4,4 0,4\narea: 2,0 8,0 8,4 2,4", (4, 8))
    assert labels.tolist() == [[1] * 4 + [2] * 4] * 4


def corners(points):
    """A convex outline: the points in the order of their angle round the middle, on a circle."""
    angles = sorted({(37 * x + 11 * y) % 63 / 10 for x, y in points})
    return [(10 + 9 * np.cos(angle), 10 + 9 * np.sin(angle)) for angle in angles]


@given(POINTS)
def test_an_area_is_matplotlibs_polygon(points):
    y, x = np.indices((20, 20)) + 0.5
    middles = np.column_stack([x.ravel(), y.ravel()])
    for outline in (points, corners(points)):
        if len(outline) < 3:
            continue
        inside = Path(outline).contains_points(middles).reshape(20, 20)
        text = "area: " + " ".join(f"{x},{y}" for x, y in outline)
        ours = instances(text, (20, 20)) == 1
        near = membrane(text_of("line", [*outline, outline[0]], 0.01), (20, 20))  # on the outline either is right
        assert not ours[~near & ~inside].any()  # a star's middle, which `matplotlib` takes in, is outside here
        if outline is not points:
            assert np.array_equal(ours[~near], inside[~near])


@given(st.tuples(NUMBER, NUMBER), st.tuples(NUMBER, NUMBER), st.integers(1, 9))
def test_a_stroke_is_all_that_is_near(start, stop, width):
    fine = np.linspace(start, stop, 400)  # points along the line, closely spaced
    y, x = np.indices((20, 20)) + 0.5
    distance = np.min(np.hypot(x[..., None] - fine[:, 0], y[..., None] - fine[:, 1]), axis=-1)
    mask = membrane(text_of("line", [start, stop], width), (20, 20))
    assert mask[distance < width / 2].all()
    assert not mask[distance > width / 2 + 0.05].any()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("membrane: 1,1 2,2", "no shape: write `line 4: 10,12 14,20`"),
        ("line 4 1,1 2,2", "no shape"),
        ("1,1 2,2", "no shape"),
        ("line: 1,1 2,2", "needs its width, up to 50 pixels"),
        ("line four: 1,1 2,2", "needs its width"),
        ("line 0: 1,1 2,2", "needs its width"),
        ("line 99: 1,1 2,2", "needs its width"),
        ("line 4 5: 1,1 2,2", "needs its width"),
        ("area 4: 1,1 2,2 3,1", "nothing but points"),
        ("line 4: 1,1", "a line needs at least 2 points"),
        ("area: 1,1 2,2", "an area needs at least 3 points"),
        ("area:", "an area needs at least 3 points"),
        ("line 4: 1,1 2;2", "`2;2` is no point: write x,y"),
        ("line 4: 1, 1 2,2", "`1,` is no point"),
        ("line 4: 1,1 2,2,2", "`2,2,2` is no point"),
        ("line 4: 1,1 nan,2", "`nan,2` is no point"),
        ("line 4: 1,1 inf,2", "`inf,2` is no point"),
    ],
)
def test_a_slip_is_named_with_its_line(line, message):
    with pytest.raises(ValueError, match=r"^line 3, `") as caught:
        shapes(f"line 4: 1,1 2,2\n# fine so far\n{line}")
    assert message in str(caught.value)


def test_points_outside_the_picture_are_named():
    with pytest.raises(ValueError, match="line 1: the point 9,2 is outside the picture: x runs from 0 to 8"):
        membrane("line 2: 1,1 9,2", (4, 8))
    with pytest.raises(ValueError, match=r"line 2: the point 1,-1 .* y, downwards, from 0 to 4"):
        instances("area: 0,0 1,1 0,1\narea: 1,-1 2,2 3,3", (4, 8))


def test_a_cell_is_no_stroke():
    with pytest.raises(ValueError, match="line 2: a cell is an area"):
        instances("area: 0,0 1,1 0,1\nline 3: 1,1 2,2", (4, 8))


def test_an_area_may_fill_a_membrane_too():
    assert membrane("area: 0,0 3,0 3,3 0,3", (4, 4)).sum() == 9


def test_the_courses_examples_are_drawings():
    mask = membrane(example("em"), (128, 128))
    assert 0.05 < mask.mean() < 0.3
    cells = instances(example("cells"), (200, 200))
    assert cells.max() == 5
    assert all(ndimage.label(cells == number)[1] == 1 for number in range(1, 6))
