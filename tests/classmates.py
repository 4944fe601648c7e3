"""A class that has been at work for two weeks, for pages that show many people at once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import samples
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from coursewright.records import blobs, courses
from coursewright.records.course import Course, Module
from coursewright.records.tables import (
    CourseRow,
    Effort,
    Enrolment,
    Event,
    Grading,
    Person,
    Presence,
    Score,
    Submission,
)

LESSONS = ("Names", "Numbers", "Lists", "Loops", "Functions", "Files")
FIRST = ("Amal", "Bea", "Chidi", "Dana", "Elif", "Femi", "Gita", "Hugo", "Ines", "Jun")
LAST = ("Abe", "Berg", "Costa", "Diaz", "Eze", "Fox", "Gupta", "Hahn", "Ito", "Jones")
DAYS = 14


def course(key: str = "school", title: str = "Python for everybody") -> Course:
    lessons = tuple(
        replace(samples.lesson(name.lower()), title=name, minutes=30) for name in LESSONS
    )
    modules = (Module("first", "First steps", lessons[:3]), Module("more", "More", lessons[3:]))
    return Course(key=key, title=title, summary="How to program", modules=modules)


def fill_class(session: Session, students: int = 24, key: str = "school") -> list[str]:
    """Publishes the course with `ada` as its instructor; the names of its students."""
    version = courses.publish(session, course(key), "First", by="ada")
    courses.enrol(session, "ada", key, "instructor")
    courses.enrol(session, "olga", key, "assistant")
    number = session.scalars(select(CourseRow.id).where(CourseRow.key == key)).one()
    names = [f"{key}-{place:03}" for place in range(students)]
    people = {
        one.name: one.id
        for one in session.scalars(
            insert(Person).returning(Person),
            [{"name": name, "display_name": _called(place)} for place, name in enumerate(names)],
        )
    }
    dice = random.Random(7)
    session.execute(
        insert(Enrolment),
        [
            {
                "person_id": people[name],
                "course_id": number,
                "role": "student",
                "label": ("early", "late")[place % 2],
            }
            for place, name in enumerate(names)
        ],
    )
    now = session.scalars(select(func.now())).one()
    sha = blobs.put(session, samples.content())
    for place, name in enumerate(names):
        of = {"person_id": people[name], "course_id": number}
        one = _Student(session, of, {"version_id": version.id, "notebook_sha": sha}, now)
        one.work(key, dice, place)
    return names


def _called(place: int) -> str:
    return f"{FIRST[place % 10]} {LAST[(place // 10 + place) % 10]}"


class _Student:
    """Writes down what somebody has done; the later a lesson, the fewer get there."""

    def __init__(
        self, session: Session, of: dict[str, int], book: dict[str, Any], now: datetime
    ) -> None:
        self.session, self.of, self.book, self.now = session, of, book, now

    def work(self, key: str, dice: random.Random, place: int) -> None:
        reached = min(len(LESSONS), dice.randrange(2, len(LESSONS) + 3))
        events: list[dict[str, Any]] = []
        for number, title in enumerate(LESSONS[:reached]):
            lesson, good = title.lower(), dice.random() < 0.85 - 0.1 * number
            began = self.now - timedelta(days=DAYS - 2 * number, minutes=dice.randrange(600))
            events += list(self._events(f"{key}/{lesson}", began, dice))
            last = number == reached - 1
            if not last or dice.random() < 0.5:
                self._hand_in(lesson, began, good, dice)
            self._effort(lesson, began, good and not last, dice)
        self.session.execute(insert(Event), events)
        if place % 12 != 11:
            away = timedelta(seconds=20 if place % 3 else 3600 * (1 + place))
            seen = {"lesson": lesson, "exercise": "add", "seen_at": self.now - away}
            self.session.execute(insert(Presence).values(**self.of, **seen))

    def _events(self, about: str, began: datetime, dice: random.Random) -> Iterator[dict[str, Any]]:
        who, moment = {"person_id": self.of["person_id"]}, began
        yield {**who, "name": "learning.opened", "object": about, "at": moment, "detail": {}}
        for _ in range(dice.randrange(2, 9)):
            moment += timedelta(minutes=dice.choice((2, 4, 7, 11, 19, 90)))
            detail = {"exercise": "add", "passed": 1, "of": 3}
            yield {**who, "name": "code.checked", "object": about, "at": moment, "detail": detail}

    def _effort(self, lesson: str, began: datetime, good: bool, dice: random.Random) -> None:
        checks = dice.randrange(1, 9)
        first = began if good else self.now - timedelta(minutes=dice.randrange(1, 40))
        row = {"exercise": "add", "checks": checks, "hints": dice.randrange(0, 3)}
        tests = {"passed": 3 if good else dice.randrange(0, 3), "total": 3}
        times = {"first_at": first, "passed_at": first if good else None, "last_at": first}
        self.session.execute(
            insert(Effort).values(**self.of, lesson=lesson, **row, **tests, **times)
        )

    def _hand_in(self, lesson: str, began: datetime, good: bool, dice: random.Random) -> None:
        state = dice.choices(("graded", "received", "failed"), (20, 1, 1))[0]
        facts = {
            "lesson": lesson,
            "attempt": 1,
            **self.book,
            "idempotency_key": f"handed-in-{lesson}",
            "state": state,
            "received_at": began + timedelta(hours=2),
        }
        number = self.session.scalar(
            insert(Submission).values(**self.of, **facts).returning(Submission.id)
        )
        if state == "graded":
            self._grade(number or 0, 2.0 if good else float(dice.choice((0, 1, 1))), dice)

    def _grade(self, submission: int, points: float, dice: random.Random) -> None:
        free = float(dice.randrange(0, 5))
        facts = {"mode": "isolated", "points": points + free, "max_points": 6.0, "seconds": 0.2}
        grading = self.session.scalar(
            insert(Grading)
            .values(submission_id=submission, number=1, **facts)
            .returning(Grading.id)
        )
        status = "passed" if points == 2 else "partial" if points else "failed"
        cells = (("add-1", "add", points, 2.0, status), ("draw", None, free, 4.0, "manual"))
        for place, (cell, exercise, got, most, verdict) in enumerate(cells):
            self.session.execute(
                insert(Score).values(
                    grading_id=grading,
                    position=place,
                    grade_id=cell,
                    exercise=exercise,
                    points=got,
                    max_points=most,
                    status=verdict,
                    message="",
                    promises=[],
                )
            )
