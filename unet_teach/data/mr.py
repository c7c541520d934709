"""One slice of each patient of the BraTS challenge of 2015 (set `brats2015`)."""

from unet_teach.data.download import FetchError, fetch
from unet_teach.data.phantoms.mr import MRSlice, mr_slice
from unet_teach.data.standin import announce
from unet_teach.data.tumour import load_brain_tumour, patient_numbered


def load_mr_slice(patient: int) -> MRSlice:
    """Load the axial slice of one patient on which the tumour is largest.

    It is seen from the feet, as radiologists do: the patient's right is on the left, the face at the top. The tumour
    was outlined by experts, who saw more sequences than these two.

    Parameters
    ----------
    patient : 1 to 6

    Returns
    -------
    MRSlice
        patient : the number
        flair, t1c : (240, 240) float32, pixels of 1 mm. Others scaled them, each sequence of each patient by itself, so
            that a grey value has no unit; outside the brain stands one negative number. t1c is T1 after contrast agent.
        brain : (240, 240) bool
        tumour : (240, 240) bool, the whole tumour with the oedema around it

    A stand-in of the same shapes is returned, and announced, where the real set cannot be had.

    Raises
    ------
    ValueError
        If there is no such patient.

    Source: Menze et al. (2015), see `SETS["brats2015"].citation`. Introduced in chapter 5.
    """
    patient = patient_numbered(patient)
    try:
        fetch("brats2015")
    except FetchError as error:
        announce("brats2015", error.reason)
        return mr_slice(patient)  # drawn at once, where a whole head takes seconds
    volume = load_brain_tumour(patient)
    level = (volume.labels > 0).sum(axis=(0, 1)).argmax()
    # The axes run towards the patient's left and to the back, so their swap is the view from the feet.
    flair, t1c, brain = (volume.flair[..., level].T, volume.t1c[..., level].T, volume.brain[..., level].T)
    return MRSlice(patient, flair.copy(), t1c.copy(), brain.copy(), volume.labels[..., level].T > 0)
