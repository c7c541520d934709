"""From a DICOM folder to a number, or to a sentence: gate, slices, segmentation, measures, report, command."""

import json
import shutil

import nibabel
import numpy as np
import pytest

from unet_teach.__main__ import main
from unet_teach.clinic.body import (
    LUMBAR,
    Refused,
    as_report,
    as_stored,
    body_composition,
    gate,
    load_body_network,
    no_whole_torso,
    seen_from_the_feet,
    segment_slices,
    slices_named,
    slices_of_vertebra,
    write_segmentation,
)
from unet_teach.clinic.body.gate import in_runs
from unet_teach.clinic.measure import measure_tissue
from unet_teach.clinic.report import NOTE, overlay_tissue, write_report
from unet_teach.course.scans import FAULTS, LEGAL, spoil
from unet_teach.data import DicomFault, read_dicom, write_dicom
from unet_teach.data.dicom import DicomVolume
from unet_teach.data.phantoms import torso
from unet_teach.metrics import dice
from unet_teach.recipes.torso import TISSUES

pydicom = pytest.importorskip("pydicom")
COUNT = 12


def as_volume(scan):
    """A phantom in the order of `read_dicom`: columns, rows, slices."""
    return scan.hu.transpose(2, 1, 0), scan.affine[:, [2, 1, 0, 3]]


@pytest.fixture(scope="module")
def person():
    return torso(7, 0.5, slices=COUNT, spacing=(5, 2, 2.5), level=10)


@pytest.fixture(scope="module")
def folder(person, tmp_path_factory):
    target = tmp_path_factory.mktemp("scan") / "ct"
    write_dicom(target, *as_volume(person))
    return target


@pytest.fixture(scope="module")
def scan(folder):
    return read_dicom(folder)


@pytest.fixture(scope="module")
def truth(person):
    labels = np.zeros(person.labels.shape, np.uint8)
    for name, number in TISSUES.items():
        labels[person.mask(name)] = number
    return labels


@pytest.fixture(scope="module")
def found(folder):
    return body_composition(folder, slices="3-7")


def vertebrae(path, scan, levels, affine=None):
    """Write a mask: each level takes the slices given, in a small square."""
    labels = np.zeros(scan.array.shape, np.uint8)
    for level, slices in levels.items():
        labels[90:100, 100:110, slices] = LUMBAR[level]
    nibabel.save(nibabel.Nifti1Image(labels, scan.affine if affine is None else affine), path)
    return path


def spoilt(scan, **changes):
    return scan._replace(**changes)


def test_a_sound_scan_passes(scan):
    assert gate(scan) == []
    assert no_whole_torso(scan, range(COUNT)) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda s: {"modality": "MR"}, "It is MR"),
        (lambda s: {"thickness": 12.0}, "12 mm thick"),
        (lambda s: {"spacing": (2.5, 2.0, 11.0)}, "11 mm thick"),
        (lambda s: {"array": s.array[..., :9], "padding": s.padding[..., :9]}, "It has 9 slices"),
        (lambda s: {"array": s.array + 1024}, "no Hounsfield units"),
        (lambda s: {"array": s.array - 1500}, "no Hounsfield units"),
        (lambda s: {"affine": s.affine[:, [0, 2, 1, 3]]}, "90 degrees off from axial"),
    ],
)
def test_each_reason_by_itself(scan, change, reason):
    reasons = gate(spoilt(scan, **change(scan)))
    assert len(reasons) == 1
    assert reason in reasons[0]


def test_the_limits_themselves_pass(scan):
    assert gate(spoilt(scan, thickness=10.0)) == []
    assert gate(spoilt(scan, array=scan.array[..., :10], padding=scan.padding[..., :10])) == []
    assert gate(spoilt(scan, thickness=float("nan"))) == []


def test_all_reasons_come_at_once_and_two_can_be_lifted(scan):
    bad = spoilt(scan, modality="MR", thickness=12.0, array=scan.array[..., :9] + 1024, padding=scan.padding[..., :9])
    assert len(gate(bad)) == 4
    assert [reason[:9] for reason in gate(bad, anyway=True)] == ["It is MR:", "Its numbe"]
    refusal = Refused(gate(bad))
    assert refusal.reasons == tuple(gate(bad))
    assert str(refusal).startswith("not measured. (1) It is MR")
    assert "(4) Its numbers" in str(refusal)


