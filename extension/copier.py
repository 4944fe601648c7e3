"""Sends each saved course notebook to the course service, soon after the save and never before it.

Whatever goes wrong here, saving is not held up and does not fail. When saving itself fails, on a
full disk, what JupyterLab wanted to save is sent from memory.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from coursewright.extension import kept
from coursewright.extension.aside import aside
from coursewright.extension.client import ServiceClient
from coursewright.extension.errors import PodError, Refused, SignedOut, WorkError
from coursewright.extension.line import Line
from coursewright.extension.work import Work, as_bytes, belonging, is_key, without_outputs

QUIET = 2.0  # seconds without a save before a copy is sent
EVERY = 10.0  # seconds between two copies of one notebook, and the longest wait for one
TRYING = 5.0  # seconds after which a save that did not end counts as failed


@dataclass
class Due:
    """A notebook whose copy is to be sent; `tried` is what a save wanted to write, until it did."""

    first: float
    last: float
    tried: Mapping[str, Any] | None = None


@dataclass
class Told:
    """What the indicator says of one notebook."""

    copied_at: str | None = None
    unsaved: bool = False
    refused: str | None = None


@dataclass
class Copier:
    service: ServiceClient
    work: Work
    line: Line
    quiet: float = QUIET
    every: float = EVERY
    trying: float = TRYING
    due: dict[str, Due] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)
    _known: dict[str, str] = field(default_factory=dict)
    _sent: dict[str, float] = field(default_factory=dict)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def saving(self, path: str, content: Any) -> None:
        """JupyterLab is about to save this; unless `saved` follows, it could not."""
        if self._is_ours(path) and isinstance(content, Mapping):
            self._note(path, content)

    def saved(self, path: str) -> None:
        if self._is_ours(path):
            self.told.setdefault(path, Told()).unsaved = False
            self._note(path, None)

    async def compare(self) -> None:
        """Find the notebooks whose newest copy is not what is on disk, or was never sent."""
        courses: dict[str, dict[str, str] | None] = {}
        for path in await aside(self.work.notebooks):
            found = await self._read(path)
            if found is None:
                continue
            course, _, content = found
            if course not in courses:
                courses[course] = await self._newest(course)
            there = courses[course]
            if there is None:
                continue
            if there.get(path) == sha256(content):
                self._known[path] = sha256(content)
            else:
                self._note(path, None)

    async def _newest(self, course: str) -> dict[str, str] | None:
        """None for a course that the student does not belong to (any more)."""
        try:
            return await kept.newest(self.service, course)
        except SignedOut:
            raise
        except Refused:
            return None

    async def run(self) -> None:
        """Send until cancelled."""
        failures = 0
        compared = False
        while True:
            try:
                if not compared:
                    await self.compare()
                    compared = True
                await self._send_when_due()
                failures = 0
            except PodError:
                failures += 1
                await self.line.pause(failures)

    async def flush(self) -> None:
        """Send all that waits, now."""
        for path in list(self.due):
            await self._send(path)

    def _is_ours(self, path: str) -> bool:
        return path.endswith(".ipynb") and path.startswith(f"{self.work.folder}/")

    def _note(self, path: str, tried: Mapping[str, Any] | None) -> None:
        moment = time.monotonic()
        first = self.due[path].first if path in self.due else moment
        self.due[path] = Due(first, moment, tried)
        self._wake.set()

    async def _send_when_due(self) -> None:
        times = {path: self._time(path, due) for path, due in self.due.items()}
        path = min(times, key=lambda each: times[each], default=None)
        wait = None if path is None else max(0.0, times[path] - time.monotonic())
        if path is not None and not wait:
            await self._send(path)
            return
        self._wake.clear()
        try:
            await asyncio.wait_for(self._wake.wait(), wait)
        except TimeoutError:
            return

    def _time(self, path: str, due: Due) -> float:
        if due.tried is not None:
            return due.last + self.trying
        soon = min(due.first + self.every, due.last + self.quiet)
        return max(soon, self._sent.get(path, -self.every) + self.every)

    async def _send(self, path: str) -> None:
        """Raises PodError when it should be tried again."""
        due = self.due[path]
        told = self.told.setdefault(path, Told())
        found = await self._read(path, due.tried)
        try:
            if found is not None:
                course, lesson, content = found
                sha = sha256(content)
                if self._known.get(path) != sha:
                    place = kept.Place(course, lesson, path)
                    await kept.keep(self.service, place, sha, content)
                    self._known[path] = sha
                told.copied_at = datetime.now(UTC).isoformat(timespec="seconds")
                told.refused = None
        except SignedOut:
            raise
        except Refused as error:
            told.refused = str(error)
        told.unsaved = due.tried is not None and self.due[path] is due
        self._sent[path] = time.monotonic()
        if self.due.get(path) is due:
            del self.due[path]

    async def _read(
        self, path: str, tried: Mapping[str, Any] | None = None
    ) -> tuple[str, str, bytes] | None:
        """Course, lesson and bytes; None when it is no course notebook, or there is none."""
        try:
            content = await aside(*(self._packed, tried) if tried else (self.work.read, path))
        except (ValueError, TypeError, RecursionError):
            return None
        except WorkError as error:
            if error.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                self.told.setdefault(path, Told()).refused = str(error)
            return None
        own = await aside(belonging, content)
        course, lesson = own.get("course"), own.get("lesson")
        return (course, lesson, content) if is_key(course) and is_key(lesson) else None

    def _packed(self, notebook: Mapping[str, Any]) -> bytes:
        content = as_bytes(notebook)
        return content if len(content) <= self.work.limit else without_outputs(content)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
