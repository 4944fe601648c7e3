"""A thousand attempts at a quiz and a thousand hand-ins in the same minute, by a hundred people.

The service, its clients and a worker are processes of their own, over an embedded PostgreSQL; every
fifth request is sent twice. With --restart the database is restarted meanwhile, and killed with
`kill -9` later on. It ends with status 1 when something is lost, counted twice, graded twice or
otherwise than it was answered. There is no peer: figures are of this machine, and only the counts
are to be relied on; tests/acceptance/test_rush.py is a smaller one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import shutil
import signal
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "tests"))

import psutil
from fake_hub import Hub
from rushing import Load, Rush, Told, graded, prepare, stored, ungraded
from serving import Service, serving
from sqlalchemy import Engine
from storming import WORKER

from coursewright.hub_config.supervisor import Program
from coursewright.records.database import make_engine, sessions
from coursewright.records.postgres import EmbeddedPostgres
from coursewright.records.schema import upgrade

AWAY = 2.0  # seconds for which the database is stopped
PATIENCE = 900


def clients(load: Load, told: Any) -> None:
    """The other process."""
    told.put(asyncio.run(Rush(load).run()))


async def trouble(server: EmbeddedPostgres, seconds: float) -> None:
    """A restart after a third of the time, and a crash after two."""
    await asyncio.sleep(seconds / 3)
    await asyncio.to_thread(server.stop)
    await asyncio.sleep(AWAY)
    await asyncio.to_thread(server.start)
    await asyncio.sleep(seconds / 3 - AWAY)
    postmaster = (server.data / "postmaster.pid").read_text().split()[0]
    os.kill(int(postmaster), signal.SIGKILL)
    await asyncio.sleep(AWAY)
    await asyncio.to_thread(server.ensure)


async def weigh(service: Service, found: list[float]) -> None:
    """Its memory, every second."""
    while True:
        found.append(service.memory())
        await asyncio.sleep(1)


async def measure(
    load: Load, service: Service, server: EmbeddedPostgres, program: Program, restart: bool
) -> tuple[Told, dict[str, float]]:
    spawn = multiprocessing.get_context("spawn")
    told = spawn.Queue()
    process = spawn.Process(target=clients, args=(load, told))
    memory: list[float] = []
    beside = [asyncio.create_task(program.keep()), asyncio.create_task(weigh(service, memory))]
    before = service.cpu()
    process.start()
    troubling = trouble(server, load.seconds) if restart else asyncio.sleep(0)
    found, _ = await asyncio.gather(asyncio.to_thread(told.get, timeout=PATIENCE), troubling)
    spent = service.cpu() - before
    process.join()
    engine = make_engine(program.environ["COURSEWRIGHT_DATABASE_URL"])
    async with asyncio.timeout(PATIENCE):
        while await asyncio.to_thread(ungraded, engine):
            await asyncio.sleep(0.5)
    for task in beside:
        task.cancel()
    await asyncio.gather(*beside, return_exceptions=True)
    await program.stop()
    return found, {
        "service_cpu_seconds": spent,
        "service_cpu_ms_per_request": 1000 * spent / len(found.took),
        "memory_mb_warm": memory[len(memory) // 4],
        "memory_mb_end": memory[-1],
    }


def accounted(engine: Engine, told: Told, wanted: int, each: int) -> tuple[dict[str, Any], bool]:
    with sessions(engine)() as session:
        kept, marks = stored(session, each), +graded(session, told)
    figures = {**kept, "graded": dict(marks), "marked_rightly": told.right}
    whole = set(kept.values()) == {wanted} and marks == {"once": wanted} and told.right == wanted
    return figures, whole


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--each", type=int, default=10, help="attempts and hand-ins of each person")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--restart", action="store_true", help="restart and kill the database")
    given = parser.parse_args()
    base = Path(tempfile.mkdtemp(prefix="cw-rush-", dir="/tmp"))
    base.chmod(0o711)
    server, hub = EmbeddedPostgres(base / "pg"), Hub()
    server.start()
    hub.start()
    try:
        address = server.ensure_database("rush")
        upgrade(address)
        engine = make_engine(address)
        names = prepare(engine, given.people, given.each)
        environ = {**os.environ, "COURSEWRIGHT_DATABASE_URL": address}
        program = Program("worker", WORKER, environ, base / "worker.log")
        with serving(address, hub.url) as service:
            tokens = {name: hub.token(name) for name in names}
            load = Load(service.url, tokens, given.each, given.seconds)
            told, found = asyncio.run(measure(load, service, server, program, given.restart))
        counts, whole = accounted(engine, told, given.people * given.each, given.each)
        engine.dispose()
    finally:
        hub.stop()
        server.stop()
        shutil.rmtree(base, ignore_errors=True)
    cuts = statistics.quantiles(told.took, n=100)
    figures = {
        **counts,
        "seconds": round(told.seconds, 1),
        "requests": len(told.took),
        "sent_twice": told.repeated,
        "answered_503": told.refused,
        "broken_off": told.broken,
        "request_ms_p50": round(cuts[49] * 1000, 1),
        "request_ms_p95": round(cuts[94] * 1000, 1),
        **{name: round(value, 1) for name, value in found.items()},
        "load_average": round(psutil.getloadavg()[0], 1),
    }
    for name, value in figures.items():
        print(f"{name:28}{value}")
    print(json.dumps({"name": "rush", "ratios": {}, "figures": figures}))
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
