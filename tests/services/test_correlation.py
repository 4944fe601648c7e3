"""One id leads from the browser's request to the worker's last line."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import samples
from school import Client
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records.database import without_driver
from coursewright.records.events import CHANNEL
from coursewright.records.logs import JsonFormatter
from coursewright.records.tables import Event, Grading

ID = "from-the-browser-42"
COMMAND = (sys.executable, "-W", "error", "-m", "coursewright.hub_config.command", "worker")
SECRET = "a-secret-of-this-machine"


class Keeper(logging.Handler):
    """Every line of this process, as the service writes it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(scope="module")
def kept() -> Iterator[Keeper]:
    keeper, root = Keeper(), logging.getLogger()
    before = root.level
    root.addHandler(keeper)
    root.setLevel(logging.INFO)
    yield keeper
    root.setLevel(before)
    root.removeHandler(keeper)


@pytest.fixture(scope="module")
def worker_log(school: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A grading worker as it runs on a site; its log."""
    environ = {
        **os.environ,
        "COURSEWRIGHT_DATABASE_URL": school,
        "COURSEWRIGHT_LLM_API_KEY": SECRET,
    }
    log = tmp_path_factory.mktemp("logs") / "worker.log"
    with (
        log.open("wb") as errors,
        subprocess.Popen([*COMMAND, "grade"], env=environ, stderr=errors) as process,
    ):
        yield log
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def until_graded(make: sessionmaker[Session], send: Callable[[], None]) -> None:
    """Do `send`, and wait for the event that says it was graded."""
    address = make.kw["bind"].url.render_as_string(hide_password=False)
    with psycopg.connect(without_driver(address), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        send()
        for notice in listener.notifies(timeout=60):
            with make() as session:
                name = session.get_one(Event, int(notice.payload)).name
            assert name != "learning.grading_failed"
            if name == "learning.graded":
                return
    raise AssertionError("nothing was graded in a minute")


@pytest.fixture(scope="module")
def followed(
    client: Client, make: sessionmaker[Session], kept: Keeper, worker_log: Path
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The lines of the service and of the worker, after one hand-in has been graded."""

    def send() -> None:
        headers = {"Idempotency-Key": "followed-to-its-end", "X-Request-Id": ID}
        path = "api/v1/courses/sums/lessons/adding/submissions?token=" + SECRET
        answer = client.ask("POST", "grace", path, content=samples.content(), headers=headers)
        assert (answer.status_code, answer.headers["X-Request-Id"]) == (201, ID)

    until_graded(make, send)
    settled = wait_for_line(worker_log, "job settled")
    return [json.loads(line) for line in kept.lines], settled


def wait_for_line(log: Path, event: str) -> list[dict[str, Any]]:
    """The lines of a log; the one that is waited for was written before or comes now."""
    with subprocess.Popen(
        ["tail", "-n", "+1", "-f", str(log)], stdout=subprocess.PIPE, text=True
    ) as tail:
        lines: list[dict[str, Any]] = []
        for line in tail.stdout or ():
            lines.append(json.loads(line))
            if lines[-1]["event"] == event:
                break
        tail.kill()
    return lines


def test_one_id_is_in_every_line_and_every_event(
    followed: tuple[list[dict[str, Any]], list[dict[str, Any]]], make: sessionmaker[Session]
) -> None:
    served, worked = followed
    (line,) = [line for line in served if line["event"] == "request"]
    assert (line["request_id"], line["status"]) == (ID, 201)
    jobs = [line for line in worked if "job" in line]
    assert [line["event"] for line in jobs] == ["job taken", "job settled"]
    assert {line["request_id"] for line in jobs} == {ID}
    assert (jobs[-1]["outcome"], jobs[-1]["task"], jobs[-1]["queue"]) == ("done", "grade", "grade")
    with make() as session:
        names = session.scalars(select(Event.name).where(Event.request_id == ID).order_by(Event.id))
        assert list(names)[:2] == ["learning.submitted", "learning.graded"]
        (number,) = session.scalars(select(Grading.request_id))
    assert number == ID


def test_no_log_of_a_run_holds_a_secret(
    followed: tuple[list[dict[str, Any]], list[dict[str, Any]]], client: Client, kept: Keeper
) -> None:
    cookie = "coursewright-cookie-value-0123456789"
    for path in ("", "courses/sums/gradebook", f"oauth_callback?code={SECRET}&state={SECRET}"):
        client.get("ada", path, headers={"Cookie": f"service-coursewright={cookie}"})
    client.get(None, f"api/v1/courses?token={SECRET}", headers={"Authorization": f"token {SECRET}"})
    everything = json.dumps(followed) + "".join(kept.lines)
    for secret in (SECRET, cookie, "the-service-itself", *client.tokens.values()):
        assert secret not in everything
