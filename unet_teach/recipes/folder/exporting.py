"""Export: weights, ONNX, a model card, and the data as nnU-Net reads it (chapter 25)."""

import json
from dataclasses import asdict
from pathlib import Path

import torch

from unet_teach.nnunet import hand_over
from unet_teach.predict.export import export_onnx, model_card
from unet_teach.recipes.folder.cases import dataset_of
from unet_teach.recipes.folder.contents import Contents
from unet_teach.recipes.folder.faults.fault import size_of
from unet_teach.recipes.folder.model import FolderModel

ONNX, WEIGHTS, CARD, DESCRIPTION = "model.onnx", "weights.pt", "MODEL_CARD.md", "network.json"


def export_model(model: FolderModel, out: Path, onnx: bool = True) -> tuple[list[Path], float]:
    """Write a trained network for other programs, and a model card that says what is known.

    Parameters
    ----------
    model : of `train_folder` or `load_model`
    out : a folder that is not there yet
    onnx : write the ONNX file, too

    Returns
    -------
    the files, and how far the logits of the ONNX file are from the network's; NaN without such a file

    Raises
    ------
    FileExistsError
        If the folder is there and not empty.
    ImportError, ValueError
        As `export_onnx` does.

    Introduced in chapter 25.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FileExistsError(f"{out} is there already: name a folder that is not there yet (--out)")
    out.mkdir(parents=True, exist_ok=True)
    files, far = [out / WEIGHTS, out / DESCRIPTION, out / CARD], float("nan")
    torch.save(model.network.state_dict(), files[0])
    known = {"plan": model.plan, "configuration": model.configuration, "meaning": asdict(model.meaning)}
    files[1].write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    if onnx:
        files.append(out / ONNX)
        far = export_onnx(model.network, files[-1], len(model.meaning.channels), model.settings["patch_size"])
    files[2].write_text(card_of(model, far), encoding="utf-8", errors="backslashreplace")
    return files, far


def card_of(model: FolderModel, far: float) -> str:
    """Fill in a model card from what the run knows; what it cannot know is asked for.

    Introduced in chapter 25.
    """
    about, meaning = model.about, model.meaning
    step = " x ".join(f"{s:.3g}" for s in meaning.spacing)
    scale = f"{step} {meaning.unit} a pixel" if meaning.spacing else "pixels of a size that no file says"
    scored = about.get("scores")
    known = {
        "What it does": f"Names one of {len(meaning.names)} classes for each pixel: {', '.join(meaning.names)}. "
        f"Input: {', '.join(meaning.channels)}; {scale}. What the pictures show was not asked: fill this in.",
        "Data it learned from": f"{len(about['known'])} images of the folder {about.get('folder', '')} "
        f"(SHA-256 of all pixels and labels {about['images'][:16]}...). Their origin was not asked: fill this in.",
        "How it was trained": f"{about['steps']} steps, seed {about['seed']}, unet_teach {about['unet_teach']}, torch "
        f"{about['torch']}; patches of {size_of(model.settings['patch_size'])}, planned by nnU-Net's rules. "
        f"Held back: {', '.join(about['held_back'])} ({about['why']}).",
        "How to use it": f"{WEIGHTS} with {DESCRIPTION} (chapter 18's `NNUNet`), or {ONNX}: windows of "
        f"{size_of(model.settings['patch_size'])}, normalised as {DESCRIPTION} says."
        + (f" Its logits were within {far:.1e} of the network's on random windows." if far == far else ""),
    }
    if scored:
        worst = min(scored, key=lambda row: row["network"])
        mean = sum(row["network"] for row in scored) / len(scored)
        rule = sum(row["rule"] for row in scored) / len(scored)
        known["How well it does"] = (
            f"Mean Dice {mean:.3f} on {len(scored)} images that it never saw, of the same folder; the worst "
            f"{worst['network']:.3f} ({worst['name']}). The best rule without learning: {rule:.3f} "
            f"({about.get('rule', 'not named')}). "
            "Images from elsewhere were not tried."
        )
    if about.get("warnings"):
        known["Where it fails"] = "Not examined. The check of the data warned: " + " ".join(about["warnings"])
    return model_card(f"A U-Net for {', '.join(meaning.names[1:])}", known)


def hand_over_folder(model: FolderModel, contents: Contents, out: Path, number: int = 1) -> Path:
    """Write the folder that was trained on as nnU-Net reads it, with the same cases held back.

    Raises
    ------
    FileExistsError, ValueError
        As `hand_over` does; ValueError if the folder is not the one that was trained on.

    Introduced in chapter 25.
    """
    names = [*model.about["known"], *model.about["held_back"]]
    if sorted(names) != sorted(look.name for look in contents.looks):
        raise ValueError("this is not the folder that was trained on: give that one")
    dataset = dataset_of(contents, model.meaning, names)
    plain = {name: f"case_{number:03}" for number, name in enumerate(names)}
    cases = [type(case)(plain[case.name], case.image, case.labels, case.spacing) for case in dataset.cases]
    known = type(dataset)(cases, dataset.channel_names, dataset.labels, "Mine")
    place = hand_over(known, out, number, folds=[[plain[name] for name in model.about["held_back"]]])
    (place / "names.tsv").write_text(
        "\n".join(f"{new}\t{old}" for old, new in plain.items()) + "\n", encoding="utf-8", errors="backslashreplace"
    )
    return place
