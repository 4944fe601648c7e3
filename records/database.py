"""How to reach the database: its address, the engine and the sessions."""

from __future__ import annotations

import os
from collections.abc import Mapping
from select import POLLIN, poll
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from coursewright.records import tracing
from coursewright.records.errors import Unavailable

URL_VARIABLE = "COURSEWRIGHT_DATABASE_URL"
DRIVER = "postgresql+psycopg://"
USED = "coursewright_used"
RECYCLE = 600  # seconds
# Statements whose plans a connection keeps; all pages together ask some 300 different ones.
PREPARED = 1000

# SQLSTATE classes and codes of a server that is away, stopping, starting or full; see the
# PostgreSQL manual, appendix A. Failures before there is a server to answer have no code.
AWAY = ("08", "57P", "53300")


def database_url(environ: Mapping[str, str] = os.environ) -> str:
    """Raises Unavailable when the variable is not set."""
    url = environ.get(URL_VARIABLE, "")
    if not url:
        raise Unavailable(
            f"{URL_VARIABLE} is not set. `coursewright up` sets it for what it starts; elsewhere "
            "give it the address of a PostgreSQL database, postgresql://user@host/name"
        )
    return with_driver(url)


def with_driver(url: str) -> str:
    """SQLAlchemy's spelling of a PostgreSQL address, which names the driver."""
    scheme, separator, rest = url.partition("://")
    if separator and scheme in ("postgres", "postgresql"):
        return DRIVER + rest
    return url


def without_driver(url: str) -> str:
    """libpq's spelling, for psycopg itself and for the queue."""
    return "postgresql://" + url.removeprefix(DRIVER) if url.startswith(DRIVER) else url


def make_engine(url: str, pool_size: int = 5) -> Engine:
    """An engine whose connection failures are raised as Unavailable.

    It opens up to twice `pool_size` connections.
    """
    engine = create_engine(
        with_driver(url),
        # None beyond the pool: under load those would be opened and closed for each transaction,
        # and each is a process of the server. The one used last is used first.
        pool_size=2 * pool_size,
        max_overflow=0,
        pool_use_lifo=True,
        # What was asked with (a notebook, an answer) must not stand in an error's text.
        hide_parameters=True,
        # A peer that vanished without a word is not waited for in vain.
        pool_recycle=RECYCLE,
        connect_args={
            "connect_timeout": 5,
            "application_name": "coursewright",
            "options": "-c timezone=UTC -c idle_in_transaction_session_timeout=60000"
            # Disks without moving heads: the manual's default of 4 reads whole tables instead.
            " -c random_page_cost=1.1",
        },
    )
    event.listen(engine, "handle_error", _raise_unavailable)
    event.listen(engine, "connect", _keep_plans)
    event.listen(engine, "checkin", _mark_used)
    event.listen(engine, "checkout", _refuse_dead)
    tracing.watch(engine)
    return engine


def sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose rows may still be read after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


def is_away(error: BaseException | None) -> bool:
    """Whether this is the database's absence and not a fault in what it was asked."""
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return error.sqlstate is None or error.sqlstate.startswith(AWAY)
    return False


def _keep_plans(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.prepared_max = PREPARED


def _mark_used(_: Any, entry: ConnectionPoolEntry) -> None:
    entry.info[USED] = True


def _refuse_dead(connection: Any, entry: ConnectionPoolEntry, _: Any) -> None:
    """A server that was restarted leaves dead connections in the pool.

    A live one says nothing until it is asked; the end of a dead one waits to be read. This sees it
    without a question to the server, which would cost as much as many a query.
    """
    if not entry.info.get(USED):
        return
    if connection.closed:
        raise DisconnectionError
    watch = poll()
    watch.register(connection.fileno(), POLLIN)
    if watch.poll(0):
        raise DisconnectionError


def _raise_unavailable(context: ExceptionContext) -> None:
    if context.is_disconnect or is_away(context.original_exception):
        raise Unavailable(
            "The database does not answer now. Nothing was stored; try again in a moment"
        ) from context.original_exception
