"""Submitting: one row for one submit, whatever happens; and what becomes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from samples import cells, content, course, notebook, text
from sqlalchemy import Engine, func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from coursewright.grader.assemble import assemble
from coursewright.records import courses, outlines, submissions
from coursewright.records.database import make_engine, sessions
from coursewright.records.errors import Conflict, CoursewrightError, Invalid, NotFound, TooLarge
from coursewright.records.intake import fit
from coursewright.records.tables import Blob, Event, Grading, Submission

KEY = "a-key-of-this-submit"


@dataclass(frozen=True)
class Cell:
    grade_id: str
    exercise: str | None
    points: float
    max_points: float
    status: str
    message: str = ""
    promises: tuple[int, ...] = ()


@dataclass(frozen=True)
class Graded:
    score: float = 2
    max_score: float = 6
    cells: tuple[Cell, ...] = (Cell("add-1", "add", 2, 2, "passed", "\0", (1, 2)),)
    mode: str = "isolated"
    repairs: tuple[str, ...] = field(default=())
    seconds: float = 0.2
    outputs: Mapping[str, Any] = field(default_factory=dict)


@pytest.fixture
def enrolled(session: Session) -> Session:
    courses.publish(session, course(), "First", by="ada")
    courses.enrol(session, "ada", "sums", "instructor")
    courses.enrol(session, "grace", "sums")
    return session


def submit(session: Session, body: bytes | None = None, key: str = KEY) -> submissions.Receipt:
    return submissions.receive(session, "grace", "sums", "adding", body or content(), key)


def jobs_of(session: Session) -> list[dict[str, int]]:
    query = sql("SELECT args FROM procrastinate_jobs WHERE task_name = 'grade' ORDER BY id")
    return list(session.scalars(query))


def test_a_submission_gives_a_receipt_and_asks_for_its_grading(enrolled: Session) -> None:
    receipt = submit(enrolled)
    assert (receipt.attempt, receipt.state, receipt.repeated) == (1, "received", False)
    assert len(receipt.sha256) == 64
    assert receipt.received_at.tzinfo is not None
    assert jobs_of(enrolled) == [{"submission_id": receipt.id}]


def test_a_second_submit_with_the_same_key_gives_the_same_receipt(enrolled: Session) -> None:
    first = submit(enrolled)
    again = submit(enrolled)
    assert again.repeated
    assert (again.id, again.attempt, again.received_at) == (first.id, 1, first.received_at)
    assert len(jobs_of(enrolled)) == 1


def test_the_same_notebook_with_another_key_is_another_attempt(enrolled: Session) -> None:
    first = submit(enrolled)
    second = submit(enrolled, key="another-key")
    assert (second.attempt, second.sha256) == (2, first.sha256)


def test_the_same_key_with_another_notebook_is_a_conflict(enrolled: Session) -> None:
    submit(enrolled)
    with pytest.raises(Conflict, match="kept as it was"):
        submit(enrolled, content(cells=cells()[1:]))


def with_cell(**changes: object) -> bytes:
    return content(cells=[*cells(), {**text("last", "text"), **changes}])


def without_id() -> bytes:
    cell = text("last", "text")
    del cell["id"]
    return content(cells=[*cells(), cell])


def of_format_3() -> bytes:
    sheet = {"cells": [{"cell_type": "code", "input": "x = 1", "outputs": []}]}
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "worksheets": [sheet]}).encode()


def with_outputs(size: int) -> bytes:
    shown = {"output_type": "stream", "name": "stdout", "text": "x" * size}
    return with_cell(cell_type="code", outputs=[shown], execution_count=1)


# What is put right when it is graded: see tests/grader/test_repair.py.
GENTLE = {
    "format 3": of_format_3(),
    "cells, but format 3": content(nbformat=3),
    "no format": json.dumps({"cells": cells()}).encode(),
    "format true": content(nbformat=True),
    "format 4.0": content(nbformat_minor=0),
    "a damaged cell": with_cell(source=3),
    "a cell that is none": content(cells=["x", *cells()]),
    "a cell of another kind": with_cell(cell_type="heading"),
    "damaged metadata": with_cell(metadata=[]),
    "damaged metadata of the notebook": content(metadata=[]),
    "no id": without_id(),
    "a strange id": with_cell(id="../x"),
    "a doubled id": with_cell(id="intro"),
    "another kernel": content(metadata={"kernelspec": {"name": "ir", "language": "R"}}),
    "outputs that are no list": with_cell(cell_type="code", outputs=3),
    "50 MB of outputs": with_outputs(50 * 1024 * 1024),
}


@pytest.mark.parametrize("body", GENTLE.values(), ids=GENTLE)
def test_what_can_be_repaired_is_taken_in(enrolled: Session, body: bytes) -> None:
    receipt = submissions.receive(enrolled, "grace", "sums", "adding", body, KEY)
    assert submissions.receive(enrolled, "grace", "sums", "adding", body, KEY).repeated
    work = submissions.work(enrolled, receipt.id)
    assert work is not None
    result = assemble(work.lesson.to_notebook(), work.notebook)
    assert [step.part for step in result.steps].count("test") == 1


def test_outputs_that_are_too_large_are_left_out_and_that_is_told(enrolled: Session) -> None:
    receipt = submit(enrolled, with_outputs(50 * 1024 * 1024))
    work = submissions.work(enrolled, receipt.id)
    assert work is not None
    assert [cell.get("outputs", []) for cell in work.notebook["cells"]] == [[]] * 9
    assert "without its outputs" in assemble(work.lesson.to_notebook(), work.notebook).repairs[0]
    assert fit(with_outputs(9)) == with_outputs(9)


BAD = {
    "empty": (b"", Invalid, "cannot be read as JSON"),
    "no JSON": (b"print(1)", Invalid, "cannot be read as JSON"),
    "no UTF-8": (b'{"nbformat": 4, "x": "\xff"}', Invalid, "not UTF-8"),
    "deep": (b"[" * 100_000, Invalid, "nested too deeply"),
    "a list": (b"[]", Invalid, "not a notebook"),
    "another document": (b'{"title": "x"}', Invalid, "not a notebook"),
    "format 1": (content(nbformat=1), Invalid, "old format 1"),
    "format 5": (content(nbformat=5), Invalid, "newer than 4"),
    "no cells": (content(cells=[]), Invalid, "has no cells"),
    "no cell that is one": (content(cells=["x"]), Invalid, "has no cells"),
    "NUL in a source": (with_cell(source="a\0b"), Invalid, "NUL"),
    "NUL in a name": (with_cell(metadata={"a\0": 1}), Invalid, "NUL"),
    "NUL bytes": (b'{"nbformat": 4, "cells": "\0"}', Invalid, "cannot be read as JSON"),
    "too large": (with_cell(source="x" * 11 * 1024 * 1024), TooLarge, "11.0 MB, the limit is 10.0"),
    "another lesson": (
        content(metadata={"coursewright": {"lesson": "other"}}),
        Invalid,
        "of the lesson 'other'",
    ),
    "another course": (
        content(metadata={"coursewright": {"course": "other"}}),
        Invalid,
        "of the course 'other'",
    ),
}


@pytest.mark.parametrize(("body", "error", "words"), BAD.values(), ids=BAD)
def test_what_cannot_be_graded_is_refused_and_nothing_is_stored(
    enrolled: Session, body: bytes, error: type[CoursewrightError], words: str
) -> None:
    blobs = enrolled.scalar(select(func.count()).select_from(Blob))
    with pytest.raises(error, match=words):
        submissions.receive(enrolled, "grace", "sums", "adding", body, KEY)
    assert enrolled.scalar(select(func.count()).select_from(Submission)) == 0
    assert enrolled.scalar(select(func.count()).select_from(Blob)) == blobs
    assert jobs_of(enrolled) == []


@pytest.mark.parametrize("key", ["short", "x" * 201])
def test_a_key_has_a_sensible_length(enrolled: Session, key: str) -> None:
    with pytest.raises(Invalid, match="8 to 200"):
        submit(enrolled, key=key)


ELSEWHERE = [
    ("stranger", "sums", "adding"),
    ("grace", "other", "adding"),
    ("grace", "sums", "other"),
]


@pytest.mark.parametrize(("person", "course_key", "lesson"), ELSEWHERE)
def test_nobody_submits_where_they_are_not_enrolled(
    enrolled: Session, person: str, course_key: str, lesson: str
) -> None:
    with pytest.raises(NotFound):
        submissions.receive(enrolled, person, course_key, lesson, content(), KEY)


def test_a_notebook_is_graded_by_the_version_that_it_was_opened_from(enrolled: Session) -> None:
    courses.publish(enrolled, course(title="Changed"), "Second", by=None)
    versions = []
    for number in (1, 2, 99, None, "1"):
        body = content(metadata={"coursewright": {"version": number}})
        receipt = submit(enrolled, body, key=f"key-of-{number!r}")
        versions.append(enrolled.get_one(Submission, receipt.id).version_id)
    assert versions == [versions[0], *[versions[1]] * 4]
    assert versions[0] < versions[1]


def test_the_work_holds_the_hidden_tests_and_the_notebook(enrolled: Session) -> None:
    receipt = submit(enrolled)
    work = submissions.work(enrolled, receipt.id)
    assert work is not None
    assert work.notebook == notebook()
    assert "add(-1, -2)" in next(work.lesson.exercises()).tests[0].hidden


def test_a_grading_is_recorded_once_and_shown_with_its_cells(enrolled: Session) -> None:
    receipt = submit(enrolled)
    assert submissions.record_grading(enrolled, receipt.id, Graded(), b"<p>Good</p>")
    assert not submissions.record_grading(enrolled, receipt.id, Graded(score=0), b"other")
    assert submissions.work(enrolled, receipt.id) is None
    (attempt,) = submissions.standing(enrolled, "grace", "sums", "adding")
    assert (attempt.state, attempt.points, attempt.max_points) == ("graded", 2, 6)
    (cell,) = attempt.cells
    assert (cell.title, cell.status, cell.message) == ("Add two numbers", "passed", "\ufffd")
    assert submissions.feedback(enrolled, "grace", receipt.id) == b"<p>Good</p>"
    assert enrolled.scalar(select(func.count()).select_from(Grading)) == 1


def test_a_submission_that_could_not_be_graded_says_so_and_can_be_graded_later(
    enrolled: Session,
) -> None:
    receipt = submit(enrolled)
    assert submissions.record_failure(enrolled, receipt.id, "no sandbox")
    assert not submissions.record_failure(enrolled, receipt.id, "no sandbox")
    (attempt,) = submissions.standing(enrolled, "grace", "sums", "adding")
    assert (attempt.state, attempt.points) == ("failed", None)
    assert submissions.record_grading(enrolled, receipt.id, Graded(), b"")
    assert submissions.one(enrolled, "grace", receipt.id).points == 2
    assert not submissions.record_failure(enrolled, receipt.id, "too late")


def test_only_the_student_and_the_teachers_see_an_attempt(enrolled: Session) -> None:
    courses.enrol(enrolled, "eve", "sums")
    receipt = submit(enrolled)
    for name in ("grace", "ada"):
        assert submissions.one(enrolled, name, receipt.id).id == receipt.id
    for name in ("eve", "nobody"):
        with pytest.raises(NotFound):
            submissions.one(enrolled, name, receipt.id)
        with pytest.raises(NotFound):
            submissions.feedback(enrolled, name, receipt.id)


def test_attempts_stand_newest_first_and_the_gradebook_shows_the_newest(enrolled: Session) -> None:
    first = submit(enrolled)
    submissions.record_grading(enrolled, first.id, Graded(), b"")
    submit(enrolled, key="another-key")
    attempts = submissions.standing(enrolled, "grace", "sums", "adding")
    assert [(item.attempt, item.points) for item in attempts] == [(2, None), (1, 2)]
    (row,) = submissions.gradebook(enrolled, "sums")
    assert (row.person, row.attempt, row.points, row.state) == ("grace", 2, None, "received")
    progress = outlines.known(enrolled, "grace")["sums"].reached["adding"]
    assert (progress.state, progress.attempts) == ("submitted", 2)


def test_every_step_leaves_an_event(enrolled: Session) -> None:
    receipt = submit(enrolled)
    submissions.record_grading(enrolled, receipt.id, Graded(), b"")
    rows = enrolled.scalars(select(Event).where(Event.name.like("learning.%")).order_by(Event.id))
    assert [(row.name, row.object, row.detail["submission"]) for row in rows] == [
        ("learning.submitted", "sums/adding", receipt.id),
        ("learning.graded", "sums/adding", receipt.id),
    ]


@pytest.fixture
def busy(fresh_database: str) -> Iterator[Engine]:
    """A database where a course is published and committed."""
    engine = make_engine(fresh_database, pool_size=10)
    with sessions(engine).begin() as session:
        courses.publish(session, course(), "First", by=None)
        courses.enrol(session, "grace", "sums")
    yield engine
    engine.dispose()


def submit_in_a_thread(engine: Engine, key: str) -> submissions.Receipt:
    with sessions(engine).begin() as session:
        return submit(session, key=key)


def test_one_submit_sent_eight_times_at_once_is_one_submission(busy: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda _: submit_in_a_thread(busy, KEY), range(8)))
    assert len({receipt.id for receipt in receipts}) == 1
    assert sorted(receipt.repeated for receipt in receipts) == [False, *[True] * 7]
    with sessions(busy)() as session:
        assert len(jobs_of(session)) == 1


def test_eight_submits_at_once_are_eight_attempts(busy: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda n: submit_in_a_thread(busy, f"key-number-{n}"), range(8)))
    assert sorted(receipt.attempt for receipt in receipts) == list(range(1, 9))


def test_a_submission_that_is_rolled_back_leaves_no_job(busy: Engine) -> None:
    with sessions(busy)() as session:
        submit(session)
        session.rollback()
    with sessions(busy)() as session:
        assert jobs_of(session) == []
        assert json.dumps(submissions.gradebook(session, "sums")) == "[]"
