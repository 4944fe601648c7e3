"""Quizzes from the bank: drawn, kept as they go, ended by the server's clock, marked once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from banking import RIGHT, fill_bank, later, make_quiz
from quizzing import quiz_course
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, sessionmaker

from coursewright.grader import bank_questions, bank_quizzes
from coursewright.grader.bank_quizzes import Kept
from coursewright.grader.quizzes import as_shown
from coursewright.records import bank, courses, database
from coursewright.records import bank_attempts as attempts
from coursewright.records import bank_quizzes as quizzes
from coursewright.records.bank import Desk
from coursewright.records.bank_quizzes import Pick, Quiz
from coursewright.records.errors import Conflict, Denied, Invalid, NotFound
from coursewright.records.tables import BankAnswer, BankAttempt, Event, Mastery

School = sessionmaker[Session]
numbers = count(1)


@pytest.fixture
def school(fresh_database: str) -> Iterator[School]:
    engine = database.make_engine(fresh_database)
    found = database.sessions(engine)
    with found.begin() as session:
        courses.publish(session, quiz_course("sums"), "First", by=None)
        courses.publish(session, quiz_course("other"), "First", by=None)
        courses.enrol(session, "ada", "sums", "instructor")
        for name in ("grace", "mia"):
            courses.enrol(session, name, "sums")
    yield found
    engine.dispose()


def quiz(school: School, **about: Any) -> dict[str, int]:
    """The quiz `week-one` of all six questions; their numbers by kind."""
    with school.begin() as session:
        found = fill_bank(session)
        make_quiz(session, found, **about)
    return found


def start(school: School, who: str = "grace", key: str | None = None) -> Kept:
    with school.begin() as session:
        return bank_quizzes.start(
            session, who, "sums", "week-one", key or f"opening-key-{next(numbers)}"
        )


def own(school: School, kept: Kept, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers by kind with the author's places, as the person of the attempt gives them."""
    with school() as session:
        items = bank_quizzes.asked(session, kept.row)[0].questions
    return {
        item.key: as_shown(kept.row.seed, item, answers[item.kind])
        for item in items
        if item.kind in answers
    }


def send(
    school: School, kept: Kept, answers: Mapping[str, Any], who: str = "grace", *, end: bool = True
) -> Kept:
    act = bank_quizzes.hand_in if end else bank_quizzes.save
    with school.begin() as session:
        return act(session, who, "sums", "week-one", kept.row.attempt, answers)


def rows(school: School, table: type[Any] = BankAttempt) -> int:
    with school() as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def read(school: School, kept: Kept) -> BankAttempt:
    with school() as session:
        return session.get_one(BankAttempt, kept.row.id)


def test_right_answers_to_every_kind_have_all_points(school: School) -> None:
    quiz(school)
    kept = start(school)
    done = send(school, kept, own(school, kept, RIGHT))
    assert (done.row.points, done.row.max_points, done.wrong) == (9, 9, {})
    assert rows(school, BankAnswer) == 6


def test_an_attempt_counts_for_the_concepts_that_it_asked_about(school: School) -> None:
    quiz(school)
    kept = start(school)
    send(school, kept, own(school, kept, RIGHT))
    with school() as session:
        found = dict(session.execute(select(Mastery.concept, Mastery.score)).all())
        names = session.scalars(select(Event.name).where(Event.name.like("quiz.%"))).all()
    assert set(found) == {"colours", "numbers", "loops", "days"}
    assert names == ["quiz.started", "quiz.answered"]


def test_an_attempt_is_opened_once_however_often_it_is_asked_for(school: School) -> None:
    quiz(school)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda n: start(school, key=f"key-no-{n % 2}"), range(8)))
    assert {one.row.id for one in found} == {found[0].row.id}
    assert rows(school) == 1


def test_it_is_handed_in_once_however_often_it_is_sent(school: School) -> None:
    quiz(school)
    kept = start(school)
    answers = own(school, kept, RIGHT)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: send(school, kept, answers), range(8)))
    assert [one.repeated for one in found].count(False) == 1
    assert {one.row.points for one in found} == {9}
    assert rows(school, BankAnswer) == 6


def test_each_person_has_an_order_of_their_own_that_stays(school: School) -> None:
    quiz(school)
    first, second = start(school), start(school, "mia")
    with school() as session:
        asked = bank_quizzes.asked(session, first.row)[0]
        orders = [
            [item.key for item in bank_quizzes.shown(kept.row, asked, shuffled=True)]
            for kept in (first, first, second)
        ]
    assert orders[0] == orders[1]
    assert first.row.seed != second.row.seed
    assert sorted(orders[0]) == sorted(orders[2])


