"""How to reach the database: its address, the engine and the sessions."""

from __future__ import annotations

import os
from collections.abc import Mapping

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import tracing
from coursewright.records.errors import Unavailable

URL_VARIABLE = "COURSEWRIGHT_DATABASE_URL"
DRIVER = "postgresql+psycopg://"

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
        # A server that was restarted leaves dead connections in the pool.
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 5,
            "application_name": "coursewright",
            "options": "-c timezone=UTC -c idle_in_transaction_session_timeout=60000",
        },
    )
    event.listen(engine, "handle_error", _raise_unavailable)
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


def _raise_unavailable(context: ExceptionContext) -> None:
    if context.is_pre_ping:  # the pool itself puts a new connection in a dead one's place
        return
    if context.is_disconnect or is_away(context.original_exception):
        raise Unavailable(
            "The database does not answer now. Nothing was stored; try again in a moment"
        ) from context.original_exception
