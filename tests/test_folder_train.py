"""Train, predict and export: what comes out, what is refused, and that a kill costs nothing."""

import json
import re
import tracemalloc

import folders_to_check as made
import nibabel
import numpy as np
import pytest
import tifffile
import torch
from folders_to_check import save
from torch import nn

from unet_teach.__main__ import main
from unet_teach.nnunet import Case
from unet_teach.predict import sliding_window
from unet_teach.predict.blocks import blocks_along, predict_blocks
from unet_teach.predict.export import CARD, export_onnx, model_card, write_labels
from unet_teach.recipes.folder import check_folder, load_model, score_folder, train_folder
from unet_teach.recipes.folder.exporting import card_of, export_model, hand_over_folder
from unet_teach.recipes.folder.predicting import as_values, numbered_objects, say
from unet_teach.recipes.folder.rule import best_rule, folder_dice
from unet_teach.recipes.folder.splitting import joined, split_by_group
from unet_teach.recipes.folder.writing import images_in, predict_folder

SMALL = {"steps": 4, "width": 4, "memory_gb": 0.004}
FEW = ["--steps", "4", "--width", "4", "--memory", "0.004"]


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    return made.clean(tmp_path_factory.mktemp("cells") / "mine", count=8)


@pytest.fixture(scope="module")
def trained(cells, tmp_path_factory):
    return train_folder(
        check_folder(cells), tmp_path_factory.mktemp("runs") / "run", **{**SMALL, "steps": 30, "width": 8}
    )


# ---------------------------------------------------------------- the whole way, from a shell


def test_from_a_folder_to_labels_in_a_shell(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    made.clean(tmp_path / "mine")
    assert main(["check", "mine", "--page", "check.html"]) == 0
    assert main(["train", "mine", *FEW]) == 0
    said = capsys.readouterr().out
    assert "held back" in said
    assert "The rule:" in said
    assert re.search(r"mean\s+0\.\d+\s+0\.\d+", said)
    assert main(["predict", "mine/images", "--model", "mine-unet", "--out", "labels"]) == 0
    assert sorted(p.name for p in (tmp_path / "labels").iterdir()) == sorted(
        ["areas.tsv", "summary.html", *(f"{name}.tif" for name in made.names())]
    )
    assert main(["export", "mine-unet", "--data", "mine", "--no-onnx"]) == 0
    assert (tmp_path / "mine-unet-export/Dataset001_Mine/dataset.json").exists()
    for page in ("check.html", "mine-unet/summary.html", "labels/summary.html"):
        text = (tmp_path / page).read_text(encoding="utf-8")
        assert "data:image/png;base64," in text
        assert not re.search(r"https?:|<script|<link", text)
        assert "<img" in text
        assert text.count("<img") == text.count('alt="')


def test_nothing_is_written_over(tmp_path, monkeypatch, capsys, cells):
    monkeypatch.chdir(tmp_path)
    folder = str(cells)
    (tmp_path / "there").mkdir()
    (tmp_path / "there/mine.txt").write_text("precious", encoding="utf-8")
    assert main(["train", folder, "--out", "there", *FEW]) == 1
    assert "not empty" in capsys.readouterr().err
    assert main(["train", folder, "--out", "run", *FEW]) == 0
    assert main(["train", folder, "--out", "run", *FEW]) == 1
    assert "already" in capsys.readouterr().err
    assert main(["predict", folder, "--model", "run", "--out", "there"]) == 1
    assert main(["export", "run", "--out", "there", "--no-onnx"]) == 1
    assert main(["check", folder, "--page", "there/mine.txt"]) == 1
    assert (tmp_path / "there/mine.txt").read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "nowhere"], "no folder"),
        (["check"], "Which folder"),
        (["train", "nowhere"], "no folder"),
        (["predict", "nowhere", "--model", "nowhere"], "no trained network"),
        (["export", "nowhere"], "no trained network"),
        (["train", "broken"], "no mask"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_traceback(tmp_path, monkeypatch, capsys, arguments, words):
    monkeypatch.chdir(tmp_path)
    save(tmp_path / "broken/images/a.png", made.picture(1)[0])
    assert main(arguments) in (1, 2)
    said = "".join(capsys.readouterr())
    assert words in said
    assert "Traceback" not in said


@pytest.mark.parametrize("arguments", [["--steps", "0"], ["--steps", "many"], ["--width", "-3"]])
def test_numbers_that_are_none_are_refused(capsys, arguments):
    with pytest.raises(SystemExit) as stopped:
        main(["train", "mine", *arguments])
    assert stopped.value.code == 2
    assert "a whole number from 1 on" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "train", "predict", "export"])
