"""The schema's version: bring a database to this release's, or refuse to work with another.

The tables of the queue's library are made by the same migrations, so `coursewright db upgrade`
is the only step there is.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from coursewright.records.database import with_driver
from coursewright.records.errors import Invalid, Unavailable

MEND = "coursewright db upgrade"
# Any constant will do; all releases must use the same one.
LOCK = 0x636F757273657772
WAIT_FOR_TABLES = "10s"
LOCK_NOT_AVAILABLE = "55P03"


def is_ours(name: str | None, kind: str, _parents: object = None) -> bool:
    """Whether autogenerate should look at it; the queue's library looks after its own tables."""
    return kind != "table" or not (name or "").startswith("procrastinate_")


def upgrade(url: str, patience: float = 120) -> str:
    """Bring the database to this release's schema; returns its revision.

    Waits `patience` seconds for another upgrade that is under way. Raises Unavailable when the
    database does not answer or a table stays locked, and Invalid when the schema is newer.
    """
    with _connect(url) as connection:
        try:
            connection.execute(text(f"SET LOCAL lock_timeout = '{patience}s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            # A migration must not queue behind a long query and stall everything behind itself.
            connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_FOR_TABLES}'"))
            found = current(connection)
            if found:
                _refuse_newer(found, revisions())
            command.upgrade(config(connection), "head")
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                raise
            raise Unavailable(
                "A table or another upgrade kept the schema locked, and nothing was changed. "
                f"Stop what works on the database, then run `{MEND}` again"
            ) from error
        connection.commit()
    return head()


def check(url: str) -> str:
    """The revision, when it is this release's. Raises Invalid with the command that mends it."""
    with _connect(url) as connection:
        return judge(current(connection), revisions())


def standing(connection: Connection) -> str:
    """`current`, or how the schema that is there is to this release's: `older` or `newer`."""
    found, known = current(connection), _known()
    if found == known[0]:
        return "current"
    return "older" if not found or found in known else "newer"


def judge(found: str | None, known: Sequence[str]) -> str:
    """`known` are this release's revisions, newest first; `found` must be the first."""
    if not found:
        raise Invalid(f"The database has no Coursewright tables yet. Run `{MEND}`")
    _refuse_newer(found, known)
    if found != known[0]:
        raise Invalid(
            f"The database's schema is {found}, this release works with {known[0]}. Run `{MEND}`"
        )
    return found


def head() -> str:
    """This release's revision."""
    return revisions()[0]


def revisions() -> list[str]:
    """What this release knows, newest first."""
    scripts = ScriptDirectory.from_config(config()).walk_revisions()
    return [script.revision for script in scripts]


@functools.cache
def _known() -> Sequence[str]:
    return tuple(revisions())


def current(connection: Connection) -> str | None:
    """The database's revision; None when it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file."""
    settings = Config()
    settings.set_main_option("script_location", "coursewright.records:migrations")
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings


def _refuse_newer(found: str, known: Sequence[str]) -> None:
    if found not in known:
        raise Invalid(
            f"The database's schema is {found}, which this release does not know: a newer "
            f"Coursewright made it. Install that release, then run `{MEND}`"
        )


def _connect(url: str) -> Connection:
    engine = create_engine(
        with_driver(url), poolclass=NullPool, connect_args={"connect_timeout": 5}
    )
    try:
        return engine.connect()
    except OperationalError as error:
        place = engine.url.render_as_string(hide_password=True)
        raise Unavailable(f"No connection to {place}: {error.orig}") from error
