"""Formats that nothing here reads, and what turns them into something to read (chapter 25)."""

FOREIGN = {  # of microscopes, scanners, cameras and programs
    **dict.fromkeys((".czi", ".lif", ".lsm", ".nd2", ".oib", ".oif", ".vsi", ".ims", ".stk", ".zvi"), "microscope"),
    **dict.fromkeys((".svs", ".ndpi", ".mrxs", ".scn", ".bif"), "slide scanner"),
    **dict.fromkeys((".mha", ".mhd", ".nrrd", ".nhdr", ".mgz", ".hdr", ".img"), "scan"),
    **dict.fromkeys((".heic", ".heif", ".cr2", ".nef", ".arw", ".dng", ".psd", ".xcf", ".svg", ".eps"), "camera"),
    **dict.fromkeys((".h5", ".hdf5", ".zarr", ".mat", ".mrc", ".n5"), "container"),
}
HOW = {
    "microscope": "open them in Fiji (Bio-Formats) and save each as TIFF",
    "slide scanner": "cut out regions in QuPath, and save them as TIFF",
    "scan": "save them as NIfTI (.nii.gz), as 3D Slicer does",
    "camera": "save them as PNG or TIFF",
    "container": "save each array as TIFF or .npy",
}
NOT_PIXELS = (".json", ".xml", ".zip", ".roi", ".geojson")
