"""Everything that can be wrong with a folder, each a small function with its sentence (chapter 25)."""

from collections.abc import Callable, Iterator

from unet_teach.recipes.folder.faults import images, masks, pairs, sets
from unet_teach.recipes.folder.faults.fault import Fault
from unet_teach.recipes.folder.material import Material

__all__ = ["CHECKS", "Fault"]

CHECKS: tuple[Callable[[Material], Iterator[Fault]], ...] = (
    pairs.nothing_found,
    pairs.lonely,
    pairs.twice,
    pairs.set_aside,
    pairs.unreadable,
    pairs.description,
    images.turned,
    images.sizes,
    images.axes,
    images.channels,
    images.numbers,
    images.ranges,
    images.transparent,
    images.written_as_colour,
    masks.colours,
    masks.same_as_image,
    masks.lossy,
    masks.numbers,
    masks.smeared,
    masks.palettes,
    masks.two_scales,
    masks.instance_numbers,
    masks.gaps,
    masks.empty,
    masks.inverted,
    sets.few,
    sets.rare,
    sets.on_both_sides,
    sets.copies,
    sets.copied_masks,
    sets.misplaced,
    sets.spacings,
    sets.places,
)
