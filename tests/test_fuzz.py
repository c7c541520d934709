"""A small part of `make fuzz`: damaged files, masks of every kind, every size; and files that mean harm."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fuzz.bombs import BOMBS
from fuzz.damage import DAMAGES
from fuzz.files import damaged_files
from fuzz.masks import OF_MASKS, masks_of_every_kind
from fuzz.readers import READERS, Reader
from fuzz.sizes import RULES, sizes_of, tiled_at

HERE = Path(__file__).parent
# Bombs go off where it would hurt: in a process of its own, whose memory is watched.
GUARDED = """
import json, resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from fuzz.readers import resumed
from unet_teach.data import read_slice
from unet_teach.data.nifti import read_nifti

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000  # MB

before, fates = peak(), {}
for path in sorted(Path(sys.argv[1]).rglob("bomb*")):
    read = {".pt": resumed, ".gz": read_nifti, ".dcm": read_slice}[path.suffix]
    try:
        read(path)
    except ValueError as error:
        fates[path.parent.name] = str(error)
print(json.dumps([peak() - before, fates]))
"""


def test_damaged_files_are_refused_or_read_as_their_library_reads_them(tmp_path):
    counts, wrong = damaged_files(tmp_path, 240)
    assert not wrong
    for reader in READERS:
        assert counts[reader.name, "refused"] >= 10, reader.name
    assert sum(counts[reader.name, "read"] for reader in READERS) >= 20


def test_a_reader_that_takes_what_is_damaged_is_caught(tmp_path):
    def original(folder):
        (folder / "numbers.txt").write_bytes(bytes(range(200)))
        return [folder / "numbers.txt"]

    careless = Reader("careless", original, lambda path: len(path.read_bytes()) // 100, lambda path: path.read_bytes())
    stops = Reader("stops", original, lambda path: path.read_bytes().decode("ascii"), lambda path: path.read_bytes())
    counts, wrong = damaged_files(tmp_path, 40, [careless, stops])
    assert counts["careless", "WRONG"] == 20
    assert {fared for name, _, _, fared in wrong if name == "careless"} == {"read, but not as the library reads it"}
    assert counts["stops", "WRONG"] >= 15  # a bare UnicodeDecodeError is no sentence


@pytest.mark.parametrize("spoil", DAMAGES)
def test_damage_is_damage(spoil):
    random = np.random.default_rng(0)
    stored = random.bytes(1000)
    assert sum(spoil(stored, random) != stored for _ in range(20)) >= 10


def test_masks_of_every_type_and_layout_get_the_right_score_or_a_sentence():
    counts, wrong = masks_of_every_kind(100)
    assert not wrong
    assert {name for name, _ in counts} == set(OF_MASKS)


@pytest.mark.parametrize("side", [1, 2, 7, 63, 300])
def test_tiles_of_any_size_are_the_whole(side):
    assert tiled_at(side) is None


@pytest.mark.parametrize("name", RULES)
def test_a_network_takes_legal_sizes_and_names_them_for_others(name):
    assert not sizes_of(name)


@pytest.mark.slow
def test_what_means_harm_is_refused_before_it_does_any(tmp_path):
    for name, (make, file) in BOMBS.items():
        (tmp_path / name).mkdir()
        make(tmp_path / name / file, tmp_path / "victim")
        assert (tmp_path / name / file).stat().st_size < 1_000_000
    command = [sys.executable, "-c", GUARDED, tmp_path, HERE]
    grown, fates = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert fates.keys() == BOMBS.keys()
    for name, sentence in fates.items():
        assert BOMBS[name][1] in sentence, name
    assert not (tmp_path / "victim").exists()
    assert grown < 450, "MB"
