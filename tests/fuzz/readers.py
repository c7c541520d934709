"""Every reader of files beside the library that it stands on: what each makes of the same damaged bytes."""

import csv
import gzip
import io
import tomllib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import nibabel
import numpy as np
import tifffile
import torch
import zarr
from PIL import Image
from torch import nn

from unet_teach import data
from unet_teach.clinic import body
from unet_teach.course.experiments import table
from unet_teach.data.manifest import read_manifest
from unet_teach.data.nifti import read_nifti
from unet_teach.predict.zarr_files import open_picture, read_place
from unet_teach.recipes.folder.reading import Unreadable, read_picture
from unet_teach.train.checkpoint import Checkpoint


@dataclass(frozen=True)
class Reader:
    """One reader.

    name : of the kind of file
    originals : folder -> whole files to damage; of what each needs beside it, the reader knows itself
    ours : a path -> what our reader gives
    library : a path -> what its library gives, in the same form
    """

    name: str
    originals: Callable[[Path], list[Path]]
    ours: Callable[[Path], object]
    library: Callable[[Path], object]


def volumes(folder):
    """Write NIfTI files of several types, plain and compressed, one with a scale."""
    random, written = np.random.default_rng(2), []
    for number, (kind, suffix) in enumerate([("i2", "nii"), ("u1", "nii.gz"), ("f4", "nii"), (">i2", "nii.gz")]):
        image = nibabel.Nifti1Image(random.integers(0, 100, (5, 6, 4)).astype(kind), np.diag([1, 2, 3, 1]))
        if kind == "i2":
            image.header.set_slope_inter(0.5, 3)
        written.append(folder / f"volume{number}.{suffix}")
        nibabel.save(image, written[-1])
    return written


def by_nibabel(path):
    """Read a volume and its affine with `nibabel` alone."""
    image = nibabel.Nifti1Image.from_bytes(unpacked(path))
    return np.asarray(image.dataobj, np.float32), image.affine


def unpacked(path):
    """Return a file's bytes, unpacked."""
    stored = path.read_bytes()
    return gzip.decompress(stored) if stored[:2] == b"\x1f\x8b" else stored


def pictures(folder):
    """Write DICOM files of CT and MR."""
    random = np.random.default_rng(1)
    written = []
    for number, modality in enumerate(["CT", "MR"]):
        array = random.integers(-500, 500, (7, 5, 1)) * 2
        written += data.write_dicom(folder / str(number), array, np.diag([1, 2, 3, 1.0]), modality=modality, padding=-9)
    return written


def by_pydicom(path):
    """Read a picture with pydicom alone, scaled as its header says."""
    import pydicom

    header = pydicom.dcmread(path)
    pixels = header.pixel_array.astype(np.float64)
    return (pixels * float(header.get("RescaleSlope", 1)) + float(header.get("RescaleIntercept", 0))).astype(np.float32)


def _a_run(path):
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Conv2d(2, 2, 1))
    optimiser = torch.optim.AdamW(network.parameters())
    network(torch.ones(1, 1, 5, 5)).sum().backward()
    optimiser.step()
    generator = torch.Generator().manual_seed(3)
    history = {"loss": [0.5, 0.25], "score": {2: 0.75}, "best_step": 2}
    parts = {"network": network, "optimiser": optimiser}
    return Checkpoint(path, {"steps": 2}, parts, generator, history)


def checkpoints(folder):
    """Write what a run leaves to go on from."""
    run = _a_run(folder / "run.pt")
    run.save({name: value.clone() for name, value in run.parts["network"].state_dict().items()})
    return [folder / "run.pt"]


def resumed(path):
    """Go on from a checkpoint; what was put back everywhere."""
    run = _a_run(path)
    before = {name: value.clone() for name, value in run.parts["network"].state_dict().items()}
    try:
        best = run.resume()
    except ValueError:
        after = run.parts["network"].state_dict()
        assert all(torch.equal(value, after[name]) for name, value in before.items()), "refused, and changed"
        raise
    return dict(run.parts["network"].state_dict()), best, run.history, run.generator.get_state()


