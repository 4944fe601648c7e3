"""Workers as real processes: killed, stopped, stunned, told to fail; one effect stands."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from samples import content, course
from sqlalchemy import text

from coursewright.records import courses, jobs, submissions
from coursewright.records.database import make_engine, sessions, without_driver
from coursewright.records.errors import Invalid
from coursewright.records.events import CHANNEL
from coursewright.records.postgres import EmbeddedPostgres
from coursewright.records.queue import RETRIES, run_worker
from coursewright.records.schema import upgrade

PROGRAM = Path(__file__).parent.parent / "worker.py"
FAST = {
    "heartbeat": 0.2,
    "dead": 1.5,
    "sweep": 0.2,
    "poll": 0.2,
    "backoff": 0,
    "patience": 30,
    "reconnect": 0.1,
}


class Process:
    """A worker process that says what it does, and waits to be told how to go on."""

    def __init__(self, url: str, **pace: float) -> None:
        self.popen = subprocess.Popen(
            [sys.executable, str(PROGRAM), url, json.dumps({**FAST, **pace})],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def says(self, words: str) -> str:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            if words in line:
                return line.strip()
        raise AssertionError(f"the worker ended without saying {words!r}")

    def told(self, word: str) -> None:
        assert self.popen.stdin is not None
        self.popen.stdin.write(f"{word}\n")

    def close(self) -> None:
        self.popen.kill()
        self.popen.communicate()


class Site:
    """A database with a course, and the workers of a test."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = make_engine(url)
        self.workers: list[Process] = []
        with sessions(self.engine).begin() as session:
            courses.publish(session, course(), "First", by=None)
            courses.enrol(session, "grace", "sums")

    def worker(self, **pace: float) -> Process:
        self.workers.append(Process(self.url, **pace))
        return self.workers[-1]

    def submit(self, key: str = "key-of-this-submit") -> int:
        with sessions(self.engine).begin() as session:
            return submissions.receive(session, "grace", "sums", "adding", content(), key).id

    def ask(self, query: str, **values: Any) -> list[Any]:
        with self.engine.begin() as connection:
            result = connection.execute(text(query), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    def after(self, event: str) -> Callable[[], None]:
        """Listen from now on; the answer waits for an event of that name."""
        connection = psycopg.connect(without_driver(self.url), autocommit=True)
        connection.execute(f"LISTEN {CHANNEL}")

        def wait() -> None:
            for notice in connection.notifies(timeout=60):
                query = "SELECT name FROM events WHERE id = :id"
                if self.ask(query, id=int(notice.payload)) == [(event,)]:
                    break
            else:
                raise AssertionError(f"no {event} in a minute")
            connection.close()

        return wait

    def gradings(self) -> list[Any]:
        return self.ask("SELECT submission_id, error FROM gradings ORDER BY id")

    def jobs(self) -> list[Any]:
        return self.ask("SELECT status::text, attempts FROM procrastinate_jobs ORDER BY id")

    def close(self) -> None:
        for worker in self.workers:
            worker.close()
        self.engine.dispose()


@pytest.fixture
def site(fresh_database: str) -> Iterator[Site]:
    site = Site(fresh_database)
    yield site
    site.close()


def test_a_submission_is_graded_by_a_worker(site: Site) -> None:
    worker = site.worker()
    number = site.submit()
    assert worker.says("began") == f"began {number}"
    worker.told("go")
    worker.says("stored True")
    assert site.gradings() == [(number, None)]


def test_the_job_of_a_killed_worker_runs_again_and_one_effect_stands(site: Site) -> None:
    first, number = site.worker(), site.submit()
    first.says("began")
    second = site.worker()
    first.popen.kill()
    assert second.says("began") == f"began {number}"
    second.told("go")
    second.says("stored True")
    assert site.gradings() == [(number, None)]


def test_a_worker_that_only_seemed_dead_adds_no_second_effect(site: Site) -> None:
    first, number = site.worker(), site.submit()
    first.says("began")
    first.popen.send_signal(signal.SIGSTOP)
    second = site.worker()
    second.says("began")
    second.told("go")
    second.says("stored True")
    first.told("go")
    first.popen.send_signal(signal.SIGCONT)
    first.says("stored False")
    assert site.gradings() == [(number, None)]


def test_a_worker_that_is_asked_to_stop_finishes_its_job_and_takes_no_other(site: Site) -> None:
    worker, number = site.worker(), site.submit()
    worker.says("began")
    site.submit("key-of-the-next-submit")
    worker.popen.send_signal(signal.SIGTERM)
    worker.says("Stopping")
    worker.told("go")
    worker.says("stored True")
    assert worker.popen.wait() == 0
    assert site.gradings() == [(number, None)]
    assert site.jobs() == [("todo", 0)]


def test_an_idle_worker_stops_at_once(site: Site) -> None:
    worker = site.worker()
    site.submit()
    worker.says("began")
    worker.told("go")
    worker.says("stored")
    worker.popen.send_signal(signal.SIGTERM)
    assert worker.popen.wait() == 0


@pytest.mark.parametrize(("patience", "signals"), [(30, 2), (0.1, 1)])
def test_a_job_that_does_not_end_is_given_back(site: Site, patience: float, signals: int) -> None:
    worker = site.worker(patience=patience)
    site.submit()
    worker.says("began")
    for _ in range(signals):
        worker.popen.send_signal(signal.SIGTERM)
        worker.says("Stopping")
    assert worker.popen.wait() == 75
    assert site.jobs() == [("todo", 1)]
    assert site.gradings() == []


def test_a_handler_that_fails_is_tried_again(site: Site) -> None:
    worker, number = site.worker(), site.submit()
    worker.says("began")
    worker.told("fail")
    assert worker.says("began") == f"began {number}"
    worker.told("go")
    worker.says("stored True")
    assert site.gradings() == [(number, None)]


def test_a_handler_that_always_fails_leaves_a_failed_submission(site: Site) -> None:
    told, worker, number = site.after("learning.grading_failed"), site.worker(), site.submit()
    for _ in range(1 + RETRIES):
        worker.says("began")
        worker.told("fail")
    told()
    assert site.gradings() == [(number, "RuntimeError: told to fail")]
    assert site.ask("SELECT state FROM submissions") == [("failed",)]


def test_a_job_that_kills_every_worker_is_given_up(site: Site) -> None:
    told, worker, number = site.after("learning.grading_failed"), site.worker(), site.submit()
    worker.says("began")
    site.ask("UPDATE procrastinate_jobs SET attempts = :tries", tries=RETRIES)
    worker.popen.kill()
    site.worker()
    told()
    assert site.gradings() == [(number, f"{RETRIES + 1} workers died while they did it")]


@pytest.fixture
def own_server(short_directory: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(short_directory / "queue")
    upgrade(server.start())
    yield server
    server.stop()


@pytest.fixture
def own_site(own_server: EmbeddedPostgres) -> Iterator[Site]:
    site = Site(own_server.url())
    yield site
    site.close()


def test_a_worker_outlives_a_database_that_is_killed(
    own_server: EmbeddedPostgres, own_site: Site
) -> None:
    server, site = own_server, own_site
    worker = site.worker()
    first = site.submit()
    worker.says("began")
    kill_postmaster(site)
    server.ensure()
    worker.told("go")
    worker.says("stored")
    second = site.submit("key-of-the-next-submit")
    while worker.says("began") != f"began {second}":  # the first one may come again
        worker.told("go")
    worker.told("go")
    worker.says("stored True")
    assert worker.popen.poll() is None
    assert sorted(site.gradings()) == [(first, None), (second, None)]


def kill_postmaster(site: Site) -> None:
    data = Path(site.ask("SHOW data_directory")[0][0])
    pid = int((data / "postmaster.pid").read_text().split()[0])
    subprocess.run(["kill", "-9", str(pid)], check=True)


def test_jobs_of_one_lock_are_told_apart_from_others(site: Site) -> None:
    with sessions(site.engine).begin() as session:
        jobs.enqueue(session, "generate", lock="course-1", request=1)
    query = "SELECT queue_name, task_name, lock, args FROM procrastinate_jobs"
    assert site.ask(query) == [("generate", "generate", "course-1", {"request": 1})]


def test_there_is_no_other_queue() -> None:
    with pytest.raises(Invalid, match="the queues are grade, generate"):
        run_worker("mail", "postgresql://", {})
