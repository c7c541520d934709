"""Everything that can be wrong with a folder, each a small function with its sentence (chapter 25)."""

from collections.abc import Callable, Iterator

from unet_teach.recipes.folder.contents import Contents
from unet_teach.recipes.folder.faults import (
    described,
    drawn,
    images,
    labels,
    pairs,
    places,
    scales,
    sets,
    several,
    shapes,
    stored,
)
from unet_teach.recipes.folder.faults.fault import Fault

__all__ = ["CHECKS", "Fault"]

CHECKS: tuple[Callable[[Contents], Iterator[Fault]], ...] = (
    pairs.nothing_found,
    pairs.lonely,
    pairs.twice,
    several.kinds_of_masks,
    pairs.guessed,
    pairs.set_aside,
    pairs.unreadable,
    described.description,
    images.turned_by_a_note,
    shapes.sizes_differ,
    shapes.layers,
    shapes.axes,
    shapes.channels_differ,
    shapes.many_channels,
    images.not_finite,
    images.dead_channels,
    images.ranges,
    images.transparent,
    images.written_as_colour,
    stored.colours,
    stored.same_as_image,
    stored.lossy,
    stored.not_whole,
    stored.smeared,
    labels.palettes,
    scales.two_scales,
    scales.lone_number,
    labels.instance_numbers,
    labels.gaps,
    labels.empty,
    labels.inverted,
    labels.counted_from_one,
    drawn.forms,
    sets.few,
    sets.rare,
    sets.on_both_sides,
    sets.copied_images,
    sets.copied_masks,
    places.in_reverse,
    places.misplaced,
    places.all_shifted,
    places.scales,
    places.elsewhere,
)
