"""Feedback that a student has not seen yet."""

from __future__ import annotations

import pytest
import samples
from school import result
from sqlalchemy.orm import Session

from coursewright.records import courses, reads, submissions
from coursewright.records.errors import NotFound


def hand_in(session: Session, key: str, grade: bool = True) -> int:
    number = submissions.receive(session, "grace", "sums", "adding", samples.content(), key).id
    if grade:
        submissions.record_grading(session, number, result(), b"<p>Done")
    return number


@pytest.fixture(autouse=True)
def _course(session: Session) -> None:
    courses.publish(session, samples.course(), "", None)
    for name in ("grace", "kay"):
        courses.enrol(session, name, "sums")


def test_feedback_is_unread_until_its_student_has_seen_it(session: Session) -> None:
    assert reads.unread(session, "grace") == {}
    first = hand_in(session, "the-first-one")
    assert reads.unread(session, "grace") == {("sums", "adding"): first}
    assert reads.unread(session, "kay") == {}
    reads.mark(session, "grace", first)
    reads.mark(session, "grace", first)
    assert reads.unread(session, "grace", "sums") == {}


def test_the_newest_graded_attempt_is_the_one_to_read(session: Session) -> None:
    reads.mark(session, "grace", hand_in(session, "the-first-one"))
    second = hand_in(session, "the-second-one")
    hand_in(session, "the-third-one", grade=False)
    assert reads.unread(session, "grace") == {("sums", "adding"): second}


def test_nobody_reads_for_another(session: Session) -> None:
    number = hand_in(session, "the-first-one")
    with pytest.raises(NotFound):
        reads.mark(session, "kay", number)
    with pytest.raises(NotFound):
        reads.mark(session, "grace", number + 1000)
