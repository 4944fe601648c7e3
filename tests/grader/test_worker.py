"""From a submission in the database to its scores and its page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from homework import lesson, submission
from isolation import without_isolation
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.grader import worker
from coursewright.grader.sandbox import ready
from coursewright.records import blobs, courses, database, submissions
from coursewright.records.course import Course, Lesson, Module
from coursewright.records.errors import NotFound, Unavailable
from coursewright.records.gradebook import Attempt
from coursewright.records.tables import Grading, Submission


@pytest.fixture
def school(fresh_database: str) -> Iterator[sessionmaker[Session]]:
    engine = database.make_engine(fresh_database)
    found = database.sessions(engine)
    lists = Lesson.from_notebook(lesson(), key="lists", title="Lists")
    with found.begin() as session:
        courses.publish(session, Course("c", "C", (Module("m", "M", (lists,)),)), "First", by=None)
        courses.enrol(session, "grace", "c")
    yield found
    engine.dispose()


def submit(school: sessionmaker[Session], **answers: str) -> int:
    content = json.dumps(submission(**answers)).encode()
    with school.begin() as session:
        return submissions.receive(session, "grace", "c", "lists", content, "a-long-key").id


def attempt(school: sessionmaker[Session], number: int) -> Attempt:
    with school() as session:
        return submissions.one(session, "grace", number)


def test_a_submission_gets_its_scores_and_its_page(school: sessionmaker[Session]) -> None:
    number = submit(school, mean="")
    worker.handle(number, school)
    found = attempt(school, number)
    assert (found.state, found.points, found.max_points, found.mode) == ("graded", 2, 7, "isolated")
    assert [cell.status for cell in found.cells] == ["passed", "failed", "manual"]
    with school() as session:
        assert b"The double" in submissions.feedback(session, "grace", number)


def test_a_job_that_is_run_twice_grades_once(school: sessionmaker[Session]) -> None:
    number = submit(school)
    worker.handle(number, school)
    worker.handle(submission_id=number, sessions=school)
    with school() as session:
        assert session.scalar(select(func.count()).select_from(Grading)) == 1


def test_two_workers_at_once_grade_once(school: sessionmaker[Session]) -> None:
    number = submit(school)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: worker.handle(number, school), range(2)))
    with school() as session:
        assert session.scalar(select(func.count()).select_from(Grading)) == 1


def test_hostile_text_is_stored_and_stops_nothing(school: sessionmaker[Session]) -> None:
    number = submit(school, double=r"raise ValueError('\0 \ud800 \x1b[31m')")
    worker.handle(number, school)
    assert attempt(school, number).points == 2


def test_without_isolation_it_is_left_for_a_later_try(school: sessionmaker[Session]) -> None:
    number = submit(school)
    ready.cache_clear()
    with pytest.raises(Unavailable):
        without_isolation(lambda: worker.handle(number, school))
    assert attempt(school, number).state == "received"


def test_a_submission_that_is_not_there_is_an_error(school: sessionmaker[Session]) -> None:
    with pytest.raises(NotFound):
        worker.handle(12345, school)


def test_what_cannot_be_graded_is_marked_for_a_person(school: sessionmaker[Session]) -> None:
    number = submit(school)
    with school.begin() as session:
        row = session.get_one(Submission, number)
        row.notebook_sha = blobs.put(session, b'{"metadata": {}}')
    worker.handle(number, school)
    assert attempt(school, number).state == "failed"


def test_what_needs_a_kernel_that_is_not_here_is_left_for_a_later_try(
    school: sessionmaker[Session],
) -> None:
    in_r = lesson() | {
        "metadata": {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
    }
    about = Lesson.from_notebook(in_r, key="in-r", title="R")
    with school.begin() as session:
        courses.publish(session, Course("r", "R", (Module("m", "M", (about,)),)), "First", by=None)
        courses.enrol(session, "grace", "r")
        content = json.dumps(submission()).encode()
        number = submissions.receive(session, "grace", "r", "in-r", content, "another-key").id
    with pytest.raises(Unavailable, match="needs the Jupyter kernel 'ir'"):
        worker.handle(number, school)
    assert attempt(school, number).state == "received"
