"""Every call to a model, on disk before its reply is used: what was paid for is paid once.

A call is known by a hash of what was asked, so a run that goes on after a crash asks the same and
gets the stored reply. Neither keys nor prompts are stored, only what came back and what it took.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Protocol

from coursewright.generator.budget import Usage
from coursewright.records.errors import Conflict, Invalid


@dataclass(frozen=True)
class Call:
    """One reply; or, with a `failure`, what a failed try took, which is never replayed.

    `cap` is the most tokens that it might have, `finish` the endpoint's finish_reason, `cost` None
    where no prices were set, `at` seconds since 1970.
    """

    key: str
    purpose: str
    model: str
    text: str = ""
    finish: str = ""
    refusal: str = ""
    prompt: int = 0
    completion: int = 0
    cap: int = 0
    cost: float | None = None
    estimated: bool = False
    seconds: float = 0.0
    fingerprint: str = ""
    request_id: str = ""
    streamed: bool = False
    failure: str = ""
    at: float = 0.0

    @property
    def usage(self) -> Usage:
        return Usage(self.prompt, self.completion, self.cost, 1, self.estimated)

    @property
    def truncated(self) -> bool:
        """Some servers give another finish_reason for a reply that the cap has cut."""
        return self.finish == "length" or (
            not self.estimated and 0 < self.cap <= self.completion and self.finish != "stop"
        )


class Ledger(Protocol):
    """The calls of one course. `add` returns when the call is stored for good.

    Both may be called in any thread, one at a time.
    """

    def find(self, key: str) -> Call | None:
        """The stored reply; never a failure."""
        ...

    def add(self, call: Call) -> None: ...

    def calls(self) -> Sequence[Call]: ...

    def refuse_overspent(self) -> None:
        """Raises Spent where a budget beyond the course's own is used up, by whomever."""
        ...


class Notebook:
    """A ledger in memory, for one run."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._replies: dict[str, Call] = {}

    def find(self, key: str) -> Call | None:
        return self._replies.get(key)

    def add(self, call: Call) -> None:
        self._calls.append(call)
        if not call.failure:
            self._replies[call.key] = call

    def calls(self) -> Sequence[Call]:
        return tuple(self._calls)

    def refuse_overspent(self) -> None:
        """There is no other budget."""


class LedgerFile(Notebook):
    """A file with one JSON object a line, appended and synced.

    Raises Conflict while another process has it open, Invalid when a line is damaged. A last line
    that was cut by a crash is taken off: its call was not used yet.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise Conflict(f"{path} is in use: another run is making this course.") from None
        try:
            self._read(path)
            _sync(path.parent)
        except BaseException:
            self.close()
            raise

    def _read(self, path: Path) -> None:
        content = path.read_bytes()
        whole = content.rpartition(b"\n")[0]
        for number, line in enumerate(whole.splitlines(), 1):
            try:
                super().add(from_json(json.loads(line)))
            except (ValueError, TypeError, RecursionError) as error:
                raise Invalid(
                    f"Line {number} of {path} is damaged ({error}). Take the line out; its call is"
                    " then made, and paid, again."
                ) from None
        if whole or content:
            os.ftruncate(self._file, len(whole) + (1 if whole else 0))

    def add(self, call: Call) -> None:
        line = json.dumps(asdict(call), ensure_ascii=True).encode() + b"\n"
        while line:
            line = line[os.write(self._file, line) :]
        os.fsync(self._file)
        super().add(call)

    def close(self) -> None:
        os.close(self._file)


def _sync(folder: Path) -> None:
    """Make the name of a new file last, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def from_json(data: Any) -> Call:
    """Fields that another release had are left out. Raises ValueError and TypeError."""
    if not isinstance(data, dict):
        raise ValueError("no object")
    known = {one.name for one in fields(Call)}
    return Call(**{name: value for name, value in data.items() if name in known})


def key(model: str, messages: Sequence[Mapping[str, str]], **how: Any) -> str:
    """What identifies a call: everything that its reply depends on, and nothing of the endpoint."""
    asked = json.dumps([model, list(messages), how], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(asked.encode()).hexdigest()


_collecting: ContextVar[list[Call] | None] = ContextVar("collecting", default=None)


@contextmanager
def collecting() -> Iterator[list[Call]]:
    """The calls made within, in this task and those that it starts: for a piece's receipt."""
    calls: list[Call] = []
    token = _collecting.set(calls)
    try:
        yield calls
    finally:
        _collecting.reset(token)


def collect(call: Call) -> None:
    calls = _collecting.get()
    if calls is not None:
        calls.append(call)
