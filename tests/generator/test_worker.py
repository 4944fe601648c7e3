"""Courses as jobs: by real workers over a real database, killed, cancelled, out of budget."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from fake_model import KEY, Asked, FakeModel, Said
from generating import SMALL, Deadly, model
from scripted_model import Scripted, piece_of
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from coursewright.generator import worker
from coursewright.grader.limits import DEFAULT
from coursewright.hub_config.worker import handlers
from coursewright.records import generation_cards, generations, spending
from coursewright.records.database import make_engine, sessions, without_driver
from coursewright.records.errors import Unavailable
from coursewright.records.events import CHANNEL
from coursewright.records.generations import Limits, Order
from coursewright.records.tables import Event

PROGRAM = Path(__file__).parent.parent / "making.py"
CANARY = "spell out the numbers"  # a worker's first, small call
# A quiz item without options is asked for in the same words by all who answer it blind.
INDEPENDENT = 3
TABLES = ("generations", "generation_steps", "generation_calls", "generation_pieces", "events")


class Site:
    """A database and a model; courses are asked for and made."""

    def __init__(self, url: str, fake: FakeModel) -> None:
        self.url = url
        self.fake = fake
        self.engine: Engine = make_engine(url)
        self.sessions: sessionmaker[Session] = sessions(self.engine)

    def ask(self, provider: str = "openai", limits: Limits | None = None, **request: object) -> int:
        data = SMALL.model_copy(update=request).model_dump(mode="json")
        order = Order(data, provider, sources={"notes.md": "Rye"}, limits=limits or Limits())
        with self.sessions.begin() as session:
            return generations.request(session, order, "ada")

    def make(self, number: int, **settings: str) -> generations.Progress:
        """As the queue's handler does, in this process."""
        environ = self.fake.environ(**settings)
        worker.handle(number, self.sessions, environ, look=0.05)
        return self.progress(number)

    def progress(self, number: int) -> generations.Progress:
        with self.sessions() as session:
            return generations.progress(session, number)

    @contextmanager
    def after(self, event: str) -> Iterator[None]:
        """Go on when an event of this name has come."""
        with psycopg.connect(without_driver(self.url), autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            yield
            for notice in connection.notifies(timeout=60):
                with self.sessions() as session:
                    if session.get_one(Event, int(notice.payload)).name == event:
                        return
            raise AssertionError(f"no {event} in a minute")

    def worker(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(PROGRAM), self.url],
            env={**os.environ, **self.fake.environ()},
            text=True,
        )


@pytest.fixture
def site(fresh_database: str) -> Iterator[Site]:
    with model() as fake:
        site = Site(fresh_database, fake)
        yield site
        site.engine.dispose()


def test_a_course_is_made_and_kept_with_its_report_and_its_pieces(site: Site) -> None:
    number = site.ask()
    told = site.make(number)
    assert told.state == "done"
    assert told.report is not None
    assert (told.report["accepted"], told.report["planned"]) == (1, 1)
    assert told.tokens == told.report["tokens"] > 0
    with site.sessions() as session:
        course = generations.course_of(session, number)
    assert [one.key for lesson in course.lessons() for one in lesson.exercises()] == ["entry-cost"]
    states = {(one.kind, one.place): one.state for one in told.pieces}
    assert states["exercise", "values-and-arithmetic/entry-cost"] == "accepted"
    assert states["course", ""] == "accepted"
    with site.sessions() as session:
        receipts = generation_cards.receipts(session, number)
    receipt = receipts["values-and-arithmetic/entry-cost"]
    assert (receipt["state"], receipt["maker"][:5]) == ("accepted", "model")
    assert {gate["gate"] for gate in receipt["gates"]} >= {"G1", "G6", "G7"}
    assert len(receipts["course"]["calls"]) == told.calls


def test_a_job_that_comes_again_changes_nothing(site: Site) -> None:
    number = site.ask()
    first = site.make(number)
    paid = len(site.fake.seen)
    assert site.make(number) == first
    assert len(site.fake.seen) == paid


def test_the_bank_makes_courses_for_workers_too(site: Site) -> None:
    with site.sessions.begin() as session:
        data = {"topic": "Python", "modules": 1, "exercises": 1}
        number = generations.request(session, Order(data, "bank"), None)
    told = site.make(number)
    assert (told.state, told.calls) == ("done", 0)


@pytest.mark.parametrize("table", TABLES)
def test_neither_the_key_nor_the_address_of_the_model_is_stored(site: Site, table: str) -> None:
    number = site.ask(exercises=0, modules=1)
    site.make(number)
    with site.sessions() as session:
        rows = " ".join(map(str, session.execute(text(f"SELECT * FROM {table}"))))
    assert rows
    assert KEY not in rows
    assert site.fake.url not in rows


def test_a_budget_stops_it_and_more_of_it_goes_on(site: Site) -> None:
    number = site.ask(limits=Limits(tokens=20_000))
    told = site.make(number)
    assert told.state == "stopped"
    assert "20000 tokens is reached" in (told.message or "")
    assert "--resume" not in (told.message or "")
    assert told.calls == site.fake.answered.total()  # what is paid is kept
    with site.sessions.begin() as session:
        generations.resume(session, number, "ada", Limits())
    told = site.make(number)
    assert told.state == "done"
    assert told.calls == site.fake.answered.total()
    assert max(site.fake.answered.values()) <= INDEPENDENT


def spend(site: Site, tokens: int) -> None:
    """By another course of the same person."""
    with site.sessions.begin() as session:
        other = generations.request(session, Order({"topic": "x", "key": "rye"}, "openai"), "ada")
        generations.add_call(session, other, "{}", prompt=tokens, completion=0, cost=None)


