"""What the checks look at: the folder, each case, and what was asked (chapter 25)."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from unet_teach.recipes.folder.depth import Over, turned_over
from unet_teach.recipes.folder.layout import Layout
from unet_teach.recipes.folder.likeness import lookalikes
from unet_teach.recipes.folder.looking import MANY, Look
from unet_teach.recipes.folder.names import group_by_name, plain
from unet_teach.recipes.folder.objects import holds_instances

WHITES = (255, 65535)  # the largest numbers of 8 and of 16 bits: often no class, but a sign for "not drawn"
FEW = 50  # the largest number that is a class beside 255; above, numbers are shades that stand for classes
MANY_GREY = 16  # values; a mask with more, most of them without a region, is a picture


@dataclass
class Contents:
    """A folder as the checks see it.

    layout : what was found
    looks : what is known of each pair
    instances : whether the numbers in the masks are asked to be taken as numbers of objects
    grouped : whether names say which cases belong together

    Introduced in chapter 25.
    """

    layout: Layout
    looks: list[Look]
    instances: bool = False
    grouped: bool = True
    given: dict[str, str] = field(default_factory=dict)

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Say of each case's mask what it is: "classes" is what may be trained on."""
        return {look.name: kind_of_mask(look) for look in self.looks}

    @cached_property
    def good(self) -> list[Look]:
        """The cases whose masks hold whole numbers for regions."""
        return [look for look in self.looks if self.kinds[look.name] == "classes"]

    @cached_property
    def classes(self) -> list[int]:
        """All values of the good masks but 0, in rising order."""
        return sorted({value for look in self.good if look.values for value in look.values.classes} - {0})

    @cached_property
    def white(self) -> int:
        """The number 255 or 65535 where masks hold it beside small ones, two ways to write classes; 0 if not."""
        return self.lone if self.lone in WHITES else 0

    @cached_property
    def lone(self) -> int:
        """A large number that is alone beside the small ones 1, 2, 3 ...; 0 if there is none."""
        if len(self.classes) < 2 or self.classes[-1] <= FEW:
            return 0
        *others, last = self.classes
        return last if others[-1] <= FEW and (last in WHITES or others == [*range(1, len(others) + 1)]) else 0

    @cached_property
    def over(self) -> list[Over]:
        """The stacks whose masks follow the images better with their slices in reverse order."""
        return turned_over({look.name: look.in_depth for look in self.good})

    @cached_property
    def numbered(self) -> bool:
        """Whether numbers look like those of objects, and were not asked to be taken so."""
        return not self.instances and holds_instances([look.values for look in self.good if look.values])

    @cached_property
    def parts(self) -> dict[str, str]:
        """The part of each case, if folders name at least two parts."""
        parts = {look.name: look.pair.part for look in self.looks}
        return parts if len(set(filter(None, parts.values()))) > 1 else {}

    @cached_property
    def groups(self) -> dict[str, str]:
        """Case -> the group that must stay on one side, by names, or as `given`."""
        names = [look.name for look in self.looks]
        guessed = group_by_name(names) if self.grouped else {name: name for name in names}
        return {name: self.given.get(name, group) for name, group in guessed.items()}

    @cached_property
    def twins(self) -> list[tuple[str, str, float]]:
        """Pairs of cases whose images show the same, or nearly."""
        return lookalikes({look.name: look.thumbnail for look in self.looks if look.thumbnail is not None})

    @cached_property
    def description(self) -> dict[str, Any]:
        """What dataset.json says, {} without one."""
        file = next((p for p in self.layout.unknown if plain(p.name) == "dataset.json"), None)
        try:
            read = json.loads(file.read_text(encoding="utf-8-sig")) if file else {}
        except ValueError:
            return {"damaged": True}
        return read if isinstance(read, dict) else {"damaged": True}

    @cached_property
    def label_names(self) -> dict[int, str]:
        """The names in dataset.json, which writes name: number, as nnU-Net, or number: name, as Decathlon."""
        said = self.description.get("labels", {})
        pairs = [(str(one), str(other)) for one, other in said.items()] if isinstance(said, dict) else []
        known = {int(one): other for one, other in pairs if one.isdigit()}
        return known | {int(other): one for one, other in pairs if other.isdigit() and not one.isdigit()}


def kind_of_mask(look: Look) -> str:
    """Say what a mask holds; only "classes" can be trained on.

    Introduced in chapter 25.
    """
    if look.mask is None:
        return "unreadable"
    if look.mask.facts.get("mask in alpha"):
        return "alpha"
    if look.mask.facts.get("alpha") == "varies" and look.mask.channels == 1:
        return "see-through"
    if look.values is None:
        ones = look.mask_channels is not None and look.mask_channels.max() <= 1
        if look.mask.channels != 3 or ones:
            return "layers"
        many = look.mask_channels is not None and look.mask_channels.shape[1] >= MANY
        return ("lossy" if look.mask.facts.get("lossy") else "picture") if many else "colours"
    if look.image is not None and look.image.digest == look.mask.digest and look.image.size == look.mask.size:
        return "image"
    values = look.values
    if look.bad[1]:
        return "not numbers"
    if look.mask.facts.get("lossy") and len(values.values) > 2:
        return "lossy"
    if not values.whole:
        return "fractions"
    if values.values[0] < 0:
        return "negative"
    if len(values.values) > MANY_GREY and values.grainy > 0.4:
        return "picture"
    ends_at_white = values.values[-1] in (255, 65535)
    if values.smeared >= 3 or (values.smeared and ends_at_white) or (values.grainy > 0.005 and len(values.values) > 99):
        return "smeared"
    return "classes"
