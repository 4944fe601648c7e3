"""Whoever opens others' work is written down, and an assistant of a section opens that only."""

from __future__ import annotations

from typing import Any

import pytest
import samples
from school import Client, graded, publish
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses, sections
from coursewright.records.tables import Event, Person

API = "api/v1/courses/watched"
PAGE = "courses/watched"


@pytest.fixture(scope="module")
def numbers(make: sessionmaker[Session], client: Client) -> dict[str, int]:
    """A graded submission each of ann, whom olga looks after, and of ben."""
    with make.begin() as session:
        publish(session, samples.course("watched", title="Watched"))
        courses.enrol(session, "ada", "watched", "instructor")
        for name in ("olga", "otto"):
            courses.enrol(session, name, "watched", "assistant")
        for name in ("ann", "ben"):
            courses.enrol(session, name, "watched")
        sections.put(session, "ada", "watched", "Monday", assistants=["olga"])
        sections.move(session, "ada", "watched", ["ann"], "Monday")
    found = {}
    for name in ("ann", "ben"):
        path = f"{API}/lessons/adding/submissions"
        headers = {"Idempotency-Key": f"watched-{name}"}
        answer = client.ask("POST", name, path, content=samples.content(), headers=headers)
        found[name] = int(answer.json()["id"])
        graded(make, found[name])
    return found


LESSON = "watched/adding"
# Every route that shows somebody's work to others: what it leaves in the audit log.
ONE = {
    "api/v1/submissions/{number}": "scores",
    "api/v1/submissions/{number}/feedback": "feedback",
    "api/v1/submissions/{number}/feedback.ipynb": "feedback",
    "api/v1/submissions/{number}/notebook": "notebook",
    "submissions/{number}/feedback": "feedback",
    "submissions/{number}/feedback.ipynb": "feedback",
    f"{API}/submissions/{{number}}/marks": "marks",
    f"{API}/submissions/{{number}}/paper": "answers",
    f"{API}/submissions/{{number}}/notebook": "notebook",
    f"{PAGE}/submissions/{{number}}/marks": "answers",
}
CLASS = {
    f"{API}/gradebook": "gradebook",
    f"{PAGE}/gradebook": "gradebook",
    f"{PAGE}/gradebook.csv": "gradebook as CSV",
    f"{PAGE}/gradebook.csv?format=nbgrader": "gradebook as CSV",
    f"{API}/class": "class",
    f"{API}/ungraded": "ungraded",
}


def look(make: sessionmaker[Session], request: str) -> list[tuple[str, str, dict[str, Any]]]:
    with make() as session:
        rows = session.execute(
            select(Person.name, Event.object, Event.detail)
            .join(Event, Event.person_id == Person.id)
            .where(Event.name == "audit.viewed", Event.request_id == request)
        )
        return [(who, what, detail) for who, what, detail in rows]


@pytest.mark.parametrize("path", ONE)
def test_opening_one_work_is_written_down(
    client: Client, make: sessionmaker[Session], numbers: dict[str, int], path: str
) -> None:
    request = f"one-{list(ONE).index(path):05}"
    full = path.format(number=numbers["ann"])
    answer = client.get("otto", full, headers={"X-Request-Id": request})
    assert answer.status_code == 200
    about = {"submission": numbers["ann"], "of": "ann", "what": ONE[path]}
    assert look(make, request) == [("otto", LESSON, about)]


@pytest.mark.parametrize("path", CLASS)
def test_opening_a_class_is_written_down(
    client: Client, make: sessionmaker[Session], numbers: dict[str, int], path: str
) -> None:
    request = f"class-{list(CLASS).index(path):05}"
    answer = client.get("root", path, headers={"X-Request-Id": request})
    assert answer.status_code == 200
    assert look(make, request) == [("root", "watched", {"what": CLASS[path]})]


def test_a_regrade_with_its_differences_is_written_down(
    client: Client, make: sessionmaker[Session], numbers: dict[str, int]
) -> None:
    number = client.ask("POST", "ada", f"{API}/regrades").json()["id"]
    for start, path in enumerate((f"{API}/regrades/{number}", f"{PAGE}/regrades/{number}")):
        request = f"regrade-{start}"
        assert client.get("ada", path, headers={"X-Request-Id": request}).status_code == 200
        assert look(make, request) == [("ada", "watched", {"what": "regrade"})]


