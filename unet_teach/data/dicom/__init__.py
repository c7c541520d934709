"""DICOM: a folder of files in, one volume out, or a sentence that names what is wrong with the folder."""

from unet_teach.data.dicom._header import DicomFault
from unet_teach.data.dicom.one_file import DicomFlat, DicomSlice, read_flat, read_slice
from unet_teach.data.dicom.series import DicomVolume, read_dicom
from unet_teach.data.dicom.write import write_dicom

__all__ = [
    "DicomFault",
    "DicomFlat",
    "DicomSlice",
    "DicomVolume",
    "read_dicom",
    "read_flat",
    "read_slice",
    "write_dicom",
]
