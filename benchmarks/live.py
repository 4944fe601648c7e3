"""How long an event takes to reach the pages of a class, with 500 connections to one process.

250 of them watch a class of 250 students, 250 are students' own; the database holds a million
events. Then students check an exercise, one after the other: the time is from the commit until the
last of the 250 watchers has that student's row. It ends with status 1 when a row comes to somebody
whom it does not concern, or later than a second (p95). There is no peer: figures are of this
machine; on a busy one look at the service's CPU time, which waits for nobody.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from classmates import fill_class
from fake_hub import PERSON, Hub
from serving import Service, serving
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from coursewright.records import activity, class_figures, class_work, classroom, courses, live
from coursewright.records.activity import Told
from coursewright.records.database import make_engine, sessions
from coursewright.records.postgres import EmbeddedPostgres
from coursewright.records.schema import upgrade
from coursewright.records.tables import Presence

COURSE = "school"
AT_ONCE = 25  # connections that are opened at a time
SEED = """
INSERT INTO events (name, person_id, object, detail, at)
SELECT (ARRAY['code.checked', 'learning.opened', 'learning.submitted', 'exercise.hint'])[1 + n % 4],
       p.id, 'course-' || n % 200 || '/lesson-' || n % 12, '{}', now() - n * interval '3 seconds'
FROM generate_series(1, :size) AS n JOIN crowd AS p ON p.place = n % 10000
"""


def seed(engine: Engine, size: int) -> list[str]:
    """10,000 people, `size` events of theirs, and a class of 250; the names of its students."""
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
        connection.execute(
            text(
                "INSERT INTO people (name, display_name) SELECT 'crowd-' || n, 'Crowd ' || n "
                "FROM generate_series(0, 9999) AS n"
            )
        )
        connection.execute(
            text(
                "CREATE TEMP TABLE crowd ON COMMIT DROP AS SELECT id, "
                "row_number() OVER (ORDER BY id) - 1 AS place FROM people"
            )
        )
        connection.execute(text(SEED), {"size": size})
    with sessions(engine).begin() as session:
        names = fill_class(session, 250, COURSE)
        courses.enrol(session, "watcher", COURSE, "assistant")
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE events ENABLE TRIGGER USER"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return names


class Page:
    """A connection; `rows` counts those of a class that it was told."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self.socket = socket
        self.rows = 0
        self.heard: dict[str, asyncio.Event] = {}
        self.ready = asyncio.Event()

    async def read(self) -> None:
        while (message := await self.socket.read_message()) is not None:
            found = json.loads(message)
            if found.get("connected") or "watching" in found:
                self.ready.set()
            for row in found.get("rows", ()):
                self.rows += 1
                self.heard.setdefault(row["person"], asyncio.Event()).set()


async def connect(url: str, token: str) -> Page:
    headers = {"Authorization": f"token {token}"}
    page = Page(await websocket_connect(HTTPRequest(url, headers=headers, request_timeout=60)))
    page.task = asyncio.create_task(page.read())  # type: ignore[attr-defined]
    await page.ready.wait()
    return page


async def measure(
    service: Service, hub: Hub, engine: Engine, names: list[str], of: argparse.Namespace
) -> dict[str, Any]:
    url = f"{service.url.replace('http', 'ws', 1)}api/v1/live"
    first = await connect(url, hub.token("watcher", PERSON))  # loads what is loaded once
    before = service.memory()
    pages: list[Page] = []
    while len(pages) < of.connections:
        places = range(len(pages), min(len(pages) + AT_ONCE, of.connections))
        whose = ["watcher" if place < of.watchers else names[place % 250] for place in places]
        tokens = [hub.token(name, PERSON) for name in whose]
        pages += await asyncio.gather(*(connect(url, token) for token in tokens))
    watchers, others = pages[: of.watchers], pages[of.watchers :]
    with Session(engine) as session:
        last = live.newest(session)
    for page in watchers:
        page.ready.clear()
        watch = {"watch": f"class:{COURSE}", "after": last}
        await page.socket.write_message(json.dumps(watch))
        await page.ready.wait()
    grown = service.memory() - before
    spent = service.cpu()
    seconds = [await one_event(engine, name, watchers) for name in names[: of.events]]
    spent = service.cpu() - spent
    quiet = sum(page.rows for page in others)
    for page in (first, *pages):
        page.socket.close()
    await asyncio.gather(*(page.task for page in (first, *pages)))  # type: ignore[attr-defined]
    return {
        "connections": of.connections,
        "watchers": of.watchers,
        "last_of_watchers_ms": figures(seconds),
        "service_cpu_ms_per_event": round(1000 * spent / len(seconds), 1),
        "kilobytes_per_connection": round(1024 * grown / of.connections, 1),
        "rows_to_others": quiet,
    }


async def one_event(engine: Engine, name: str, watchers: list[Page]) -> float:
    """Seconds from the commit until all watchers have the row."""
    heard = [page.heard.setdefault(name, asyncio.Event()) for page in watchers]
    for event in heard:
        event.clear()

    def happen() -> None:
        told = Told("code.checked", "names", "add", {"passed": 1, "of": 3})
        with sessions(engine).begin() as session:
            activity.keep(session, name, COURSE, told)

    await asyncio.to_thread(happen)
    began = time.perf_counter()
    async with asyncio.timeout(30):
        await asyncio.gather(*(event.wait() for event in heard))
    return time.perf_counter() - began


def queries(engine: Engine) -> dict[str, float]:
    """Milliseconds of the questions behind the pages, the best of five."""
    asked = {
        "class": lambda session: classroom.pupils(session, COURSE),
        "class_one_student": lambda session: classroom.pupils(session, COURSE, {"school-007"}),
        "matrix": lambda session: class_work.handed_in(session, COURSE),
        "time_on_task": lambda session: class_figures.spent(session, COURSE),
        "wrong": lambda session: class_figures.earned(session, COURSE),
    }
    found = {}
    for name, ask in asked.items():
        times = []
        for _ in range(5):
            with Session(engine) as session:
                session.execute(select(Presence.person_id).limit(1))
                began = time.perf_counter()
                ask(session)
                times.append(time.perf_counter() - began)
        found[name] = round(1000 * min(times), 1)
    return found


def figures(seconds: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=20)
    return {
        "p50": round(1000 * statistics.median(seconds)),
        "p95": round(1000 * cuts[18]),
        "max": round(1000 * max(seconds)),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=500)
    parser.add_argument("--watchers", type=int, default=250)
    parser.add_argument("--events", type=int, default=40)
    parser.add_argument("--seeded", type=int, default=1_000_000)
    of = parser.parse_args()
    base = Path(tempfile.mkdtemp(prefix="cw-live-", dir="/tmp"))
    base.chmod(0o711)
    server = EmbeddedPostgres(base / "pg", settings={"fsync": "off"})
    server.start()
    address = server.ensure_database("live")
    upgrade(address)
    engine, hub = make_engine(address), Hub()
    hub.start()
    try:
        names = seed(engine, of.seeded)
        with serving(address, hub.url) as service:
            found = asyncio.run(measure(service, hub, engine, names, of))
            found["queries_ms"] = queries(engine)
    finally:
        hub.stop()
        engine.dispose()
        server.stop()
        shutil.rmtree(base, ignore_errors=True)
    print(json.dumps({"benchmark": "live", "events": of.seeded, **found}))
    good = found["last_of_watchers_ms"]["p95"] < 1000 and found["rows_to_others"] == 0
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
