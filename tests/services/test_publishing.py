"""Publishing from the author's panel: what was checked, by whom, over which version."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
import samples
from drafting import BLOCKS, NOTE, an_author, checked, publish, source
from school import Client
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses
from coursewright.records.tables import Event

numbers = count(1)
Make = sessionmaker[Session]


@pytest.fixture
def draft() -> dict[str, Any]:
    """Of a course that is not there yet."""
    return source(samples.course(f"new-{next(numbers)}"))


def events(make: Make, key: str) -> dict[str, Any]:
    """Names and details of what was written down about a course."""
    with make() as session:
        rows = session.scalars(select(Event).where(Event.object == key).order_by(Event.id))
        return {row.name: row.detail for row in rows}


def test_a_new_course_is_published_and_its_author_teaches_it(
    client: Client, make: Make, draft: dict[str, Any]
) -> None:
    mary, key = an_author(client), draft["course"]["key"]
    number = checked(client, make, mary, draft, NOTE)
    answer = publish(client, mary, draft, check=number)
    assert (answer.status_code, answer.json()) == (201, {"version": 1, "created": True})
    with make() as session:
        assert courses.role_of(session, mary, key) == "instructor"
    versions = client.get(mary, f"api/v1/courses/{key}/versions").json()["versions"]
    assert [(one["number"], one["message"], one["published_by"]) for one in versions] == [
        (1, "Better", "mary")
    ]
    # An answer that was lost: the same again makes nothing new.
    again = publish(client, mary, draft, check=number)
    assert (again.status_code, again.json()) == (200, {"version": 1, "created": False})
    assert "audit.course.published" in events(make, key)


def test_what_blocks_is_published_only_with_a_reason_that_is_written_down(
    client: Client, make: Make, draft: dict[str, Any]
) -> None:
    mary, key = an_author(client), draft["course"]["key"]
    number = checked(client, make, mary, draft, BLOCKS, NOTE)
    for despite in (None, "", "  "):
        answer = publish(client, mary, draft, check=number, despite=despite)
        assert answer.status_code == 409
        assert "one thing that blocks" in answer.json()["detail"]
    answer = publish(client, mary, draft, check=number, despite="The starter is an example")
    assert answer.status_code == 201
    told = events(make, key)["audit.course.published_despite"]
    assert told["despite"] == "The starter is an example"
    assert (told["check"], told["version"], told["blocking"]) == (number, 1, 1)


def test_only_the_very_document_that_was_checked_is_published(
    client: Client, make: Make, draft: dict[str, Any]
) -> None:
    mary = an_author(client)
    number = checked(client, make, mary, draft)
    other = source(samples.course(draft["course"]["key"]), title="Changed")
    answer = publish(client, mary, other, check=number)
    assert answer.status_code == 409
    assert "changed since they were checked" in answer.json()["detail"]


@pytest.mark.parametrize("state", ["waiting", "failed", "none", "another course's"])
def test_without_a_check_that_ended_nothing_is_published(
    client: Client, make: Make, draft: dict[str, Any], state: str
) -> None:
    mary, key = an_author(client), draft["course"]["key"]
    path = f"api/v1/courses/{key}/checks"
    number = client.ask("POST", mary, path, json=draft).json()["id"]
    if state == "failed":
        from coursewright.records import checks

        with make.begin() as session:
            checks.record_failure(session, number, "No sandbox")
    if state == "another course's":
        number = checked(client, make, mary, source(samples.course(f"{key}-b")))
    number = 10**9 if state == "none" else number
    answer = publish(client, mary, draft, check=number)
    assert answer.status_code == (404 if state == "none" else 409), answer.text
    with make() as session:
        assert not courses.exists(session, key)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"message": ""}, "Say in a message what has changed"),
        ({"message": "x" * 3000}, "at most 2000"),
        ({"message": "a\0b"}, "characters that no text can have"),
        ({"message": None}, "does not fit"),
        ({"check": None}, "does not fit"),
        ({"despite": 3}, "does not fit"),
    ],
)
def test_what_is_lacking_is_said(
    client: Client, make: Make, draft: dict[str, Any], sent: dict[str, Any], words: str
) -> None:
    mary = an_author(client)
    number = checked(client, make, mary, draft)
    answer = publish(client, mary, draft, **{"check": number, **sent})
    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_a_version_that_one_has_not_seen_is_not_published_over(
    client: Client, make: Make, draft: dict[str, Any]
) -> None:
    mary, key = an_author(client), draft["course"]["key"]
    publish(client, mary, draft, check=checked(client, make, mary, draft))
    changed = {**draft, "course": {**draft["course"], "summary": "Clearer"}}
    number = checked(client, make, mary, changed)
    assert publish(client, mary, changed, check=number, base=1).status_code == 201
    third = {**draft, "course": {**draft["course"], "summary": "Shorter"}}
    number = checked(client, make, mary, third)
    refused = publish(client, mary, third, check=number, base=1)
    assert refused.status_code == 409
    assert "Version 2 was published meanwhile by mary: Better" in refused.json()["detail"]
    assert publish(client, mary, third, check=number, base=2).json()["version"] == 3
    # Sent again after its answer was lost.
    assert publish(client, mary, third, check=number, base=2).json()["created"] is False
    assert client.get(mary, f"api/v1/courses/{key}/source?version=2").json() == {
        "version": 2,
        **changed,
    }


@pytest.mark.parametrize(
    ("who", "status"), [("kay", 403), ("grace", 403), ("olga", 403), ("ada", 201), ("pod", 403)]
)
def test_new_courses_are_written_by_instructors_and_authors(
    client: Client, make: Make, draft: dict[str, Any], who: str, status: int
) -> None:
    path = f"api/v1/courses/{draft['course']['key']}/checks"
    assert client.ask("POST", who, path, json=draft).status_code == status


@pytest.mark.parametrize(("who", "status"), [("mary", 404), ("alan", 404), ("olga", 403)])
def test_a_course_that_is_there_is_its_instructors(client: Client, who: str, status: int) -> None:
    an_author(client)
    answer = client.ask("POST", who, "api/v1/courses/sums/checks", json=source())
    assert answer.status_code == status
    assert publish(client, who, source(), check=1).status_code == status