def by_torch(path):
    """Read a checkpoint with torch alone."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    generator = torch.Generator().set_state(state["generator"])  # which leaves out what its state has no use for
    return state["network"], state["best"], state["history"], generator.get_state()


def manifests(folder):
    """Copy the list of the sets' files."""
    path = folder / "manifest.tsv"
    path.write_bytes(files("unet_teach.data").joinpath("manifest.tsv").read_bytes())
    return [path]


FACTS = files("unet_teach.data").joinpath("sets.toml").read_text(encoding="utf-8")


def listed(path):
    """Read the list with our reader: the rows of each set."""
    rows = path.read_text(encoding="utf-8", errors="surrogateescape")
    return {
        name: [(file.path, file.bytes, file.sha256, file.url) for file in found.files]
        for name, found in read_manifest(FACTS, rows).items()
    }


def by_csv(path):
    """Read the list with Python's csv alone."""
    rows = path.read_text(encoding="utf-8", errors="surrogateescape")
    found = {name: [] for name in tomllib.loads(FACTS)}
    for row in csv.DictReader(io.StringIO(rows), delimiter="\t"):
        found[row["set"]].append((row["path"], int(row["bytes"]), row["sha256"], row["url"]))
    return found


def tables(folder):
    """Copy a stored table."""
    path = folder / "planned_em.csv"
    path.write_bytes((table.TABLES / path.name).read_bytes())
    return [path]


def cells(path):
    """Read a stored table with our reader, as text."""
    return [[str(value) for value in row.values()] for row in table.read(path)]


