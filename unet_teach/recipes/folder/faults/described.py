"""What can be wrong between dataset.json and what lies there (chapter 25)."""

from collections.abc import Iterator

from unet_teach.recipes.folder.contents import Contents
from unet_teach.recipes.folder.faults.fault import Fault, listed
from unet_teach.recipes.folder.faults.stored import RENUMBER

IGNORE = "ignore"  # nnU-Net's name for what is not drawn


def description(contents: Contents) -> Iterator[Fault]:
    """Compare nnU-Net's dataset.json with what lies there."""
    said = contents.description
    if said.get("damaged"):
        yield Fault(
            "error", "dataset.json", "dataset.json is no JSON that can be read.", "write it again, or remove it."
        )
        return
    yield from _labels(contents)
    named = said.get("channel_names", said.get("modality"))
    seen = [look.image for look in contents.looks if look.image]
    channels = {3 if image.facts.get("grey as colour") else image.channels for image in seen}
    if isinstance(named, dict) and named and channels and max(channels) != len(named):
        yield Fault(
            "error",
            "dataset.json",
            f"dataset.json names {len(named)} channel{'s' * (len(named) > 1)} ({listed(named.values())}), and images "
            f"have {max(channels)}.",
            "add the files of the channels that are missing (_0000, _0001 ...), or correct channel_names in it.",
        )
    count = said.get("numTraining")
    there = len(contents.layout.pairs)
    if isinstance(count, int) and count != there:
        yield Fault(
            "warning",
            "dataset.json",
            f"dataset.json counts {count} cases, and there are {there}.",
            "look whether files are missing, or correct numTraining.",
        )


def _labels(contents: Contents) -> Iterator[Fault]:
    said = contents.description.get("labels")
    if not isinstance(said, dict):
        return
    regions = {int(n) for several in said.values() if isinstance(several, list) for n in several if str(n).isdigit()}
    named, found = contents.label_names, contents.classes
    unnamed = [value for value in found if value not in {*named} | regions]
    if unnamed and named:
        yield Fault(
            "error",
            "dataset.json",
            f"Masks hold {listed(unnamed)}, which dataset.json does not name.",
            "add a name for each label to dataset.json, or correct the masks.",
        )
    lacking = [f"{n} ({name})" for n, name in named.items() if n > 0 and n not in found and name != IGNORE]
    if lacking and found and not contents.instances:
        yield Fault(
            "warning",
            "dataset.json",
            f"dataset.json names {listed(lacking)}, which no mask holds.",
            "add images that show it, look whether a label was lost in the export, or take it out of dataset.json.",
        )
    ignored = next((n for n, name in named.items() if name == IGNORE and n in found), None)
    if ignored is not None and ignored != contents.white:
        yield Fault(
            "error",
            "label to ignore",
            f"By dataset.json, {ignored} in the masks means that nothing was drawn there ({IGNORE}).",
            f"training leaves no pixel out. {RENUMBER}--numbers {ignored}=0` makes it background, right for seams "
            "around objects; if it is a class, name it so in dataset.json. Where larger parts were left open, draw "
            "them, or cut the pictures to what is drawn.",
        )
