"""Chapter 25's folders: one that is sound, and one that looks fine with five faults."""

from unet_teach.course.own_data.planted import FAULTS, planted_folder, sound_folder

__all__ = ["FAULTS", "planted_folder", "sound_folder"]