def cells_by_csv(path):
    """Read a stored table with Python's csv; numbers as Python prints them."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    names, *rows = csv.reader(lines)
    named = [dict(zip(names, row, strict=False)) for row in rows]
    return [[str(table._value(field)) for field in row.values()] for row in named]


def weights(folder):
    """Copy the weights that body composition comes with, and their log."""
    for name in ("body.pt", "body.csv"):
        (folder / name).write_bytes((body.frozen.WEIGHTS / name).read_bytes())
    return [folder / "body.pt"]


def frozen(path):
    """Load the weights beside the log that describes them."""
    home = path.parent / "beside"
    home.mkdir(exist_ok=True)
    (home / "body.pt").write_bytes(path.read_bytes())
    (home / "body.csv").write_bytes((body.frozen.WEIGHTS / "body.csv").read_bytes())
    return body.load_body_network(home).state_dict()


def by_torch_alone(path):
    """Read weights with torch alone, in the precision of a network."""
    return {
        name: value.float() if value.is_floating_point() else value
        for name, value in torch.load(path, map_location="cpu", weights_only=True).items()
    }


def flat(folder):
    """Write pictures of several kinds as PNG."""
    random, written = np.random.default_rng(4), []
    for number, (high, kind, shape) in enumerate([(255, "u1", (9, 7)), (60000, "u2", (6, 8)), (255, "u1", (5, 6, 3))]):
        written.append(folder / f"picture{number}.png")
        Image.fromarray(random.integers(0, high, shape).astype(kind)).save(written[-1])
    return written


def by_pillow(path):
    """Read a picture with Pillow alone: channels first, without an alpha channel."""
    array = np.asarray(Image.open(path))
    if array.ndim == 2:
        return array[None]
    array = np.moveaxis(array, -1, 0)
    array = array[:-1] if len(array) in (2, 4) else array
    return array[:1] if all(np.array_equal(channel, array[0]) for channel in array) else array


def stacks(folder):
    """Write TIFF files: one picture, a stack as ImageJ does, one compressed."""
    random, written = np.random.default_rng(5), []
    for number, (shape, how) in enumerate(
        [((9, 7), {}), ((4, 6, 8), {"imagej": True, "metadata": {"axes": "ZYX"}}), ((9, 8), {"compression": "zlib"})]
    ):
        written.append(folder / f"stack{number}.tif")
        tifffile.imwrite(written[-1], random.integers(0, 60000, shape).astype("u2"), **how)
    return written


def by_tifffile(path):
    """Read a TIFF with `tifffile` alone, the first of its series, without axes of length one."""
    with tifffile.TiffFile(path) as tif:
        return next(one for one in tif.series if one.size).asarray().squeeze()


def arrays(folder):
    """Write arrays of NumPy, alone and several a file."""
    random = np.random.default_rng(6)
    np.save(folder / "array.npy", random.normal(size=(6, 5)).astype(np.float32))
    np.savez_compressed(folder / "arrays.npz", image=random.integers(0, 200, (6, 5)).astype(np.uint8))
    return [folder / "array.npy", folder / "arrays.npz"]


def by_numpy(path):
    """Read an array with NumPy alone."""
    found = np.load(path, allow_pickle=False)
    return (found if isinstance(found, np.ndarray) else found[found.files[0]]).squeeze()


def zarr_files(folder):
    """Write a picture in pieces; what is damaged is its description, or one piece."""
    where = folder / "picture.zarr"
    array = zarr.create_array(where, shape=(20, 24), chunks=(8, 8), dtype="u1")
    array[:] = np.random.default_rng(7).integers(0, 200, array.shape)
    return [where / "zarr.json", where / "c" / "1" / "1"]


def in_zarr(path):
    """Find the folder that a file of a Zarr array lies in."""
    return next(parent for parent in path.parents if parent.suffix == ".zarr")


def corner(path):
    """Read a corner with our reader: a damaged description may say that the picture is endless."""
    return read_place(open_picture(in_zarr(path)), (slice(0, 20), slice(0, 24)), in_zarr(path))


def by_zarr(path):
    """Read the corner with zarr alone."""
    return zarr.open(in_zarr(path), mode="r")[0:20, 0:24]


READERS = [
    Reader("PNG", flat, lambda path: read_picture(path).array, by_pillow),
    Reader("TIFF", stacks, lambda path: read_picture(path).array.squeeze(), by_tifffile),
    Reader("NumPy", arrays, lambda path: read_picture(path).array.squeeze(), by_numpy),
    Reader("Zarr", zarr_files, corner, by_zarr),
    Reader("NIfTI", volumes, read_nifti, by_nibabel),
    Reader("DICOM", pictures, lambda path: data.read_slice(path).values, by_pydicom),
    Reader("checkpoint", checkpoints, resumed, by_torch),
    Reader("weights", weights, frozen, by_torch_alone),
    Reader("manifest", manifests, listed, by_csv),
    Reader("table", tables, cells, cells_by_csv),
]


def equal(one, other):
    """Compare what two readers gave: arrays, tensors, and what holds them, to the last bit."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(equal(value, other[name]) for name, value in one.items())
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, np.ndarray | torch.Tensor):
        return np.array_equal(np.asarray(one), np.asarray(other), equal_nan=np.asarray(one).dtype.kind in "fc")
    return one == other or (one != one and other != other)


def verdict(reader, path):
    """Say how a damaged file fared: "read", as by the library, "refused", in a sentence; or what went wrong."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # nothing is said aside
        warnings.simplefilter("ignore", ResourceWarning)  # numpy leaves a damaged .npz open
        try:
            found = reader.ours(path)
        except (ValueError, table.TableError) as error:
            bare = type(error) not in (ValueError, table.TableError, data.DicomFault, Unreadable)
            return f"a bare {type(error).__name__}: {error}" if bare or len(str(error)) < 25 else "refused"
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            wanted = reader.library(path)
        except Exception as error:
            return f"read, where the library stops: {type(error).__name__}: {error}"
    return "read" if equal(found, wanted) else "read, but not as the library reads it"
