"""Chapter 25's folders: fields as they were published, a sound folder, and one that looks fine with five faults."""

from unet_teach.course.own_data.planted import FAULTS, planted_folder, sound_folder
from unet_teach.course.own_data.raw import raw_fields

__all__ = ["FAULTS", "planted_folder", "raw_fields", "sound_folder"]
