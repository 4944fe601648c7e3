"""Checks in the database: one of a document at a time, settled once, read in the course's order."""

from __future__ import annotations

import pytest
import samples
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from coursewright.records import checks
from coursewright.records.checks import Finding
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.tables import CheckPlace, Event

COURSE = samples.course()
BLOCKS = Finding("G4", "adding/add", "The starter passes", blocks=True, cell="add-1")


@pytest.fixture
def number(session: Session) -> int:
    return checks.request(session, COURSE, "mary")[0]


def names(session: Session) -> list[str]:
    return list(session.scalars(select(Event.name).order_by(Event.id)))


def test_a_request_has_a_job_and_an_event(session: Session, number: int) -> None:
    query = text("SELECT queue_name, task_name, args FROM procrastinate_jobs")
    jobs = [tuple(row) for row in session.execute(query)]
    assert jobs == [("generate", "check", {"check_id": number})]
    assert names(session) == ["course.check.requested"]
    assert checks.begin(session, number) == COURSE
    assert checks.requester(session, number) == "mary"


def test_what_is_being_checked_is_not_checked_twice_at_a_time(
    session: Session, number: int
) -> None:
    assert checks.request(session, COURSE, "mary") == (number, False)
    others = (
        checks.request(session, COURSE, "alan"),
        checks.request(session, samples.course(title="Another"), "mary"),
    )
    assert all(new for _, new in others)
    checks.finish(session, number)
    assert checks.request(session, COURSE, "mary")[1]


def test_a_draft_with_faults_is_not_asked_for(session: Session) -> None:
    twice = [samples.text("a", "one"), samples.text("a", "two")]
    lesson = samples.lesson(cells=twice)
    with pytest.raises(Invalid, match="lesson 'adding', cell"):
        checks.request(session, samples.course("sums", lesson), "mary")
    assert names(session) == []


def test_a_place_that_is_written_again_stands_once(session: Session, number: int) -> None:
    checks.begin(session, number)
    checks.plan(session, number, 3)
    checks.keep(session, number, 1, "adding/add", [BLOCKS])
    checks.keep(session, number, 0, "adding", [])
    checks.keep(session, number, 1, "adding/add", [])
    told = checks.told(session, number)
    assert [place.place for place in told.places] == ["adding", "adding/add"]
    assert (told.done, told.total, told.accepted, told.blocking) == (2, 3, None, [])
    assert len(list(session.scalars(select(CheckPlace)))) == 2


def test_it_is_settled_once(session: Session, number: int) -> None:
    checks.begin(session, number)
    checks.keep(session, number, 0, "adding/add", [BLOCKS])
    assert checks.finish(session, number)
    assert not checks.record_failure(session, number, "too late")
    assert checks.begin(session, number) is None
    told = checks.told(session, number)
    assert (told.state, told.accepted, told.blocking) == ("done", False, [BLOCKS])
    assert names(session)[-1] == "course.check.finished"


def test_a_twin_s_finding_stands_at_its_own_place(session: Session, number: int) -> None:
    checks.keep(session, number, 0, "adding/add", [])
    checks.keep(session, number, 1, checks.WHOLE, [BLOCKS, Finding("Q5", "course", "Two", False)])
    first, whole = checks.told(session, number).places
    assert (first.place, first.exercise, first.passed) == ("adding/add", "add", False)
    assert (whole.place, whole.passed, len(whole.findings)) == ("course", True, 1)


@pytest.mark.parametrize("said", ["a\0b", "a\ud800b"])
def test_what_a_program_said_is_kept_as_text(session: Session, number: int, said: str) -> None:
    checks.keep(session, number, 0, "adding", [Finding("L1", "adding", said, True)])
    (place,) = checks.told(session, number).places
    assert place.findings[0].message in {"a\N{REPLACEMENT CHARACTER}b", "a?b"}
    assert checks.record_failure(session, number, said)


def test_a_check_that_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        checks.told(session, 10**9)
