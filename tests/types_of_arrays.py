"""In how many ways the same numbers may come, and what a function may do with them: answer rightly, or say what to do.

An `Argument` knows the forms in which it may be handed over: types, memory layouts, libraries. `table_of_functions.py`
says which arguments each public function takes, `test_types.py` tries all forms, one at a time and by chance.
"""

import linecache
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st

from unet_teach.course.claims import ClaimError

INTEGERS = [np.dtype(name) for name in ("u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", ">u2", ">i2", ">i4", ">i8")]
FLOATS = [np.dtype(name) for name in ("f2", "f4", "f8", ">f4", ">f8")]
TENSOR_FLOATS = [torch.float16, torch.bfloat16, torch.float32, torch.float64]
TENSOR_INTEGERS = [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64]
TENSOR_UNSIGNED = [torch.uint16, torch.uint32, torch.uint64]

LAYOUTS = {
    "plain": lambda a: a,
    "transposed": lambda a: a.T.copy().T,
    "strided": lambda a: np.repeat(a, 2, axis=-1)[..., ::2] if a.ndim else a,
    "backwards": lambda a: np.flip(np.flip(a).copy()),
    "read-only": lambda a: _locked(a.copy()),
}
ALIEN = ["three", None, object(), 1 + 2j, np.array(["a"]), np.array([1j]), [[1, 2], [3]], {"a": 1}]


def _locked(array):
    array.flags.writeable = False
    return array


def exact(value):
    """Return what a value holds as plain float64, or as Python's own integers where float64 would round them."""
    if value is None:  # an argument that may be left out: as a number it would be NaN
        return None
    if isinstance(value, torch.Tensor):
        value = value.detach()
        value = value.double().numpy() if value.is_floating_point() else value.numpy()
    array = np.asarray(value)
    return np.array(array.tolist(), dtype=object if array.dtype.kind in "iu" else np.float64).reshape(array.shape)


@dataclass(frozen=True)
class Argument:
    """One argument: the forms that have to be answered, and the shape it has where others have `shape`."""

    plain: Any  # small numbers, so that every type can hold them
    dtypes: tuple = ()  # of numpy
    tensors: tuple = ()  # of torch
    lists: bool = False
    shape: Callable = lambda shape: shape
    gentle: bool = False  # a number of which large ones are right, and would take for ever

    def forms(self):
        """Yield (what it is, the value) for every form in which the plain numbers may come."""
        plain = np.asarray(self.plain)
        for dtype in self.dtypes:
            if (plain.astype(dtype).astype(plain.dtype) == plain).all():
                for layout, lay in LAYOUTS.items():
                    yield f"{dtype.str} {layout}", lay(plain.astype(dtype))
        for kind in self.tensors:
            value = torch.as_tensor(plain.copy()).to(kind)
            if not np.array_equal(exact(value), exact(plain)):
                continue
            yield str(kind), value
            if value.ndim > 1:
                yield f"{kind} transposed", value.mT.contiguous().mT
                yield f"{kind} strided", value.repeat_interleave(2, -1)[..., ::2]
        if self.lists:
            yield "list", plain.tolist()

    def anything(self, shape, rng):
        """Draw any type and any numbers, rightly or wrongly; without a shape, that of the plain numbers."""
        if rng.random() < 0.05:
            return ALIEN[rng.integers(len(ALIEN))]
        if rng.random() < 0.1:
            return float(rng.choice([0.5, 3, -1, np.nan]))
        shape = np.shape(self.plain) if shape is None else self.shape(shape)
        own = [*self.dtypes, *self.tensors]
        every = [np.dtype(bool), *INTEGERS, *FLOATS, *TENSOR_FLOATS, *TENSOR_INTEGERS, *TENSOR_UNSIGNED, torch.bool]
        kinds = own if own and rng.random() < 0.8 else every
        kind = kinds[rng.integers(len(kinds))]
        if isinstance(kind, torch.dtype):
            small = rng.integers(0, 4, shape)
            value = torch.as_tensor(small).to(kind)
            return value if self.gentle or rng.random() < 0.5 else extreme_tensor(kind, shape, rng)
        values = rng.choice(pool(kind, self.gentle or rng.random() < 0.5), shape).astype(kind)
        if self.lists and rng.random() < 0.1:
            return values.tolist()
        return LAYOUTS[rng.choice(list(LAYOUTS))](np.asarray(values))


def extreme_tensor(kind, shape, rng):
    if kind == torch.bool:
        return torch.as_tensor(rng.random(shape) < 0.5)
    if kind.is_floating_point:
        ends = [torch.finfo(kind).max, torch.finfo(kind).min, torch.finfo(kind).tiny, float("nan"), float("inf"), 0.5]
        return torch.tensor(rng.choice(ends, shape)).to(kind)
    ends = [torch.iinfo(kind).min, torch.iinfo(kind).max, 0, 1]
    flat = [ends[i] for i in rng.integers(0, 4, int(np.prod(shape)))]
    return torch.tensor(flat, dtype=kind).reshape(tuple(shape))


