"""Checks as jobs: what the gates find is kept with its cell, once, whatever happens to a worker."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from exercises import code
from isolation import without_isolation
from small_course import ITEM, PRINTING, course, lesson
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.generator import checking
from coursewright.grader.sandbox import available, ready
from coursewright.records import checks, generations
from coursewright.records.checks import Told
from coursewright.records.course import Course
from coursewright.records.database import make_engine, sessions, without_driver
from coursewright.records.errors import Unavailable
from coursewright.records.events import CHANNEL
from coursewright.records.generations import Order
from coursewright.records.tables import CheckPlace, Event

PROGRAM = Path(__file__).parent.parent / "checking.py"


class Desk:
    """An author, a database, and drafts that are put to the gates."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine: Engine = make_engine(url)
        self.sessions: sessionmaker[Session] = sessions(self.engine)

    def ask(self, draft: Course) -> int:
        with self.sessions.begin() as session:
            return checks.request(session, draft, "mary")[0]

    def check(self, draft: Course) -> Told:
        number = self.ask(draft)
        checking.handle(number, self.sessions)
        return self.told(number)

    def told(self, number: int) -> Told:
        with self.sessions() as session:
            return checks.told(session, number)

    def worker(self) -> subprocess.Popen[str]:
        program = [sys.executable, str(PROGRAM), self.url]
        return subprocess.Popen(program, stdin=subprocess.PIPE, text=True)

    def wait_for(self, name: str, places: int = 0) -> None:
        """Until an event of this name has come, or so many places are kept."""
        with psycopg.connect(without_driver(self.url), autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            while True:
                with self.sessions() as session:
                    names = list(session.scalars(select(Event.name)))
                    kept = len(list(session.scalars(select(CheckPlace.id))))
                if name in names or (places and kept >= places):
                    return
                for _ in connection.notifies(timeout=0.1, stop_after=1):
                    pass


@pytest.fixture
def desk(fresh_database: str) -> Iterator[Desk]:
    desk = Desk(fresh_database)
    yield desk
    desk.engine.dispose()


def test_a_good_draft_is_accepted_place_by_place(desk: Desk) -> None:
    told = desk.check(course())
    assert (told.state, told.accepted, told.done, told.total) == ("done", True, 5, 5)
    assert [(place.place, place.lesson, place.exercise) for place in told.places] == [
        ("limits", "limits", None),
        ("limits/limits-quiz/below", "limits", None),
        ("limits/limits-quiz/printing", "limits", None),
        ("limits/keep-between", "limits", "keep-between"),
        ("course", None, None),
    ]


def test_what_is_wrong_is_told_with_the_cell_to_look_at(desk: Desk) -> None:
    wrong = replace(PRINTING, answer="False")
    draft = course(
        replace(lesson(wrong, ITEM), cells=(code("broken", "1 / 0"), *lesson(wrong).cells))
    )
    told = desk.check(draft)
    assert told.accepted is False
    found = [(one.gate, one.place, one.cell) for one in told.blocking]
    assert found == [
        ("L1", "limits", "broken"),
        ("Q3", "limits/limits-quiz/printing", "a-quiz"),
    ]


def test_a_check_that_comes_again_changes_nothing(desk: Desk) -> None:
    number = desk.ask(course())
    checking.handle(number, desk.sessions)
    first = desk.told(number)
    checking.handle(number, desk.sessions)
    assert desk.told(number) == first


def test_a_draft_whose_proof_cannot_be_read_fails_with_its_reason(desk: Desk) -> None:
    whole = next(course().lessons())
    cells = tuple(
        replace(cell, metadata={**cell.metadata, "coursewright": {**cell.own, "proof": 3}})
        if cell.grade_id == "keep-between"
        else cell
        for cell in whole.cells
    )
    told = desk.check(course(replace(whole, cells=cells)))
    assert (told.state, told.accepted) == ("failed", None)
    assert told.message == "limits/keep-between: `proof` must be an object."


def test_without_isolation_it_is_left_for_a_later_try(desk: Desk) -> None:
    number = desk.ask(course())
    ready.cache_clear()
    with pytest.raises(Unavailable):
        without_isolation(lambda: checking.handle(number, desk.sessions))
    ready.cache_clear()
    assert desk.told(number).state == "running"
    checking.handle(number, desk.sessions)
    assert desk.told(number).accepted


def test_a_worker_that_is_killed_leaves_the_check_to_another_and_nothing_is_doubled(
    desk: Desk,
) -> None:
    assert available() is None
    number = desk.ask(course())
    victim = desk.worker()
    desk.wait_for("none", places=1)
    victim.kill()
    victim.communicate(timeout=60)
    assert victim.returncode == -signal.SIGKILL
    assert desk.told(number).state == "running"
    last = desk.worker()
    desk.wait_for("course.check.finished")
    last.terminate()
    last.communicate(timeout=60)
    assert last.returncode == 0
    told = desk.told(number)
    assert (told.state, told.accepted, told.done, told.total) == ("done", True, 5, 5)


def test_a_check_does_not_wait_for_a_course_that_is_being_made(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        generations.request(session, Order({"topic": "Python"}, "bank"), "mary")
    number = desk.ask(course())
    worker = desk.worker()
    desk.wait_for("course.check.finished")
    worker.terminate()
    worker.communicate("made\n", timeout=60)
    assert worker.returncode == 0
    assert desk.told(number).accepted
