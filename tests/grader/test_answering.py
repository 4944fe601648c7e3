"""Answers to a quiz: counted once, in time, and for the concepts that it asks about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from quizzing import ITEMS, RIGHT, WRONG, quiz_course, shown
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.grader.answering import Sent, Taken, closed, take
from coursewright.records import courses, database, deadlines, mastery, quizzes
from coursewright.records.errors import Conflict, CoursewrightError, Denied, Invalid, NotFound
from coursewright.records.policies import Extension, Policy
from coursewright.records.tables import Event, Mastery, QuizAttempt

KEY = "the-first-key"
YESTERDAY = datetime.now(UTC) - timedelta(1)
ENDED = Policy(zone="UTC", cut_off=YESTERDAY)


@pytest.fixture
def school(fresh_database: str) -> Iterator[sessionmaker[Session]]:
    engine = database.make_engine(fresh_database)
    found = database.sessions(engine)
    with found.begin() as session:
        courses.publish(session, quiz_course(), "First", by=None)
        courses.enrol(session, "grace", "quizzes")
        courses.enrol(session, "ada", "quizzes", "assistant")
    yield found
    engine.dispose()


def answer(
    school: sessionmaker[Session],
    answers: Mapping[str, Any] = RIGHT,
    key: str = KEY,
    who: str = "grace",
    version: int | None = None,
) -> Taken:
    with school.begin() as session:
        at = quizzes.place(session, who, "quizzes", "limits")
        sent = shown(quizzes.seed(session, at, "check"), answers)
    with school.begin() as session:
        return take(session, who, "quizzes", "limits", "check", Sent(sent, key, version))


def count(school: sessionmaker[Session], table: type[Any] = QuizAttempt) -> int:
    with school() as session:
        return session.scalars(select(func.count()).select_from(table)).one()


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        (RIGHT, 5),
        (WRONG, 0),
        ({**RIGHT, "several": [0]}, 4),
        ({"below": 1}, 1),
        ({}, 0),
    ],
)
def test_answers_get_their_points(
    school: sessionmaker[Session], answers: Mapping[str, Any], points: float
) -> None:
    taken = answer(school, answers)
    assert (taken.tried.points, taken.tried.max_points) == (points, 5)


def test_answers_count_for_the_concepts_that_are_asked_about(
    school: sessionmaker[Session],
) -> None:
    answer(school, {**RIGHT, "several": []})
    with school() as session:
        found = {one.concept: one for one in mastery.standing(session, "grace", "quizzes")}
    assert found.keys() == {"limits", "comparing"}
    assert found["limits"].evidence["quiz"] == 60
    assert found["limits"].evidence["consistency"] == 20


def test_the_best_attempt_counts(school: sessionmaker[Session]) -> None:
    answer(school, RIGHT)
    before = count(school, Event)
    answer(school, WRONG, "the-second-key")
    with school() as session:
        (one, _) = mastery.standing(session, "grace", "quizzes")
    assert one.evidence["quiz"] == 100
    # quiz.answered alone: the mastery has not changed
    assert count(school, Event) == before + 1


def test_the_same_key_again_counts_once(school: sessionmaker[Session]) -> None:
    first, again = answer(school), answer(school)
    assert (first.repeated, again.repeated) == (False, True)
    assert first.tried == again.tried
    assert count(school) == 1


def test_the_same_key_at_once_counts_once(school: sessionmaker[Session]) -> None:
    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(lambda _: answer(school), range(6)))
    assert sorted(one.repeated for one in taken) == [False, *[True] * 5]
    assert count(school) == 1


def test_of_many_at_once_as_many_count_as_are_allowed(school: sessionmaker[Session]) -> None:
    def one(number: int) -> int | str:
        try:
            return answer(school, key=f"key-number-{number}").tried.attempt
        except Conflict as refusal:
            return str(refusal)

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(one, range(6)))
    assert sorted(number for number in found if isinstance(number, int)) == [1, 2, 3]
    assert all("have been used" in said for said in found if isinstance(said, str))
    assert count(school) == 3


def test_a_repeated_key_is_answered_though_no_attempt_is_left(
    school: sessionmaker[Session],
) -> None:
    for number in range(3):
        answer(school, key=f"key-number-{number}")
    assert answer(school, key="key-number-0").repeated
    with pytest.raises(Conflict):
        answer(school, key="key-number-3")


def test_after_the_cut_off_nothing_is_taken_but_a_repeated_key(
    school: sessionmaker[Session],
) -> None:
    answer(school)
    with school.begin() as session:
        deadlines.set_policy(session, "ada", "quizzes", "limits", ENDED)
    with pytest.raises(Denied, match="Nothing is taken"):
        answer(school, key="too-late-a-key")
    assert answer(school).repeated
    assert not answer(school, key="of-an-assistant", who="ada").repeated
    with school.begin() as session:
        more = Extension(cut_off=datetime.now(UTC) + timedelta(1))
        deadlines.grant(session, "ada", "quizzes", "limits", more, person="grace")
    assert answer(school, key="with-an-extension").tried.attempt == 2


def test_a_lesson_that_allows_one_hand_in_allows_its_quiz_as_often_as_the_quiz_says(
    school: sessionmaker[Session],
) -> None:
    with school.begin() as session:
        deadlines.set_policy(session, "ada", "quizzes", "limits", Policy(zone="UTC", attempts=1))
    assert [answer(school, key=f"key-number-{n}").tried.attempt for n in range(3)] == [1, 2, 3]


def test_it_is_told_when_nothing_more_is_taken(school: sessionmaker[Session]) -> None:
    with school.begin() as session:
        at = quizzes.place(session, "grace", "quizzes", "limits")
        assert closed(session, at, "grace") is None
        deadlines.set_policy(session, "ada", "quizzes", "limits", ENDED)
        assert "Nothing is taken" in str(closed(session, at, "grace"))


def test_an_assistant_s_answers_are_kept_and_count_for_nobody(
    school: sessionmaker[Session],
) -> None:
    for number in range(5):
        answer(school, key=f"key-number-{number}", who="ada")
    assert count(school) == 5
    assert count(school, Mastery) == 0


def test_answers_are_marked_by_the_version_that_was_seen(school: sessionmaker[Session]) -> None:
    with school.begin() as session:
        courses.publish(session, quiz_course(items=ITEMS[:1]), "Second", by=None)
    assert answer(school, version=1).tried.max_points == 5
    assert answer(school, {"below": 1}, "the-second-key").tried.max_points == 1
    with pytest.raises(Conflict, match="no version 9"):
        answer(school, key="the-third-key", version=9)


REFUSED: dict[str, tuple[dict[str, Any], str, type[CoursewrightError]]] = {
    "a question that is not there": ({"other": 1}, KEY, Invalid),
    "no answer": ({"below": "one"}, KEY, Invalid),
    "no key": ({}, "", Invalid),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_taken_is_refused_and_costs_no_attempt(
    school: sessionmaker[Session], case: str
) -> None:
    answers, key, error = REFUSED[case]
    with pytest.raises(error), school.begin() as session:
        take(session, "grace", "quizzes", "limits", "check", Sent(answers, key))
    assert count(school) == 0


def test_a_quiz_that_is_not_there_is_not_found(school: sessionmaker[Session]) -> None:
    with pytest.raises(NotFound), school.begin() as session:
        take(session, "grace", "quizzes", "limits", "other", Sent({}, KEY))