@pytest.mark.parametrize(
    ("kind", "subject", "words"),
    [
        ("site", "", "This site's budget for language models is used up"),
        ("person", "ada", "The budget of ada for"),
        ("course", "rye", "The budget of the course 'rye' for"),
    ],
)
def test_it_stops_when_others_use_up_a_budget_that_it_shares_and_goes_on_when_there_is_more(
    site: Site, kind: str, subject: str, words: str
) -> None:
    def allow(tokens: int) -> None:
        with site.sessions.begin() as session:
            spending.set_budget(session, "root", kind, subject, money=None, tokens=tokens)

    allow(500_000)
    number, script, spent = site.ask(key="rye"), Scripted(), threading.Event()

    def answer(asked: Asked) -> Said:
        if piece_of(asked) == "lesson" and not spent.is_set():
            spend(site, 500_000)
            spent.set()
        return script(asked)

    site.fake.answer = answer
    told = site.make(number)
    assert told.state == "stopped"
    assert words in (told.message or "")
    assert told.report is None
    assert told.calls == site.fake.answered.total() > 0
    allow(2_000_000)
    with site.sessions.begin() as session:
        generations.resume(session, number, "ada")
    told = site.make(number)
    assert told.state == "done"
    assert told.calls == site.fake.answered.total()


@pytest.mark.parametrize(
    ("settings", "request_", "words"),
    [
        ({"COURSEWRIGHT_LLM_API_KEY": "sk-mistyped"}, {}, "COURSEWRIGHT_LLM_API_KEY"),
        ({"COURSEWRIGHT_LLM_BASE_URL": "", "COURSEWRIGHT_LLM_MODEL": ""}, {}, "No model is set"),
        ({}, {"modules": 200}, "modules: Input should be less than or equal to 40"),
    ],
)
def test_what_cannot_be_made_fails_with_its_reason(
    site: Site, settings: dict[str, str], request_: dict[str, object], words: str
) -> None:
    told = site.make(site.ask(**request_), **settings)
    assert told.state == "failed"
    assert words in (told.message or "")


def test_an_endpoint_that_does_not_answer_leaves_the_job_to_the_queue(site: Site) -> None:
    number = site.ask()
    site.fake.always = "reset"
    with pytest.raises(Unavailable):
        site.make(number)
    assert site.progress(number).state == "running"
    site.fake.always = ""
    assert site.make(number).state == "done"


def test_a_cancelled_course_stops_and_keeps_what_is_paid_for(site: Site) -> None:
    number = site.ask()
    script = Scripted()

    def answer(asked: Asked) -> Said:
        if piece_of(asked) == "wrong":
            with site.sessions.begin() as session:
                generations.cancel(session, number, "ada")
        return script(asked)

    site.fake.answer = answer
    told = site.make(number)
    assert told.state == "cancelled"
    assert told.calls == site.fake.answered.total() > 0
    assert told.report is None


def test_one_worker_at_a_time_makes_a_course(site: Site) -> None:
    number = site.ask()
    inside, leave, script = threading.Event(), threading.Event(), Scripted()

    def answer(asked: Asked) -> Said:
        inside.set()
        leave.wait(60)
        return script(asked)

    site.fake.answer = answer
    first = threading.Thread(target=site.make, args=[number])
    first.start()
    assert inside.wait(60)
    with pytest.raises(Unavailable, match="Another worker"):
        site.make(number)
    leave.set()
    first.join()
    assert site.progress(number).state == "done"


STAGES = ("lesson", "tests", "solve")


def test_workers_that_are_killed_leave_the_course_to_others_and_nothing_is_paid_twice(
    site: Site,
) -> None:
    site.fake.answer = deadly = Deadly(Scripted())
    number = site.ask()
    for stage in STAGES:
        deadly.victim, deadly.stage = site.worker(), stage
        assert deadly.victim.wait(60) == -signal.SIGKILL
    with site.after("course.generation.finished"):
        last = site.worker()
    last.terminate()
    assert last.wait(60) == 0
    told = site.progress(number)
    assert told.state == "done"
    asked = Counter(site.fake.answered)
    calls = told.calls - sum(asked.pop(one) for one in list(asked) if CANARY in one)
    assert sum(asked.values()) == calls
    assert max(asked.values()) <= INDEPENDENT


def test_a_worker_that_is_told_to_stop_keeps_the_reply_under_way_and_leaves_the_rest(
    site: Site,
) -> None:
    number, script, asked_for = site.ask(), Scripted(), threading.Event()

    def answer(asked: Asked) -> Said:
        if piece_of(asked) == "lesson" and not asked_for.is_set():
            site.fake.held.clear()
            asked_for.set()
        return script(asked)

    site.fake.answer = answer
    first = site.worker()
    assert asked_for.wait(60)
    first.terminate()
    site.fake.held.set()
    assert first.wait(60) == 0
    told = site.progress(number)
    assert told.state == "running"
    assert told.calls == site.fake.answered.total() > 0
    told = site.make(number)
    assert told.state == "done"
    assert told.calls == site.fake.answered.total()


def test_the_command_has_a_handler_for_the_queue(site: Site) -> None:
    assert set(handlers("generate", site.url, DEFAULT)) == {"generate", "check"}


def test_a_worker_that_waits_has_not_loaded_what_makes_courses() -> None:
    program = (
        "import sys; from coursewright.hub_config.worker import handlers;"
        "from coursewright.grader.limits import DEFAULT;"
        "handlers('generate', 'postgresql://nobody@/none', DEFAULT);"
        "sys.exit(bool({'openai', 'coursewright.generator.bank.catalogue'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
