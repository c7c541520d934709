"""Metrics: overlap, surfaces, borders, objects, clusters; intervals and exact tests that say how far to trust them."""

from unet_teach.metrics.agreement import Agreement, bland_altman, exact_interval
from unet_teach.metrics.calibration import area_under_curve, calibration_error, reliability, temperature_of
from unet_teach.metrics.comparisons import holm, pareto_front, sign_flip_test
from unet_teach.metrics.intervals import coverage, in_blocks, interval
from unet_teach.metrics.matching import best_union, contingency, match_clusters
from unet_teach.metrics.objects import Match, match, overlaps
from unet_teach.metrics.overlap import dice, iou, precision, recall
from unet_teach.metrics.surfaces import hausdorff95, mean_surface_distance, surface, surface_dice, surface_distances
from unet_teach.metrics.vrand import THRESHOLDS, rand_f_score, regions, thin, v_rand, v_rand_curve

__all__ = [
    "THRESHOLDS",
    "Agreement",
    "Match",
    "area_under_curve",
    "best_union",
    "bland_altman",
    "calibration_error",
    "contingency",
    "coverage",
    "dice",
    "exact_interval",
    "hausdorff95",
    "holm",
    "in_blocks",
    "interval",
    "iou",
    "match",
    "match_clusters",
    "mean_surface_distance",
    "overlaps",
    "pareto_front",
    "precision",
    "rand_f_score",
    "recall",
    "regions",
    "reliability",
    "sign_flip_test",
    "surface",
    "surface_dice",
    "surface_distances",
    "temperature_of",
    "thin",
    "v_rand",
    "v_rand_curve",
]
