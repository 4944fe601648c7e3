"""Asking for work: a job is written in the caller's own transaction.

A job and the row that it is about are then committed together or not at all, so no sweeper has
to look for work that was forgotten. records/queue.py runs the jobs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import psycopg
from procrastinate import App, SyncPsycopgConnector
from sqlalchemy.orm import Session

from coursewright.records import logs, tracing

Queue = Literal["grade", "generate"]
QUEUES: tuple[Queue, ...] = ("grade", "generate")

# The argument in which a job carries what leads back to its request; see `origin`.
ORIGIN = "_origin"

# Never opened: it only writes the statement, on connections that it is given.
_app = App(connector=SyncPsycopgConnector())


def enqueue(
    session: Session,
    queue: Queue,
    lock: str | None = None,
    task: str | None = None,
    at: datetime | None = None,
    **arguments: object,
) -> int:
    """Add a job for the handler of the name `task`, or else the queue's; returns its number.

    `arguments` are JSON values. Nobody takes it before `at`. Jobs of one `lock` run one after the
    other, in their order.
    """
    session.flush()
    connection = session.connection().connection.driver_connection
    if not isinstance(connection, psycopg.Connection):
        raise TypeError(f"the queue needs psycopg, not {type(connection)}")
    deferrer = _app.configure_task(
        task or queue, queue=queue, lock=lock, schedule_at=at, connection=connection
    )
    return deferrer.defer(**arguments, **_origin())  # type: ignore[arg-type]  # any JSON value


def _origin() -> dict[str, dict[str, str]]:
    found = {"request_id": logs.request_id(), tracing.PARENT: tracing.here()}
    known = {name: value for name, value in found.items() if value}
    return {ORIGIN: known} if known else {}


def parted(arguments: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """A job's arguments as its handler takes them, and where the job came from."""
    own = {name: value for name, value in arguments.items() if name != ORIGIN}
    return own, dict(arguments.get(ORIGIN) or {})
