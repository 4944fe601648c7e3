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