def test_help_speaks_plainly(capsys, command):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    said = capsys.readouterr().out
    assert len(said) > 300
    assert not re.search(r"tensor|logit|epoch|argparse|None", said)


def test_a_damaged_model_is_refused(tmp_path, capsys):
    (tmp_path / "model.pt").write_bytes(b"no model")
    assert main(["predict", str(tmp_path), "--model", str(tmp_path)]) == 1
    assert "damaged" in capsys.readouterr().err


def test_the_workshop_check_asks_no_network(capsys, monkeypatch):
    import socket

    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a request"))
    assert main(["check", "--workshop"]) in (0, 1)
    said = capsys.readouterr().out
    assert "memory" in said
    assert "usiigaci" in said


# ---------------------------------------------------------------- training


def test_a_killed_run_goes_on_to_the_same_weights(cells, tmp_path, monkeypatch):
    from unet_teach.recipes.folder import training

    monkeypatch.setattr(training, "KEPT_EVERY", 2)
    checked = check_folder(cells)
    whole = train_folder(checked, tmp_path / "whole", **{**SMALL, "steps": 6})
    draw = training.training_batches

    def dying(*given):
        inner, count = draw(*given), iter(range(100))

        def drawn(generator):
            if next(count) == 5:
                raise KeyboardInterrupt
            return inner(generator)

        return drawn

    monkeypatch.setattr(training, "training_batches", dying)
    with pytest.raises(KeyboardInterrupt):
        train_folder(checked, tmp_path / "killed", **{**SMALL, "steps": 6})
    monkeypatch.setattr(training, "training_batches", draw)
    said = []
    again = train_folder(checked, tmp_path / "killed", **{**SMALL, "steps": 6}, say=said.append)
    assert any("4 of 6 steps" in sentence for sentence in said)
    for one, other in zip(whole.network.state_dict().values(), again.network.state_dict().values(), strict=True):
        assert torch.equal(one, other)
    with pytest.raises(FileExistsError, match="seed differ"):
        train_folder(checked, tmp_path / "killed", **{**SMALL, "steps": 6}, seed=1)


def test_a_folder_with_errors_is_not_trained_on(tmp_path):
    made.clean(tmp_path / "mine")
    made.remove(tmp_path / "mine", "masks/cell_02.png")
    with pytest.raises(ValueError, match="mend them first"):
        train_folder(check_folder(tmp_path / "mine"), tmp_path / "run", **SMALL)
    assert not (tmp_path / "run").exists()


def test_a_network_that_learned_a_little_is_better_than_nothing(trained, cells):
    found = score_folder(trained, check_folder(cells).contents)
    assert len(found.images) == 2
    assert np.mean([one.network for one in found.images]) > 0.5
    assert [one.network for one in found.images] == sorted(one.network for one in found.images)
    assert "Otsu" in found.rule


def test_several_classes_keep_the_numbers_of_their_masks(tmp_path):
    made.clean(tmp_path / "mine", classes=2)
    made.change_all(tmp_path / "mine", lambda a: a * 100)
    model = train_folder(check_folder(tmp_path / "mine"), tmp_path / "run", **{**SMALL, "steps": 12, "width": 8})
    assert model.meaning.values == (0, 100, 200)
    done = predict_folder(model, tmp_path / "mine/images", tmp_path / "out")
    assert set(np.unique([tifffile.imread(file) for file in done.files])) <= {0, 100, 200}
    found = score_folder(model, check_folder(tmp_path / "mine").contents)
    assert len(found.images[0].each) == 2


