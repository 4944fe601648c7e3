"""Many people take a quiz and hand in a notebook at the same time, every fifth request twice.

The database may go away meanwhile: whoever is answered 503 asks again with the same key.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from banking import QUESTIONS, fill_bank, make_quiz, placed
from school import fill
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from storming import COURSE, LESSON, POINTS, books, course, lesson

from coursewright.records import courses
from coursewright.records.database import sessions

QUIZ = "api/v1/courses/sums/quizzes/week-one"
FULL = 9.0  # points of QUESTIONS
PATIENCE = 240  # seconds for one request, with all its repetitions

STORED = {
    "submits": "SELECT count(*) FROM submissions",
    "submits_by_number": "SELECT count(DISTINCT (person_id, attempt)) FROM submissions"
    " WHERE attempt <= :each",
    "submit_events": "SELECT count(*) FROM events WHERE name = 'learning.submitted'",
    "attempts": "SELECT count(*) FROM bank_attempts",
    "attempts_by_number": "SELECT count(DISTINCT (person_id, attempt)) FROM bank_attempts"
    " WHERE attempt <= :each AND submitted_at IS NOT NULL AND NOT by_time AND points = :full",
    "begun_events": "SELECT count(*) FROM events WHERE name = 'quiz.started'",
    "answered_events": "SELECT count(*) FROM events WHERE name = 'quiz.answered'",
}
UNGRADED = text(
    "SELECT (SELECT count(*) FROM submissions WHERE state = 'received')"
    " + (SELECT count(*) FROM procrastinate_jobs"
    " WHERE task_name = 'grade' AND status IN ('todo', 'doing'))"
)
ANSWERS = "SELECT count(*) FROM bank_answers"
# By submission: its score, its gradings, and the events of them.
SCORES = """
SELECT s.id, max(g.points), count(g.id),
  (SELECT count(*) FROM events e WHERE e.name = 'learning.graded'
   AND (e.detail->>'submission')::bigint = s.id)
FROM submissions s LEFT JOIN gradings g ON g.submission_id = s.id AND g.error IS NULL GROUP BY s.id
"""


@dataclass(frozen=True)
class Load:
    """Each of the people attempts the quiz and hands in so often, spread over the seconds."""

    url: str
    tokens: dict[str, str]
    each: int
    seconds: float


@dataclass
class Told:
    """What people were told. `receipts`: by person and number, the submission, and its worth."""

    receipts: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    answered: int = 0
    repeated: int = 0
    refused: int = 0
    broken: int = 0
    right: int = 0
    seconds: float = 0.0


def prepare(engine: Engine, people: int, each: int) -> list[str]:
    """A quiz, a course to hand in, and people in both; their names."""
    names = [f"person-{n}" for n in range(people)]
    with sessions(engine).begin() as session:
        fill(session)
        make_quiz(session, fill_bank(session), attempts=each, minutes=30)
        courses.publish(session, course(), "First", by="ada")
        for name in names:
            courses.enrol(session, name, "sums")
            courses.enrol(session, name, COURSE)
    return names


class Rush:
    """All of them at once. `told` counts while it goes on; `looked` is called after each answer."""

    def __init__(self, load: Load, looked: Callable[[Told], None] = lambda _: None) -> None:
        self.load, self.told, self.looked = load, Told(), looked
        self.books = books(lesson())

    async def run(self) -> Told:
        limits = httpx.Limits(max_connections=2 * len(self.load.tokens))
        began = time.perf_counter()
        async with httpx.AsyncClient(
            base_url=self.load.url, timeout=60, trust_env=False, limits=limits
        ) as client:
            people = [Person(self, client, name) for name in self.load.tokens]
            kinds = [work for one in people for work in (one.take, one.submit)]
            await asyncio.gather(*map(self.spread, kinds))
        self.told.seconds = time.perf_counter() - began
        return self.told

    async def spread(self, work: Callable[[int], Any]) -> None:
        begun, pause = time.perf_counter(), self.load.seconds * 0.9 / self.load.each
        for number in range(1, self.load.each + 1):
            due = begun + pause * (number - random.random())
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await work(number)


class Person:
    """Repeats a request now and then, which must change nothing."""

    def __init__(self, rush: Rush, client: httpx.AsyncClient, name: str) -> None:
        self.rush, self.client, self.name = rush, client, name
        self.token = rush.load.tokens[name]

    async def take(self, number: int) -> None:
        """An attempt: begun, saved twice, handed in."""
        begun = await self.send("POST", f"{QUIZ}/attempts", key=f"{self.name}-tries-{number}")
        answers = placed(begun["running"])
        place = f"{QUIZ}/attempts/{number}"
        for part in (dict(list(answers.items())[:3]), answers):
            await self.send("PUT", f"{place}/answers", json={"answers": part})
        receipt = await self.send("POST", f"{place}/submission", json={"answers": answers})
        self.rush.told.right += receipt["quiz"]["tries"][number - 1]["points"] == FULL

    async def submit(self, number: int) -> None:
        worth = POINTS * (number % 2)
        path = f"api/v1/courses/{COURSE}/lessons/{LESSON}/submissions"
        book = self.rush.books[worth]
        receipt = await self.send("POST", path, key=f"{self.name}-sends-{number}", content=book)
        self.rush.told.receipts[self.name, number] = receipt["id"], worth

    async def send(self, verb: str, path: str, key: str = "", **about: Any) -> Any:
        headers = {"Authorization": f"token {self.token}"}
        headers |= {"Idempotency-Key": key} if key else {}
        times = 2 if random.random() < 0.2 else 1
        self.rush.told.repeated += times - 1
        async with asyncio.timeout(PATIENCE):
            found = [await self.patient(verb, path, headers, **about) for _ in range(times)]
        assert found[0].get("id") == found[-1].get("id")
        return found[-1]

    async def patient(self, verb: str, path: str, headers: dict[str, str], **about: Any) -> Any:
        """Ask until there is an answer, after as long as the service says."""
        told = self.rush.told
        while True:
            began = time.perf_counter()
            try:
                answer = await self.client.request(verb, path, headers=headers, **about)
            except httpx.TransportError:
                told.broken += 1
                await asyncio.sleep(1)
                continue
            told.took.append(time.perf_counter() - began)
            self.rush.looked(told)
            if answer.status_code != 503:
                assert answer.status_code in (200, 201), answer.text
                told.answered += 1
                return answer.json()
            told.refused += 1
            await asyncio.sleep(float(answer.headers["Retry-After"]) * random.uniform(0.5, 1))


def ungraded(engine: Engine) -> int:
    """What a worker has yet to do."""
    with engine.connect() as connection:
        return int(connection.execute(UNGRADED).scalar_one())


def stored(session: Session, each: int) -> dict[str, int]:
    """How many of each there are; all of them must be the number of attempts (and of submits)."""
    about = {"each": each, "full": FULL}
    found = {name: int(session.scalar(text(one), about) or 0) for name, one in STORED.items()}
    return found | {"answers": int(session.scalar(text(ANSWERS)) or 0) // len(QUESTIONS)}


def graded(session: Session, told: Told) -> Counter[str]:
    """Of what was told to be handed in: `once` and rightly, or else what is wrong with it."""
    rows = {row[0]: row[1:] for row in session.execute(text(SCORES))}
    found: Counter[str] = Counter()
    for number, worth in told.receipts.values():
        points, gradings, events = rows.pop(number, (None, 0, 0))
        if (points, gradings, events) == (worth, 1, 1):
            found["once"] += 1
        else:
            found["wrongly" if gradings == 1 else "twice" if gradings else "never"] += 1
    found["untold"] = len(rows)
    return found
