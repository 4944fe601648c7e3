"""Many people hand in at once while the workers are killed, over and over, with `kill -9`.

All of it is real: `coursewright up`, more workers beside its own, HTTP through the Hub's proxy.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import homework
import httpx
import psutil
from running import Up, set_administrator
from sqlalchemy import text

from coursewright.hub_config.supervisor import Program
from coursewright.records import database, notebooks
from coursewright.records.course import Course, Lesson, Module
from coursewright.records.postgres import EmbeddedPostgres

COURSE, LESSON = "storm", "one"
POINTS = 2
PATIENCE = 240
# By what it is worth.
ANSWERS = {POINTS: "def double(x):\n    return 2 * x", 0: "def double(x):\n    return x"}
WORKER = [sys.executable, "-m", "coursewright.hub_config.command", "worker", "grade"]

WAITING = text(
    "SELECT (SELECT count(*) FROM submissions WHERE state = 'received')"
    " + (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing'))"
)
GRADED = text(
    "SELECT s.id, s.state, g.points, g.error, count(c.id),"
    " extract(epoch FROM g.graded_at - s.received_at)"
    " FROM submissions s LEFT JOIN gradings g ON g.submission_id = s.id"
    " LEFT JOIN scores c ON c.grading_id = g.id GROUP BY s.id, g.id ORDER BY s.id"
)


@dataclass(frozen=True)
class Weather:
    """`clients` hand in `each` times within `seconds`; a worker is killed `every` so many seconds.

    `workers` run beside the one of `coursewright up`.
    """

    clients: int
    each: int
    seconds: float
    every: float
    workers: int = 2


@dataclass
class Sent:
    """One hand-in: what it is worth, its receipts' numbers, and how long the first one took."""

    worth: int
    receipts: list[int] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class Graded:
    """A row for every grading that there is; `waited` in seconds from the receipt to the score."""

    submission: int
    state: str
    points: float | None
    error: str | None
    cells: int
    waited: float | None


def lesson() -> Lesson:
    """One exercise."""
    test = "assert double(2) == 4 and double(0) == 0"
    cells = homework.exercise("double", ANSWERS[POINTS], test, POINTS)
    return Lesson.from_notebook(homework.notebook(*cells), key=LESSON, title="One")


def course() -> Course:
    return Course(COURSE, "Storm", (Module("all", "All", (lesson(),)),))


def books(of: Lesson) -> dict[int, bytes]:
    """Notebooks to hand in, by what they are worth."""
    found = {}
    for worth, answer in ANSWERS.items():
        book = of.to_notebook()
        book["cells"][0]["source"] = answer
        found[worth] = json.dumps(book).encode()
    return found


class Storm:
    """Over a platform that is up. `killed` counts workers, `retries` what had to be repeated."""

    def __init__(self, run: Up, weather: Weather) -> None:
        self.run, self.weather = run, weather
        self.url = EmbeddedPostgres(run.data / "postgres").url()
        self.environ = {**os.environ, "COURSEWRIGHT_DATABASE_URL": self.url}
        self.dice = random.Random(7)
        self.sent: list[Sent] = []
        self.killed = self.retries = 0

    def prepare(self, folder: Path) -> None:
        """Publish a course of one exercise; make people with a token each."""
        notebooks.write_course(course(), folder)
        publish = [*WORKER[:3], "publish", str(folder)]
        subprocess.run(publish, check=True, env=self.environ, capture_output=True)
        self.books = books(lesson())
        names = [f"client-{number}" for number in range(self.weather.clients)]
        headers = {"Authorization": f"token {set_administrator(self.run).sign_in().token()}"}
        with httpx.Client(base_url=f"{self.run.url}hub/api/", headers=headers, timeout=60) as hub:
            hub.post("users", json={"usernames": names}).raise_for_status()
            made = [hub.post(f"users/{name}/tokens", json={}).raise_for_status() for name in names]
        self.tokens = [answer.json()["token"] for answer in made]

    async def blow(self) -> None:
        """All of it; ends when everybody has all receipts and no work is left to do."""
        programs = [
            Program(f"worker {number}", WORKER, self.environ, self.run.data / f"storm-{number}.log")
            for number in range(self.weather.workers)
        ]
        tasks = [asyncio.create_task(program.keep()) for program in programs]
        tasks.append(asyncio.create_task(self._kill(programs)))
        try:
            await asyncio.gather(*map(self._client, self.tokens))
            tasks.pop().cancel()
            await self._drained()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.gather(*(program.stop() for program in programs))

    async def _client(self, token: str) -> None:
        """One person, whose hand-ins are spread over the seconds."""
        clock, weather = asyncio.get_running_loop(), self.weather
        step = weather.seconds / weather.each
        headers = {"Authorization": f"token {token}"}
        base = f"{self.run.url}services/coursewright/api/v1/courses/{COURSE}/"
        async with httpx.AsyncClient(
            base_url=base, headers=headers, timeout=30, trust_env=False
        ) as http:
            first = clock.time() + self.dice.uniform(0, step)
            await self._patient(http, "PUT", "enrolment")
            for number in range(weather.each):
                await asyncio.sleep(max(0.0, first + number * step - clock.time()))
                await self._submit(http, f"hand-in-{number}-of-{token[:9]}", number)

    async def _submit(self, http: httpx.AsyncClient, key: str, number: int) -> None:
        one = Sent(worth=POINTS * (number % 2))
        self.sent.append(one)
        path = f"lessons/{LESSON}/submissions"
        about: Any = {"content": self.books[one.worth], "headers": {"Idempotency-Key": key}}
        began = time.perf_counter()
        # Every fifth is sent twice at once, as if a connection had broken and was tried again.
        asked = [self._patient(http, "POST", path, **about) for _ in range(1 + (number % 5 == 0))]
        for answer in await asyncio.gather(*asked):
            one.receipts.append(answer.json()["id"])
        one.seconds = time.perf_counter() - began

    async def _patient(
        self, http: httpx.AsyncClient, verb: str, path: str, **about: Any
    ) -> httpx.Response:
        """Ask until there is an answer, always with the same key."""
        async with asyncio.timeout(PATIENCE):
            while True:
                with contextlib.suppress(httpx.TransportError):
                    answer = await http.request(verb, path, **about)
                    if answer.status_code < 500:
                        return answer.raise_for_status()
                self.retries += 1
                await asyncio.sleep(1)

    async def _kill(self, programs: list[Program]) -> None:
        """One worker after the other, until this is cancelled."""
        while True:
            await asyncio.sleep(self.weather.every)
            living = [program.process.pid for program in programs if _runs(program)]
            living += [process.pid for process in self.run.family() if _is_worker(process)]
            if living:
                os.kill(self.dice.choice(living), signal.SIGKILL)
                self.killed += 1

    async def _drained(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while (await asyncio.to_thread(self._ask, WAITING))[0][0]:
                await asyncio.sleep(0.5)

    def gradings(self) -> list[Graded]:
        return [Graded(*row) for row in self._ask(GRADED)]

    def _ask(self, query: Any) -> Any:
        engine = database.make_engine(self.url, pool_size=1)
        try:
            with engine.connect() as connection:
                return connection.execute(query).all()
        finally:
            engine.dispose()


def _runs(program: Program) -> bool:
    return program.process is not None and program.process.returncode is None


def _is_worker(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return process.cmdline()[-2:] == WORKER[-2:]
    return False
