"""All that keeps a student's work safe: copies of each save, and submits that wait to be sent."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from typing import Any

from coursewright.extension.client import Json, ServiceClient
from coursewright.extension.copier import Copier
from coursewright.extension.errors import PodError
from coursewright.extension.line import Line
from coursewright.extension.outbox import Outbox
from coursewright.extension.sender import Sender
from coursewright.extension.work import Work

LAST_WORD = 3.0  # seconds that the end of the server waits for copies to be sent
FULL = 2 * 2**20  # bytes; with less left, storage counts as full


class Safekeeping:
    def __init__(self, service: ServiceClient, work: Work) -> None:
        self._work = work
        self.line = Line()
        self.copier = Copier(service, work, self.line)
        self.outbox = Outbox(work)
        self.sender = Sender(service, self.outbox, self.line)
        self._tasks: list[asyncio.Task[None]] = []
        service.heard = self.line.heard

    async def start(self) -> None:
        await self.sender.load()
        runs = (self.copier.run(), self.sender.run())
        self._tasks = [asyncio.create_task(run) for run in runs]

    async def stop(self) -> None:
        """Send what can be sent at once; the rest waits on disk for the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        with suppress(PodError, TimeoutError):
            await asyncio.wait_for(self.copier.flush(), LAST_WORD)

    def on_save(self, model: Any, path: str, **_: Any) -> None:
        """Called by JupyterLab's file service before it writes."""
        if model.get("type") == "notebook":
            self.copier.saving(path.strip("/"), model.get("content"))

    async def on_event(self, logger: Any, schema_id: str, data: Json) -> None:
        """Called by JupyterLab's file service when something was done."""
        if data["action"] in {"save", "rename", "copy", "upload"}:
            self.copier.saved(data["path"].strip("/"))

    async def told(self) -> Json:
        """How things stand, for the indicator."""
        told = self.copier.told
        copied = [each.copied_at for each in told.values() if each.copied_at]
        return {
            "online": self.line.up is not False,
            "full": await asyncio.get_running_loop().run_in_executor(None, self._full),
            "copies": {"waiting": sorted(self.copier.due), "last": max(copied, default=None)},
            "unsaved": sorted(path for path, each in told.items() if each.unsaved),
            "refused": [
                {"path": path, "message": each.refused}
                for path, each in sorted(told.items())
                if each.refused
            ],
            "submits": [submit.told() for submit in self.sender.submits],
        }

    def _full(self) -> bool:
        try:
            found = os.statvfs(self._work.root)
        except OSError:
            return False
        return found.f_blocks > 0 and found.f_bavail * found.f_frsize < FULL
