"""The address of the database, and what its absence looks like."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import text

from coursewright.records.database import database_url, make_engine, with_driver, without_driver
from coursewright.records.errors import Unavailable

SPELLINGS = [
    ("postgresql://u@/d", "postgresql+psycopg://u@/d", "postgresql://u@/d"),
    ("postgres://u@/d", "postgresql+psycopg://u@/d", "postgres://u@/d"),
    ("postgresql+psycopg://u@/d", "postgresql+psycopg://u@/d", "postgresql://u@/d"),
]


@pytest.mark.parametrize(("url", "ours", "libpq"), SPELLINGS)
def test_every_usual_spelling_of_the_address_will_do(url: str, ours: str, libpq: str) -> None:
    assert database_url({"COURSEWRIGHT_DATABASE_URL": url}) == ours == with_driver(url)
    assert without_driver(url) == libpq


def test_without_an_address_the_variable_is_named() -> None:
    with pytest.raises(Unavailable, match="COURSEWRIGHT_DATABASE_URL is not set"):
        database_url({})


def test_an_engine_gets_over_connections_that_died(fresh_database: str) -> None:
    engine = make_engine(fresh_database)
    with engine.connect() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(without_driver(fresh_database)) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()


def test_a_connection_that_dies_at_work_is_the_database_s_absence(fresh_database: str) -> None:
    engine = make_engine(fresh_database)
    with pytest.raises(Unavailable), engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    engine.dispose()


def test_a_fault_in_a_question_is_not(fresh_database: str) -> None:
    engine = make_engine(fresh_database)
    with pytest.raises(Exception, match="nothing_here"), engine.connect() as connection:
        connection.execute(text("SELECT * FROM nothing_here"))
    engine.dispose()


def test_name_and_password_may_come_from_elsewhere(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The chart's address holds no secret: PGUSER and PGPASSWORD come from the database's own.
    scheme, _, rest = fresh_database.partition("://")
    name, _, place = rest.partition("@")
    monkeypatch.setenv("PGUSER", name)
    monkeypatch.setenv("PGPASSWORD", "not asked for here")
    engine = make_engine(f"{scheme}://{place}")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT current_user")) == name
    engine.dispose()
    with psycopg.connect(without_driver(f"{scheme}://{place}")) as connection:
        assert connection.info.user == name
