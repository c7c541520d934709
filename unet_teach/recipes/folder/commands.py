"""`python -m unet_teach train|predict|export FOLDER` (chapter 25)."""

import argparse
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from unet_teach.recipes.folder.command import add_reading, checked_as_asked


def in_words(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Say what went wrong in a sentence, and return 1."""

    @wraps(run)
    def safe(given: argparse.Namespace) -> int:
        try:
            return run(given)
        except KeyboardInterrupt:
            print("\nStopped. The same command again goes on from the last steps that were kept.", file=sys.stderr)
        except MemoryError:
            print("Not done: this does not fit into memory. Smaller pictures, or a smaller --memory.", file=sys.stderr)
        except PermissionError as problem:
            place = (
                problem.filename and f"{problem.filename} may not be read or written by you; --out names another place"
            )
            print(f"Not done: {place or problem}", file=sys.stderr)
        except (OSError, ValueError, ImportError, FloatingPointError) as problem:
            print(f"Not done: {problem}", file=sys.stderr)
        return 1

    return safe


def add_train(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `train` to the commands of `python -m unet_teach`."""
    from unet_teach.recipes.folder.planning import MEMORY_GB, WIDTH
    from unet_teach.recipes.folder.training import STEPS

    parser = commands.add_parser(
        "train",
        help="train a network on a folder of images and masks (chapter 25)",
        description="Check a folder, hold back a fifth of its images, train a U-Net on the others, and score it. Some "
        "minutes on a laptop. Stopped with Ctrl-C, the same command goes on later.",
    )
    parser.add_argument("folder", type=Path, help="the folder with images and masks")
    parser.add_argument("--out", type=Path, help="where the network goes (FOLDER-unet, in the working folder)")
    parser.add_argument("--steps", type=_count, default=STEPS, help=f"how long to learn ({STEPS}; more is better)")
    parser.add_argument("--seed", type=int, default=0, help="another number draws another split and network (0)")
    parser.add_argument("--memory", type=float, default=MEMORY_GB, metavar="GB", help=f"larger patches ({MEMORY_GB})")
    parser.add_argument("--width", type=_count, default=WIDTH, help=f"channels of the first level ({WIDTH})")
    parser.add_argument(
        "--coarser", type=float, default=1, metavar="TIMES", help="learn on smaller images: 2 is half the size (1)"
    )
    add_reading(parser)
    parser.set_defaults(run=in_words(run_train))


def add_predict(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `predict` to the commands of `python -m unet_teach`."""
    parser = commands.add_parser(
        "predict",
        help="let a trained network mark new images (chapter 25)",
        description="Mark all images of a folder, of any size, and write label pictures that Fiji opens at the right "
        "scale (napari with its plugin napari-tiff), and a page with outlines to look at.",
    )
    parser.add_argument("folder", type=Path, help="images to mark: a folder, or one file")
    parser.add_argument("--model", type=Path, required=True, help="the folder that train wrote")
    parser.add_argument("--out", type=Path, help="where labels go (FOLDER-labels, in the working folder)")
    parser.set_defaults(run=in_words(run_predict))


def add_export(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `export` to the commands of `python -m unet_teach`."""
    parser = commands.add_parser(
        "export",
        help="write a trained network for other programs (chapter 25)",
        description="Write weights, an ONNX file that is compared with the network, and a model card. With --data, the "
        "folder that was trained on is written as nnU-Net reads it, too.",
    )
    parser.add_argument("folder", type=Path, metavar="MODEL", help="the folder that train wrote")
    parser.add_argument("--out", type=Path, help="where the files go (MODEL-export, in the working folder)")
    parser.add_argument("--no-onnx", action="store_true", help="without the ONNX file, which needs an extra")
    parser.add_argument("--data", type=Path, help="the folder that was trained on, to hand it over to nnU-Net")
    add_reading(parser)
    parser.set_defaults(run=in_words(run_export))


def run_train(given: argparse.Namespace) -> int:
    """Check, train, score; returns the exit status."""
    from unet_teach.recipes.folder.model import save_model
    from unet_teach.recipes.folder.page import write_page
    from unet_teach.recipes.folder.results import training_page
    from unet_teach.recipes.folder.scoring import score_folder, scores_table, with_scores, write_scores
    from unet_teach.recipes.folder.training import train_folder

    found = checked_as_asked(given)
    print(found)
    if not found.may_train:
        return 1
    out = given.out or Path(f"{given.folder.resolve().name}-unet")
    said: list[str] = []

    def say(sentence: str) -> None:
        said.append(sentence)
        print(sentence, flush=True)

    model = train_folder(
        found, out, given.steps, given.seed, given.memory, given.width, given.coarser, not sys.stderr.isatty(), say
    )
    scores = score_folder(model, found.contents)
    head, rows = scores_table(scores, model.meaning)
    save_model(with_scores(model, scores), out)
    write_scores(out / "scores.tsv", head, rows)
    write_page(out / "summary.html", training_page(model, scores, found.contents.looks, said))
    print(f"Dice of the images that were held back, the worst first. The rule: {scores.rule}.")
    print_table(head, rows)
    if sum(one.network - one.rule for one in scores.images) <= 0:
        print("On average the rule does as well or better: use the rule, or train longer (--steps).")
    print(f"Written to {out}: the network, scores.tsv, and summary.html, which shows the worst. Look at them.")
    return 0


def run_predict(given: argparse.Namespace) -> int:
    """Predict, and write labels and a page; returns the exit status."""
    from unet_teach.recipes.folder.model import load_model
    from unet_teach.recipes.folder.writing import predict_folder

    model = load_model(given.model)
    where = given.folder.resolve()
    out = given.out or Path(f"{where.name if where.is_dir() else where.stem}-labels")
    done = predict_folder(model, given.folder, out, quiet=not sys.stderr.isatty())
    for sentence in done.refused:
        print(f"Left out: {sentence}", file=sys.stderr)
    count = f"{len(done.files)} image{'s' * (len(done.files) != 1)}"
    print(f"{count} marked. Labels, areas.tsv and summary.html are in {out}. Look at the page first.")
    return 1 if done.refused or not done.files else 0


def run_export(given: argparse.Namespace) -> int:
    """Export; returns the exit status."""
    from unet_teach.recipes.folder.exporting import export_model, hand_over_folder
    from unet_teach.recipes.folder.model import load_model

    model = load_model(given.folder)
    out = given.out or Path(f"{given.folder.resolve().name}-export")
    files, far = export_model(model, out, onnx=not given.no_onnx)
    print(f"Written to {out}: {', '.join(file.name for file in files)}.")
    if not given.no_onnx:
        print(f"Run by another library, the ONNX file gives the same logits within {far:.1e}.")
    if given.data is not None:
        place = hand_over_folder(model, checked_as_asked(_of(given, given.data)).contents, out)
        print(f"For nnU-Net: {place}, with the names of the images in names.tsv.")
    print("Open the model card, and fill in what nobody but you can know.")
    return 0


def print_table(head: list[str], rows: list[list[str]]) -> None:
    """Print a table whose columns stand below each other."""
    wide = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for first, *rest in (head, *rows):
        print("  ".join(["", first.ljust(wide[0]), *(cell.rjust(w) for cell, w in zip(rest, wide[1:], strict=True))]))


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 on, not {text!r}")
    return number


def _of(given: argparse.Namespace, folder: Path) -> argparse.Namespace:
    return argparse.Namespace(**{**vars(given), "folder": folder})
