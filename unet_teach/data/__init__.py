"""Arrays in: the six public sets of the course, and the stand-ins for two of them."""

from unet_teach.data.cells import CellFields, load_cells
from unet_teach.data.ct import load_ct_slice
from unet_teach.data.download import FetchError, fetch
from unet_teach.data.em import load_em
from unet_teach.data.folder import data_folder, is_present
from unet_teach.data.hippocampus import HippocampusCase, load_hippocampus
from unet_teach.data.manifest import SETS, DataSet, File
from unet_teach.data.phantoms.ct import CTSlice, ct_slice
from unet_teach.data.phantoms.em import EMSections, em_sections
from unet_teach.data.standin import standins_in_use
from unet_teach.data.torso import TorsoCT, TorsoMR, TorsoTissue, load_torso, load_torso_mr, load_torso_tissue
from unet_teach.data.tumour import BrainTumour, leave_one_patient_out, load_brain_tumour

__all__ = [
    "SETS",
    "BrainTumour",
    "CTSlice",
    "CellFields",
    "DataSet",
    "EMSections",
    "FetchError",
    "File",
    "HippocampusCase",
    "TorsoCT",
    "TorsoMR",
    "TorsoTissue",
    "ct_slice",
    "data_folder",
    "em_sections",
    "fetch",
    "is_present",
    "leave_one_patient_out",
    "load_brain_tumour",
    "load_cells",
    "load_ct_slice",
    "load_em",
    "load_hippocampus",
    "load_torso",
    "load_torso_mr",
    "load_torso_tissue",
    "standins_in_use",
]
