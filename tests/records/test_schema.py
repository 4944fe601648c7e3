"""The schema: made, checked, refused, and equal to the tables that the code declares."""

from __future__ import annotations

import threading

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from coursewright.records import schema
from coursewright.records.database import make_engine
from coursewright.records.errors import Invalid, Unavailable
from coursewright.records.tables import Table


def _execute(url: str, *statements: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_autogenerate_finds_nothing_to_change(fresh_database: str) -> None:
    engine = create_engine(fresh_database)
    with engine.connect() as connection:
        options = {
            "include_name": schema.is_ours,
            "compare_type": True,
            "compare_server_default": True,
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Table.metadata) == []
    engine.dispose()


def test_check_accepts_the_schema_of_this_release(fresh_database: str) -> None:
    assert schema.check(fresh_database) == schema.head()


OTHER_REVISION = "UPDATE alembic_version SET version_num = '9999'"
NO_REVISION = "DELETE FROM alembic_version"


@pytest.mark.parametrize(
    ("statement", "words"),
    [(OTHER_REVISION, "a newer Coursewright made it"), (NO_REVISION, "no Coursewright tables yet")],
)
def test_check_refuses_another_schema_and_names_the_command(
    fresh_database: str, statement: str, words: str
) -> None:
    _execute(fresh_database, statement)
    with pytest.raises(Invalid, match=words) as refusal:
        schema.check(fresh_database)
    assert "`coursewright db upgrade`" in str(refusal.value)


def test_check_refuses_an_empty_database(empty_database: str) -> None:
    with pytest.raises(Invalid, match="Run `coursewright db upgrade`"):
        schema.check(empty_database)


def test_an_older_schema_is_refused() -> None:
    with pytest.raises(Invalid, match=r"is 0001, this release works with 0002.*db upgrade"):
        schema.judge("0001", ["0002", "0001"])


def test_upgrade_never_touches_a_newer_schema(fresh_database: str) -> None:
    _execute(fresh_database, OTHER_REVISION)
    with pytest.raises(Invalid, match="newer"):
        schema.upgrade(fresh_database)


def test_an_upgrade_of_an_upgraded_database_changes_nothing(fresh_database: str) -> None:
    assert schema.upgrade(fresh_database) == schema.head()


def test_two_upgrades_at_once_wait_for_each_other(empty_database: str) -> None:
    done: list[str] = []
    threads = [
        threading.Thread(target=lambda: done.append(schema.upgrade(empty_database)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [schema.head()] * 3


def test_an_upgrade_gives_up_when_another_never_ends(empty_database: str) -> None:
    engine = create_engine(empty_database)
    with engine.connect() as other:
        other.execute(text("SELECT pg_advisory_lock(:key)"), {"key": schema.LOCK})
        with pytest.raises(Unavailable, match="nothing was changed"):
            schema.upgrade(empty_database, patience=0.05)
    engine.dispose()


def test_a_database_that_does_not_answer_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="No connection to"):
        schema.check("postgresql://nobody@/none?host=/nowhere")


@pytest.fixture
def connection(session) -> Connection:  # type: ignore[no-untyped-def]
    return session.connection()


INSERT = "INSERT INTO events (name) VALUES ('audit.test')"


@pytest.mark.parametrize("statement", ["UPDATE events SET name = 'x'", "DELETE FROM events"])
def test_events_cannot_be_changed_or_deleted(connection: Connection, statement: str) -> None:
    connection.execute(text(INSERT))
    with pytest.raises(DBAPIError, match="events is only ever added to"):
        connection.execute(text(statement))


def test_events_cannot_be_emptied(connection: Connection) -> None:
    with pytest.raises(DBAPIError, match="TRUNCATE is refused"):
        connection.execute(text("TRUNCATE events"))


def test_every_foreign_key_that_a_list_asks_by_has_an_index(connection: Connection) -> None:
    names = connection.execute(text("SELECT indexname FROM pg_indexes")).scalars().all()
    wanted = {
        "ix_enrolments_course_id",
        "ix_submissions_course_id_lesson",
        "ix_submissions_waiting",
        "ix_events_audit",
    }
    assert wanted <= set(names)


def test_times_carry_a_zone(connection: Connection) -> None:
    query = """
        SELECT table_name, column_name FROM information_schema.columns
        WHERE data_type = 'timestamp without time zone' AND table_schema = 'public'
    """
    assert connection.execute(text(query)).all() == []


def test_the_engine_says_unavailable_when_the_server_is_away() -> None:
    engine = make_engine("postgresql://nobody@/none?host=/nowhere")
    with pytest.raises(Unavailable, match="Nothing was stored"), engine.connect():
        pass


FIRST = """
    INSERT INTO people (name, display_name) VALUES ('grace', 'Grace');
    INSERT INTO courses (key, title, summary, level) VALUES ('c', 'C', '', 'beginner');
    INSERT INTO mastery (person_id, course_id, concept, score, evidence)
        SELECT people.id, courses.id, 'lists', 0.5, '{}' FROM people, courses;
    INSERT INTO enrolments (person_id, course_id, role)
        SELECT people.id, courses.id, 'student' FROM people, courses;
"""


def test_a_database_of_the_first_release_is_upgraded_with_what_is_in_it(
    empty_database: str,
) -> None:
    engine = create_engine(empty_database)
    with engine.begin() as connection:
        command.upgrade(schema.config(connection), "0001")
        for statement in FIRST.split(";")[:-1]:
            connection.execute(text(statement))
    assert schema.upgrade(empty_database) == schema.head()
    with engine.begin() as connection:
        assert connection.execute(text("SELECT score FROM mastery")).scalar_one() == 50
        belongs = connection.execute(text("SELECT role, label FROM enrolments")).one()
        assert tuple(belongs) == ("student", None)
    engine.dispose()
