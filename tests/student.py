"""A student without a browser, and the lessons of the course that comes with the house."""

from __future__ import annotations

import copy
import time
from typing import Any

import requests
from running import PATIENCE, Person

from coursewright.generator import library

COURSE = "python-foundations"


class Student:
    """A student who uses the course service directly, as the server extension does."""

    def __init__(self, person: Person) -> None:
        self.api = f"{person.run.url}services/coursewright/api/v1"
        self.headers = {"Authorization": f"token {person.token()}"}

    def get(self, path: str) -> Any:
        answer = requests.get(f"{self.api}/{path}", headers=self.headers)
        answer.raise_for_status()
        return answer.json()

    def enrol(self) -> None:
        requests.put(
            f"{self.api}/courses/{COURSE}/enrolment", headers=self.headers
        ).raise_for_status()

    def submit(self, lesson: str, notebook: Any, key: str) -> requests.Response:
        return requests.post(
            f"{self.api}/courses/{COURSE}/lessons/{lesson}/submissions",
            json=notebook,
            headers={**self.headers, "Idempotency-Key": key},
        )

    def submissions(self, lesson: str) -> list[dict[str, Any]]:
        return self.get(f"courses/{COURSE}/lessons/{lesson}/submissions")["submissions"]

    def graded(self, lesson: str, count: int) -> list[dict[str, Any]]:
        """Wait until so many are graded."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = self.submissions(lesson)
            if sum(one["state"] == "graded" for one in found) >= count:
                return found
            time.sleep(0.1)
        raise TimeoutError(f"{count} were to be graded: {self.submissions(lesson)}")


def solved(lesson: str) -> dict[str, Any]:
    """The lesson as its author solved it."""
    found = library.load(COURSE).lesson(lesson)
    assert found is not None
    return copy.deepcopy(found.to_notebook())


def first_lesson() -> str:
    return next(library.load(COURSE).lessons()).key