def test_a_body_that_is_cut_off_or_none_is_seen(scan):
    narrow = spoilt(scan, array=scan.array[60:], padding=scan.padding[60:])
    assert "edge of the picture in slices 2-4" in no_whole_torso(narrow, range(2, 5))[0]
    padding = np.zeros(scan.padding.shape, bool)
    padding[:, :110, 4] = True
    assert "slices 4:" in no_whole_torso(spoilt(scan, padding=padding), range(2, 6))[0]
    empty = scan.array.copy()
    empty[..., 1:3] = -1000
    assert no_whole_torso(spoilt(scan, array=empty), range(4)) == ["There is no body in slices 1-2."]
    small = spoilt(scan, spacing=(0.25, 0.2, 5.0))
    assert "is no torso" in no_whole_torso(small, range(4))[0]


def test_numbers_are_written_briefly():
    assert in_runs([3, 4, 5, 9]) == "3-5, 9"
    assert in_runs([0]) == "0"


@pytest.mark.parametrize(("text", "wanted"), [("3-7", range(3, 8)), (" 0 - 11 ", range(12)), ("5", range(5, 6))])
def test_slices_are_read(scan, text, wanted):
    assert slices_named(text, scan) == wanted


@pytest.mark.parametrize("text", ["", "7-3", "3-12", "-1", "a-b", "3,5", "3-5-7", "1.5-2", "٣-٥"])
def test_slices_that_are_none_are_refused(scan, text):
    with pytest.raises(Refused, match=r"Slices are given as|There are no slices"):
        slices_named(text, scan)


def test_a_vertebra_is_looked_up(scan, tmp_path):
    mask = vertebrae(tmp_path / "v.nii.gz", scan, {"L3": slice(2, 5), "L2": slice(5, 9)})
    assert slices_of_vertebra(mask, "L3", scan) == range(2, 5)
    flipped = nibabel.Nifti1Image(
        nibabel.load(mask).get_fdata()[::-1].astype(np.uint8), scan.affine @ flip_x(scan.array.shape[0])
    )
    nibabel.save(flipped, tmp_path / "f.nii.gz")  # the same places, stored from the other side
    assert slices_of_vertebra(tmp_path / "f.nii.gz", "L2", scan) == range(5, 9)


def flip_x(count):
    matrix = np.diag([-1.0, 1, 1, 1])
    matrix[0, 3] = count - 1
    return matrix


def test_slices_count_from_the_feet_however_they_are_stored(person, scan, found, tmp_path):
    """Rows to the front: the normal of the pictures then points to the feet."""
    volume, affine = as_volume(person)
    columns, rows, slices = volume.shape
    turn = np.diag([1.0, -1, -1, 1])
    turn[1, 3], turn[2, 3] = rows - 1, slices - 1
    write_dicom(tmp_path / "ct", volume[:, ::-1, ::-1], affine @ turn)
    other = read_dicom(tmp_path / "ct")
    assert other.affine[2, 2] < 0
    mask = vertebrae(tmp_path / "v.nii.gz", scan, {"L3": slice(3, 8)})
    assert slices_of_vertebra(mask, "L3", other) == range(3, 8)
    again = body_composition(tmp_path / "ct", slices="3-7")
    np.testing.assert_array_equal(again.tissue.labels, found.tissue.labels)
    empty = other.array.copy()
    empty[..., 0] = -1000  # stored first, so the highest
    assert no_whole_torso(spoilt(other, array=empty), range(COUNT)) == ["There is no body in slices 11."]


def test_a_vertebra_that_cannot_be_used_is_refused(scan, tmp_path):
    mask = vertebrae(tmp_path / "v.nii.gz", scan, {"L3": slice(0, 3), "L2": slice(5, 9), "L1": slice(9, 12)})
    for level, reason in {"L4": "in it are L3, L2, L1", "L3": "end of the scan", "L1": "end of the scan"}.items():
        with pytest.raises(Refused, match=reason):
            slices_of_vertebra(mask, level, scan)
    with pytest.raises(Refused, match="A level is one of"):
        slices_of_vertebra(mask, "T12", scan)
    with pytest.raises(Refused, match="cannot be used"):
        slices_of_vertebra(tmp_path / "none.nii.gz", "L3", scan)
    moved = scan.affine.copy()
    moved[2, 3] -= 60
    other = vertebrae(tmp_path / "m.nii.gz", scan, {"L3": slice(2, 5)}, moved)
    with pytest.raises(Refused, match="60 mm off"):
        slices_of_vertebra(other, "L3", scan)
    pieces = vertebrae(tmp_path / "p.nii.gz", scan, {"L3": [2, 3, 6]})
    with pytest.raises(Refused, match="in pieces"):
        slices_of_vertebra(pieces, "L3", scan)