def pool(dtype, mild):
    """List numbers of a type, with its ends unless they shall be mild."""
    dtype = dtype.newbyteorder("=")
    if dtype.kind == "b":
        return np.array([False, True])
    if mild:
        return np.array([0, 1, 2, 3], dtype) if dtype.kind in "iu" else np.array([0, 0.5, 1, 2.25, 3], dtype)
    if dtype.kind in "iu":
        ends = np.iinfo(dtype)
        return np.array([ends.min, ends.min + 1, 0, 1, 2, ends.max - 1, ends.max], dtype)
    ends = np.finfo(dtype)
    return np.array([0, -0.0, 1, -2.25, ends.max, ends.min, ends.tiny, np.nan, np.inf, -np.inf], dtype)


def numbers(plain, **more):
    """Any real numbers, of numpy, torch or Python."""
    return Argument(plain, (*INTEGERS, *FLOATS), (*TENSOR_FLOATS[2:], torch.float16, *TENSOR_INTEGERS), True, **more)


def labels(plain, **more):
    """Numpy's integers."""
    return Argument(np.asarray(plain), tuple(INTEGERS), **more)


def mask(plain, **more):
    """Numpy's booleans."""
    return Argument(np.asarray(plain, bool), (np.dtype(bool),), **more)


def floats(plain, **more):
    """Torch's floats."""
    return Argument(np.asarray(plain, float), (), tuple(TENSOR_FLOATS), **more)


def whole_tensors(plain, **more):
    """Torch's integers, those that it can compute with, and its booleans."""
    return Argument(np.asarray(plain), (), tuple(TENSOR_INTEGERS), **more)


def one(plain, **more):
    """One number: Python's, numpy's, torch's."""
    return Argument(plain, (*INTEGERS, *FLOATS), (torch.float32, torch.int64), shape=lambda _: (), **more)


def whole(plain, **more):
    """One whole number."""
    return Argument(plain, tuple(INTEGERS), (torch.int64,), shape=lambda _: (), **more)


@st.composite
def shapes(draw, dims):
    """Draw a shape, mostly of the right number of axes; sides may be 0 or 1."""
    if draw(st.integers(0, 4)):
        return tuple(draw(st.lists(st.integers(1, 5), min_size=dims, max_size=dims)))
    return tuple(draw(st.lists(st.integers(0, 3), min_size=0, max_size=dims + 1)))


def is_ours(error):
    """Tell whether an error was raised by a `raise` of the package, with a sentence."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    said = linecache.getline(frame.filename, frame.lineno).strip()
    return "unet_teach" in frame.filename and said.startswith("raise ") and len(str(error).split()) > 4


def kept(value):
    """Return what can be compared later on with the value itself, to see whether it was changed."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone().contiguous().view(-1).view(torch.uint8).tolist() if value.numel() else []
    return value.tobytes() if isinstance(value, np.ndarray) and value.dtype != object else repr(value)


PRECISION = {"torch.bfloat16": 4e-2, "torch.float16": 5e-3, "torch.float32": 1e-4, "float32": 1e-4}


def precision(*values):
    """Return to what share numbers of these types can agree: the coarsest of results and tensors decides."""
    flat = [v for value in values for v in (value if isinstance(value, tuple) else [value])]
    return max(PRECISION.get(str(getattr(value, "dtype", "")), 1e-9) for value in flat)


def largest_of(result):
    """Return the largest number that the type of a result can hold, if it is a type of floats."""
    kind = getattr(result, "dtype", None)
    if isinstance(kind, torch.dtype):
        return torch.finfo(kind).max if kind.is_floating_point else None
    return float(np.finfo(kind).max) if kind is not None and kind.kind == "f" else None


def same(result, expected, share, largest=0.0, terms=1):
    """Assert that a result is the reference's, to a share of its largest number, or of a larger one.

    A result that is the mean of so many terms may be infinite where their sum is more than its type can hold.
    """
    if isinstance(expected, tuple | list) and isinstance(result, tuple | list):
        assert len(result) == len(expected)
        for a, b in zip(result, expected, strict=True):
            same(a, b, share)
        return
    if is_dataclass(expected):
        assert result == expected
        return
    found, wanted = (np.asarray(exact(value)).astype(float) for value in (result, expected))
    assert found.shape == wanted.shape, f"shape {found.shape}, wanted {wanted.shape}"
    if (end := largest_of(result)) is not None:  # what its type cannot hold is infinite there, and only that
        summed = np.isinf(found) & (np.abs(wanted) * terms > end)
        wanted = np.where(summed | (np.abs(wanted) > end * (1 + share)), np.copysign(np.inf, wanted), wanted)
    largest = np.abs(wanted[np.isfinite(wanted)]).max(initial=largest)
    np.testing.assert_allclose(found, wanted, rtol=share, atol=share * max(largest, 1e-300), equal_nan=True)


def answer(row, values):
    """Call a function; return whether it answered, as the reference does and without changing what it was handed."""
    before, refusal = [kept(value) for value in values], None
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            result = row.call(*values)
        except (TypeError, ValueError, ClaimError) as error:
            refusal = error
    assert [kept(value) for value in values] == before, "an argument was changed"
    if refusal is not None:
        assert is_ours(refusal), f"a bare {type(refusal).__name__}: {refusal}"
        return False
    with np.errstate(all="ignore"):
        numbers = [exact(value) for value in values]
        terms = max(np.size(number) for number in numbers) if isinstance(result, torch.Tensor) else 1
        same(result, row.reference(*numbers), precision(result, *values), row.allowed(numbers), terms)
    return True
