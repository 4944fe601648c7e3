"""Statements reach a store: each once, also when it fails, refuses or was sent some before."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import fake_lrs
import pytest
import samples
import xapi_rules
from fake_lrs import Lrs
from school import graded
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses, events, statements, submissions
from coursewright.records.database import make_engine, sessions
from coursewright.records.errors import Invalid
from coursewright.records.tables import Event, StatementFeed
from coursewright.records.xapi import KINDS
from coursewright.services import lrs as sender
from coursewright.services.lrs import Store
from coursewright.services.xapi_command import XapiApp

WORKER = (sys.executable, "-W", "error", "-m", "coursewright.hub_config.command", "worker")
SITE = "https://learn.example.org/"


@pytest.fixture
def lrs() -> Iterator[Lrs]:
    with fake_lrs.serving() as lrs:
        yield lrs


@pytest.fixture
def store(lrs: Lrs) -> Store:
    environ = {
        "COURSEWRIGHT_XAPI_ENDPOINT": lrs.url,
        "COURSEWRIGHT_XAPI_USER": fake_lrs.USER,
        "COURSEWRIGHT_XAPI_PASSWORD": fake_lrs.PASSWORD,
        "COURSEWRIGHT_XAPI_SITE": SITE,
    }
    found = Store.of(environ)
    assert found is not None
    return replace(found, pauses=(0.0, 0.0))


@pytest.fixture
def make(fresh_database: str) -> Iterator[sessionmaker[Session]]:
    engine = make_engine(fresh_database)
    with sessions(engine).begin() as session:
        courses.publish(session, samples.course(), "First", by=None)
        courses.enrol(session, "grace", "sums")
    yield sessions(engine)
    engine.dispose()


def did(make: sessionmaker[Session], times: int = 1, **detail: Any) -> None:
    """Grace checks something."""
    with make.begin() as session:
        grace = courses.person(session, "grace")
        for _ in range(times):
            told = {"exercise": "add", "passed": 1, "of": 2, **detail}
            events.record(session, "code.checked", grace, "sums/adding", detail=told)
            session.flush()


def state(make: sessionmaker[Session]) -> StatementFeed:
    with make() as session:
        return session.scalars(select(StatementFeed)).one()


def rested(make: sessionmaker[Session]) -> None:
    """As if the pause after a failure were over."""
    with make.begin() as session:
        past = StatementFeed.not_before - timedelta(days=2)
        session.execute(update(StatementFeed).values(not_before=past))


def test_all_that_happened_is_sent_once_in_batches(
    make: sessionmaker[Session], lrs: Lrs, store: Store
) -> None:
    did(make, 230)
    with make.begin() as session:
        events.record(session, "audit.viewed", courses.person(session, "grace"), "sums")
    assert sender.handle(make, store) == 230
    assert lrs.batches == [100, 100, 30]
    assert len(lrs.kept) == 230
    assert sender.handle(make, store) == 0
    assert lrs.batches == [100, 100, 30]
    did(make)
    assert sender.handle(make, store) == 1
    assert (len(lrs.kept), state(make).sent) == (231, 231)


def test_a_hand_in_and_its_score(make: sessionmaker[Session], lrs: Lrs, store: Store) -> None:
    with make.begin() as session:
        about = ("grace", "sums", "adding", samples.content(), "key-of-the-hand-in")
        number = submissions.receive(session, *about).id
    graded(make, number)
    assert sender.handle(make, store) == 2
    handed_in, scored = lrs.kept.values()
    assert handed_in["verb"]["id"].endswith("/submit")
    assert handed_in["result"] == {"duration": "PT0.00S"}
    assert scored["result"]["score"] == {"scaled": 0.3333, "raw": 2.0, "min": 0, "max": 6.0}
    assert handed_in["context"]["registration"] == scored["context"]["registration"]


def test_the_time_of_work_leaves_out_pauses_and_what_came_before(
    make: sessionmaker[Session], lrs: Lrs, store: Store
) -> None:
    minutes = {"learning.submitted": (30, 200), "code.checked": (0, 10, 100, 120, 185)}
    with make.begin() as session:
        grace, now = (
            courses.person(session, "grace"),
            session.scalars(select(func.now())).one(),
        )
        acts = sorted((one, name) for name, times in minutes.items() for one in times)
        for one, name in acts:
            at = now - timedelta(days=1) + timedelta(minutes=one)
            about = {"person_id": grace.id, "object": "sums/adding", "detail": {"exercise": "add"}}
            session.add(Event(name=name, at=at, **about))
            session.flush()
    sender.handle(make, store)
    handed_in = [one for one in lrs.kept.values() if one["verb"]["id"].endswith("/submit")]
    # 10 and 20 minutes; then 100 to 120, and 185 to 200 after an hour of nothing.
    assert [one["result"]["duration"] for one in handed_in] == ["PT1800.00S", "PT2100.00S"]


def test_what_the_store_has_already_counts_as_sent(
    make: sessionmaker[Session], lrs: Lrs, store: Store
) -> None:
    did(make, 5)
    sender.handle(make, store)
    second = list(lrs.kept)[1]
    lrs.kept = {second: {**lrs.kept[second], "timestamp": "2020-01-01T00:00:00Z"}}
    with make.begin() as session:
        session.execute(update(StatementFeed).values(last_event=0))
    assert sender.handle(make, store) == 5
    assert len(lrs.kept) == 5
    assert state(make).failures == 0


def test_poison_is_set_aside_with_its_reason_and_the_rest_arrives(
    make: sessionmaker[Session], lrs: Lrs, store: Store
) -> None:
    did(make, 6)
    did(make, exercise="bad")
    did(make, 6)
    did(make, passed="many")  # of which no statement can be made
    lrs.poison = lambda one: one["object"]["id"].endswith("-bad")
    assert sender.handle(make, store) == 12
    with make() as session:
        reasons = [reason for _, reason in statements.set_aside(session, store.endpoint)]
    assert reasons == ["400: a statement is poison", "'many' of 2 is no score"]
    assert sender.handle(make, store) == 0


def test_a_store_that_refuses_everything_is_not_believed_at_once(
    make: sessionmaker[Session], lrs: Lrs, store: Store
) -> None:
    did(make, 4)
    lrs.poison = lambda _: True
    for failures in (1, 2, 3):
        assert sender.handle(make, store) == 0
        assert state(make).failures == failures
        rested(make)
    sender.handle(make, store)
    with make() as session:
        assert len(statements.set_aside(session, store.endpoint)) == 4


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_failure_for_a_moment_is_tried_again(
    make: sessionmaker[Session], lrs: Lrs, store: Store, status: int
) -> None:
    did(make, 3)
    lrs.failures = [(status, {}), (status, {"Retry-After": "0"})]
    assert sender.handle(make, store) == 3
    assert lrs.batches == [3, 3, 3]


@pytest.mark.parametrize("status", [500, 401, 403, 404, 301])
def test_a_store_that_is_away_is_left_alone_for_longer_each_time(
    make: sessionmaker[Session], lrs: Lrs, store: Store, status: int
) -> None:
    did(make, 3)
    pauses = []
    for _ in range(3):
        lrs.failures = [(status, {})] * 3
        assert sender.handle(make, store) == 0
        asked = len(lrs.batches)
        sender.handle(make, store)
        assert len(lrs.batches) == asked
        with make() as session:
            left = StatementFeed.not_before - func.now()
            pauses.append(session.scalars(select(left)).one())
        rested(make)
    assert pauses == sorted(pauses)
    assert state(make).problem == f"It answers {status}"
    lrs.failures = []
    assert sender.handle(make, store) == 3
    assert (state(make).failures, state(make).problem) == (0, None)


def test_a_store_may_say_how_long_to_wait(
    make: sessionmaker[Session], lrs: Lrs, store: Store
) -> None:
    did(make)
    lrs.failures = [(503, {"Retry-After": "7200"})]
    assert sender.handle(make, store) == 0
    with make() as session:
        left = session.scalars(select(StatementFeed.not_before - func.now())).one()
    assert timedelta(hours=1, minutes=50) < left <= timedelta(hours=2)


def test_nothing_listens_there(make: sessionmaker[Session], store: Store) -> None:
    did(make)
    nowhere = replace(store, endpoint="http://127.0.0.1:9/xapi/")
    assert sender.handle(make, nowhere) == 0
    assert "cannot be reached" in (state(make).problem or "")


def test_no_password_is_logged(
    make: sessionmaker[Session], lrs: Lrs, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    did(make)
    lrs.failures = [(500, {})] * 3
    sender.handle(make, store)
    rested(make)
    sender.handle(make, store)
    assert "statements" in caplog.text
    assert fake_lrs.PASSWORD not in caplog.text


def test_a_worker_sends_by_the_clock(
    make: sessionmaker[Session], fresh_database: str, lrs: Lrs
) -> None:
    did(make, 3)
    environ = {
        **os.environ,
        "COURSEWRIGHT_DATABASE_URL": fresh_database,
        "COURSEWRIGHT_XAPI_ENDPOINT": lrs.url,
        "COURSEWRIGHT_XAPI_USER": fake_lrs.USER,
        "COURSEWRIGHT_XAPI_PASSWORD": fake_lrs.PASSWORD,
        "COURSEWRIGHT_XAPI_SITE": SITE,
    }
    with subprocess.Popen([*WORKER, "generate"], env=environ, stderr=subprocess.PIPE) as process:
        try:
            assert lrs.arrived.wait(150)
        finally:
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert len(lrs.kept) == 3
    lines = [json.loads(line) for line in said.splitlines()]
    assert "statements sent" in [line["event"] for line in lines]
    assert fake_lrs.PASSWORD.encode() not in said


BAD = {
    "no address": {"ENDPOINT": "lrs.example.org", "SITE": SITE},
    "a password in it": {"ENDPOINT": "https://me:secret@lrs.example.org/", "SITE": SITE},
    "no site": {"ENDPOINT": "https://lrs.example.org/"},
}


@pytest.mark.parametrize("case", BAD)
def test_settings_that_cannot_work_are_refused(case: str) -> None:
    environ = {f"COURSEWRIGHT_XAPI_{name}": value for name, value in BAD[case].items()}
    with pytest.raises(Invalid) as told:
        Store.of(environ)
    assert "secret" not in str(told.value)


def test_without_an_endpoint_there_is_no_store() -> None:
    assert Store.of({}) is None


def run(argv: list[str]) -> None:
    app = XapiApp()
    app.initialize(argv)
    app.start()


def test_the_command_writes_a_file(
    make: sessionmaker[Session],
    fresh_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COURSEWRIGHT_DATABASE_URL", fresh_database)
    did(make, 3)
    with make.begin() as session:
        courses.publish(session, samples.course("other"), "First", by=None)
        events.record(session, "learning.opened", courses.person(session, "grace"), "other/adding")
    path = tmp_path / "statements.jsonl"
    run(["--course", "sums", "--since", "2020-01-01", "--site", SITE, "--to", str(path)])
    made = [json.loads(line) for line in path.read_text().splitlines()]
    assert len(made) == 3
    for one in made:
        xapi_rules.is_statement(one)
    assert path.stat().st_mode & 0o077 == 0
    with make() as session:
        (event,) = session.scalars(select(Event).where(Event.name == "audit.statements.exported"))
    assert (event.object, event.detail["statements"]) == ("sums", 3)
    with pytest.raises(Invalid, match="cannot be written"):
        run(["--site", SITE, "--to", str(path)])


def test_every_event_that_becomes_a_statement_is_one_that_there_is() -> None:
    """A name that is misspelt here would never be sent, and nobody would miss it."""
    rooms = Path(__file__).parents[2]
    code = "".join(
        path.read_text()
        for room in ("records", "grader")
        for path in (rooms / room).glob("*.py")
        if path.name not in ("xapi.py", "live.py")
    )
    assert [name for name in KINDS if f'"{name}"' not in code] == []