@pytest.mark.parametrize("signs", [(-1, -1, 1), (1, 1, 1), (1, -1, -1)])
def test_slices_are_seen_from_the_feet_whichever_way_they_are_stored(signs):
    volume = np.arange(24).reshape(2, 3, 4)
    affine = np.diag([*np.array(signs) * (2.0, 3.0, 4.0), 1.0])
    seen = seen_from_the_feet(volume, affine)
    assert seen.shape == (4, 3, 2)
    np.testing.assert_array_equal(as_stored(seen, affine), volume)
    places = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    right, front, head = ((affine[:3, :3] @ places.T).T + 0.0).T
    values = volume[tuple(places.T)]
    where = {value: np.argwhere(seen == value)[0] for value in values}
    assert (where[values[1]][2] - where[values[0]][2]) * (right[1] - right[0]) < 0  # columns run to the left
    assert (where[values[2]][1] - where[values[0]][1]) * (front[2] - front[0]) < 0
    assert (where[values[3]][0] - where[values[0]][0]) * (head[3] - head[0]) > 0


def test_tissues_are_found_on_the_scans_own_pixels(found, truth):
    assert found.tissue.labels.shape == (5, *truth.shape[1:])
    assert found.tissue.spacing == (5, 2, 2.5)
    for name, least in {"subcutaneous_fat": 0.95, "torso_fat": 0.9, "skeletal_muscle": 0.8}.items():
        assert dice(found.tissue.labels == TISSUES[name], truth[3:8] == TISSUES[name]) > least, name


def test_a_scan_stored_the_other_way_gives_the_same(person, found, tmp_path):
    volume, affine = as_volume(person)
    turned = affine @ flip_x(volume.shape[0])
    write_dicom(tmp_path / "ct", volume[::-1], turned)
    again = body_composition(tmp_path / "ct", slices="3-7")
    np.testing.assert_array_equal(again.tissue.labels, found.tissue.labels)


def test_measures_by_hand():
    labels = np.zeros((2, 4, 5), np.uint8)
    labels[0, 1, 1:4], labels[1, 2, 2] = 1, 2
    hu = np.arange(40.0).reshape(2, 4, 5)
    rows = measure_tissue(labels, hu, (5, 2, 3), {"one": 1, "two": 2})
    assert rows["one"] == pytest.approx({"area_cm2": 3 * 6 / 100 / 2, "volume_ml": 3 * 30 / 1000, "mean_hu": 7})
    assert rows["two"]["mean_hu"] == 32
    with pytest.raises(ValueError, match="no pixel was named three"):
        measure_tissue(labels, hu, (5, 2, 3), {"one": 1, "three": 3})
    with pytest.raises(ValueError, match="of one shape"):
        measure_tissue(labels, hu[:1], (5, 2, 3), {"one": 1})
    with pytest.raises(ValueError, match="three numbers above 0"):
        measure_tissue(labels, hu, (5, 0, 3), {"one": 1})
    with pytest.raises(TypeError, match="integers"):
        measure_tissue(labels[0], hu, (5, 2, 3), {"one": 1})
    with pytest.raises(ValueError, match="finite"):
        measure_tissue(labels, hu * np.nan, (5, 2, 3), {"one": 1})


def test_areas_are_those_of_the_labels(found):
    assert found.measures["torso_fat"]["area_cm2"] == pytest.approx((found.tissue.labels == 2).sum() * 0.05 / 5)
    assert found.ratio == found.measures["torso_fat"]["area_cm2"] / found.measures["subcutaneous_fat"]["area_cm2"]
    assert -115 < found.measures["subcutaneous_fat"]["mean_hu"] < -85


