"""Parsed documents are kept for a while, and never more of them than fit."""

from __future__ import annotations

import pytest
from samples import course
from sqlalchemy import event
from sqlalchemy.orm import Session

from coursewright.records import blobs
from coursewright.records.documents import Documents, to_bytes
from coursewright.records.errors import NotFound


def put(session: Session, *keys: str) -> list[str]:
    return [blobs.put(session, to_bytes(course(key))) for key in keys]


def test_a_document_is_parsed_once(session: Session) -> None:
    (sha,) = put(session, "sums")
    documents = Documents()
    first = documents.read(session, sha)
    assert first == course("sums")
    assert documents.read(session, sha) is first


def test_what_is_kept_needs_no_question_to_the_database(session: Session) -> None:
    (sha,) = put(session, "sums")
    documents = Documents()
    documents.read(session, sha)
    session.expunge_all()
    asked: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *about: asked.append(about[2]))
    documents.read(session, sha)
    assert asked == []


def test_the_least_recently_asked_for_is_forgotten(session: Session) -> None:
    one, two, three = put(session, "course-1", "course-2", "course-3")
    documents = Documents(limit=2 * len(to_bytes(course("course-1"))))
    first, second = documents.read(session, one), documents.read(session, two)
    documents.read(session, one)
    documents.read(session, three)
    assert documents.read(session, one) is first
    assert documents.read(session, two) is not second


def test_a_document_larger_than_the_limit_is_read_and_not_kept(session: Session) -> None:
    small, large = put(session, "sums", "a-course-with-a-longer-key")
    documents = Documents(limit=len(to_bytes(course("sums"))))
    kept = documents.read(session, small)
    assert documents.read(session, large).key == "a-course-with-a-longer-key"
    assert documents.read(session, small) is kept


def test_what_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        Documents().read(session, "0" * 64)


def test_what_is_made_from_a_kept_course_can_be_changed_without_harm(session: Session) -> None:
    (sha,) = put(session, "sums")
    documents = Documents()
    lesson = documents.read(session, sha).lesson("adding")
    assert lesson
    notebook = lesson.to_notebook()
    notebook["metadata"]["changed"] = True
    notebook["cells"][3]["metadata"]["nbgrader"]["grade_id"] = "changed"
    notebook["cells"][2]["outputs"][0]["text"] = "changed"
    assert documents.read(session, sha) == course("sums")
