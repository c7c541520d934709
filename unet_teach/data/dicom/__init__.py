"""DICOM: a folder of files in, one volume out, or a sentence that names what is wrong with the folder."""

from unet_teach.data.dicom.one_file import DicomFault, DicomSlice, read_slice
from unet_teach.data.dicom.series import DicomVolume, read_dicom
from unet_teach.data.dicom.write import write_dicom

__all__ = ["DicomFault", "DicomSlice", "DicomVolume", "read_dicom", "read_slice", "write_dicom"]
