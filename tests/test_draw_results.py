"""Overlays tint what they should, curves and score tables show every number they are given."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from unet_teach.draw import overlay, show_history, show_scores
from unet_teach.metrics import interval
from unet_teach.train import History


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_an_overlay_tints_the_mask_and_nothing_else():
    image = np.array([[0, 50], [100, 100]])
    mask = np.array([[True, False], [False, True]])
    tinted = overlay(image, mask, "#ff0000", opacity=0.25)
    np.testing.assert_allclose(tinted[0, 1], [0.5] * 3)
    np.testing.assert_allclose(tinted[0, 0], [0.25, 0, 0])
    np.testing.assert_allclose(tinted[1, 1], [1, 0.75, 0.75])
    twice = overlay(tinted, ~mask, "#0000ff", opacity=1)
    np.testing.assert_allclose(twice[0, 1], [0, 0, 1])
    np.testing.assert_allclose(twice[1, 1], tinted[1, 1])


def test_limits_clip_and_a_flat_image_is_no_trouble():
    clipped = overlay(np.array([[-5.0, 5.0]]), np.zeros((1, 2), dtype=bool), limits=(0, 1))
    np.testing.assert_array_equal(clipped[..., 0], [[0, 1]])
    assert np.isfinite(overlay(np.ones((2, 2)), np.ones((2, 2), dtype=bool))).all()


@pytest.mark.parametrize(
    ("image", "mask", "opacity", "message"),
    [
        (np.zeros((2, 3)), np.zeros((3, 2), dtype=bool), 0.5, "does not lie on"),
        (np.zeros((2, 2)), np.zeros((2, 2)), 0.5, "need bool"),
        (np.zeros((2, 2)), np.zeros((2, 2), dtype=bool), 50, "from 0 to 1"),
    ],
)
def test_bad_overlays_are_refused(image, mask, opacity, message):
    with pytest.raises(ValueError, match=message):
        overlay(image, mask, opacity=opacity)


def test_a_history_shows_each_loss_and_marks_the_best_score():
    history = History([4.0, 2.0, 3.0, 1.0], {2: 0.5, 4: 0.9}, best_step=4)
    show_history(history, "accuracy", smooth=2)
    above, below = plt.gcf().axes
    np.testing.assert_array_equal(above.lines[0].get_ydata(), history.loss)
    np.testing.assert_array_equal(above.lines[1].get_ydata(), [3, 2.5, 2])
    np.testing.assert_array_equal(above.lines[1].get_xdata(), [2, 3, 4])
    np.testing.assert_array_equal(below.lines[0].get_xydata(), [[2, 0.5], [4, 0.9]])
    assert below.texts[0].xy == (4, 0.9)
    assert below.get_ylabel() == "accuracy"


def test_a_history_without_scores_has_one_plot_and_an_empty_one_is_refused():
    show_history(History([1.0]))
    assert len(plt.gcf().axes) == 1
    with pytest.raises(ValueError, match="holds no step"):
        show_history(History())


def test_a_score_table_shows_seeds_means_intervals_and_lines():
    scores = {"rule": np.array([[0.5, 0.7]]), "network": np.array([[0.8, 0.9], [0.6, 0.7]])}
    show_scores(scores, "Dice", lines={"published": 0.95})
    (ax,) = plt.gcf().axes
    drawn = [line.get_xdata() for line in ax.lines]
    for row, values in enumerate(scores.values()):
        mean, low, high = interval(values)
        spread, middle, seeds = drawn[3 * row : 3 * row + 3]
        np.testing.assert_allclose(spread, [low, high])
        np.testing.assert_allclose(middle, [mean])
        np.testing.assert_allclose(seeds, values.mean(axis=1))
    assert list(drawn[-1]) == [0.95, 0.95]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["rule", "network"]
    assert ax.yaxis_inverted()
    with pytest.raises(ValueError, match="no scores"):
        show_scores({}, "Dice")
