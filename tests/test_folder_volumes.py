"""A folder of volumes is learned from: after a hundred steps the network is far ahead of the rule."""

import nibabel
import numpy as np
import pytest

from unet_teach.data.phantoms.hippocampus import hippocampus_box
from unet_teach.recipes.folder import check_folder, predict_folder, score_folder, train_folder


def written(folder, numbers):
    """Phantom crops of the hippocampus as NIfTI, with an affine that is no plain one."""
    affine = np.array([[0, -1.0, 0, 5], [1.0, 0, 0, -6], [0, 0, 1.0, 7], [0, 0, 0, 1]])
    for number in numbers:
        image, labels = hippocampus_box(number)
        for home, array in (("images", image), ("labels", labels)):
            (folder / home).mkdir(parents=True, exist_ok=True)
            nibabel.save(nibabel.Nifti1Image(array, affine), folder / home / f"box_{number:02}.nii.gz")
    return folder, affine


@pytest.mark.slow
def test_volumes_are_learned_from_and_marked_in_their_place(tmp_path):
    folder, affine = written(tmp_path / "mine", range(1, 9))
    checked = check_folder(folder)
    assert checked.faults
    assert checked.may_train
    model = train_folder(checked, tmp_path / "net", steps=100, width=8)
    assert len(model.plan["configurations"][model.configuration]["patch_size"]) == 3
    scores = score_folder(model, checked.contents)
    network, rule = (np.mean([getattr(one, which) for one in scores.images]) for which in ("network", "rule"))
    assert network > rule + 0.2
    new, _ = written(tmp_path / "new", [20])
    predict_folder(model, new, tmp_path / "labels")
    said = nibabel.load(tmp_path / "labels/box_20.nii.gz")
    drawn = np.asarray(nibabel.load(new / "labels/box_20.nii.gz").dataobj)
    assert np.allclose(said.affine, affine)
    inside = np.asarray(said.dataobj) > 0
    assert 2 * (inside & (drawn > 0)).sum() > 0.5 * (inside.sum() + (drawn > 0).sum())
