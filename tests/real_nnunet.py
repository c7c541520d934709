"""Ask the real nnU-Net, in a process of its own: import takes seconds and starts threads that a test should not have.

`python real_nnunet.py FOLDER` reads FOLDER/questions.json, a list of fingerprints with "memory_gb", and every data set
below FOLDER/raw; it writes FOLDER/plans.json and, for each data set, what the real extractor and planner say.
"""

import contextlib
import io
import json
import multiprocessing
import os
import sys
from pathlib import Path
from types import SimpleNamespace

FIELDS = ["spacing", "patch_size", "batch_size", "median_image_size_in_voxels", "normalization_schemes"]
FIELDS += ["use_mask_for_norm", "batch_dice", "features_per_stage", "kernel_sizes", "strides", "n_conv_per_stage"]
FIELDS += ["n_conv_per_stage_decoder"]


def only_what_is_planned(plans):
    """Keep of the real plans what the course plans too, as plain lists and numbers."""

    def kept(configuration):
        if "inherits_from" in configuration:
            return configuration
        everything = {**configuration, **configuration["architecture"]["arch_kwargs"]}
        return {field: everything[field] for field in FIELDS}

    configurations = {name: kept(one) for name, one in plans["configurations"].items()}
    plain = {"transpose_forward": plans["transpose_forward"], "configurations": configurations}
    return json.loads(json.dumps(plain, default=lambda value: value.tolist() if hasattr(value, "tolist") else value))


def main(folder):
    raw, done = folder / "raw", folder / "done"
    names = {"raw": raw, "preprocessed": done, "results": done, "n_proc_DA": 1}  # the last one, planning asks for
    os.environ |= {f"nnUNet_{name}": str(value) for name, value in names.items()}
    import torch
    from nnunetv2.experiment_planning.dataset_fingerprint import fingerprint_extractor
    from nnunetv2.experiment_planning.experiment_planners.default_experiment_planner import ExperimentPlanner

    # A child that starts afresh imports everything once more, which takes longer than all the rest.
    forked = multiprocessing.get_context("fork")
    fingerprint_extractor.multiprocessing = SimpleNamespace(get_context=lambda method: forked)

    class Planner(ExperimentPlanner):
        """Reads no image, writes no file, and builds networks without their weights: the numbers stay the same."""

        def determine_reader_writer(self):
            return Planner

        def save_plans(self, plans):
            pass

        @staticmethod
        def static_estimate_VRAM_usage(*args, **named):
            with torch.device("meta"):
                return ExperimentPlanner.static_estimate_VRAM_usage(*args, **named)

    def plans_of(name, memory_gb):
        with contextlib.redirect_stdout(io.StringIO()):
            return only_what_is_planned(Planner(name, memory_gb).plan_experiment())

    answers, asked = [], raw / "Dataset999_Asked"
    asked.mkdir(parents=True)
    (done / asked.name).mkdir(parents=True)
    for question in json.loads((folder / "questions.json").read_text(encoding="utf-8")):
        description = {
            "channel_names": {str(k): name for k, name in enumerate(question["channel_names"])},
            "labels": {"background" if k == 0 else f"part {k}": k for k in range(question["number_of_labels"])},
            "numTraining": question["number_of_cases"],
            "file_ending": ".nii.gz",
            "dataset": {},
        }
        (asked / "dataset.json").write_text(json.dumps(description), encoding="utf-8")
        properties = {"foreground_intensity_properties_per_channel": {}}
        text = json.dumps(question | properties)
        (done / asked.name / "dataset_fingerprint.json").write_text(text, encoding="utf-8")
        answers.append(plans_of(asked.name, question["memory_gb"]))
    (folder / "plans.json").write_text(json.dumps(answers), encoding="utf-8")
    for place in sorted(raw.glob("Dataset00*")):
        extractor = fingerprint_extractor.DatasetFingerprintExtractor(place.name, 1)
        extractor.num_foreground_voxels_for_intensitystats = 8 * 10_000  # instead of 10e7: seconds
        extractor.show_progress_bar = False
        fingerprint = extractor.run()
        answer = {"fingerprint": fingerprint, "plan": plans_of(place.name, 8)}
        (folder / f"{place.name}.json").write_text(
            json.dumps(answer, default=lambda value: value.tolist() if hasattr(value, "tolist") else float(value)),
            encoding="utf-8",
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