def test_unshuffled_it_is_asked_as_it_was_written_but_for_orderings(school: School) -> None:
    quiz(school, shuffled=False)
    kept = start(school)
    with school() as session:
        asked = bank_quizzes.asked(session, kept.row)[0]
    assert bank_quizzes.shown(kept.row, asked, shuffled=False) == list(asked.questions)
    for item in asked.questions:
        places = bank_quizzes.places(kept.row, item, shuffled=False)
        assert (places == sorted(places)) == (item.kind != "ordering")
    plain = {item.key: RIGHT[item.kind] for item in asked.questions}
    ordered = asked.questions[-1]
    plain[ordered.key] = as_shown(kept.row.seed, ordered, [0, 1, 2, 3])
    assert send(school, kept, plain).row.points == 9


def test_what_was_saved_outlasts_a_reload_and_the_rest_stays(school: School) -> None:
    found = quiz(school)
    kept = start(school)
    text, number = f"q{found['short-text']}", f"q{found['numeric']}"
    send(school, kept, {text: "for"}, end=False)
    later(school, 1)
    send(school, kept, {number: "1/3"}, end=False)
    send(school, kept, {text: "while"}, end=False)
    row = read(school, kept)
    assert row.answers == {text: "while"}
    assert row.spent[text] >= 60
    assert row.submitted_at is None


def test_what_is_no_answer_keeps_the_attempt_open_and_the_others(school: School) -> None:
    found = quiz(school)
    kept = start(school)
    answers = {f"q{found['numeric']}": "three", f"q{found['short-text']}": "for"}
    done = send(school, kept, answers)
    assert list(done.wrong) == [f"q{found['numeric']}"]
    assert "is not a number" in done.wrong[f"q{found['numeric']}"]
    assert done.row.submitted_at is None
    assert read(school, kept).answers == {f"q{found['short-text']}": "for"}


def test_a_question_of_elsewhere_is_refused(school: School) -> None:
    quiz(school)
    kept = start(school)
    with pytest.raises(Invalid, match="no question 'q999'"):
        send(school, kept, {"q999": 1})


def test_within_the_time_and_a_little_after_it_answers_count(school: School) -> None:
    found = quiz(school, minutes=10)
    kept = start(school)
    assert kept.row.deadline == kept.row.started_at + timedelta(minutes=10)
    later(school, 10.05)
    done = send(school, kept, {f"q{found['short-text']}": "for"})
    assert (done.row.points, done.row.by_time) == (1, False)


def test_after_the_time_what_was_saved_counts_and_nothing_else(school: School) -> None:
    found = quiz(school, minutes=10)
    kept = start(school)
    send(school, kept, {f"q{found['short-text']}": "for"}, end=False)
    later(school, 11)
    done = send(school, kept, own(school, kept, RIGHT), end=False)
    assert done.late
    row = read(school, kept)
    assert (row.points, row.by_time) == (1, True)
    assert row.submitted_at == row.deadline
    again = send(school, kept, own(school, kept, RIGHT))
    assert (again.repeated, again.row.points) == (True, 1)


def test_a_worker_hands_in_what_nobody_came_back_for(school: School) -> None:
    found = quiz(school, minutes=10)
    kept = start(school)
    send(school, kept, {f"q{found['short-text']}": "for"}, end=False)
    bank_quizzes.handle(kept.row.id, school)
    assert read(school, kept).submitted_at is None
    later(school, 11)
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda _: bank_quizzes.handle(kept.row.id, school), range(3)))
    assert read(school, kept).points == 1
    assert rows(school, BankAnswer) == 6


def test_a_worker_is_asked_to_come_when_the_time_is_over(school: School) -> None:
    quiz(school, minutes=10)
    kept = start(school)
    query = "SELECT args->>'attempt_id', scheduled_at FROM procrastinate_jobs WHERE task_name = :t"
    with school() as session:
        (job,) = session.execute(text(query), {"t": "quiz"}).all()
    assert kept.row.deadline is not None
    assert job[0] == str(kept.row.id)
    assert job[1] > kept.row.deadline + attempts.GRACE


