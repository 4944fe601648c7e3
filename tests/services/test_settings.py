"""The settings of a course, its archive, and its copy, over HTTP."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
import samples
from school import Client
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses
from coursewright.records.tables import Event

Make = sessionmaker[Session]
numbers = count(1)
SAID = {
    "category": "Mathematics",
    "level": "advanced",
    "objectives": ["Add", "Add more"],
    "hours": 12.5,
    "price": "120",
    "currency": "EUR",
    "visibility": "open",
    "term": "Autumn 2026",
    "starts": "2026-09-28",
    "ends": "2027-01-31",
}


@pytest.fixture
def key(make: Make) -> str:
    key = f"settings-{next(numbers)}"
    with make.begin() as session:
        courses.publish(session, samples.course(key), "First", "ada")
        courses.enrol(session, "ada", key, "instructor")
        courses.enrol(session, "grace", key)
    return key


def names(make: Make, key: str) -> list[str]:
    with make() as session:
        query = select(Event.name).where(Event.object == key, Event.name.startswith("audit."))
        return list(session.scalars(query.order_by(Event.id)))


def test_what_is_said_is_told_to_members_and_to_whoever_may_join(client: Client, key: str) -> None:
    path = f"api/v1/courses/{key}/facts"
    assert client.ask("PUT", "ada", path, json=SAID).json() == SAID
    for who in ("grace", "kay", "root"):
        assert client.get(who, path).json() == SAID
    cards = client.get("kay", "api/v1/courses").json()["courses"]
    assert [card["level"] for card in cards if card["key"] == key] == ["advanced"]
    hidden = {**SAID, "visibility": "hidden"}
    client.ask("PUT", "ada", path, json=hidden)
    assert [client.get(who, path).status_code for who in ("grace", "kay", "root")] == [
        200,
        404,
        200,
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"level": "hard"}, {"hours": "many"}, {"hours": 0},
        {"starts": "soon"}, {"ends": "2020-01-01"},
        {"visibility": "secret"}, {"objectives": "Add"}, {"more": 1}, {"category": "a\0b"},
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_refused(client: Client, key: str, change: dict[str, Any]) -> None:
    answer = client.ask("PUT", "ada", f"api/v1/courses/{key}/facts", json={**SAID, **change})
    assert answer.status_code == 400
    assert client.get("ada", f"api/v1/courses/{key}/facts").json()["category"] == ""


def test_an_archived_course_is_read_and_nothing_is_handed_in(
    client: Client, make: Make, key: str
) -> None:
    path = f"api/v1/courses/{key}/archived"
    sent = {"archived": True, "message": "Over"}
    assert client.ask("PUT", "root", path, json=sent).json() == {"state": "archived"}
    lesson = f"api/v1/courses/{key}/lessons/adding"
    headers = {"Idempotency-Key": f"a-key-for-{key}"}
    refused = client.ask(
        "POST", "grace", f"{lesson}/submissions", content=samples.content(), headers=headers
    )
    assert refused.status_code == 403
    assert "This course is over" in refused.json()["detail"]
    quiz = f"{lesson}/quizzes/colours/attempts"
    answers = {"answers": {"sky": 0}}
    tried = client.ask("POST", "grace", quiz, json=answers, headers=headers)
    assert tried.status_code == 403, tried.text
    assert client.get("grace", lesson).status_code == 200
    assert "in the archive" in client.get("grace", "").text
    assert client.ask("PUT", "kay", f"api/v1/courses/{key}/enrolment", json={}).status_code == 404
    assert client.ask("PUT", "root", path, json={"archived": False}).json()["state"] == "published"
    assert names(make, key)[-2:] == ["audit.course.archived", "audit.course.unarchived"]
    taken = client.ask(
        "POST", "grace", f"{lesson}/submissions", content=samples.content(), headers=headers
    )
    assert taken.status_code == 201


def test_a_copy_has_moved_dates_and_one_person(client: Client, make: Make, key: str) -> None:
    course, new = f"api/v1/courses/{key}", f"{key}-again"
    client.ask("PUT", "ada", f"{course}/facts", json=SAID)
    due = {"due": "2026-10-12T23:59:00", "zone": "Europe/Vienna", "penalty_per_day": 10}
    client.ask("PUT", "ada", f"{course}/lessons/adding/deadline", json=due)
    wanted = {"key": new, "title": "Again", "term": "Spring", "starts": "2027-03-01"}
    made = client.ask("POST", "ada", f"{course}/terms", json=wanted)
    assert (made.status_code, made.json()) == (201, {"course": new})
    (held,) = client.get("ada", f"api/v1/courses/{new}/deadlines").json()["deadlines"]
    assert (held["due"], held["penalty_per_day"]) == ("2027-03-15T22:59:00+00:00", 10)
    people = client.get("ada", f"api/v1/courses/{new}/members").json()["members"]
    assert [one["name"] for one in people] == ["ada"]
    told = client.get("ada", f"api/v1/courses/{new}/facts").json()
    assert told == {
        **SAID, "term": "Spring", "starts": "2027-03-01", "ends": None, "visibility": "hidden",
    }  # fmt: skip
    assert names(make, new)[-1] == "audit.course.copied"
    assert client.ask("POST", "ada", f"{course}/terms", json=wanted).status_code == 409
    assert new not in client.get("kay", "").text


SERVER = {"image": "", "cpu": 1.0, "memory_mb": 1024, "idle_minutes": 30}


def test_an_instructor_says_what_servers_a_course_wants(
    client: Client, key: str, make: Make
) -> None:
    path = f"api/v1/courses/{key}/server"
    assert client.ask("PUT", "ada", path, json=SERVER).json() == SERVER
    assert client.get("ada", path).json() == SERVER
    refused = client.ask("PUT", "ada", path, json={**SERVER, "image": "else.where/image"})
    assert refused.status_code == 400
    assert "not one that administrators allow" in refused.text
    assert client.get("grace", path).status_code == 403
    assert names(make, key)[-1] == "audit.course.server"


def test_the_page_shows_and_takes_what_servers_a_course_wants(client: Client, key: str) -> None:
    page = f"courses/{key}/settings"
    form = {"server": "yes", "image": "", "cpu": "0,75", "memory_mb": "768", "idle_minutes": ""}
    saved = client.ask("POST", "ada", page, data=form)
    assert saved.status_code == 303
    assert 'value="0.75"' in client.get("ada", page).text
    wrong = client.ask("POST", "ada", page, data={**form, "memory_mb": "lots"})
    assert wrong.status_code == 400
    assert 'value="lots"' in wrong.text
    assert "is not a number" in wrong.text
