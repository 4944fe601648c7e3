"""Postgres goes away while people hand in: refused or stored, never half of it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from pathlib import Path

import httpx
import pytest
from fake_hub import Hub
from school import Client, Running, fill
from sqlalchemy import Connection, Engine, text

from coursewright.records.database import make_engine, sessions
from coursewright.records.postgres import EmbeddedPostgres
from coursewright.records.schema import upgrade

numbers = count(1)


@pytest.fixture
def server(short_directory: Path) -> Iterator[EmbeddedPostgres]:
    """A server of these tests' own."""
    server = EmbeddedPostgres(short_directory / "outage")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def engine(server: EmbeddedPostgres) -> Iterator[Engine]:
    url = server.ensure_database(f"outage_{next(numbers)}")
    upgrade(url)
    engine = make_engine(url)
    with sessions(engine).begin() as session:
        fill(session)
    yield engine
    engine.dispose()


@pytest.fixture
def client(hub: Hub, engine: Engine) -> Iterator[Client]:
    running = Running(hub, engine)
    client = Client(running.url, hub)
    yield client
    client.http.close()
    running.stop()


def test_a_stop_lets_a_submission_end_first(hub: Hub, engine: Engine) -> None:
    running = Running(hub, engine)
    client = Client(running.url, hub)
    with ThreadPoolExecutor(2) as threads:
        with engine.connect() as connection:
            waiting = held(threads, client, connection, key="before-the-stop")
            stopping = threads.submit(running.stop)
            while accepts(running.port):
                pass
            assert not waiting.done()
        assert waiting.result().status_code == 201
        stopping.result()
    client.http.close()
    assert counts(engine) == (1, 1)


def accepts(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def held(
    threads: ThreadPoolExecutor, client: Client, connection: Connection, key: str
) -> Future[httpx.Response]:
    """A submission that waits in the middle of its transaction, for `connection` to let go."""
    connection.execute(text("LOCK TABLE submissions IN ACCESS EXCLUSIVE MODE"))
    waiting = threads.submit(client.submit, key=key)
    blocked = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'submissions'::regclass"
    while not connection.execute(text(blocked)).first():
        pass
    return waiting


def counts(engine: Engine) -> tuple[int, ...]:
    query = "SELECT (SELECT count(*) FROM submissions), (SELECT count(*) FROM procrastinate_jobs)"
    with engine.connect() as connection:
        return tuple(connection.execute(text(query)).one())


def test_the_service_refuses_while_the_database_is_away_and_recovers_by_itself(
    client: Client, server: EmbeddedPostgres, engine: Engine
) -> None:
    assert client.submit(key="before-the-outage").status_code == 201
    server.stop()
    for _ in range(3):
        answer = client.submit(key="during-the-outage")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "try again" in answer.json()["detail"]
    page = client.get("grace", "")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert (client.get(None, "healthz").status_code, client.get(None, "readyz").status_code) == (
        200,
        503,
    )
    server.start()
    assert client.submit(key="during-the-outage").status_code == 201
    assert client.submit(key="before-the-outage").status_code == 200
    assert client.get(None, "readyz").status_code == 200
    assert counts(engine) == (2, 2)


def test_what_the_database_cuts_off_is_not_half_stored(client: Client, engine: Engine) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    with ThreadPoolExecutor(1) as threads, engine.connect() as connection:
        waiting = held(threads, client, connection, key="cut-off-halfway")
        connection.execute(text(cut))
        connection.rollback()
        answer = waiting.result()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert counts(engine) == (0, 0)
    assert client.submit(key="cut-off-halfway").status_code == 201
    assert counts(engine) == (1, 1)
