"""Answers that are kept: found by person, verb, path and key, and swept when they are old."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from coursewright.records import answered
from coursewright.records.answered import Answer, Place
from coursewright.records.errors import Conflict
from coursewright.records.tables import AnsweredRequest

PLACE = Place("ada", "POST", "/api/v1/x", "a-key-of-hers")
ANSWER = Answer(201, "application/json", b'{"id": 1}')


def test_what_was_kept_is_told_again(session: Session) -> None:
    assert answered.claim(session, PLACE, "asked") is None
    answered.keep(session, PLACE, "asked", ANSWER)
    assert answered.claim(session, PLACE, "asked") == ANSWER


OTHERS = {"person": "grace", "verb": "PUT", "path": "/api/v1/y", "key": "another-key"}


@pytest.mark.parametrize("name", OTHERS)
def test_every_part_of_the_place_counts(session: Session, name: str) -> None:
    answered.keep(session, PLACE, "asked", ANSWER)
    assert answered.claim(session, replace(PLACE, **{name: OTHERS[name]}), "asked") is None


def test_another_request_under_the_key_is_a_conflict(session: Session) -> None:
    answered.keep(session, PLACE, "asked", ANSWER)
    with pytest.raises(Conflict, match="sent before, with another request"):
        answered.claim(session, PLACE, "something else")


def test_an_address_may_be_of_any_length(session: Session) -> None:
    long = replace(PLACE, path="/x" * 30_000)
    answered.keep(session, long, "asked", ANSWER)
    assert answered.claim(session, long, "asked") == ANSWER


def test_old_answers_go_when_new_ones_come(session: Session) -> None:
    for number in range(3):
        answered.keep(session, replace(PLACE, key=f"old-{number}"), "asked", ANSWER)
    older = "UPDATE answered_requests SET answered_at = now() - interval '25 hours'"
    session.execute(text(older))
    session.expire_all()
    answered.keep(session, PLACE, "asked", ANSWER)
    assert session.scalar(select(func.count()).select_from(AnsweredRequest)) == 1


def test_an_old_answer_makes_room_for_a_new_one_of_the_same_key(session: Session) -> None:
    answered.keep(session, PLACE, "asked", ANSWER)
    older = "UPDATE answered_requests SET answered_at = now() - interval '25 hours'"
    session.execute(text(older))
    assert answered.claim(session, PLACE, "something else") is None
    answered.keep(session, PLACE, "something else", replace(ANSWER, status=200))
    found = answered.claim(session, PLACE, "something else")
    assert found is not None
    assert found.status == 200


def test_whether_something_was_written_is_known(session: Session) -> None:
    assert not answered.wrote(session)
    answered.keep(session, PLACE, "asked", ANSWER)
    assert answered.wrote(session)