def test_the_segmentation_reads_back_equal_by_simpleitk(found, scan, tmp_path):
    itk = pytest.importorskip("SimpleITK")
    pytest.importorskip("highdicom")
    write_report(found, tmp_path)
    frames = itk.GetArrayFromImage(itk.ReadImage(str(tmp_path / "segmentation.dcm"))) > 0  # (frames, rows, columns)
    header = pydicom.dcmread(tmp_path / "segmentation.dcm")
    places = {pydicom.dcmread(file).SOPInstanceUID: number for number, file in enumerate(scan.files)}
    read = np.zeros((COUNT, *frames.shape[1:]), np.uint8)
    for frame, about in zip(frames, header.PerFrameFunctionalGroupsSequence, strict=True):
        picture = about.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
        read[places[picture]][frame] = about.SegmentIdentificationSequence[0].ReferencedSegmentNumber
    wanted = np.zeros_like(read)
    wanted[3:8] = found.tissue.labels
    np.testing.assert_array_equal(read, as_stored(wanted, scan.affine).transpose(2, 1, 0))
    assert [segment.SegmentLabel for segment in header.SegmentSequence] == [name.replace("_", " ") for name in TISSUES]
    assert header.FrameOfReferenceUID == pydicom.dcmread(scan.files[0]).FrameOfReferenceUID


def test_a_segmentation_that_does_not_fit_is_refused(scan, tmp_path):
    pytest.importorskip("highdicom")
    with pytest.raises(ValueError, match="do not fit the 2 pictures"):
        write_segmentation(tmp_path / "s.dcm", np.ones((3, 4, 4), np.uint8), scan.files[:2], TISSUES)


def test_the_report_holds_the_measures_and_nobodys_name(found, tmp_path):
    pytest.importorskip("highdicom")
    files = write_report(found, tmp_path / "out")
    assert [file.name for file in files] == [
        "report.json",
        "segmentation.dcm",
        *[f"overlay-{n}.png" for n in range(3, 8)],
    ]
    report = json.loads(files[0].read_text(encoding="utf-8"))
    assert report["note"] == NOTE
    assert (report["slices"], report["level"], report["measured_anyway"]) == ([3, 7], None, [])
    assert report["tissues"]["torso_fat"]["area_cm2"] == pytest.approx(
        found.measures["torso_fat"]["area_cm2"], abs=0.01
    )
    assert report["torso_to_subcutaneous_fat"] == pytest.approx(found.ratio, abs=1e-4)
    assert "Phantom" not in files[0].read_text(encoding="utf-8")


def test_a_report_does_not_go_among_the_scans_files(found, folder):
    for target in (folder, folder / "out"):
        with pytest.raises(ValueError, match="own folder"):
            write_report(found, target)
    assert not (folder / "out").exists()


def test_tissues_are_tinted():
    hu, labels = np.full((3, 4), 40.0), np.zeros((3, 4), np.uint8)
    labels[0], labels[1] = 1, 3
    picture = overlay_tissue(hu, labels)
    assert picture.shape == (3, 4, 3)
    np.testing.assert_allclose(picture[2], 0.5)
    assert len({tuple(row[0]) for row in picture}) == 3


def test_all_that_is_wrong_is_said_at_once(person, tmp_path):
    volume, affine = as_volume(person)
    write_dicom(tmp_path / "ct", volume[60:, :, :8], affine, thickness=12)
    with pytest.raises(Refused) as refusal:
        body_composition(tmp_path / "ct", slices="3-5")
    assert len(refusal.value.reasons) == 3
    with pytest.raises(Refused) as refusal:
        body_composition(tmp_path / "ct", slices="3-9")
    assert "There are no slices 3-9" in refusal.value.reasons[2]
    for both in ({}, {"slices": "1", "vertebrae": tmp_path}):
        with pytest.raises(Refused, match="in one of two ways"):
            body_composition(tmp_path / "ct", **both)


def test_a_sagittal_series_gets_its_one_reason(person, tmp_path):
    volume, affine = as_volume(person)
    write_dicom(tmp_path / "ct", volume[:, 60:80].transpose(2, 0, 1), affine[:, [2, 0, 1, 3]])
    with pytest.raises(Refused) as refusal:
        body_composition(tmp_path / "ct", slices="3-5")
    assert len(refusal.value.reasons) == 1
    assert "90 degrees off from axial" in refusal.value.reasons[0]


@pytest.mark.parametrize("what", LEGAL)
def test_what_is_legal_and_unusual_changes_nothing(folder, found, tmp_path, what):
    spoil(folder, tmp_path / "ct", LEGAL[what])
    again = body_composition(tmp_path / "ct", slices="3-7")
    for name, row in found.measures.items():
        assert again.measures[name] == pytest.approx(row, rel=0.01), name


