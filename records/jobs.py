"""Asking for work: a job is written in the caller's own transaction.

A job and the row that it is about are then committed together or not at all, so no sweeper has
to look for work that was forgotten. records/queue.py runs the jobs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import psycopg
from procrastinate import App, SyncPsycopgConnector
from sqlalchemy.orm import Session

Queue = Literal["grade", "generate"]
QUEUES: tuple[Queue, ...] = ("grade", "generate")

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
    return deferrer.defer(**arguments)  # type: ignore[arg-type]  # any JSON value
