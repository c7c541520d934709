"""Chapter 27's promptable U-Net: clicks as channels, the simulated person, the rules, one conversation."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from pretend_gpu import pretending
from scipy import ndimage
from torch import nn

from unet_teach.course.experiments import promptable_cells
from unet_teach.course.experiments.table import load
from unet_teach.course.experiments.weights import restore_weights, store_weights
from unet_teach.course.prompted import (
    Asked,
    Click,
    answer_clicks,
    asked_of,
    best_settings,
    box_around,
    click_channels,
    conversation,
    corrected_blindly,
    correction,
    depth_in,
    disc,
    ellipse_in,
    flooded,
    iou_by_click,
    loosened,
    mask_of,
    overlap_of,
    point_into,
    prompt,
    promptable_unet,
    window_around,
)
from unet_teach.course.prompted.asking import Fields, ask_for
from unet_teach.course.prompted.training import mask_loss, prompted_batch
from unet_teach.predict.export import export_onnx
from unet_teach.train import fit


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


def a_field(seed=0):
    """A field of 150 x 140 pixels with five bright discs, cells 1 to 5; the second touches the border."""
    rng = np.random.default_rng(seed)
    instances = np.zeros((150, 140), np.int32)
    rows, columns = np.ogrid[:150, :140]
    for cell, (row, column) in enumerate([(40, 40), (2, 100), (70, 60), (110, 110), (120, 30)], start=1):
        instances[(rows - row) ** 2 + (columns - column) ** 2 <= 11**2] = cell
    images = rng.normal(100, 4, instances.shape) + 30 * (instances > 0)
    cells = tuple((0, cell) for cell in range(1, 6))
    return Fields(images[None].astype(np.float32), instances[None], np.array([7]), cells)


@pytest.mark.parametrize("place", [(0, 0), (149, 139), (75, 70), (64, 139), (149, 3)])
def test_windows_hold_their_pixel_and_stay_inside(place):
    rows, columns = window_around((150, 140), *place)
    for side, length, pixel in ((rows, 150, place[0]), (columns, 140, place[1])):
        assert side.stop - side.start == 128
        assert 0 <= side.start <= pixel < side.stop <= length
    assert window_around((300, 300), 150, 160) == (slice(86, 214), slice(96, 224))  # in the middle where there is room


def test_windows_that_cannot_be():
    with pytest.raises(ValueError, match="smaller than the window"):
        window_around((127, 400), 5, 5)
    with pytest.raises(ValueError, match="outside the picture"):
        window_around((128, 128), 128, 5)


def test_a_click_is_a_disc_of_29_pixels():
    inside, outside = click_channels([Click(10, 20), Click(0, 3, False)], (30, 40))
    assert inside.sum() == 29
    assert inside[10, 23] == inside[7, 20] == 1
    assert inside[13, 21] == 0
    assert outside.sum() == 18  # the rest lies above the picture
    assert click_channels([], (5, 6)).shape == (2, 5, 6)
    twice = click_channels([Click(10, 20), Click(10, 20)], (30, 40))
    assert twice.max() == 1


def test_a_prompt_is_grey_inside_outside():
    picture = np.random.default_rng(0).integers(0, 60_000, (64, 72), dtype=np.uint16)
    put = prompt(picture, [Click(5, 6), Click(50, 60, False)])
    assert put.shape == (3, 64, 72)
    assert put.dtype == torch.float32
    assert abs(float(put[0].mean())) < 1e-5
    assert float(put[0].std(correction=0)) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(put[1:], click_channels([Click(5, 6), Click(50, 60, False)], (64, 72)))
    with pytest.raises(ValueError, match="one grey value"):
        prompt(np.full((64, 64), 7.0), [])


def test_the_larger_logit_decides():
    logits = torch.tensor([[[[0.0, 2.0, 1.0]], [[1.0, 1.0, 1.0]]]])
    assert mask_of(logits).tolist() == [[[True, False, False]]]


def test_pointing():
    region = np.zeros((20, 30), bool)
    region[4:11, 5:20] = True
    depth = depth_in(region)
    assert depth.max() == 4
    assert depth[4, 5] == 1
    assert depth_in(np.ones((5, 5), bool)).max() == 3  # the picture's end is an end
    assert point_into(region) == (7, 8)
    places = {point_into(region, chance(seed)) for seed in range(60)}
    assert len(places) > 20
    assert all(depth[place] >= 2 for place in places)
    assert min(depth[place] for place in places) < 3
    with pytest.raises(ValueError, match="empty region"):
        point_into(np.zeros((4, 4), bool))


def test_the_largest_mistake_is_corrected():
    true = np.zeros((40, 40), bool)
    true[10:20, 10:20] = True
    assert correction(true, true) is None
    missed, spilt = true.copy(), true.copy()
    missed[10:14] = False  # 40 pixels of the cell
    spilt[20:23, 10:20] = True  # 30 beside it
    assert correction(missed, true) == Click(11, 11, True)
    assert correction(spilt, true) == Click(21, 11, False)
    both = missed | (spilt & ~true)
    assert correction(both, true).inside
    corner = true.copy()
    corner[20, 20] = corner[21, 21] = corner[22, 22] = True  # three pieces of one pixel, by their corners only
    assert correction(corner, true) == Click(20, 20, False)
    random = correction(missed, true, chance())
    assert missed[random.row, random.column] != true[random.row, random.column]


def test_rules():
    fields = a_field()
    asked = [ask_for(fields, which, chance(which)) for which in range(5)]
    one = asked[3]
    assert one.field == 7
    assert one.cell[one.click.row, one.click.column]
    assert overlap_of(disc(one.picture, one.click, 11), one.cell) > 0.3
    assert disc(one.picture, one.click, 4).sum() == 49
    grown = flooded(one.picture, one.click, 25, 1.0)
    assert overlap_of(grown, one.cell) > 0.7
    assert best_settings(disc, asked, (3, 11, 40)) == (11,)
    best = best_settings(flooded, asked, (20, 30), (1.0, 2.0))
    assert best[0] in (20, 30)
    assert best[1] in (1.0, 2.0)


def test_blind_discs_are_corrected_and_never_look():
    fields = a_field()
    asked = [ask_for(fields, which, chance(which)) for which in range(5)]
    scores = corrected_blindly(asked, 11, 5, most=3)
    assert scores.shape == (3, 5)
    np.testing.assert_allclose(scores[0], [overlap_of(disc(a.picture, a.click, 11), a.cell) for a in asked])
    one = asked[3]
    mask = disc(one.picture, one.click, 11)
    click = correction(mask, one.cell)
    spot = disc(one.picture, click, 5)
    by_hand = mask | spot if click.inside else mask & ~spot
    assert scores[1, 3] == overlap_of(by_hand, one.cell)
    dark = [replace(a, picture=np.zeros_like(a.picture)) for a in asked]
    np.testing.assert_array_equal(corrected_blindly(dark, 11, 5, most=3), scores)


def test_boxes_and_their_ellipses():
    mask = np.zeros((50, 60), bool)
    mask[10:20, 12:42] = True
    box = box_around(mask)
    assert box == (slice(10, 20), slice(12, 42))
    ellipse = ellipse_in(box, mask.shape)
    assert box_around(ellipse) == box
    assert ellipse.sum() == pytest.approx(np.pi / 4 * 300, rel=0.03)
    assert np.array_equal(ellipse[10:20, 12:42], ellipse[10:20, 12:42][::-1, ::-1])
    assert ellipse_in((slice(3, 4), slice(5, 6)), (9, 9)).sum() == 1
    assert loosened(box, (2, 3, 4, 5), mask.shape) == (slice(8, 23), slice(8, 47))
    assert loosened(box, (20, 99, 20, 99), mask.shape) == (slice(0, 50), slice(0, 60))
    assert loosened(box, (-2, -2, -2, -2), mask.shape) == (slice(12, 18), slice(14, 40))
    with pytest.raises(ValueError, match="leaves nothing"):
        loosened(box, (-5, -5, 0, 0), mask.shape)


class Obedient(nn.Module):
    """Answers what lies within 12 pixels of the clicks inside, and not within 12 of those outside."""

    def __init__(self):
        super().__init__()
        self.nothing = nn.Parameter(torch.zeros(()))

    def forward(self, x):
        near = [nn.functional.max_pool2d(x[:, n : n + 1], 19, 1, 9) for n in (1, 2)]
        return torch.cat([near[1] + 0.5, near[0]], dim=1) + self.nothing


def test_a_conversation_goes_on_from_its_mistakes():
    fields = a_field()
    asked = [ask_for(fields, which, chance(which)) for which in range(5)]
    scores = iou_by_click(Obedient(), asked)
    assert scores.shape == (4, 5)
    assert ((scores > 0) & (scores <= 1)).all()
    first = next(conversation(Obedient(), asked))
    by_hand = answer_clicks(Obedient(), np.stack([one.picture for one in asked]), [[one.click] for one in asked])
    assert np.array_equal(np.stack(first), by_hand)
    assert scores[0, 2] == overlap_of(first[2], asked[2].cell)
    assert len(list(conversation(Obedient(), asked, 2))) == 2


def test_a_mask_without_a_mistake_gets_no_click():
    class Right(Obedient):
        def forward(self, x):
            assert x[:, 1:].sum() in (29, 58)  # one disc for each window, and no second one
            return torch.cat([torch.zeros_like(x[:, :1]), (x[:, :1] > 0.5).float() - 0.5], dim=1)

    cell = np.zeros((128, 128), bool)
    cell[50:70, 50:70] = True
    asked = [Asked(1, cell.astype(np.float32), cell, Click(60, 60))]
    assert (iou_by_click(Right(), asked) == 1).all()


def test_training_leaves_the_network_as_it_was_and_takes_steps():
    fields, network = a_field(), promptable_unet()
    assert sum(parameter.numel() for parameter in network.parameters()) == 121_186
    network.train()
    before = {key: value.clone() for key, value in network.state_dict().items()}
    images, labels = prompted_batch(network, fields, chance(3))
    assert images.shape == (8, 3, 128, 128)
    assert labels.shape == (8, 128, 128)
    assert all(torch.equal(value, before[key]) for key, value in network.state_dict().items())  # nor its statistics
    assert network.training
    again, _ = prompted_batch(network, fields, chance(3))
    assert torch.equal(images, again)
    clicks = [ndimage.label(image[1:].sum(0) > 0)[1] for image in images.numpy()]
    assert min(clicks) >= 1
    assert ((images[:, 1] > 0) & (labels > 0)).flatten(1).any(1).all()  # the first click lies in its cell
    history = fit(
        network,
        lambda generator: prompted_batch(network, fields, generator),
        mask_loss,
        steps=2,
        generator=chance(),
    )
    assert len(history.loss) == 2
    with pretending():  # where the network lies on a card, and the windows do not
        history = fit(
            network,
            lambda generator: prompted_batch(network, fields, generator),
            mask_loss,
            steps=1,
            generator=chance(),
            validate=lambda trained: float(iou_by_click(trained, [ask_for(fields, 0, chance())], 2).mean()),
        )
    assert history.best_step == 1


def test_on_a_card_a_conversation_comes_home():
    fields, network = a_field(), promptable_unet().eval()
    asked = [ask_for(fields, which, chance(which)) for which in range(2)]
    here = iou_by_click(network, asked, 2)
    with pretending():
        there = iou_by_click(network, asked, 2)
    assert np.allclose(here, there, atol=0.05)
    assert next(network.parameters()).device.type == "cpu"


def test_weights_come_back(tmp_path):
    network = promptable_unet()
    path = store_weights(network, "toy", folder=tmp_path)
    assert path.stat().st_size < 600_000
    other = restore_weights(promptable_unet(), "toy", folder=tmp_path)
    assert all(torch.equal(a, b) for a, b in zip(network.parameters(), other.parameters(), strict=True))
    assert not other.training
    half = restore_weights(promptable_unet(), store_weights(network, "half", True, tmp_path).stem, tmp_path)
    pairs = zip(network.parameters(), half.parameters(), strict=True)
    assert all(torch.allclose(a, b, atol=1e-3) for a, b in pairs)
    assert (tmp_path / "half.npz").stat().st_size < 0.6 * path.stat().st_size
    with pytest.raises(FileNotFoundError, match=r"no weights none\.npz"):
        restore_weights(network, "none", tmp_path)
    with pytest.raises(RuntimeError):
        restore_weights(nn.Linear(2, 2), "toy", tmp_path)


@pytest.mark.slow
def test_the_network_leaves_for_onnx(tmp_path):
    pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    file = tmp_path / "click.onnx"
    assert export_onnx(promptable_unet().eval(), file, 3, (128, 128)) < 1e-4
    assert file.stat().st_size < 600_000


def test_the_stored_network_gives_the_numbers_of_its_row(real_data):
    (row,) = load(promptable_cells.EXPERIMENT, steps=promptable_cells.STEPS, seed=0)
    network = restore_weights(promptable_unet(), promptable_cells.NAME)
    asked = [one for one in asked_of("test") if one.field == 48]
    again = iou_by_click(network, asked).mean(axis=1)
    assert len(asked) == 57
    assert np.allclose(again, [row[f"field 48 iou {click}"] for click in (1, 2, 3, 4)], atol=0.03)


def test_the_table_has_what_was_asked_for():
    rows = load(promptable_cells.EXPERIMENT)
    assert len(rows) == len(promptable_cells.EXPERIMENT.runs)
    assert all(0 <= row[name] <= 1 for row in rows for name in row if "iou" in name or name.startswith("lowered"))
