"""A claim prints what it promises, never what it found, and stops a notebook that promises too much."""

import json

import numpy as np
import pytest
import torch

from unet_teach.course import ClaimError, claim


@pytest.fixture(autouse=True)
def real_data(monkeypatch):
    monkeypatch.setattr("unet_teach.data.standins_in_use", frozenset)


def test_a_true_claim_prints_name_and_bound_only(capsys):
    claim("membrane Dice", 0.7812345, at_least=0.77)
    assert capsys.readouterr().out == "claim holds: membrane Dice ≥ 0.77\n"


@pytest.mark.parametrize("value", [0.5, np.float32(0.5), np.array(0.5), torch.tensor(0.5), torch.tensor([0.5])])
def test_any_single_number_will_do(value, capsys):
    claim("half", value, at_least=0.4, at_most=0.6)
    assert capsys.readouterr().out == "claim holds: half ≥ 0.4 and ≤ 0.6\n"


@pytest.mark.parametrize(
    ("value", "bound"),
    [
        (0.76, {"at_least": 0.77}),
        (2, {"at_most": 1}),
        (31, {"equals": 32}),
        (float("nan"), {"at_least": 0}),
        (float("nan"), {"at_most": 0}),
        (5, {"at_least": 0, "at_most": 4}),
    ],
)
def test_a_false_claim_raises_with_the_value(value, bound, capsys):
    with pytest.raises(ClaimError, match=r"this chapter claims score .* but found"):
        claim("score", value, **bound)
    assert capsys.readouterr().out == ""


def test_exact_counts(capsys):
    claim("parameters", 31_030_658, equals=31_030_658)
    assert capsys.readouterr().out == "claim holds: parameters = 31_030_658\n"


def test_nothing_is_examined_on_a_standin(monkeypatch, capsys):
    monkeypatch.setattr("unet_teach.data.standins_in_use", lambda: frozenset({"isbi2012_em"}))
    claim("membrane Dice", 0.1, at_least=0.77)
    assert capsys.readouterr().out == "claim not examined (stand-in data): membrane Dice ≥ 0.77\n"


def test_a_claim_needs_a_bound_and_one_number():
    with pytest.raises(TypeError, match="no bound"):
        claim("score", 1)
    with pytest.raises(TypeError, match="one number"):
        claim("score", np.ones(3), at_least=0)
    with pytest.raises(TypeError, match="one number"):
        claim("score", "good", at_least=0)


def test_values_are_recorded_only_where_a_file_is_named(monkeypatch, tmp_path, capsys):
    claim("score", 0.5, at_least=0.4)
    record = tmp_path / "claims.jsonl"
    monkeypatch.setenv("UNET_TEACH_CLAIMS", str(record))
    claim("score", torch.tensor(0.5), at_least=0.4, at_most=0.6)
    with pytest.raises(ClaimError):
        claim("count", 31, equals=32)
    monkeypatch.setattr("unet_teach.data.standins_in_use", lambda: frozenset({"isbi2012_em"}))
    claim("Dice", float("nan"), at_least=0.7)
    first, second, third = map(json.loads, record.read_text(encoding="utf-8").splitlines())
    assert first == {"name": "score", "value": 0.5, "bounds": [["≥", 0.4], ["≤", 0.6]], "examined": True}
    assert (second["value"], second["bounds"]) == (31, [["=", 32]])
    assert not third["examined"]
    assert "0.5" not in capsys.readouterr().out


@pytest.mark.parametrize("kind", [float, np.float16, np.float32, np.float64, np.array, torch.tensor])
def test_a_bound_may_be_any_number_also_while_recording(monkeypatch, tmp_path, kind, capsys):
    monkeypatch.setenv("UNET_TEACH_CLAIMS", str(tmp_path / "claims.jsonl"))
    claim("x", 1.0, at_least=kind(0.5))
    assert capsys.readouterr().out == "claim holds: x ≥ 0.5\n"
    assert json.loads((tmp_path / "claims.jsonl").read_text(encoding="utf-8"))["bounds"] == [["≥", 0.5]]


def test_whole_numbers_are_compared_as_whole_numbers():
    claim("pixels", np.int64(2**62 + 1), equals=2**62 + 1)
    with pytest.raises(ClaimError, match="but found 9007199254740993"):
        claim("pixels", 2**53 + 1, equals=2**53)


@pytest.mark.parametrize("bound", ["0.5", np.ones(2), float("nan"), 1j])
def test_a_bound_that_is_no_number_is_refused(bound):
    with pytest.raises((TypeError, ValueError), match="claim 'x'"):
        claim("x", 1.0, at_least=bound)