def test_a_slight_tilt_passes(person, found, tmp_path):
    volume, affine = as_volume(person)
    c, s = np.cos(np.radians(4)), np.sin(np.radians(4))
    tipped = np.eye(4)
    tipped[1:3, 1:3] = [[c, -s], [s, c]]
    write_dicom(tmp_path / "ct", volume, tipped @ affine)
    again = body_composition(tmp_path / "ct", slices="3-7")
    np.testing.assert_array_equal(again.tissue.labels, found.tissue.labels)


def test_too_few_slices_are_measured_anyway_and_the_report_says_so(person, tmp_path):
    volume, affine = as_volume(person)
    write_dicom(tmp_path / "ct", volume[..., :6], affine)
    found = body_composition(tmp_path / "ct", slices="2-3", anyway=True)
    assert as_report(found)["measured_anyway"] == ["It has 6 slices: at least 10."]


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_of_chapter_14_ends_in_a_sentence(folder, tmp_path, fault):
    spoil(folder, tmp_path / "ct", FAULTS[fault])
    with pytest.raises((DicomFault, Refused)):
        body_composition(tmp_path / "ct", slices="3-7")


def test_a_tissue_that_is_absent_is_no_number(folder):
    import torch

    class Nothing(torch.nn.Module):
        def forward(self, x):
            return torch.cat([x * 0 + 1, x * 0, x * 0, x * 0], dim=1)

    with pytest.raises(Refused, match="no pixel was named subcutaneous_fat or torso_fat or skeletal_muscle"):
        body_composition(folder, slices="3-7", network=Nothing())


def test_slices_that_are_not_there_are_refused_by_the_network_too(scan):
    with pytest.raises(ValueError, match="slices 0 to 11"):
        segment_slices(load_body_network(), scan, range(10, 13))


def test_the_weights_are_those_of_their_log(tmp_path):
    from unet_teach.clinic.body.frozen import WEIGHTS, freeze
    from unet_teach.train._frozen import LARGEST

    assert (WEIGHTS / "body.pt").stat().st_size <= LARGEST
    load_body_network()
    shutil.copytree(WEIGHTS, tmp_path / "w")
    stored = bytearray((tmp_path / "w" / "body.pt").read_bytes())
    stored[len(stored) // 2] ^= 1
    (tmp_path / "w" / "body.pt").write_bytes(stored)
    with pytest.raises(ValueError, match="not those that their log describes"):
        load_body_network(tmp_path / "w")
    with pytest.raises(ValueError, match="cannot be read"):
        load_body_network(tmp_path / "nowhere")
    network = load_body_network()
    freeze(network, "again", [1.0, 0.5], tmp_path / "again")
    again = load_body_network(tmp_path / "again")
    for one, other in zip(network.state_dict().values(), again.state_dict().values(), strict=True):
        np.testing.assert_array_equal(one, other)  # rounded once, rounded for ever
    assert (tmp_path / "again" / "body.csv").read_text(encoding="utf-8").endswith("step,loss\n50,1.0000\n100,0.5000\n")


def test_the_command_measures_and_writes(folder, tmp_path, capsys):
    pytest.importorskip("highdicom")
    assert main(["bodycomp", str(folder), "--slices", "3-7", "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "Slices 3-7:" in said
    assert "for diagnosis" in said
    assert (tmp_path / "out" / "report.json").exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--slices", "3-70"], "There are no slices 3-70"),
        (["--vertebrae", "nowhere.nii.gz"], "cannot be used"),
    ],
)
def test_the_command_refuses_in_sentences(folder, tmp_path, capsys, arguments, reason):
    assert main(["bodycomp", str(folder), *arguments, "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr()
    assert reason in said.err
    assert "Traceback" not in said.err
    assert not said.out
    assert not (tmp_path / "out").exists()


def test_the_command_needs_slices_one_way_or_the_other(folder, capsys):
    for arguments in ([], ["--slices", "3", "--vertebrae", "m.nii"]):
        with pytest.raises(SystemExit):
            main(["bodycomp", str(folder), *arguments])
    assert "--vertebrae" in capsys.readouterr().err
    assert main(["bodycomp", "nowhere", "--slices", "1"]) == 1
    assert "there is no folder nowhere" in capsys.readouterr().err


def test_what_a_scan_is_made_of_is_not_changed(scan):
    before = DicomVolume(*[part.copy() if isinstance(part, np.ndarray) else part for part in scan])
    gate(scan), no_whole_torso(scan, range(3)), segment_slices(load_body_network(), scan, range(3))
    np.testing.assert_array_equal(scan.array, before.array)
    np.testing.assert_array_equal(scan.affine, before.affine)
