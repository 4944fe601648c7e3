"""Answers to quizzes: whose, of which version, kept once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from quizzing import ITEMS, quiz_course
from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.records import courses, quizzes
from coursewright.records.course import ATTEMPTS, Malformed, Quiz
from coursewright.records.errors import Conflict, Invalid, NotFound
from coursewright.records.quizzes import Place
from coursewright.records.tables import Event

KEY = "a-key-of-this-attempt"


@pytest.fixture
def enrolled(session: Session) -> Session:
    courses.publish(session, quiz_course(), "First", by="ada")
    courses.enrol(session, "ada", "quizzes", "instructor")
    courses.enrol(session, "grace", "quizzes")
    return session


def place(session: Session, who: str = "grace", version: int | None = None) -> Place:
    return quizzes.place(session, who, "quizzes", "limits", version, lock=True)


def keep(session: Session, at: Place, key: str = KEY, points: float = 2) -> quizzes.Tried:
    return quizzes.keep(session, at, "check", {"below": 1}, (points, 5), key=key)


def test_an_attempt_is_kept_with_an_event_that_tells_no_answers(enrolled: Session) -> None:
    tried = keep(enrolled, place(enrolled))
    assert (tried.attempt, tried.points, tried.max_points) == (1, 2, 5)
    assert quizzes.tried(enrolled, place(enrolled), "check") == [tried]
    (event,) = enrolled.scalars(select(Event).where(Event.name == "quiz.answered"))
    assert event.object == "quizzes/limits"
    assert event.detail == {
        "quiz": "check",
        "attempt": 1,
        "version": 1,
        "points": 2,
        "max_points": 5,
        "counts": True,
    }


def test_a_key_brings_the_attempt_back_and_nothing_else(enrolled: Session) -> None:
    at = place(enrolled)
    tried = keep(enrolled, at)
    assert quizzes.earlier(enrolled, at, "check", {"below": 1}, KEY) == tried
    assert quizzes.earlier(enrolled, at, "check", {"below": 1}, "another-key") is None
    for answers, quiz in (({"below": 2}, "check"), ({"below": 1}, "other")):
        with pytest.raises(Conflict, match="kept as they were"):
            quizzes.earlier(enrolled, at, quiz, answers, KEY)


@pytest.mark.parametrize("key", ["", "short", "x" * 201])
def test_a_key_of_another_length_is_refused(enrolled: Session, key: str) -> None:
    with pytest.raises(Invalid, match="8 to 200"):
        quizzes.earlier(enrolled, place(enrolled), "check", {}, key)


def test_a_key_is_one_s_own(enrolled: Session) -> None:
    courses.enrol(enrolled, "mia", "quizzes")
    keep(enrolled, place(enrolled))
    assert keep(enrolled, place(enrolled, "mia")).attempt == 1
    assert len(quizzes.tried(enrolled, place(enrolled, "mia"), "check")) == 1


def test_an_order_is_made_once(enrolled: Session) -> None:
    courses.enrol(enrolled, "mia", "quizzes")
    seed = quizzes.seed(enrolled, place(enrolled), "check")
    assert quizzes.seed(enrolled, place(enrolled), "check") == seed
    assert quizzes.seed(enrolled, place(enrolled, "mia"), "check") != seed


def test_a_lesson_is_that_of_the_version_asked_for_and_else_the_newest(enrolled: Session) -> None:
    courses.publish(enrolled, quiz_course(items=ITEMS[:1]), "Second", by="ada")
    found = {version: place(enrolled, version=version) for version in (None, 1, 2, 9, 0, 2**40)}
    assert {version: at.version for version, at in found.items()} == {
        None: 2,
        1: 1,
        2: 2,
        9: 2,
        0: 2,
        2**40: 2,
    }
    assert len(found[1].quiz("check").questions) == 4
    assert len(found[2].quiz("check").questions) == 1


def test_attempts_are_numbered_over_all_versions(enrolled: Session) -> None:
    keep(enrolled, place(enrolled))
    courses.publish(enrolled, quiz_course(items=ITEMS[:1]), "Second", by="ada")
    assert keep(enrolled, place(enrolled), "another-key").attempt == 2
    assert quizzes.used(enrolled, place(enrolled, version=1), "check") == 2


def test_the_newest_version_says_how_many_attempts_there_are(enrolled: Session) -> None:
    at = place(enrolled)
    assert quizzes.allowed(enrolled, at, at.quiz("check")) == ATTEMPTS
    courses.publish(enrolled, quiz_course(attempts=5), "Second", by="ada")
    assert quizzes.allowed(enrolled, at, at.quiz("check")) == 5


def test_attempts_of_those_who_teach_do_not_count(enrolled: Session) -> None:
    at = place(enrolled, "ada")
    keep(enrolled, at)
    assert not at.counts
    assert quizzes.used(enrolled, at, "check") == 0
    assert len(quizzes.tried(enrolled, at, "check")) == 1


@pytest.mark.parametrize(
    ("who", "course", "lesson"),
    [
        ("nobody", "quizzes", "limits"),
        ("kay", "quizzes", "limits"),
        ("grace", "none", "limits"),
        ("grace", "quizzes", "none"),
    ],
)
def test_there_is_nothing_for_who_does_not_belong_there(
    enrolled: Session, who: str, course: str, lesson: str
) -> None:
    courses.person(enrolled, "kay")
    with pytest.raises(NotFound):
        quizzes.place(enrolled, who, course, lesson)


def test_a_quiz_that_is_not_there_is_not_found(enrolled: Session) -> None:
    with pytest.raises(NotFound, match="no quiz 'other'"):
        place(enrolled).quiz("other")


@pytest.mark.parametrize("attempts", [0, -1, 101, 2.5, "3", True, None])
def test_a_quiz_allows_a_whole_number_of_attempts(attempts: object) -> None:
    with pytest.raises(Malformed, match="1 to 100"):
        Quiz.from_json({"key": "k", "title": "t", "questions": [], "attempts": attempts})


def test_students_read_how_many_attempts_there_are() -> None:
    quiz = Quiz.from_json({"key": "k", "title": "t", "questions": [], "attempts": 7})
    assert quiz.student_view().attempts == 7
    assert Quiz.from_json({"key": "k", "title": "t", "questions": []}).attempts == ATTEMPTS


UNFIT = {
    "a key twice": ({}, {}, "2 questions of the quiz have the key 'below'"),
    "points below 0": ({"points": -1}, None, "points must be a number"),
    "points in words": ({"points": "two"}, None, "points must be a number"),
    "endless points": ({"points": float("inf")}, None, "points must be a number"),
    "a tolerance below 0": ({"tolerance": -0.1}, None, "tolerance must be a number"),
}


@pytest.mark.parametrize("case", UNFIT)
def test_a_quiz_that_cannot_be_marked_is_not_published(session: Session, case: str) -> None:
    first, second, said = UNFIT[case]
    items = [replace(ITEMS[0], **one) for one in (first, second) if one is not None]
    with pytest.raises(Invalid, match=said):
        courses.publish(session, quiz_course(items=items), "First", by="ada")
