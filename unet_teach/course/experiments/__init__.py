"""Experiments that take longer than a notebook may: `make experiments` runs them and stores a small table of each."""

from unet_teach.course.experiments import (
    ablations,
    another_animal,
    best_recipe,
    ensembles,
    few_sections,
    four_depths,
    learning_curve,
    rare_class,
    rare_tissue,
    score_search,
    three_dimensions,
    touching_cells,
    twenty_minutes,
    without_labels,
    without_skips,
)

ALL = (
    rare_class.EXPERIMENT,
    rare_tissue.EXPERIMENT,
    without_skips.EXPERIMENT,
    touching_cells.EXPERIMENT,
    ablations.EXPERIMENT,
    learning_curve.EXPERIMENT,
    score_search.EXPERIMENT,
    ensembles.EXPERIMENT,
    best_recipe.EXPERIMENT,
    another_animal.EXPERIMENT,
    few_sections.EXPERIMENT,
    four_depths.EXPERIMENT,
    three_dimensions.EXPERIMENT,
    twenty_minutes.EXPERIMENT,
    without_labels.EXPERIMENT,
)
