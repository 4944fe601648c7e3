"""Sends what waits in the outbox: in order, each once, also after a restart of the server.

A file is removed only when the service has said what became of it; sent twice, its key makes it
one submission.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from coursewright.extension.aside import aside
from coursewright.extension.client import Json, ServiceClient
from coursewright.extension.errors import PodError, Refused, SignedOut, WorkError
from coursewright.extension.line import Line
from coursewright.extension.outbox import FULL, Outbox, Queued, queued_now

REMEMBERED = 50  # receipts, for the panel to show
LATE = (
    "You submitted at {queued} while the course service was away. It was refused when it could"
    " be sent: {reason} Your notebook is as it was. If you were in time, show this to your"
    " instructor: with an extension you can submit again."
)


@dataclass
class Submit:
    """A submit on its way; `file` is where it is kept until it is settled."""

    queued: Queued
    file: str
    receipt: Json | None = None
    refusal: PodError | None = None
    settled: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def waits(self) -> bool:
        return self.receipt is None and self.queued.refused is None

    def told(self) -> Json:
        return {**asdict(self.queued), "receipt": self.receipt}


class Sender:
    """The outbox and the task that empties it."""

    def __init__(self, service: ServiceClient, outbox: Outbox, line: Line) -> None:
        self._service = service
        self._outbox = outbox
        self._line = line
        self._wake = asyncio.Event()
        self._putting = asyncio.Lock()
        self.submits: list[Submit] = []

    @property
    def waiting(self) -> list[Submit]:
        return [submit for submit in self.submits if submit.waits]

    async def load(self) -> None:
        """Find what an earlier run of this server left."""
        known = {submit.file for submit in self.submits}
        found = await aside(self._outbox.all)
        earlier = [Submit(queued, name) for name, queued in found if name not in known]
        self.submits = earlier + self.submits
        self._wake.set()

    async def queue(
        self, key: str, place: tuple[str, str, str], content: bytes, why: str
    ) -> Submit:
        """Put a submit into the outbox; the same key again is the same submit.

        `place`: course, lesson and path. Raises WorkError when it cannot be put there.
        """
        async with self._putting:
            for submit in self.submits:
                if submit.queued.key == key and submit.waits:
                    return submit
            again = await self._waiting_already(place, content)
            if again is not None:
                return again
            queued = queued_now(key, *place, content)
            try:
                name = await aside(self._outbox.put, queued, content)
            except WorkError as error:
                if error.status == HTTPStatus.INSUFFICIENT_STORAGE:
                    raise WorkError(FULL.format(away=why), error.status) from error
                raise
            submit = Submit(queued, name)
            self.submits.append(submit)
        self._wake.set()
        return submit

    async def _waiting_already(self, place: tuple[str, str, str], content: bytes) -> Submit | None:
        """The lesson's last submit, when it waits with the same answers: pressed twice, no more."""
        for submit in reversed(self.waiting):
            if (submit.queued.course, submit.queued.lesson) == place[:2]:
                with suppress(WorkError):
                    waiting = await aside(self._outbox.content, submit.file)
                    return submit if answers(waiting) == answers(content) else None
        return None

    async def forget(self, key: str) -> bool:
        """Let go of a submit that was sent or refused; False when there is none such."""
        for submit in self.submits:
            if submit.queued.key == key and not submit.waits:
                if submit.receipt is None:
                    await aside(self._outbox.remove, submit.file)
                self.submits.remove(submit)
                return True
        return False

    async def run(self) -> None:
        """Send until cancelled."""
        failures = 0
        while True:
            if not self.waiting:
                self._wake.clear()
                await self._wake.wait()
                continue
            if await self._send(self.waiting[0]):
                failures = 0
            else:
                failures += 1
                await self._line.pause(failures)

    async def _send(self, submit: Submit) -> bool:
        """Whether it is known what became of it."""
        queued = submit.queued
        content = b""
        try:
            content = await aside(self._outbox.content, submit.file)
            submit.receipt = await self._service.submit(
                queued.course, queued.lesson, content, queued.key
            )
        except SignedOut:
            return False  # the next start of the server brings another token
        except (Refused, WorkError) as error:
            submit.refusal = error
            await self._refuse(submit, content, str(error))
        except PodError:
            return False
        else:
            with suppress(WorkError):  # still there, it is sent again and is the same submission
                await aside(self._outbox.remove, submit.file)
        submit.settled.set()
        self._forget_old_receipts()
        return True

    async def _refuse(self, submit: Submit, content: bytes, reason: str) -> None:
        stop = "" if reason.endswith((".", "!", "?")) else "."
        moment = datetime.fromisoformat(submit.queued.queued_at).astimezone()
        said = LATE.format(queued=f"{moment:%H:%M on %Y-%m-%d}", reason=reason + stop)
        submit.queued = replace(submit.queued, refused=said)
        if content:
            with suppress(WorkError):  # a full disk; it is refused again at the next start
                submit.file = await aside(self._outbox.refuse, submit.file, submit.queued, content)

    def _forget_old_receipts(self) -> None:
        sent = [submit for submit in self.submits if submit.receipt is not None]
        for submit in sent[:-REMEMBERED]:
            self.submits.remove(submit)


def answers(content: bytes) -> Any:
    """What of a notebook is graded: its cells, without outputs and what a kernel adds."""
    try:
        cells = json.loads(content)["cells"]
        return [(cell.get("id"), cell.get("cell_type"), cell.get("source")) for cell in cells]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return content
