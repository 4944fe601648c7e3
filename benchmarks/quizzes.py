"""A thousand attempts at a quiz in a minute by a hundred people, every fifth request repeated.

The service runs as `coursewright service` does, on an embedded PostgreSQL; the clients are another
process. An attempt is begun, saved twice and handed in. It ends with status 1 when one is lost,
counted twice, or marked otherwise than it was answered. There is no peer: figures are of this
machine, and only the counts are to be relied on.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "tests"))

import httpx
from banking import QUESTIONS, fill_bank, make_quiz, placed
from fake_hub import Hub
from school import Running, fill
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses
from coursewright.records.database import make_engine, sessions
from coursewright.records.postgres import EmbeddedPostgres
from coursewright.records.schema import upgrade
from coursewright.records.tables import BankAnswer, BankAttempt, Event

WEEK = "api/v1/courses/sums/quizzes/week-one"


@dataclass
class Load:
    """What one run is to be; `tokens` by person."""

    url: str
    tokens: dict[str, str]
    each: int
    seconds: float


class Person:
    """Takes the quiz so often, spread over the time; a repeated request must change nothing."""

    def __init__(self, client: httpx.AsyncClient, name: str, token: str) -> None:
        self.client, self.name = client, name
        self.headers = {"Authorization": f"token {token}"}
        self.took: list[float] = []
        self.repeated = self.retried = 0
        self.right = 0
        self.chance = random.Random(name)

    async def send(self, verb: str, path: str, body: Any, key: str = "") -> Any:
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        times = 2 if self.chance.random() < 0.2 else 1
        self.repeated += times - 1
        for _ in range(times):
            while True:
                began = time.perf_counter()
                try:
                    answer = await self.client.request(verb, path, json=body, headers=headers)
                except httpx.TransportError:
                    answer = None
                self.took.append(time.perf_counter() - began)
                if answer is not None and answer.status_code != 503:
                    break
                self.retried += 1
                await asyncio.sleep(0.5)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    async def take(self, attempt: int) -> None:
        begun = await self.send("POST", f"{WEEK}/attempts", None, f"{self.name}-no-{attempt}")
        answers = placed(begun["running"])
        half = dict(list(answers.items())[:3])
        place = f"{WEEK}/attempts/{attempt}"
        for part in (half, answers):
            await self.send("PUT", f"{place}/answers", {"answers": part})
        receipt = await self.send("POST", f"{place}/submission", {"answers": answers})
        self.right += receipt["quiz"]["tries"][attempt - 1]["points"] == 9.0

    async def work(self, load: Load) -> None:
        pause = load.seconds * 0.9 / load.each
        begun = time.perf_counter()
        for attempt in range(1, load.each + 1):
            due = begun + pause * (attempt - 1 + self.chance.random())
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await self.take(attempt)


def clients(load: Load, told: Any) -> None:
    """The other process."""

    async def run() -> dict[str, Any]:
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(
            base_url=load.url, timeout=60, trust_env=False, limits=limits
        ) as client:
            people = [Person(client, name, token) for name, token in load.tokens.items()]
            began = time.perf_counter()
            await asyncio.gather(*(person.work(load) for person in people))
            return {
                "seconds": time.perf_counter() - began,
                "took": [one for person in people for one in person.took],
                "repeated": sum(person.repeated for person in people),
                "retried": sum(person.retried for person in people),
                "right": sum(person.right for person in people),
            }

    told.put(asyncio.run(run()))


def prepare(make: sessionmaker[Session], names: list[str], each: int) -> None:
    with make.begin() as session:
        fill(session)
        numbers = fill_bank(session)
        make_quiz(session, numbers, attempts=each, minutes=30)
        for name in names:
            courses.enrol(session, name, "sums")


def counted(make: sessionmaker[Session]) -> dict[str, int]:
    handed_in = BankAttempt.submitted_at.is_not(None) & ~BankAttempt.by_time
    with make() as session:
        return {
            "kept": session.scalars(select(func.count()).where(handed_in)).one(),
            "all_attempts": session.scalars(select(func.count(BankAttempt.id))).one(),
            "answers": session.scalars(select(func.count(BankAnswer.id))).one(),
            "events": session.scalars(
                select(func.count(Event.id)).where(Event.name == "quiz.answered")
            ).one(),
        }


def measure(base: Path, people: int, each: int, seconds: float) -> dict[str, Any]:
    server = EmbeddedPostgres(base / "pg")
    server.start()
    hub = Hub()
    hub.start()
    try:
        url = server.ensure_database("quizzes")
        upgrade(url)
        engine = make_engine(url)
        make = sessions(engine)
        names = [f"person-{n}" for n in range(people)]
        prepare(make, names, each)
        running = Running(hub, engine)
        load = Load(running.url, {name: hub.token(name) for name in names}, each, seconds)
        spawn = multiprocessing.get_context("spawn")
        told = spawn.Queue()
        process = spawn.Process(target=clients, args=(load, told))
        process.start()
        found = told.get(timeout=seconds * 20)
        process.join()
        running.stop()
        found |= counted(make)
        engine.dispose()
        return found
    finally:
        hub.stop()
        server.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--each", type=int, default=10, help="attempts of each person")
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    base = Path(tempfile.mkdtemp(prefix="cw-quizzes-", dir="/tmp"))
    base.chmod(0o711)
    try:
        found = measure(base, given.people, given.each, given.seconds)
    finally:
        shutil.rmtree(base, ignore_errors=True)
    took = statistics.quantiles(found.pop("took"), n=100)
    wanted = given.people * given.each
    figures = {
        "attempts": wanted,
        **{name: round(value, 1) for name, value in found.items()},
        "request_ms_p50": round(took[49] * 1000, 1),
        "request_ms_p95": round(took[94] * 1000, 1),
    }
    for name, value in figures.items():
        print(f"{name:24}{value}")
    print(json.dumps({"name": "quizzes", "ratios": {}, "figures": figures}))
    whole = (found["kept"], found["all_attempts"], found["events"], found["right"])
    return 0 if whole == (wanted,) * 4 and found["answers"] == wanted * len(QUESTIONS) else 1


if __name__ == "__main__":
    sys.exit(main())
