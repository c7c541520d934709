"""Arrays in: the seven public sets of the course, and the stand-ins for six of them."""

from unet_teach.data.cells import load_cells
from unet_teach.data.ct import load_ct_slice
from unet_teach.data.dicom import DicomFault, DicomSlice, DicomVolume, read_dicom, read_slice, write_dicom
from unet_teach.data.download import FetchError, fetch
from unet_teach.data.em import load_em
from unet_teach.data.folder import data_folder, is_present
from unet_teach.data.hippocampus import HippocampusCase, load_hippocampus
from unet_teach.data.manifest import SETS, DataSet, File
from unet_teach.data.mr import load_mr_slice
from unet_teach.data.phantoms.cells import CellFields, cell_field
from unet_teach.data.phantoms.ct import CTSlice, ct_slice
from unet_teach.data.phantoms.em import EMSections, VNCSections, em_sections, vnc_sections
from unet_teach.data.phantoms.mr import MRSlice, mr_slice
from unet_teach.data.splits import grouped_folds
from unet_teach.data.standin import standins_in_use
from unet_teach.data.torso import (
    TorsoCT,
    TorsoMR,
    TorsoTissue,
    load_torso,
    load_torso_mr,
    load_torso_tissue,
)
from unet_teach.data.tumour import (
    BrainTumour,
    leave_one_patient_out,
    load_brain_tumour,
)
from unet_teach.data.vnc_sstem import load_vnc_sstem

__all__ = [
    "SETS",
    "BrainTumour",
    "CTSlice",
    "CellFields",
    "DataSet",
    "DicomFault",
    "DicomSlice",
    "DicomVolume",
    "EMSections",
    "FetchError",
    "File",
    "HippocampusCase",
    "MRSlice",
    "TorsoCT",
    "TorsoMR",
    "TorsoTissue",
    "VNCSections",
    "cell_field",
    "ct_slice",
    "data_folder",
    "em_sections",
    "fetch",
    "grouped_folds",
    "is_present",
    "leave_one_patient_out",
    "load_brain_tumour",
    "load_cells",
    "load_ct_slice",
    "load_em",
    "load_hippocampus",
    "load_mr_slice",
    "load_torso",
    "load_torso_mr",
    "load_torso_tissue",
    "load_vnc_sstem",
    "mr_slice",
    "read_dicom",
    "read_slice",
    "standins_in_use",
    "vnc_sections",
    "write_dicom",
]
