"""In which version a lesson changed, and what."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from alembic import command
from samples import cells, course, lesson, notebook, text
from sqlalchemy import create_engine
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from coursewright.records import blobs, courses, release, schema, versions
from coursewright.records.course import Lesson
from coursewright.records.documents import to_bytes
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.lesson_changes import changed_in


def with_source(identity: str, source: str, key: str = "adding") -> Lesson:
    changed = [{**cell, "source": source} if cell["id"] == identity else cell for cell in cells()]
    return lesson(key, **notebook(changed))


def changed(session: Session) -> dict[str, int]:
    return changed_in(session, courses.current_version(session, "sums").id)


def publish(session: Session, *lessons: Lesson, message: str = "") -> int:
    number = courses.publish(session, course("sums", *lessons), message, by=None).number
    courses.enrol(session, "grace", "sums")
    return number


def test_each_lesson_knows_its_own_last_change(session: Session) -> None:
    publish(session, lesson(), lesson("more"))
    assert changed(session) == {"adding": 1, "more": 1}
    publish(session, with_source("intro", "# Adding up"), lesson("more"))
    assert changed(session) == {"adding": 2, "more": 1}
    publish(session, with_source("intro", "# Adding up"), lesson("new"))
    assert changed(session) == {"adding": 2, "new": 3}
    publish(session, with_source("intro", "# Adding up"), lesson("more"))
    assert changed(session) == {"adding": 2, "more": 4}


def test_what_students_do_not_see_is_no_change_for_them(session: Session) -> None:
    publish(session)
    solved = "def add(a, b):\n    ### BEGIN SOLUTION\n    return b + a\n    ### END SOLUTION"
    assert publish(session, with_source("add", solved)) == 2
    assert changed(session) == {"adding": 1}
    changes = versions.lesson_changes(session, "grace", "sums", "adding", since=1)
    assert (changes.to, changes.messages, changes.cells) == (2, (), ())


def test_the_changes_name_cells_and_what_was_said(session: Session) -> None:
    publish(session, message="First")
    first, *rest = cells()
    moved = [*rest, {**first, "source": "# Adding up"}, text("new", "## Also\n\nnew")]
    publish(session, lesson(**notebook(moved)), message="Add a part")
    without = [cell for cell in moved if cell["id"] not in ("raw", "example")]
    without.insert(0, without.pop(2))
    publish(session, lesson(**notebook(without)), message="Shorter")
    found = versions.lesson_changes(session, "grace", "sums", "adding", since=1)
    assert [(message.version, message.message) for message in found.messages] == [
        (2, "Add a part"),
        (3, "Shorter"),
    ]
    assert {(cell.kind, cell.id) for cell in found.cells if cell.kind != "moved"} == {
        ("changed", "intro"),
        ("added", "new"),
        ("removed", "raw"),
        ("removed", "example"),
    }
    assert [cell.id for cell in found.cells if cell.kind == "moved"] == ["why"]
    titles = {cell.id: (cell.role, cell.title) for cell in found.cells}
    assert titles["intro"] == ("text", "Adding up")
    assert titles["new"] == ("text", "Also")


def test_a_title_is_an_exercise_s_or_how_the_text_begins(session: Session) -> None:
    publish(session)
    words = "word " * 30
    publish(session, with_source("intro", words))
    renamed = {**cells()[4], "id": "add-2"}
    publish(session, lesson(**notebook([{**cells()[0], "source": words}, cells()[3], renamed])))
    found = versions.lesson_changes(session, "grace", "sums", "adding", since=1)
    titles = {cell.id: cell.title for cell in found.cells}
    assert len(titles["intro"]) == 60
    assert titles["add-1"] == titles["add-2"] == "Add two numbers"


def test_an_older_version_of_a_lesson_can_be_had(session: Session) -> None:
    publish(session)
    publish(session, with_source("intro", "# Adding up"))
    old, number = versions.lesson_in(session, "grace", "sums", "adding", 1)
    new, newest = versions.lesson_in(session, "grace", "sums", "adding")
    assert (number, old.cells[0].source) == (1, "# Adding")
    assert (newest, new.cells[0].source) == (2, "# Adding up")
    assert "return a + b" not in json.dumps(old.to_notebook())


@pytest.mark.parametrize(
    ("who", "key", "number"),
    [
        ("kay", "adding", 1),
        ("grace", "adding", 7),
        ("grace", "flying", 1),
        ("grace", "flying", None),
    ],
)
def test_what_is_not_there_or_not_for_one_is_not_found(
    session: Session, who: str, key: str, number: int | None
) -> None:
    publish(session)
    with pytest.raises(NotFound):
        versions.lesson_in(session, who, "sums", key, number)


def test_nothing_changed_since_a_version_that_is_to_come(session: Session) -> None:
    publish(session)
    with pytest.raises(Invalid, match="newest version is 1"):
        versions.lesson_changes(session, "grace", "sums", "adding", since=2)


def test_an_upgrade_finds_out_what_changed_before_it(empty_database: str) -> None:
    engine = create_engine(empty_database)
    with engine.begin() as connection:
        command.upgrade(schema.config(connection), "0009")
        row = "INSERT INTO courses (key, title, summary, level) VALUES ('sums', '', '', 'beginner')"
        connection.execute(sql(row))
    made = course("sums", lesson(), lesson("more"))
    later = course("sums", with_source("intro", "# Adding up"), lesson("more"))
    with Session(engine) as session, session.begin():
        for number, version in enumerate((made, later, replace(later, title="Other")), 1):
            sha = blobs.put(session, to_bytes(release.student_view(version)))
            row = """
                INSERT INTO course_versions
                    (course_id, number, lessons, document_sha, student_sha, message)
                SELECT id, :number, 2, :sha, :sha, '' FROM courses
            """
            session.execute(sql(row), {"number": number, "sha": sha})
    schema.upgrade(empty_database)
    with Session(engine) as session:
        assert changed(session) == {"adding": 2, "more": 1}
    engine.dispose()
