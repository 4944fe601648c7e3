"""Submits that could not be sent yet, each in a file of its own among the student's files.

A file is one line of JSON and then the notebook's bytes as they were when Submit was pressed. Who
edits it harms only themself: the service decides about what it is sent, and the hash must fit.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from coursewright.extension.errors import WorkError
from coursewright.extension.work import Work
from coursewright.records.course import KEY

FOLDER = ".coursewright/outbox"
IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9_-]{8,200}\Z")
WAITS, REFUSED = ".submit", ".refused"
MOST = 100
FULL = (
    "{away} Your storage is full too, so this submit could not be put aside to be sent later."
    " Delete files that you no longer need, then submit again. Your notebook is as you saved it."
)


@dataclass(frozen=True)
class Queued:
    """A submit that waits, or was `refused` for a reason when it was sent at last."""

    key: str
    course: str
    lesson: str
    path: str
    sha256: str
    queued_at: str
    refused: str | None = None


class Outbox:
    """The files; in the order in which they were put in."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def put(self, queued: Queued, content: bytes) -> str:
        """Put it behind the others; gives the name of its file. Raises WorkError."""
        names = self._names()
        if len(names) >= MOST:
            raise WorkError(
                f"{MOST} submits wait to be sent already. Your notebook is as you saved it; submit"
                " it again when the course service is back."
            )
        number = max([time.time_ns(), *(_number(name) + 1 for name in names)])
        name = f"{number:020d}{WAITS}"
        if not self._work.put_bytes(_path(name), _packed(queued, content)):
            raise WorkError("This submit could not be put aside. Submit again.")
        return name

    def all(self) -> list[tuple[str, Queued]]:
        """Each with the name of its file. A file that makes no sense is left alone."""
        found = ((name, self._read(name)) for name in self._names())
        return [(name, item[0]) for name, item in found if item]

    def content(self, name: str) -> bytes:
        """Raises WorkError when it is not what was put in."""
        found = self._read(name)
        if found is None:
            raise WorkError("What waited to be sent was changed or deleted.", HTTPStatus.GONE)
        return found[1]

    def refuse(self, name: str, queued: Queued, content: bytes) -> str:
        """Keep it with its reason; gives the name of its file from now on."""
        kept = name.removesuffix(WAITS) + REFUSED
        self._work.put_bytes(_path(kept), _packed(queued, content))
        self.remove(name)
        return kept

    def remove(self, name: str) -> None:
        self._work.remove(_path(name))

    def _names(self) -> list[str]:
        return [name for name in self._work.names(FOLDER) if name.endswith((WAITS, REFUSED))]

    def _read(self, name: str) -> tuple[Queued, bytes] | None:
        try:
            head, _, content = self._work.raw(_path(name)).partition(b"\n")
            queued = _parsed(json.loads(head))
        except (WorkError, ValueError, LookupError, TypeError, RecursionError):
            return None
        right = hashlib.sha256(content).hexdigest() == queued.sha256
        return (queued, content) if right else None


def queued_now(key: str, course: str, lesson: str, path: str, content: bytes) -> Queued:
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    return Queued(key, course, lesson, path, hashlib.sha256(content).hexdigest(), moment)


def _parsed(head: Mapping[str, Any]) -> Queued:
    found = Queued(**{name: head[name] for name in Queued.__dataclass_fields__})
    keys = KEY.match(found.course), KEY.match(found.lesson), IDEMPOTENCY_KEY.match(found.key)
    if not all(keys) or not isinstance(found.path, str):
        raise ValueError
    datetime.fromisoformat(found.queued_at)
    return found


def _packed(queued: Queued, content: bytes) -> bytes:
    return json.dumps(asdict(queued)).encode() + b"\n" + content


def _number(name: str) -> int:
    digits = name.partition(".")[0]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 20 else 0


def _path(name: str) -> str:
    return f"{FOLDER}/{name}"
