"""Joining a course: by a click, by a code, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
import samples
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from coursewright.records import courses, joining
from coursewright.records.errors import Denied, Invalid, NotFound, TooMany
from coursewright.records.places import Joined
from coursewright.records.tables import Event, JoinCode, WrongCodes

STUDENT = Joined("sums", "student")


@pytest.fixture(autouse=True)
def _course(session: Session) -> None:
    courses.publish(session, samples.course(), "", None)
    courses.enrol(session, "ada", "sums", "instructor")


def names(session: Session) -> list[str]:
    return list(session.scalars(select(Event.name).where(Event.name.like("audit.%"))))


def test_an_open_course_is_joined_by_a_click_and_a_closed_one_is_not(session: Session) -> None:
    assert joining.join(session, "grace", "sums").role == "student"
    joining.set_open(session, "ada", "sums", False)
    with pytest.raises(Denied, match="with a code"):
        joining.join(session, "kay", "sums")
    assert joining.join(session, "grace", "sums").role == "student"


def test_a_closed_course_is_found_by_its_people_only(session: Session) -> None:
    joining.join(session, "grace", "sums")
    joining.set_open(session, "ada", "sums", False)
    assert [card.key for card in courses.catalogue(session, "grace")] == ["sums"]
    assert courses.catalogue(session, "kay") == []
    assert len(courses.catalogue(session, "kay", everything=True)) == 1
    assert "audit.course.opened" in names(session)


def test_a_code_lets_in_however_it_is_written(session: Session) -> None:
    joining.set_open(session, "ada", "sums", False)
    code = joining.make(session, "ada", "sums").code
    for name, text in (("kay", code), ("lin", code.lower()), ("bo", f" {code[:4]}-{code[4:]} ")):
        assert joining.by_code(session, name, text) == STUDENT
    assert joining.codes(session, "sums")[0].uses == 3


def test_whoever_is_in_keeps_their_role_and_uses_no_place(session: Session) -> None:
    code = joining.make(session, "ada", "sums", most_uses=1).code
    assert joining.by_code(session, "ada", code) == Joined("sums", "instructor")
    assert joining.by_code(session, "kay", code) == STUDENT
    assert joining.by_code(session, "kay", code) == STUDENT
    with pytest.raises(Denied, match="places"):
        joining.by_code(session, "lin", code)


def test_a_code_that_is_over_or_withdrawn_opens_nothing(session: Session) -> None:
    now = joining.now(session)
    code = joining.make(session, "ada", "sums", now + timedelta(hours=1)).code
    session.execute(update(JoinCode).values(expires_at=now - timedelta(seconds=1)))
    assert not joining.codes(session, "sums")[0].valid
    with pytest.raises(Denied, match="no longer good"):
        joining.by_code(session, "kay", code)
    joining.withdraw(session, "ada", "sums", code)
    assert joining.by_code(session, "kay", code) is None
    with pytest.raises(NotFound):
        joining.withdraw(session, "ada", "sums", code)


def test_guessing_is_slowed_for_the_one_who_guesses(session: Session) -> None:
    code = joining.make(session, "ada", "sums").code
    for _ in range(joining.TRIES):
        assert joining.by_code(session, "eve", "22222222") is None
    with pytest.raises(TooMany) as refused:
        joining.by_code(session, "eve", code)
    assert 0 < refused.value.wait <= 900
    assert joining.by_code(session, "kay", code) == STUDENT
    session.execute(update(WrongCodes).values(since=joining.now(session) - joining.WINDOW))
    session.expire_all()
    assert joining.by_code(session, "eve", code) == STUDENT


def test_a_code_that_could_never_be_used_is_not_made(session: Session) -> None:
    with pytest.raises(Invalid, match="over already"):
        joining.make(session, "ada", "sums", joining.now(session))
    with pytest.raises(Invalid, match="one person"):
        joining.make(session, "ada", "sums", most_uses=0)
    with pytest.raises(NotFound):
        joining.make(session, "ada", "none")


def test_codes_hold_no_letters_that_look_alike(session: Session) -> None:
    made = {joining.make(session, "ada", "sums").code for _ in range(50)}
    assert len(made) == 50
    assert not set("".join(made)) & set("01ILO")
