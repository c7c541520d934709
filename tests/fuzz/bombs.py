"""Files that were made to do harm: each is small, each is refused before it does any."""

import gzip
import io
import pickle
import zipfile
import zlib

import nibabel
import numpy as np
import torch


class Hostile:
    """An object whose pickle would write a file wherever it is opened."""

    def __init__(self, victim):
        self.victim = victim

    def __reduce__(self):
        return open, (str(self.victim), "w")


def pickled(path, victim):
    """Write what torch.load would run without `weights_only`."""
    torch.save({"network": Hostile(victim)}, path)


def bare_pickle(path, victim):
    """Write a pickle without torch around it."""
    path.write_bytes(pickle.dumps(Hostile(victim)))


def zip_bomb(path, victim, size=200_000_000):
    """Write a checkpoint whose weights are zeros, compressed a thousandfold."""
    content = io.BytesIO()
    torch.save({"network": {"weight": torch.zeros(3)}}, content)
    with (
        zipfile.ZipFile(content) as whole,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed,
    ):
        for part in whole.infolist():
            packed.writestr(part.filename, whole.read(part))
        packed.writestr("archive/data/9", bytes(size))


def gzip_bomb(path, victim, announced=(4, 4, 4), size=200_000_000):
    """Write a compressed volume of 64 voxels with 200 MB of zeros behind them."""
    image = nibabel.Nifti1Image(np.zeros((4, 4, 4), np.uint8), np.eye(4))
    image.header.set_data_shape(announced)
    path.write_bytes(gzip.compress(image.header.binaryblock + bytes(size), compresslevel=9))


def announced_bomb(path, victim):
    """Write a compressed volume whose header itself announces 27 GB."""
    gzip_bomb(path, victim, (3000, 3000, 3000), 1000)


def deflated_dicom(path, victim, size=300_000_000):
    """Write a DICOM file whose header is compressed, and swells a thousandfold."""
    import pydicom

    meta = pydicom.dataset.FileMetaDataset()
    meta.MediaStorageSOPClassUID = pydicom.uid.CTImageStorage
    meta.MediaStorageSOPInstanceUID = "1.2.3"
    meta.TransferSyntaxUID = pydicom.uid.DeflatedExplicitVRLittleEndian
    content = io.BytesIO()
    content.write(bytes(128) + b"DICM")
    pydicom.filewriter.write_file_meta_info(content, meta)
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)) + packer.flush()
    path.write_bytes(content.getvalue() + packed)


BOMBS = {
    "pickle in a checkpoint": (pickled, "bomb.pt"),
    "bare pickle": (bare_pickle, "bomb.pt"),
    "zip bomb": (zip_bomb, "bomb.pt"),
    "gzip bomb": (gzip_bomb, "bomb.nii.gz"),
    "27 GB announced": (announced_bomb, "bomb.nii.gz"),
    "deflated DICOM": (deflated_dicom, "bomb.dcm"),
}
