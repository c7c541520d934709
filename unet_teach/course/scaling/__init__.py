"""Chapter 26's workshop: processes on one machine, a picture of any size, and memory measured from outside."""

from unet_teach.course.scaling.measure import peak_memory
from unet_teach.course.scaling.picture import write_picture
from unet_teach.course.scaling.slurm import slurm_script
from unet_teach.course.scaling.start import train_on_processes
from unet_teach.course.scaling.toy import toy_batch, toy_network, toy_training
from unet_teach.course.scaling.traffic import Traffic, traffic

__all__ = [
    "Traffic",
    "peak_memory",
    "slurm_script",
    "toy_batch",
    "toy_network",
    "toy_training",
    "traffic",
    "train_on_processes",
    "write_picture",
]
