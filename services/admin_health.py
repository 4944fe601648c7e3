"""Whether every part works, each with a sentence when it does not."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.orm import Session
from tornado.httpclient import AsyncHTTPClient

from coursewright.records import failures, health, queue_state
from coursewright.records.errors import CoursewrightError
from coursewright.services.admin_pages import AdminPage
from coursewright.services.guards import needs
from coursewright.services.kept_figures import KeptFigures
from coursewright.services.routes import Route
from coursewright.services.scopes import ADMIN

# Whether a model is set; its key is the workers' alone.
SETTINGS: Mapping[str, str] = os.environ
AGE = 60.0  # seconds for which it is known how much there is
PATIENCE = 3.0  # seconds for a look at something else
FULL, NEARLY = 0.95, 0.85  # of a disk, or of the connections of the database
GB = 2**30


@dataclass(frozen=True)
class Part:
    """`state`: well, warning, bad or unknown. `fact` in few words, `sentence` when not well."""

    name: str
    state: str
    fact: str
    sentence: str = ""


@dataclass(frozen=True)
class Inside:
    """What the database tells."""

    server: health.Server
    depths: list[queue_state.Depth]
    workers: list[queue_state.Worker]
    failed: int


class Overview(AdminPage):
    @needs(ADMIN)
    async def get(self) -> None:
        """The state of every part, and how much there is."""
        outside = asyncio.gather(self.hub_part(), model_part(SETTINGS))
        counts: health.Counts | None = None
        try:
            kept: KeptFigures[health.Counts] = self.settings["counts"]
            counts = await kept.get(lambda: self.ask(health.counts))
            found = await self.ask(inside)
        except CoursewrightError as error:
            parts = [Part("Database", "bad", "does not answer", str(error))]
        else:
            parts = inner_parts(found)
        parts += [*(await outside), self.proxy_part()]
        self.show_admin("admin_overview.html", parts=parts, counts=counts)

    async def hub_part(self) -> Part:
        async def asked() -> Part:
            return Part("Hub", "well", f"JupyterHub {await self.hub.version()}")

        return await or_else(
            asked(), Part("Hub", "bad", "does not answer", "Nobody can sign in now. See its log.")
        )

    def proxy_part(self) -> Part:
        if "X-Forwarded-For" in self.request.headers:
            return Part("Proxy", "well", "this page came through it")
        return Part(
            "Proxy", "unknown", "not known", "This page was asked for without the proxy in between."
        )


def inside(session: Session) -> Inside:
    return Inside(
        health.server(session),
        queue_state.depths(session),
        queue_state.workers(session),
        len(failures.failures(session)),
    )


def inner_parts(found: Inside) -> list[Part]:
    """What can be said without asking anybody else."""
    parts = [database_part(found.server), *queue_parts(found), worker_part(found)]
    return [*parts, disk_part(found.server.directory)]


def database_part(server: health.Server) -> Part:
    fact = (
        f"PostgreSQL {server.version.split()[0]}, {server.size / GB:.2f} GB, "
        f"{server.connections} of {server.most_connections} connections"
    )
    if server.connections > NEARLY * server.most_connections:
        told = "Nearly all connections are taken: raise max_connections or stop what holds them."
        return Part("Database", "warning", fact, told)
    return Part("Database", "well", fact)


def queue_parts(found: Inside) -> list[Part]:
    parts = []
    for depth in found.depths:
        name = f"Queue {depth.queue}"
        fact = f"{depth.waiting} waiting, {depth.running} running"
        if depth.is_stuck:
            minutes = (depth.age or 0) / 60
            told = (
                f"A job has waited for {minutes:.0f} minutes and nobody takes it. Is "
                f"`coursewright worker {depth.queue}` running?"
            )
            parts.append(Part(name, "bad", fact, told))
        else:
            parts.append(Part(name, "well", fact))
    if found.failed:
        more = "or more " if found.failed == 100 else ""
        told = "See Jobs for the reasons; there they can be tried again."
        parts.append(Part("Failed work", "warning", f"{found.failed} {more}failed", told))
    return parts


def worker_part(found: Inside) -> Part:
    alive = [worker for worker in found.workers if worker.alive]
    if not alive:
        told = "Nothing is graded and no course is made until a worker runs."
        return Part("Workers", "bad", "none", told)
    ago = min(worker.seconds for worker in alive)
    return Part("Workers", "well", f"{len(alive)} alive, last sign of life {ago:.0f} s ago")


def disk_part(directory: str | None) -> Part:
    """Of the disk with the database, where that is here; else of the service's own."""
    place = Path(directory) if directory and Path(directory).is_dir() else Path.cwd()
    whose = "the database's" if directory and place == Path(directory) else "the service's own"
    try:
        usage = shutil.disk_usage(place)
    except OSError:
        return Part("Disk", "unknown", "not known", "The disk cannot be asked from here.")
    used = 1 - usage.free / usage.total
    fact = f"{usage.free / GB:.1f} GB free of {usage.total / GB:.1f} GB ({whose})"
    if used > FULL:
        return Part("Disk", "bad", fact, "It is nearly full: work will be refused soon.")
    if used > NEARLY:
        return Part("Disk", "warning", fact, "Make room before it is full.")
    return Part("Disk", "well", fact)


async def model_part(settings: Mapping[str, str]) -> Part:
    """Whether the endpoint answers at all; no key and no content is sent."""
    url = settings.get("COURSEWRIGHT_LLM_BASE_URL", "")
    model = settings.get("COURSEWRIGHT_LLM_MODEL", "")
    if not model and not url:
        return Part("Model", "well", "none set; the bank makes courses")
    host = urlsplit(url).hostname or "the model's own default address"
    fact = f"{model or 'no model named'} at {host}"
    if not url:
        return Part("Model", "unknown", fact, "Without an address it cannot be looked at.")

    async def asked() -> Part:
        # Any answer will do, a refusal too: without a key it is one.
        answer = await AsyncHTTPClient().fetch(
            f"{url.rstrip('/')}/models", raise_error=False, request_timeout=PATIENCE
        )
        if answer.code == 599 or answer.code >= 500:
            raise OSError(answer.reason)
        return Part("Model", "well", f"{fact} answers")

    silent = "It does not answer from here. Courses by the model cannot be made now."
    return await or_else(asked(), Part("Model", "bad", fact, silent))


async def or_else(asked: Awaitable[Part], otherwise: Part) -> Part:
    try:
        return await asyncio.wait_for(asked, PATIENCE)
    except (CoursewrightError, OSError, ValueError):
        return otherwise


ROUTES = [Route("admin", Overview)]
