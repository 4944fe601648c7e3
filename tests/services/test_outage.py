"""Postgres goes away while people hand in: refused or stored, never half of it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Condition, Event
from typing import Any

import httpx
import pytest
import samples
from fake_hub import Hub
from quizzing import quiz_course
from school import Client, Running, fill
from sqlalchemy import Connection, Engine, text

from coursewright.records import courses
from coursewright.records.database import make_engine, sessions
from coursewright.records.postgres import EmbeddedPostgres
from coursewright.records.schema import upgrade

numbers = count(1)


@pytest.fixture
def server(short_directory: Path) -> Iterator[EmbeddedPostgres]:
    """A server of these tests' own."""
    server = EmbeddedPostgres(short_directory / "outage")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def engine(server: EmbeddedPostgres) -> Iterator[Engine]:
    url = server.ensure_database(f"outage_{next(numbers)}")
    upgrade(url)
    engine = make_engine(url)
    with sessions(engine).begin() as session:
        fill(session)
    yield engine
    engine.dispose()


@pytest.fixture
def client(hub: Hub, engine: Engine) -> Iterator[Client]:
    running = Running(hub, engine)
    client = Client(running.url, hub)
    yield client
    client.http.close()
    running.stop()


def test_a_stop_lets_a_submission_end_first(hub: Hub, engine: Engine) -> None:
    running = Running(hub, engine)
    client = Client(running.url, hub)
    with ThreadPoolExecutor(2) as threads:
        with engine.connect() as connection:
            waiting = held(threads, client, connection, key="before-the-stop")
            stopping = threads.submit(running.stop)
            while accepts(running.port):
                pass
            assert not waiting.done()
        assert waiting.result().status_code == 201
        stopping.result()
    client.http.close()
    assert counts(engine) == (1, 1)


