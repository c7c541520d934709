"""A checkpoint: a file with everything that a run needs to go on after it was killed, as if nothing had happened."""

import io
import os
import zipfile
from contextlib import suppress
from copy import copy
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

Weights = dict[str, Tensor]


class Checkpoint:
    """The file of one run: its settings, its parts with their states, and its history, which change as it goes on.

    Without a path there is no file, and nothing is kept.
    """

    def __init__(
        self,
        path: Path | None,
        settings: dict[str, float],
        parts: dict[str, Any],
        generator: torch.Generator,
        history: dict[str, Any],
    ) -> None:
        self.path = None if path is None else Path(path)
        self.settings, self.parts, self.generator, self.history = settings, parts, generator, history

    def resume(self) -> Weights | None:
        """Put everything back as it was when the file was written; return the best weights so far, if there are any.

        Raises
        ------
        OSError
            If the file could not be written later on, or cannot be read.
        ValueError
            If it is no checkpoint, or one of another run. Nothing was changed then.
        """
        if self.path is None:
            return None
        _try_to_write(self.path)
        if not self.path.exists():
            return None
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise type(error)(f"the checkpoint {self.path} cannot be read ({error.strerror})") from error
        try:
            _try_whole(content)
            state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
            problem = self._misfit(state)
            if not problem:
                self._put_back(state)
        except Exception as error:  # torch's own message would advise to load it unsafely
            raise _refusal(self.path, "it is damaged, or no checkpoint") from error
        if problem:
            raise _refusal(self.path, problem)
        return dict(state["best"])

    def save(self, best: Weights) -> None:
        """Write the file in one step that cannot be seen half-done: a kill, a full disk leave the old one or the new.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        if self.path is None:
            return
        state = {name: part.state_dict() for name, part in self.parts.items()}
        state |= {"settings": self.settings, "generator": self.generator.get_state()}
        state |= {"history": self.history, "best": best}
        unfinished = _unfinished(self.path)
        try:
            torch.save(_on_cpu(state), unfinished)  # to be read where there is no GPU
            unfinished.replace(self.path)
        except (OSError, RuntimeError) as error:  # torch's own writer raises the second
            with suppress(OSError):
                unfinished.unlink()
            raise OSError(
                f"the checkpoint {self.path} cannot be written: is the disk full? The last one is whole; make room, "
                "and run this again to go on from it"
            ) from error

    def _misfit(self, state: Any) -> str | None:
        if not isinstance(state, dict) or not state.keys() >= {*self.parts, "settings", "generator", "history", "best"}:
            if isinstance(state, dict) and state and all(isinstance(value, Tensor) for value in state.values()):
                return "it holds a network's weights alone, which network.load_state_dict(torch.load(...)) reads"
            return f"it holds a {type(state).__name__} that fit did not write"
        if state["settings"] != self.settings:
            return f"it belongs to a run with {state['settings']}, not {self.settings}"
        own = _shapes(self.parts["network"].state_dict())
        if _shapes(state["network"]) != own or _shapes(state["best"]) != own:
            return "it belongs to another network"
        if _types(state["history"]) != _types(self.history):
            return "it belongs to another version of fit"
        return None

    def _put_back(self, state: Any) -> None:
        torch.Generator().set_state(state["generator"])  # first what may fail
        for name, part in reversed(self.parts.items()):  # and the network last
            if state[name] != {}:  # a CPU's scaler has nothing to tell to a GPU's
                part.load_state_dict(state[name])
        self.generator.set_state(state["generator"])
        self.history.update(state["history"])


def _try_to_write(path: Path) -> None:
    """Find out before the first step, not after an hour."""
    if path.is_dir():
        raise IsADirectoryError(f"the checkpoint {path} is a folder: name a file in it, such as {path / 'run.pt'}")
    try:
        _unfinished(path).touch()
        _unfinished(path).unlink()
    except OSError as error:
        advice = "name a file in a folder that is there and may be written to"
        raise type(error)(f"the checkpoint {path} cannot be written ({error.strerror}): {advice}") from error


def _try_whole(content: bytes) -> None:
    """Compare the checksums that torch writes and does not read again; nothing in its files is compressed."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if any(part.compress_type != zipfile.ZIP_STORED for part in parts.infolist()) or parts.testzip():
            raise ValueError("a part is damaged")


def _refusal(path: Path, problem: str) -> ValueError:
    return ValueError(f"cannot go on from {path.name}: {problem}. Delete the file to start afresh, or name another.")


def _unfinished(path: Path) -> Path:
    return path.with_name(f"{path.name}.{os.getpid()}.part")


def _on_cpu(value: Any) -> Any:
    if isinstance(value, dict):
        moved = copy(value)  # with the notes that torch keeps beside a network's state
        moved.update((key, _on_cpu(part)) for key, part in value.items())
        return moved
    return value.cpu() if isinstance(value, Tensor) else value


def _shapes(weights: Weights) -> dict[str, tuple[torch.Size, torch.dtype]]:
    return {name: (tensor.shape, tensor.dtype) for name, tensor in weights.items()}


def _types(values: dict[str, Any]) -> dict[str, type]:
    return {name: type(value) for name, value in values.items()}