@pytest.mark.parametrize("path", ONE)
def test_one_s_own_work_and_what_is_refused_is_no_look(
    client: Client, make: sessionmaker[Session], numbers: dict[str, int], path: str
) -> None:
    full = path.format(number=numbers["ben"])
    with make() as session:
        before = session.scalar(select(func.count()).where(Event.name == "audit.viewed"))
    # An assistant of another section, an instructor of another course, somebody from nowhere.
    for who in ("olga", "alan", "kay"):
        assert client.get(who, full).status_code == 404, who
    assert client.get("ben", full).status_code in (200, 403)
    with make() as session:
        after = session.scalar(select(func.count()).where(Event.name == "audit.viewed"))
    assert after == before


def test_an_assistant_of_a_section_sees_its_students_only(
    client: Client, numbers: dict[str, int]
) -> None:
    for path in ONE:
        assert client.get("olga", path.format(number=numbers["ann"])).status_code == 200
    rows = client.get("olga", f"{API}/gradebook").json()["rows"]
    assert {row["person"] for row in rows} == {"ann"}
    for path in (f"{PAGE}/gradebook", *list(CLASS)[2:4]):
        told = client.get("olga", path).text
        assert ("ann" in told, "ben" in told) == (True, False), path
    seen = client.get("olga", f"{API}/class").json()
    assert ([one["person"] for one in seen["students"]], seen["totals"]["waiting"]) == (["ann"], 1)
    waiting = client.get("olga", f"{API}/ungraded").json()["waiting"]
    assert [one["person"] for one in waiting] == ["ann"]
    everybody = client.get("otto", f"{API}/ungraded").json()["waiting"]
    assert {one["person"] for one in everybody} == {"ann", "ben"}


# Of the students of a section: theirs alone, or nothing. Of one student: theirs, or not found.
NARROWED = ("class", "class.csv", "matrix", "matrix.csv", "gradebook.csv?format=weighted")
WHOLE = ("messages", "requests", "requests.csv", "api/grades", "api/requests")
OF_ONE = ("grades/{person}", "api/grades/{person}")


def test_what_shows_a_class_shows_a_section_or_is_refused(
    client: Client, numbers: dict[str, int]
) -> None:
    for path in NARROWED:
        told = client.get("olga", f"{PAGE}/{path}")
        assert (told.status_code, "ann" in told.text, "ben" in told.text) == (200, True, False)
    for path in WHOLE:
        place = path.replace("api/", f"{API}/") if path.startswith("api/") else f"{PAGE}/{path}"
        assert client.get("olga", place).status_code == 403, path
        assert client.get("otto", place).status_code == 200, path
    for path in OF_ONE:
        place = path.replace("api/", f"{API}/") if path.startswith("api/") else f"{PAGE}/{path}"
        answers = [client.get("olga", place.format(person=who)) for who in ("ann", "ben")]
        assert [answer.status_code for answer in answers] == [200, 404], path


def test_an_assistant_of_a_section_marks_its_students_only(
    client: Client, numbers: dict[str, int]
) -> None:
    sent = {"items": [], "adjustment": 1, "extra_credit": 0, "keeps": False, "comment": ""}
    for name, status in (("ben", 404), ("ann", 200)):
        path = f"{API}/submissions/{numbers[name]}/marks/draw"
        answer = client.ask("PUT", "olga", path, json=sent, headers={"If-Match": "0"})
        assert answer.status_code == status, answer.text
        form = {"cell": "why", "mark": "yes", "version": "0", "adjustment": "1"}
        page = f"{PAGE}/submissions/{numbers[name]}/marks"
        assert client.ask("POST", "olga", page, data=form).status_code == (
            303 if status == 200 else 404
        )


def test_instructors_are_told_who_looked_page_by_page(
    client: Client, numbers: dict[str, int]
) -> None:
    for _ in range(3):
        client.get("otto", f"submissions/{numbers['ben']}/feedback")
    client.get("ada", f"{PAGE}/gradebook")
    path = f"{API}/members/ben/looks"
    first = client.get("ada", f"{path}?limit=2").json()
    assert [(one["by"], one["what"], one["lesson"]) for one in first["looks"]] == [
        ("ada", "gradebook", None),
        ("otto", "feedback", "adding"),
    ]
    then = client.get("ada", f"{path}?limit=2&before={first['next']}").json()
    assert [one["by"] for one in then["looks"]] == ["otto", "otto"]
    assert client.get("ada", f"{path}?limit=none").status_code == 400
    assert client.get("ada", f"{API}/members/kay/looks").status_code == 404
    page = client.get("ada", f"{PAGE}/members/ben").text
    assert "feedback of adding" in page
    assert "Who looked" not in client.get("otto", f"{PAGE}/members/ben").text
    sheet = client.get("ada", f"{PAGE}/members/ben/looks.csv").text
    assert ",otto,feedback,adding," in sheet