def accepts(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def held(
    threads: ThreadPoolExecutor, client: Client, connection: Connection, key: str
) -> Future[httpx.Response]:
    """A submission that waits in the middle of its transaction, for `connection` to let go."""
    connection.execute(text("LOCK TABLE submissions IN ACCESS EXCLUSIVE MODE"))
    waiting = threads.submit(client.submit, key=key)
    blocked = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'submissions'::regclass"
    while not connection.execute(text(blocked)).first():
        pass
    return waiting


def counts(engine: Engine) -> tuple[int, ...]:
    query = "SELECT (SELECT count(*) FROM submissions), (SELECT count(*) FROM procrastinate_jobs)"
    with engine.connect() as connection:
        return tuple(connection.execute(text(query)).one())


def test_the_service_refuses_while_the_database_is_away_and_recovers_by_itself(
    client: Client, server: EmbeddedPostgres, engine: Engine
) -> None:
    assert client.submit(key="before-the-outage").status_code == 201
    server.stop()
    for _ in range(3):
        answer = client.submit(key="during-the-outage")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "try again" in answer.json()["detail"]
    page = client.get("grace", "")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert (client.get(None, "healthz").status_code, client.get(None, "readyz").status_code) == (
        200,
        503,
    )
    server.start()
    assert client.submit(key="during-the-outage").status_code == 201
    assert client.submit(key="before-the-outage").status_code == 200
    assert client.get(None, "readyz").status_code == 200
    assert counts(engine) == (2, 2)


def test_what_the_database_cuts_off_is_not_half_stored(client: Client, engine: Engine) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    with ThreadPoolExecutor(1) as threads, engine.connect() as connection:
        waiting = held(threads, client, connection, key="cut-off-halfway")
        connection.execute(text(cut))
        connection.rollback()
        answer = waiting.result()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert counts(engine) == (0, 0)
    assert client.submit(key="cut-off-halfway").status_code == 201
    assert counts(engine) == (1, 1)


def test_nothing_is_lost_or_double_when_the_database_restarts_under_load(
    client: Client, server: EmbeddedPostgres, engine: Engine
) -> None:
    """Everybody goes on asking with the same keys until there is an answer, as pods do."""
    crowd = Crowd(client, engine)
    with ThreadPoolExecutor(len(crowd.people)) as threads:
        working = [threads.submit(crowd.work, who) for who in crowd.people]
        for _ in range(2):
            crowd.wait_for(answered=crowd.answered + 20)
            refused = crowd.refused
            crowd.back.clear()
            server.stop()
            crowd.wait_for(refused=refused + len(crowd.people) // 2)
            server.start()
            crowd.back.set()
        for person in working:
            person.result()
    assert crowd.refused >= len(crowd.people)
    for kind, query in STORED.items():
        stored = rows(engine, query)
        # Each of them once, and in the order that each person sent them.
        assert stored == [(who, number) for who in crowd.people for number in range(1, EACH + 1)]
        told = {(who, number): crowd.told[kind, who, number] for who, number in stored}
        assert len(set(told.values())) == len(told)
    assert rows(engine, "SELECT count(*) FROM procrastinate_jobs") == [(len(crowd.people) * EACH,)]
    assert rows(engine, "SELECT count(*) FROM answered_requests") == [(len(crowd.people) * EACH,)]


EACH = 6  # submissions, quiz attempts and messages of each person
STORED = {
    "submission": "SELECT p.name, s.attempt FROM submissions s JOIN people p ON p.id = s.person_id"
    " ORDER BY p.name, s.attempt",
    "quiz": "SELECT p.name, q.attempt FROM quiz_attempts q JOIN people p ON p.id = q.person_id"
    " ORDER BY p.name, q.attempt",
    "item": "SELECT split_part(label, ' ', 1), points::int FROM rubric_items ORDER BY label",
}


def rows(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


class Crowd:
    """People who hand in, answer a quiz and add rubric items; counts what they are told."""

    def __init__(self, client: Client, engine: Engine) -> None:
        self.client = client
        self.people = [f"person-{number}" for number in range(8)]
        self.answered = self.refused = self.failed = 0
        self.told: dict[tuple[str, str, int], Any] = {}
        self.news = Condition()
        self.back = Event()
        self.back.set()
        with sessions(engine).begin() as session:
            courses.publish(session, quiz_course(attempts=EACH), "First", by="ada")
            for who in self.people:
                courses.enrol(session, who, "sums", "assistant")
                courses.enrol(session, who, "quizzes")
        self.tokens = [client.token(who) for who in self.people]

    def work(self, who: str) -> None:
        try:
            self.send_all(who)
        except BaseException:
            # Nobody is to wait for this one any more.
            self.tell(failed=1)
            raise

    def send_all(self, who: str) -> None:
        sums = "api/v1/courses/sums/lessons/adding"
        quiz = "api/v1/courses/quizzes/lessons/limits/quizzes/check/attempts"
        for number in range(1, EACH + 1):
            content = samples.content(metadata={"number": number})
            handed = self.patient(f"{sums}/submissions", who, number, content=content)
            tried = self.patient(quiz, who, number, json={"answers": {}})
            item = {"grade_id": "draw", "label": f"{who} {number}", "points": number}
            noted = self.patient(f"{sums}/rubric", who, number, json=item)
            self.told["submission", who, number] = handed["id"]
            self.told["quiz", who, number] = who, tried["attempt"]
            self.told["item", who, number] = noted["id"]

    def patient(self, path: str, who: str, number: int, **sent: Any) -> Any:
        """Ask until there is an answer, always with the same key; then once more."""
        headers = {"Idempotency-Key": f"{who}-sends-{number}"}
        answers = []
        while len(answers) < 2:
            answer = self.client.ask("POST", who, path, headers=headers, **sent)
            if answer.status_code == 503:
                assert answer.headers["Retry-After"] == "5"
                self.tell(refused=1)
                self.back.wait()
            else:
                assert answer.status_code in (200, 201), answer.text
                answers.append(answer.json())
                self.tell(answered=1)
        first, again = ({**one, "repeated": None} for one in answers)
        assert first == again
        return first

    def tell(self, answered: int = 0, refused: int = 0, failed: int = 0) -> None:
        with self.news:
            self.failed += failed
            self.answered += answered
            self.refused += refused
            self.news.notify_all()

    def wait_for(self, answered: int = 0, refused: int = 0) -> None:
        with self.news:
            self.news.wait_for(
                lambda: self.failed or (self.answered >= answered and self.refused >= refused)
            )
