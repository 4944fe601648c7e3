"""Running servers for administrators: whose, since when, how much memory; and their stop.

The memory of a server is known where its processes run beside us; elsewhere it is "not known".
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psutil

from coursewright.records import live, people
from coursewright.records.errors import CoursewrightError, Invalid
from coursewright.services.admin_pages import AdminPage
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.scopes import ADMIN

MOST = 500  # that one page shows
AT_ONCE = 10  # that are stopped at the same time


@dataclass(frozen=True)
class Server:
    """`memory` in bytes, None where it is not known; `state`: ready, or what is pending."""

    person: str
    name: str
    state: str
    started: datetime | None
    last_activity: datetime | None
    memory: int | None

    @property
    def full_name(self) -> str:
        return f"{self.person}/{self.name}"

    def idle(self, now: datetime) -> float | None:
        """Seconds since something happened there."""
        return (now - self.last_activity).total_seconds() if self.last_activity else None


class ServersPage(AdminPage):
    @needs(ADMIN)
    async def get(self) -> None:
        """The servers that run, the biggest first."""
        await self.show_servers()

    @needs(ADMIN)
    async def post(self) -> None:
        """Stop the chosen `server`s; without `sure` it is asked first."""
        chosen = list(dict.fromkeys(self.fields("server")))
        try:
            if not chosen:
                raise Invalid("Choose at least one server")
            if "sure" not in self.request.body_arguments:
                self.show_admin("admin_stop.html", chosen=chosen)
                return
            await self.stop_all(chosen)
        except CoursewrightError as error:
            self.set_status(400)
            await self.show_servers(error)
            return
        count = len(chosen)
        self.go("admin/servers", f"{count} server{'s' if count > 1 else ''} told to stop.")

    async def stop_all(self, chosen: list[str]) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def stop(full_name: str) -> None:
            person, _, name = full_name.partition("/")
            async with gate:
                await self.hub.stop(person, name)
            about = {"server": name}
            await self.ask(
                people.note,
                "server.stopped",
                self.person,
                person,
                detail=about,
                request_id=self.request_id,
            )

        done = await asyncio.gather(*map(stop, chosen), return_exceptions=True)
        failed = [error for error in done if isinstance(error, CoursewrightError)]
        others = [error for error in done if isinstance(error, BaseException)]
        if failed:
            told = (
                f"{len(done) - len(others)} of {len(done)} servers were told to stop. {failed[0]}"
            )
            raise type(failed[0])(told) if not isinstance(failed[0], Invalid) else Invalid(told)
        if others:
            raise others[0]

    async def show_servers(self, wrong: CoursewrightError | None = None) -> None:
        found: list[Server] = []
        total, away = 0, None
        try:
            page = await self.hub.people(limit=MOST, state="active")
            total = page.total
            found = await asyncio.to_thread(servers_in, page.people)
        except CoursewrightError as error:
            away = error
        self.show_admin(
            "admin_servers.html",
            last=await self.ask(live.newest),
            servers=found,
            total=total,
            memory=sum(one.memory or 0 for one in found),
            known=any(one.memory is not None for one in found),
            now=datetime.now(UTC),
            away=away,
            wrong=wrong,
        )


def servers_in(found: list[dict[str, Any]]) -> list[Server]:
    """Of the Hub's people, the biggest first."""
    below = children()
    servers = [
        server_of(person["name"], server, below)
        for person in found
        for server in (person.get("servers") or {}).values()
    ]
    return sorted(servers, key=lambda one: (-(one.memory or 0), one.person, one.name))


def server_of(person: str, server: Mapping[str, Any], below: Mapping[int, list[int]]) -> Server:
    state = server.get("pending") or ("ready" if server.get("ready") else "not ready")
    pid = (server.get("state") or {}).get("pid")
    return Server(
        person,
        server.get("name", ""),
        str(state),
        moment(server.get("started")),
        moment(server.get("last_activity")),
        memory_of(pid, below) if isinstance(pid, int) and pid > 1 else None,
    )


def children() -> dict[int, list[int]]:
    """The processes that run here by the one that started them; found in one look at them all."""
    found: dict[int, list[int]] = {}
    for process in psutil.process_iter(["ppid"]):
        if process.info["ppid"] is not None:
            found.setdefault(process.info["ppid"], []).append(process.pid)
    return found


def memory_of(pid: int, below: Mapping[int, list[int]]) -> int | None:
    """Of a process and all below it, in bytes; None where it is not here or cannot be seen.

    What several of them share counts for each.
    """
    try:
        found = int(psutil.Process(pid).memory_info().rss)
        todo = list(below.get(pid, ()))
        while todo:
            one = todo.pop()
            found += resident(one)
            todo += below.get(one, ())
    except psutil.Error:
        return None
    return found


def resident(pid: int) -> int:
    """Zero for one that has ended meanwhile."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


ROUTES = [Route("admin/servers", ServersPage)]
