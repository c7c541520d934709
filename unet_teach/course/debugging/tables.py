"""The laboratory's values as tables of text, narrow enough for a page (chapter 12)."""

from collections.abc import Mapping

from unet_teach.course.debugging.laboratory import Range, Values

SPLITS = ("train", "validation", "test")


def inputs(values: Mapping[str, Values]) -> str:
    """Write what goes into the network: lowest, highest, mean and standard deviation in each split."""
    head = f"{'':8s}" + "".join(f"{split:>21s}" for split in SPLITS) + "\n" + " " * 8 + 3 * "  low high  mean   sd"
    return _table(head, {name: "".join(_four(one.inputs[split]) for split in SPLITS) for name, one in values.items()})


def labels(values: Mapping[str, Values]) -> str:
    """Write what the labels hold: lowest, highest, and the share of foreground in each split."""
    head = f"{'':8s}" + "".join(f"{split:>21s}" for split in SPLITS) + "\n" + " " * 8 + 3 * "       low high share"
    rows = {
        name: "".join(f"{one.labels[s].low:10.0f}{one.labels[s].high:5.0f}{one.foreground[s]:6.2f}" for s in SPLITS)
        for name, one in values.items()
    }
    return _table(head, rows)


def losses(values: Mapping[str, Values]) -> str:
    """Write the losses beside those of one who knows nothing, and what both scores say."""
    head = f"{'':8s}           of a   of the     last            Dice\n"
    head += f"{'':8s}  first   guess   shares       20      validation   test"
    rows = {
        name: f"{one.first:7.2f}{one.guess:8.2f}{one.shares:9.2f}{one.last:9.2f}"
        f"{one.scores['validation']:14.2f}{one.scores['test']:8.2f}"
        for name, one in values.items()
    }
    return _table(head, rows)


def outputs(values: Mapping[str, Values]) -> str:
    """Write what comes out: channels, what the loss is given, and what probabilities add to at a pixel."""
    head = f"{'':8s}  channels   given to the loss   sum of probabilities"
    rows = {
        name: f"{one.channels:10d}{one.outputs.low:12.1f} to {one.outputs.high:4.1f}"
        + (f"{one.sums.low:14.3f} to {one.sums.high:5.3f}" if one.channels > 1 else f"{'one class only':>23s}")
        for name, one in values.items()
    }
    return _table(head, rows)


def special(values: Mapping[str, Values]) -> str:
    """Write the special tests: company, empty prediction, drift, both sides, fit of labels, fine detail."""
    head = f"{'':8s}  moved in  nothing  epoch    both sides       labels turned    fine\n"
    head += f"{'':8s}   company   scores drifts  who  pixels   train   val  test  detail"
    rows = {
        name: f"{one.alone:10.2f}{one.nothing:9.2f}{one.drift:+7.2f}{one.sources:5d}{one.copies:8.2f}"
        f"{one.misfits['train']:8.2f}{one.misfits['validation']:6.2f}{one.misfits['test']:6.2f}{one.detail:8.2f}"
        for name, one in values.items()
    }
    return _table(head, rows)


def _four(found: Range) -> str:
    mean = round(found.mean, 1) + 0.0  # no minus before a 0
    return f"{found.low:5.0f}{found.high:4.0f}{mean:7.1f}{found.sd:5.1f}"


def _table(head: str, rows: Mapping[str, str]) -> str:
    return "\n".join([head, *(f"{name:8s}{row}" for name, row in rows.items())])
