"""What authors send to the service, and what a worker says of it."""

from __future__ import annotations

from typing import Any

import httpx
import samples
from fake_hub import PERSON
from school import Client
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import checks, notebooks
from coursewright.records.checks import Finding
from coursewright.records.course import Course
from coursewright.services.scopes import AUTHOR

BLOCKS = Finding("G4", "adding/add", "The starter passes", blocks=True, cell="add-1")
NOTE = Finding("C1", "adding", "The lesson has no objectives.", blocks=False)


def source(course: Course | None = None, **about: Any) -> dict[str, Any]:
    """The draft of a course; `about` changes what stands in its course.json."""
    found = notebooks.taken_apart(course or samples.course())
    return {**found, "course": {**found["course"], **about}}


def an_author(client: Client, name: str = "mary") -> str:
    """Somebody who teaches nothing and may write new courses."""
    client.tokens.setdefault(name, client.hub.token(name, (*PERSON, AUTHOR)))
    return name


def checked(
    client: Client, make: sessionmaker[Session], who: str, draft: dict[str, Any], *found: Finding
) -> int:
    """The number of a check of this draft that found this."""
    key = draft["course"]["key"]
    answer = client.ask("POST", who, f"api/v1/courses/{key}/checks", json=draft)
    assert answer.status_code in (200, 201), answer.text
    number: int = answer.json()["id"]
    settle(make, number, *found)
    return number


def settle(make: sessionmaker[Session], number: int, *found: Finding) -> None:
    """What a worker does."""
    with make.begin() as session:
        assert checks.begin(session, number) is not None
        checks.plan(session, number, 2)
        checks.keep(session, number, 0, "adding/add", found)
        checks.keep(session, number, 1, checks.WHOLE, ())
        assert checks.finish(session, number)


def publish(client: Client, who: str, draft: dict[str, Any], **sent: Any) -> httpx.Response:
    path = f"api/v1/courses/{draft['course']['key']}/versions"
    body = {"source": draft, "message": "Better", **sent}
    return client.ask("POST", who, path, json=body)
