"""A class at work as its teachers see it, quickly and with a note in the audit log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import samples
from school import result
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from coursewright.grader.result import CellResult
from coursewright.records import activity, classroom, courses, papers, submissions
from coursewright.records.activity import CHECKED, HERE, HINTED, Told
from coursewright.records.classroom import Pupil
from coursewright.records.errors import NotFound
from coursewright.records.tables import Enrolment, Event, Presence, Submission

Hand = Callable[..., int]


@pytest.fixture
def school(session: Session) -> Session:
    lessons = samples.lesson(), samples.lesson("taking")
    courses.publish(session, samples.course("sums", *lessons), "First", by=None)
    for name in ("grace", "alan"):
        courses.enrol(session, name, "sums")
    courses.enrol(session, "ada", "sums", "instructor")
    session.commit()
    return session


@pytest.fixture
def hand(school: Session) -> Hand:
    """Hands in, and grades unless told otherwise."""

    def hand(who: str, lesson: str = "adding", *, add: float = 0, graded: bool = True) -> int:
        key = f"a-long-key-{who}-{lesson}-{school.scalar(select(Submission.id).limit(1))}-{add}"
        number = submissions.receive(school, who, "sums", lesson, samples.content(), key).id
        if graded:
            status = "passed" if add == 2 else "failed"
            cells = (CellResult("add-1", "add", add, 2, status, ""), *result().cells[1:])
            submissions.record_grading(school, number, replace(result(), cells=cells), b"<p>")
        school.commit()
        return number

    return hand


def tell(
    session: Session, who: str, name: str, exercise: str | None = "add", **detail: int
) -> None:
    assert activity.keep(session, who, "sums", Told(name, "adding", exercise, detail))
    session.commit()


def pupil(session: Session, who: str = "grace") -> Pupil:
    _, found = classroom.pupils(session, "sums")
    return next(one for one in found if one.person == who)


def test_only_students_stand_in_the_list_also_those_who_never_came(school: Session) -> None:
    _, found = classroom.pupils(school, "sums")
    assert [one.person for one in found] == ["alan", "grace"]
    assert (found[0].here, found[0].lesson, found[0].last_at) == (False, None, None)


def test_a_student_is_where_they_were_seen_and_gone_after_a_while(school: Session) -> None:
    tell(school, "grace", HERE)
    assert (pupil(school).here, pupil(school).lesson, pupil(school).exercise) == (
        True,
        "adding",
        "add",
    )
    school.execute(update(Presence).values(seen_at=Presence.seen_at - timedelta(seconds=91)))
    assert (pupil(school).here, pupil(school).lesson) == (False, "adding")


def test_who_tries_in_vain_is_stuck_since_the_first_try(school: Session) -> None:
    tell(school, "grace", HERE)
    assert pupil(school).stuck_since is None
    tell(school, "grace", CHECKED, passed=1, of=3)
    first = pupil(school).stuck_since
    tell(school, "grace", HINTED, tier=1)
    tell(school, "grace", CHECKED, passed=2, of=3)
    now = pupil(school)
    assert (now.checks, now.hints, now.passed, now.total) == (2, 1, 2, 3)
    assert now.stuck_since == first is not None
    tell(school, "grace", CHECKED, passed=3, of=3)
    assert pupil(school).stuck_since is None


def test_what_was_handed_in_counts_as_a_try(school: Session, hand: Hand) -> None:
    tell(school, "grace", HERE)
    number = hand("grace", add=1)
    now = pupil(school)
    assert (now.attempts, now.points, now.max_points, now.submission) == (1, 1, 2, number)
    assert now.stuck_since is not None
    hand("grace", add=2)
    now = pupil(school)
    assert (now.attempts, now.points, now.stuck_since) == (2, 2, None)


def test_the_exercise_is_the_one_worked_on_last_when_nobody_says(school: Session) -> None:
    tell(school, "grace", CHECKED, passed=0, of=1)
    tell(school, "grace", HERE, None)
    assert (pupil(school).exercise, pupil(school).checks) == ("add", 1)


def test_a_large_class_takes_as_many_queries_as_a_small_one(school: Session) -> None:
    for number in range(250):
        courses.enrol(school, f"student-{number}", "sums")
        activity.keep(school, f"student-{number}", "sums", Told(HERE, "adding", "add"))
    said: list[str] = []
    engine = school.connection().engine

    def note(*about: Any) -> None:
        said.append(about[2])

    event.listen(engine, "before_cursor_execute", note)
    _, found = classroom.pupils(school, "sums")
    event.remove(engine, "before_cursor_execute", note)
    assert (len(found), sum(one.here for one in found)) == (252, 250)
    assert len(said) <= 5


def test_a_class_is_watched_once_an_hour_for_the_audit_log(school: Session) -> None:
    for _ in range(3):
        classroom.note_look(school, "ada", "sums", "a-request")
    query = select(Event).where(Event.name == "audit.viewed")
    (seen,) = school.scalars(query)
    assert (seen.object, seen.detail) == ("sums", {"what": "class"})


def waiting(session: Session, *about: Any) -> Sequence[tuple[str | None, str, int]]:
    found = papers.waiting(session, "sums", *about)
    return [(one.person, one.lesson, one.cells) for one in found]


def test_the_queue_has_what_waits_for_a_person_the_oldest_first(
    school: Session, hand: Hand
) -> None:
    hand("grace", "taking", graded=False)
    first, second = hand("alan"), hand("grace")
    hand("ada")
    assert waiting(school) == [("alan", "adding", 2), ("grace", "adding", 2)]
    assert waiting(school, "taking") == []
    assert [one.submission for one in papers.waiting(school, "sums", None, first)] == [second]
    assert waiting(school, None, second) == []
    assert waiting(school, None, 10**9) == []


def test_only_the_newest_attempt_waits(school: Session, hand: Hand) -> None:
    hand("grace")
    newest = hand("grace", add=2)
    assert [one.submission for one in papers.waiting(school, "sums")] == [newest]


def test_a_paper_shows_what_the_grader_saw_and_not_what_the_student_left(
    school: Session, hand: Hand
) -> None:
    number = hand("grace")
    about = ("ada", "sums", number, "taught")
    book = papers.notebook(school, *about, request_id="a-request")
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert code
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)
    paper = papers.paper(school, *about, request_id="a-request")
    assert (paper.person, paper.lesson, paper.attempt) == ("grace", "adding", 1)
    assert [cell.status for cell in paper.cells] == ["failed", "manual", "manual"]
    assert papers.nameless(paper).person is None
    seen = school.scalars(select(Event).where(Event.name == "audit.viewed"))
    assert [one.detail["what"] for one in seen] == ["notebook", "answers"]


def test_a_paper_of_another_course_is_not_there(school: Session, hand: Hand) -> None:
    number = hand("grace")
    courses.publish(school, samples.course("other"), "First", by=None)
    courses.enrol(school, "kay", "other", "instructor")
    for question in (papers.paper, papers.notebook):
        with pytest.raises(NotFound):
            question(school, "kay", "other", number, "taught", request_id="a-request")
        with pytest.raises(NotFound):
            question(school, "kay", "sums", number, "taught", request_id="a-request")


def test_who_left_the_course_is_not_in_the_class(school: Session) -> None:
    tell(school, "grace", HERE)
    school.execute(update(Enrolment).values(role="assistant"))
    assert classroom.pupils(school, "sums")[1] == []
