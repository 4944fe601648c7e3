"""Generated courses in the database: asked for, followed, cancelled, gone on with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import samples
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from coursewright.records import generations
from coursewright.records.errors import Conflict, NotFound
from coursewright.records.generations import Limits, Order, Piece
from coursewright.records.tables import Event, GenerationStep

ORDER = Order({"topic": "Bread"}, "bank", seed=3, sources={"notes.md": "Rye"}, limits=Limits(9))


@pytest.fixture
def number(session: Session) -> int:
    return generations.request(session, ORDER, "ada")


def names(session: Session) -> list[str]:
    return list(session.scalars(select(Event.name).order_by(Event.id)))


def test_an_order_comes_back_as_it_was_given_with_a_job_of_its_own(
    session: Session, number: int
) -> None:
    query = text("SELECT queue_name, lock, args FROM procrastinate_jobs")
    jobs = [tuple(row) for row in session.execute(query)]
    assert jobs == [("generate", f"generation-{number}", {"generation_id": number})]
    assert generations.begin(session, number) == ORDER
    assert generations.is_wanted(session, number)
    assert names(session) == ["course.generation.requested"]


def test_a_finished_course_is_kept_with_its_report(session: Session, number: int) -> None:
    generations.begin(session, number)
    assert generations.finish(session, number, {"accepted": 1, "said": "a\0b"}, samples.course())
    told = generations.progress(session, number)
    assert told.state == "done"
    assert told.report == {"accepted": 1, "said": "a\N{REPLACEMENT CHARACTER}b"}
    assert generations.course_of(session, number) == samples.course()
    assert generations.begin(session, number) is None
    assert not generations.finish(session, number, {}, samples.course())
    assert names(session)[-1] == "course.generation.finished"


def cancel(session: Session, number: int) -> object:
    return generations.cancel(session, number, "ada")


def stop(session: Session, number: int) -> object:
    return generations.give_up(session, number, "stopped", "The budget\0 is reached")


def fail(session: Session, number: int) -> object:
    return generations.record_failure(session, generation_id=number, message="Nothing answers")


@pytest.mark.parametrize(
    ("end", "state", "message"),
    [
        (cancel, "cancelled", None),
        (stop, "stopped", "The budget\N{REPLACEMENT CHARACTER} is reached"),
        (fail, "failed", "Nothing answers"),
    ],
)
def test_what_ended_without_a_course_can_be_gone_on_with(
    session: Session,
    number: int,
    end: Callable[[Session, int], object],
    state: str,
    message: str | None,
) -> None:
    generations.begin(session, number)
    generations.keep_step(session, number, "outline", "d", "1")
    end(session, number)
    told = generations.progress(session, number)
    assert (told.state, told.message) == (state, message)
    assert not generations.is_wanted(session, number)
    assert not generations.finish(session, number, {}, samples.course())
    with pytest.raises(NotFound):
        generations.course_of(session, number)
    generations.resume(session, number, "ada", Limits(tokens=20))
    order = generations.begin(session, number)
    assert order is not None
    assert order.limits == Limits(tokens=20)
    assert generations.find_step(session, number, "outline", "d") == "1"
    assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 2


def test_what_has_ended_is_not_cancelled_and_what_runs_is_not_resumed(
    session: Session, number: int
) -> None:
    with pytest.raises(Conflict, match="waiting"):
        generations.resume(session, number, "ada")
    generations.cancel(session, number, "ada")
    with pytest.raises(Conflict, match="cancelled already"):
        generations.cancel(session, number, "ada")
    assert not generations.give_up(session, number, "failed", "late")


@pytest.mark.parametrize(
    "ask",
    [
        generations.begin,
        generations.progress,
        generations.course_of,
        lambda session, number: generations.cancel(session, number, None),
    ],
)
def test_what_is_not_there_is_not_found(session: Session, ask: Callable[..., Any]) -> None:
    with pytest.raises(NotFound, match="no generation 404"):
        ask(session, 404)


def test_a_step_is_known_by_its_name_and_by_what_went_into_it(
    session: Session, number: int
) -> None:
    generations.keep_step(session, number, "outline", "old", '"a\\u0000"')
    generations.keep_step(session, number, "outline", "new", '"b"')
    assert generations.find_step(session, number, "outline", "old") is None
    assert generations.find_step(session, number, "outline", "new") == '"b"'
    other = generations.request(session, ORDER, None)
    assert generations.find_step(session, other, "outline", "new") is None
    assert session.scalar(select(func.count()).select_from(GenerationStep)) == 1


def test_calls_are_kept_in_order_and_added_up(session: Session, number: int) -> None:
    for reply, cost in (('"one"', 0.25), ('"two"', 0.5)):
        generations.add_call(session, number, reply, prompt=10, completion=5, cost=cost)
    assert generations.replies(session, number) == ['"one"', '"two"']
    told = generations.progress(session, number)
    assert (told.calls, told.tokens, told.cost) == (2, 30, 0.75)


def test_of_each_piece_the_last_state_is_kept(session: Session, number: int) -> None:
    generations.tell(session, number, Piece("exercise", "", "started", total=3))
    generations.tell(session, number, Piece("exercise", "a/b", "checking"))
    generations.tell(session, number, Piece("exercise", "a/b", "abstained", "G3: \0no"))
    assert generations.progress(session, number).pieces == (
        Piece("exercise", "", "started", total=3),
        Piece("exercise", "a/b", "abstained", "G3: \N{REPLACEMENT CHARACTER}no"),
    )