def test_the_next_look_hands_in_too(school: School) -> None:
    quiz(school, minutes=10, attempts=2)
    first = start(school)
    later(school, 11)
    second = start(school)
    assert (second.row.attempt, second.repeated) == (2, False)
    assert read(school, first).by_time


def test_a_time_that_is_moved_moves_the_attempts_under_way(school: School) -> None:
    quiz(school, minutes=10)
    kept = start(school)
    with school.begin() as session:
        found = quizzes.one(session, "sums", "week-one")
        longer = Quiz(**{**vars(found), "minutes": 30})
        assert quizzes.change(session, "ada", "sums", longer).version == 2
    later(school, 11)
    assert read(school, kept).deadline == read(school, kept).started_at + timedelta(minutes=30)
    assert not send(school, kept, {}, end=False).late


CLOSED = {
    "not yet open": ({"opens_at": 1}, Denied, "not open yet"),
    "closed": ({"opens_at": -2, "closes_at": -1}, Denied, "has closed"),
    "archived": ({"state": "archived"}, Denied, "no answers any more"),
    "a draft": ({"state": "draft"}, NotFound, "no quiz"),
}


@pytest.mark.parametrize("case", CLOSED)
def test_a_quiz_that_is_not_open_cannot_be_begun(school: School, case: str) -> None:
    about, error, words = CLOSED[case]
    with school() as session:
        now = quizzes.now(session)
    moved = {
        name: now + timedelta(hours=value) if isinstance(value, int) else value
        for name, value in about.items()
    }
    quiz(school, **moved)
    with pytest.raises(error, match=words):
        start(school)
    assert start(school, "ada").row.counts is False


def test_no_more_attempts_than_it_allows(school: School) -> None:
    quiz(school, attempts=2)
    for _ in range(2):
        send(school, start(school), {})
    with pytest.raises(Conflict, match="All attempts"):
        start(school)
    assert start(school, "mia").row.attempt == 1


def test_others_attempts_and_courses_are_not_found(school: School) -> None:
    quiz(school)
    kept = start(school)
    for who in ("mia", "kay"):
        with pytest.raises(NotFound):
            send(school, kept, {}, who)


def test_questions_are_drawn_by_chance_and_none_twice(school: School) -> None:
    found = quiz(school)
    picks = (Pick(question=found["numeric"]), Pick(concept="numbers", count=2))
    with school() as session:
        draws = [bank_quizzes.draw(session, "sums", picks, f"{n}") for n in range(20)]
        assert draws[0] == bank_quizzes.draw(session, "sums", picks, "0")
        with pytest.raises(Conflict, match="not enough"):
            bank_quizzes.draw(session, "sums", (Pick(concept="numbers", count=9),), "0")
    assert all(len({number for number, _ in drawn}) == 3 for drawn in draws)
    assert len({tuple(drawn) for drawn in draws}) == 2


def test_an_attempt_is_marked_by_the_questions_as_they_were(school: School) -> None:
    found = quiz(school)
    kept = start(school)
    desk = Desk("ada", "sums")
    with school.begin() as session:
        entry = bank.one(session, desk, found["short-text"])
        item = bank_questions.question({**entry.question.to_json(), "accepted": ["repeat"]})
        assert bank.change(session, desk, entry.id, item, None, seen=1).version == 2
        with pytest.raises(Conflict, match="Somebody has changed"):
            bank.change(session, desk, entry.id, item, None, seen=1)
    assert send(school, kept, {f"q{entry.id}": "for"}).row.points == 1
    with school() as session:
        assert [one.version for one in bank.history(session, desk, entry.id)] == [2, 1]


BAD = {
    "no question": {"picks": ()},
    "a question of nowhere": {"picks": (Pick(question=10**9),)},
    "too many of a concept": {"picks": (Pick(concept="numbers", count=4),)},
    "a key that is none": {"key": "Week One"},
    "no attempts": {"attempts": 0},
    "no time": {"minutes": 0},
    "another state": {"state": "secret"},
    "no title": {"title": " "},
    "told after a closing that is never": {"told": "closed"},
}


@pytest.mark.parametrize("case", BAD)
def test_a_quiz_that_cannot_be_taken_is_refused(school: School, case: str) -> None:
    with pytest.raises(Invalid):
        quiz(school, **BAD[case])


def test_a_quiz_of_a_lesson_that_is_not_there_is_refused(school: School) -> None:
    with pytest.raises(NotFound):
        quiz(school, lesson="nowhere")