def test_colour_channels_and_grey_among_colour(tmp_path):
    made.clean(tmp_path / "mine")
    made.change_all(tmp_path / "mine", lambda a: np.dstack([a, a // 2, 255 - a]), "images")
    save(tmp_path / "mine/images/cell_02.png", np.dstack([made.picture(1)[0]] * 3))
    checked = check_folder(tmp_path / "mine")
    assert checked.may_train, str(checked)
    model = train_folder(checked, tmp_path / "run", **SMALL)
    assert model.meaning.channels == ("red", "green", "blue")
    save(tmp_path / "new/grey.png", made.picture(3)[0])
    save(tmp_path / "new/four.png", np.dstack([made.picture(3)[0]] * 2 + [np.uint8(255) - made.picture(3)[0]]))
    assert len(predict_folder(model, tmp_path / "new", tmp_path / "out").files) == 2


def test_objects_are_numbered_again(tmp_path):
    folder = made.clean(tmp_path / "mine")
    for seed, name in enumerate(made.names()):
        save(folder / f"masks/{name}.png", made.objects(seed)[1])
    model = train_folder(check_folder(folder, instances=True), tmp_path / "run", **{**SMALL, "steps": 30, "width": 8})
    assert model.meaning.instances
    assert model.meaning.smallest > 5
    done = predict_folder(model, folder / "images", tmp_path / "out")
    most = max(int(tifffile.imread(file).max()) for file in done.files)
    assert most >= 3
    found = score_folder(model, check_folder(folder, instances=True).contents)
    assert all(0 <= one.objects <= 1 for one in found.images)


def test_pieces_are_numbered_without_specks():
    mask = np.zeros((9, 9), bool)
    mask[0:3, 0:3] = mask[5:9, 5:9] = mask[0, 8] = True
    found = numbered_objects(mask, 4)
    assert sorted(np.unique(found)) == [0, 1, 2]
    assert found[0, 8] == 0
    assert found[1, 1] != found[7, 7]


def test_stacks_and_volumes_are_trained_and_put_back(tmp_path):
    folder = made.volumes(tmp_path / "Dataset003_Scans")
    (folder / "dataset.json").write_text(
        json.dumps({"labels": {"background": 0, "blob": 1}, "numTraining": 5, "channel_names": {"0": "MRI"}}),
        encoding="utf-8",
    )
    checked = check_folder(folder)
    model = train_folder(checked, tmp_path / "run", steps=2, width=4, memory_gb=0.05)
    assert model.meaning.names == ("background", "blob")
    assert model.configuration == "3d_fullres"
    assert len(score_folder(model, checked.contents).images) == 1
    done = predict_folder(model, folder / "imagesTr", tmp_path / "out")
    assert len(done.files) == 5
    image = nibabel.load(folder / "imagesTr/scan_1_0000.nii.gz")
    labels = nibabel.load(next(file for file in done.files if file.name == "scan_1.nii.gz"))
    assert labels.shape == image.shape
    assert np.allclose(labels.affine, image.affine)


# ---------------------------------------------------------------- splitting


def test_groups_and_twins_stay_together(tmp_path):
    made.clean(tmp_path / "mine", count=8)
    for number, name in enumerate(made.names(8)):
        for which in ("images", "masks"):
            (tmp_path / "mine" / which / f"{name}.png").rename(
                tmp_path / "mine" / which / f"mouse{number // 2}_{number}.png"
            )
    split = split_by_group(check_folder(tmp_path / "mine").contents)
    sides = [{name.split("_")[0] for name in side} for side in (split.known, split.held_back)]
    assert not sides[0] & sides[1]
    assert split.held_back
    assert split == split_by_group(check_folder(tmp_path / "mine").contents)
    assert "by group" in split.why
    loose = split_by_group(check_folder(tmp_path / "mine", grouped=False).contents)
    assert "each image" in loose.why


def test_what_is_alike_joins_groups():
    groups = {"a": "1", "b": "1", "c": "2", "d": "3"}
    assert sorted(map(sorted, joined(groups, [("b", "c")]).values())) == [["a", "b", "c"], ["d"]]
    assert len(joined(groups, [("a", "b")])) == 3


def test_folders_say_what_is_held_back(tmp_path):
    for seed, (part, name) in enumerate([("train", "a"), ("train", "b"), ("train", "c"), ("val", "d"), ("test", "e")]):
        grey, labels = made.picture(seed)
        save(tmp_path / part / "images" / f"{name}.png", grey)
        save(tmp_path / part / "masks" / f"{name}.png", labels)
    split = split_by_group(check_folder(tmp_path).contents)
    assert split.held_back == ("d", "e")


def test_every_class_is_learned(tmp_path):
    folder = made.clean(tmp_path, count=10)
    for name in made.names(10)[:2]:
        made.change(folder, name, lambda a: np.where(a & (np.arange(112) > 56), 2, a).astype(np.uint8))
    for seed in range(5):
        split = split_by_group(check_folder(folder).contents, seed)
        assert {"cell_01", "cell_02"} & set(split.known)


# ---------------------------------------------------------------- rules


def test_the_rule_finds_bright_and_dark_and_says_which():
    grey, labels = made.picture(3)
    bright = Case("a", grey[None].astype(np.float32), labels, (1.0, 1.0))
    dark = Case("b", 255 - grey[None].astype(np.float32), labels, (1.0, 1.0))
    for case, word in ((bright, "bright"), (dark, "dark")):
        name, rule = best_rule([case], 2)
        assert name == f"{word} places, by Otsu's threshold"
        assert folder_dice(rule(case.image), labels, 2) > 0.9
    flat = Case("c", np.ones((1, 20, 20), np.float32), np.ones((20, 20), np.uint8), (1.0, 1.0))
    assert best_rule([flat], 2)[0] == "class 1 everywhere"
    assert folder_dice(np.zeros((3, 3), int), np.zeros((3, 3), int), 3) == 1.0


# ---------------------------------------------------------------- any size


class Windowed(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.layers = nn.Sequential(
            nn.Conv2d(1, 4, 5, padding=2), nn.InstanceNorm2d(4), nn.ReLU(), nn.Conv2d(4, 3, 5, padding=2)
        )
        self.seen = []

    def forward(self, x):
        self.seen.append(x.shape)
        return self.layers(x)


@pytest.mark.parametrize("size", [(50, 61), (7, 130), (128, 96), (33, 33), (201, 75)])
@pytest.mark.parametrize("window", [(16, 16), (16, 24), (17, 15)])
def test_block_by_block_is_the_same_as_whole(size, window):
    network, image = Windowed().eval(), torch.randn(1, *size, generator=torch.Generator().manual_seed(1))
    whole = sliding_window(network, image, window, 0.5, batch=1).argmax(dim=0).numpy()
    said = np.full(size, 9, np.uint8)

    def write(place, classes):
        assert (said[place] == 9).all()
        said[place] = classes

    predict_blocks(network, size, lambda place: image[(slice(None), *place)].numpy(), write, window, block=32)
    assert (said == whole).mean() > 0.9999  # sums in another order may tip a tie
    assert (said != 9).all()


def test_blocks_cover_an_axis_once():
    for length in range(1, 90):
        blocks = list(blocks_along(length, 8, 16))
        assert [number for core, _ in blocks for number in range(core.start, core.stop)] == list(range(length))
        assert all(seen.start <= core.start and core.stop <= seen.stop <= length for core, seen in blocks)


def test_a_wide_tiff_is_predicted_in_bounded_memory(trained, tmp_path, monkeypatch):
    from unet_teach.recipes.folder import opening

    monkeypatch.setattr(opening, "MAPPED", 1000 * 1000)
    wide = tifffile.memmap(tmp_path / "wide.tif", shape=(1024, 1536), dtype=np.uint8)
    for row in range(0, 1024, 256):
        wide[row : row + 256] = np.random.default_rng(row).integers(40, 160, (256, 1536))
    wide.flush()
    del wide
    read = []
    from unet_teach.recipes.folder.opening import Opened, open_picture

    opened = open_picture([tmp_path / "wide.tif"], 1)
    assert isinstance(opened.picture.array, np.memmap) or isinstance(opened.picture.array.base, np.memmap)
    plain = Opened.read

    def counting(self, place):
        piece = plain(self, place)
        read.append(piece.size)
        return piece

    tracemalloc.start()
    try:
        Opened.read = counting
        from unet_teach.recipes.folder import predicting

        predicting.predict_blocks, kept = (
            lambda network, size, read, write, window: predict_blocks(Constant(), size, read, write, window, block=256),
            predicting.predict_blocks,
        )
        answer = say(trained, [tmp_path / "wide.tif"])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        Opened.read = plain
        predicting.predict_blocks = kept
        tracemalloc.stop()
    assert answer.classes.shape == (1024, 1536)
    assert max(read) < 600 * 600  # a block and what surrounds it, of one and a half million pixels
    assert peak < 1024 * 1536 + 20e6  # the answer, and a strip of the image


class Constant(nn.Module):
    def forward(self, x):
        return torch.stack([x[:, 0] * 0, x[:, 0]], dim=1)


# ---------------------------------------------------------------- export


@pytest.mark.slow
def test_the_exported_network_is_the_same(trained, tmp_path):
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    files, far = export_model(trained, tmp_path / "out")
    assert far <= 1e-4
    assert {file.name for file in files} == {"weights.pt", "network.json", "MODEL_CARD.md", "model.onnx"}
    assert all(file.stat().st_size for file in files)


def test_an_export_that_differs_is_not_kept(tmp_path):
    pytest.importorskip("onnxruntime")

    class Restless(nn.Module):
        def forward(self, x):
            return x + torch.rand(1)

    with pytest.raises(ValueError, match="not kept"):
        export_onnx(Restless(), tmp_path / "a.onnx", 1, (8, 8))
    assert not (tmp_path / "a.onnx").exists()


@pytest.mark.parametrize(("unit", "written"), [("µm", "um"), ("mm", "mm"), ("nm", "nm")])
def test_labels_keep_the_scale_that_fiji_reads(tmp_path, unit, written):
    labels = (np.arange(12 * 20).reshape(12, 20) % 5).astype(np.int64)
    write_labels(tmp_path / "flat.tif", labels, (0.5, 0.25), unit, "0 background, 1 cell")
    with tifffile.TiffFile(tmp_path / "flat.tif") as tif:
        assert tif.is_imagej
        assert tif.imagej_metadata["unit"] == written
        numerator, denominator = tif.pages[0].tags["XResolution"].value
        assert numerator / denominator == pytest.approx(4)
        numerator, denominator = tif.pages[0].tags["YResolution"].value
        assert numerator / denominator == pytest.approx(2)
        assert np.array_equal(tif.asarray(), labels)
        assert tif.asarray().dtype == np.uint8


def test_labels_of_a_stack_keep_the_distance_of_slices(tmp_path):
    labels = np.zeros((4, 6, 7), np.uint16)
    labels[1, 2, 3] = 300
    write_labels(tmp_path / "deep.tif", labels, (2.5, 0.5, 0.5), "µm")
    with tifffile.TiffFile(tmp_path / "deep.tif") as tif:
        assert tif.series[0].axes == "ZYX"
        assert tif.imagej_metadata["spacing"] == 2.5
        assert np.array_equal(tif.asarray(), labels)
    from unet_teach.recipes.folder.reading import read_picture

    again = read_picture(tmp_path / "deep.tif", mask=True)
    assert again.spacing == pytest.approx((2.5, 0.5, 0.5))
    assert again.unit == "µm"


@pytest.mark.parametrize(
    ("labels", "spacing", "words"),
    [
        (np.full((3, 3), 70_000), (), "65535"),
        (np.full((3, 3), -1), (), "from 0"),
        (np.zeros((3, 3)), (), "whole numbers"),
        (np.zeros((3, 3), int), (1.0,), "each of 2 axes"),
        (np.zeros((3, 3), int), (1.0, 0.0), "above 0"),
    ],
)
def test_labels_that_no_tiff_holds_are_refused(tmp_path, labels, spacing, words):
    with pytest.raises(ValueError, match=words):
        write_labels(tmp_path / "a.tif", labels, spacing)


def test_nothing_is_exported_over_a_file(tmp_path):
    write_labels(tmp_path / "a.tif", np.zeros((3, 3), int))
    with pytest.raises(FileExistsError):
        write_labels(tmp_path / "a.tif", np.zeros((3, 3), int))
    with pytest.raises(FileExistsError):
        export_onnx(nn.Conv2d(1, 2, 1), tmp_path / "a.tif", 1, (8, 8))


def test_a_model_card_says_what_is_known_and_what_is_not(trained):
    text = card_of(trained, 1e-6)
    assert "Held back: cell_" in text
    assert text.count("## ") == len(CARD)
    assert text.count("not known: fill this in") >= 3
    assert "Nothing here is for diagnosis" in model_card("A net", {}) or "nothing here is for diagnosis" in model_card(
        "A net", {}
    )


def test_the_scale_goes_from_image_to_labels(tmp_path):
    folder = made.clean(tmp_path / "mine")
    for name in made.names():
        array = made.load(folder / f"images/{name}.png")
        (folder / f"images/{name}.png").unlink()
        tifffile.imwrite(
            folder / f"images/{name}.tif", array, imagej=True, resolution=(4.0, 4.0), metadata={"unit": "um"}
        )
    model = train_folder(check_folder(folder), tmp_path / "run", **SMALL)
    assert model.meaning.spacing == pytest.approx((0.25, 0.25))
    done = predict_folder(model, folder / "images", tmp_path / "out")
    with tifffile.TiffFile(done.files[0]) as tif:
        assert tif.imagej_metadata["unit"] == "um"
        numerator, denominator = tif.pages[0].tags["XResolution"].value
        assert numerator / denominator == pytest.approx(4)
    coarse = made.picture(1)[0][::2, ::2].copy()
    (tmp_path / "coarse").mkdir()
    tifffile.imwrite(tmp_path / "coarse/a.tif", coarse, imagej=True, resolution=(2.0, 2.0), metadata={"unit": "um"})
    done = predict_folder(model, tmp_path / "coarse", tmp_path / "out2")
    assert tifffile.imread(done.files[0]).shape == coarse.shape


def test_what_cannot_be_predicted_is_left_out_and_said(trained, tmp_path):
    save(tmp_path / "new/good.png", made.picture(1)[0])
    save(tmp_path / "new/black.png", made.picture(1)[0] * 0)
    (tmp_path / "new/torn.png").write_bytes(b"abc")
    tifffile.imwrite(tmp_path / "new/deep.tif", made.stack(1)[0])
    save(tmp_path / "new/colour.png", np.dstack([made.picture(1)[0], made.picture(2)[0], made.picture(3)[0]]))
    done = predict_folder(trained, tmp_path / "new", tmp_path / "out")
    assert [file.name for file in done.files] == ["good.tif"]
    assert len(done.refused) == 4
    assert all(words in " ".join(done.refused) for words in ("0 everywhere", "damaged", "stack", "3 channels"))


def test_an_image_is_called_by_its_folder_where_its_name_says_nothing(tmp_path):
    for seed, home in enumerate(("set01", "set02")):
        save(tmp_path / home / "raw.png", made.picture(seed)[0])
    assert sorted(images_in(tmp_path, 1)) == ["set01", "set02"]


def test_images_are_found_beside_their_masks(tmp_path):
    made.clean(tmp_path / "mine")
    assert sorted(images_in(tmp_path / "mine", 1)) == made.names()
    with pytest.raises(FileNotFoundError, match="no image"):
        images_in(made.save(tmp_path / "empty" / ".hidden.png", made.picture(1)[0]).parent, 1)


def test_the_data_are_handed_over_with_the_same_split(trained, cells, tmp_path):
    place = hand_over_folder(trained, check_folder(cells).contents, tmp_path)
    folds = json.loads((place / "splits_final.json").read_text(encoding="utf-8"))
    names = dict(line.split("\t") for line in (place / "names.tsv").read_text(encoding="utf-8").splitlines())
    assert [names[one] for one in folds[0]["val"]] == list(trained.about["held_back"])
    assert len(list((place / "imagesTr").iterdir())) == 8


def test_a_model_is_read_back_as_it_was(trained, cells, tmp_path):
    from unet_teach.recipes.folder.model import save_model

    save_model(trained, tmp_path)
    again = load_model(tmp_path)
    assert again.meaning == trained.meaning
    files = [cells / "images/cell_01.png"]
    assert np.array_equal(say(again, files).classes, say(trained, files).classes)
    assert as_values(again, np.ones((2, 2), np.uint8)).max() == 1


def test_images_may_be_learned_at_half_their_size(cells, tmp_path):
    model = train_folder(check_folder(cells), tmp_path / "run", **SMALL, coarser=2)
    assert model.settings["spacing"] == [2.0, 2.0]
    assert say(model, [cells / "images/cell_01.png"]).classes.shape == made.SIZE
    with pytest.raises(ValueError, match="from 1 on"):
        train_folder(check_folder(cells), tmp_path / "other", **SMALL, coarser=0.5)


def test_a_small_file_that_would_fill_the_memory_is_refused(tmp_path, monkeypatch):
    from unet_teach.recipes.folder.reading import Unreadable, picture, read_picture

    monkeypatch.setattr(picture, "LARGEST", 1000)
    np.savez_compressed(tmp_path / "a.npz", image=np.zeros((100, 100)))
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((100, 100), np.uint8))
    for name in ("a.npz", "a.tif"):
        with pytest.raises(Unreadable, match="smaller pieces"):
            read_picture(tmp_path / name)
