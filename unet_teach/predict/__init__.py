"""Prediction: logits for a whole image of any size, from a network that sees one tile at a time; and objects from maps.

Activations need memory in proportion to the tile, not to the image. Tiles go to the device and type of the network's
weights, whose memory format its convolutions follow (`channels_last` is worth its line on a CPU). Results come back to
the image's device, as ordinary tensors: only the network itself runs in inference mode. `infer` does this for any
batch, and everything in the course that predicts rests on it.
"""

from unet_teach.predict.ensemble import ask_all, disagreement
from unet_teach.predict.inference import infer
from unet_teach.predict.instances import by_basin, by_border, by_distance, components
from unet_teach.predict.merge import contested, merge_parts
from unet_teach.predict.overlap_tile import WithoutMargin, overlap_tile
from unet_teach.predict.regions import LABEL_RULES, REGIONS, decode_regions, not_nested, regions_of, sum_and_remap
from unet_teach.predict.sliding_window import gaussian_window, sliding_window
from unet_teach.predict.symmetries import average_symmetries
from unet_teach.predict.whole_slide import predict_whole_slide
from unet_teach.predict.zarr_files import mean_and_sd

__all__ = [
    "LABEL_RULES",
    "REGIONS",
    "WithoutMargin",
    "ask_all",
    "average_symmetries",
    "by_basin",
    "by_border",
    "by_distance",
    "components",
    "contested",
    "decode_regions",
    "disagreement",
    "gaussian_window",
    "infer",
    "mean_and_sd",
    "merge_parts",
    "not_nested",
    "overlap_tile",
    "predict_whole_slide",
    "regions_of",
    "sliding_window",
    "sum_and_remap",
]
