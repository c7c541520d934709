"""A small file that would fill a memory: DICOM may be "deflated", and pydicom unpacks all of it at once."""

import zlib
from pathlib import Path

LARGEST = 2**28  # bytes that a file may take once it is unpacked
BEFORE_META = 128 + 4 + 12  # bytes: the preamble, "DICM", and how long the meta information is


def swells(path: Path) -> bool:
    """Tell whether a deflated DICOM file takes more than 268 MB once it is unpacked.

    Raises
    ------
    Whatever pydicom raises for what is no DICOM file, or a damaged one.

    Introduced in chapter 14.
    """
    from pydicom.filereader import read_file_meta_info

    meta = read_file_meta_info(path)
    syntax = meta.get("TransferSyntaxUID")
    if syntax is None or not syntax.is_deflated:
        return False
    with path.open("rb") as file:
        file.seek(BEFORE_META + int(meta.FileMetaInformationGroupLength))
        packer = zlib.decompressobj(-zlib.MAX_WBITS)
        packer.decompress(file.read(), LARGEST)
    return bool(packer.unconsumed_tail)
