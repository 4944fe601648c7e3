"""Quizzes and hand-ins of many people at once, while the database restarts and while it crashes.

benchmarks/rush.py is the same with a thousand of each in a minute.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_hub import Hub
from rushing import Load, Rush, Told, graded, prepare, stored, ungraded
from school import Running
from sqlalchemy import Engine, text
from storming import WORKER

from coursewright.hub_config.supervisor import Program
from coursewright.records.database import make_engine, sessions
from coursewright.records.postgres import EmbeddedPostgres
from coursewright.records.schema import upgrade

PEOPLE, EACH = 10, 10
PATIENCE = 120
# A connection of the service's own; when one crashes, PostgreSQL ends all and recovers.
SOMEBODY = text(
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'coursewright'"
    " AND pid <> pg_backend_pid() LIMIT 1"
)


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub()
    hub.start()
    yield hub
    hub.stop()


@pytest.fixture
def server(data: Path) -> Iterator[EmbeddedPostgres]:
    """A server of this test's own."""
    server = EmbeddedPostgres(data)
    server.start()
    yield server
    server.stop()


class Trouble:
    """Restarts the database once, and crashes it once, as soon as so many have been answered."""

    def __init__(self, server: EmbeddedPostgres, engine: Engine) -> None:
        self.server, self.engine = server, engine
        self.news = asyncio.Event()
        self.told = Told()

    def look(self, told: Told) -> None:
        self.told = told
        self.news.set()

    async def until(self, answered: int = 0, refused: int = 0) -> None:
        while self.told.answered < answered or self.told.refused < refused:
            self.news.clear()
            await self.news.wait()

    async def make(self, much: int) -> None:
        await self.until(answered=much)
        await asyncio.to_thread(self.server.stop)
        await self.until(refused=PEOPLE // 2)
        await asyncio.to_thread(self.server.start)
        await self.until(answered=2 * much)
        os.kill(await asyncio.to_thread(self.somebody), signal.SIGKILL)

    def somebody(self) -> int:
        with self.engine.connect() as connection:
            return int(connection.execute(SOMEBODY).scalar_one())


def test_nothing_is_lost_or_double_when_the_database_restarts_and_crashes(
    server: EmbeddedPostgres, hub: Hub, tmp_path: Path
) -> None:
    address = server.ensure_database("rush")
    upgrade(address)
    engine = make_engine(address)
    names = prepare(engine, PEOPLE, EACH)
    running = Running(hub, engine)
    load = Load(running.url, {name: hub.token(name) for name in names}, EACH, seconds=5)

    environ = {**os.environ, "COURSEWRIGHT_DATABASE_URL": address}
    worker = Program("worker", WORKER, environ, tmp_path / "worker.log")

    async def scene() -> Told:
        trouble = Trouble(server, engine)
        rush = Rush(load, trouble.look)
        keeping = asyncio.create_task(worker.keep())
        try:
            told, _ = await asyncio.gather(rush.run(), trouble.make(much=150))
            async with asyncio.timeout(PATIENCE):
                while await asyncio.to_thread(ungraded, engine):
                    await asyncio.sleep(0.5)
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            await worker.stop()
        return told

    try:
        told = asyncio.run(scene())
        with sessions(engine)() as session:
            assert set(stored(session, EACH).values()) == {PEOPLE * EACH}
            assert +graded(session, told) == {"once": PEOPLE * EACH}
        assert told.right == PEOPLE * EACH
        assert told.broken == 0
    finally:
        running.stop()
        engine.dispose()
