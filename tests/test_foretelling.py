"""Chapter 23's laboratory: phantom tumours whose greys know nothing, and noise with times."""

import numpy as np
from scipy import ndimage

from unet_teach.clinic.survival import concordances
from unet_teach.course.foretelling import (
    FEATURES,
    best_columns,
    learn_risk,
    measure_phantoms,
    noise_cohort,
    phantom_tumour,
)


def test_a_phantom_tumour_is_one_lump_off_the_border():
    for seed in range(12):
        image, mask = phantom_tumour(seed)
        assert ndimage.label(mask)[1] == 1
        inner = mask[1:-1, 1:-1, 1:-1]
        assert inner.sum() == mask.sum()
        assert np.array_equal(phantom_tumour(seed)[0], image)
    measured = measure_phantoms(range(3))
    assert measured.shape == (3, len(FEATURES))
    assert np.isfinite(measured).all()


def test_the_best_columns_are_the_farthest_from_a_coin():
    features, times, events = noise_cohort(4, 30, 12)
    away = np.abs(concordances(times, events, features) - 0.5)
    chosen = best_columns(features, times, events, 3)
    assert away[chosen].tolist() == sorted(away, reverse=True)[:3]
    assert learn_risk(features[:, chosen], times, events).risk(features[:, chosen]).shape == (30,)


def test_noise_is_the_same_for_the_same_seed_and_knows_no_time():
    one, other = noise_cohort(0), noise_cohort(0)
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    assert one[0].shape == (60, 1000)
    assert abs(concordances(one[1], one[2], one[0]).mean() - 0.5) < 0.02
