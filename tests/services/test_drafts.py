"""A course made, imported, reviewed and gone back over HTTP."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
import samples
from drafting import BLOCKS, an_author, settle
from school import Client
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import archives, courses, drafts, members
from coursewright.records.authoring import Rights
from coursewright.records.course import Course
from coursewright.records.tables import Event

# The page of a draft has one, which tells of the end of a check.
OURS = '<script type="module" src="/services/coursewright/static/draft.js'
Make = sessionmaker[Session]
numbers = count(1)
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def zipped(course: Course, facts: dict[str, Any] | None = None) -> bytes:
    place = io.BytesIO()
    archives.pack(course, facts, place)
    return place.getvalue()


def put(client: Client, who: str, course: Course, **more: Any) -> Any:
    return client.ask(
        "PUT", who, f"api/v1/courses/{course.key}/draft", content=zipped(course), **more
    )


@pytest.fixture
def mary(client: Client) -> str:
    return an_author(client)


@pytest.fixture
def key(client: Client, make: Make, mary: str) -> str:
    """A new course of mary's, with nora as another instructor."""
    key = f"drafted-{next(numbers)}"
    sent = {"key": key, "title": "Drafted", "level": "advanced", "category": "Mathematics"}
    assert client.ask("POST", mary, "api/v1/courses", json=sent).json() == {"course": key}
    with make.begin() as session:
        members.set_role(session, mary, "nora", key, "instructor")
    return key


def audited(make: Make, key: str) -> list[tuple[str, str | None]]:
    with make() as session:
        query = select(Event).where(Event.object == key, Event.name.startswith("audit.course"))
        rows = session.scalars(query.order_by(Event.id))
        return [(row.name.removeprefix("audit.course."), row.request_id) for row in rows]


def test_a_course_goes_from_an_empty_draft_to_its_first_version(
    client: Client, make: Make, mary: str, key: str
) -> None:
    course = f"api/v1/courses/{key}"
    found = client.get(mary, f"{course}/draft").json()
    assert (found["state"], found["draft"]["lessons"], found["review"]) == ("draft", 1, None)
    assert client.get(mary, f"{course}/facts").json()["category"] == "Mathematics"
    assert put(client, mary, samples.course(key, title="Filled")).json() == {
        "course": key, "lessons": 1, "left_out": [],
    }  # fmt: skip
    sent = client.ask("POST", mary, f"{course}/reviews", json={"message": "Look"})
    assert sent.status_code == 201
    review = sent.json()
    assert client.get(mary, f"{course}/draft").json()["state"] == "in_review"
    settle(make, review["check"], BLOCKS)
    address = f"{course}/reviews/{review['id']}"
    approve = {"act": "approve", "message": "Good"}
    assert client.ask("PUT", mary, address, json=approve).status_code == 403
    assert client.ask("PUT", "nora", address, json=approve).status_code == 409
    despite = {**approve, "despite": "An example"}
    headers = {"X-Request-Id": "the-request-of-nora"}
    done = client.ask("PUT", "nora", address, json=despite, headers=headers).json()
    assert (done["state"], done["version"], done["reviewer"]) == ("approved", 1, "nora")
    assert client.ask("PUT", "nora", address, json=despite).status_code == 409
    assert client.get(mary, f"{course}/draft").json() == {
        "state": "published", "draft": None, "review": None,
    }  # fmt: skip
    (kept,) = client.get(mary, f"{course}/reviews").json()["reviews"]
    assert (kept["asked_by"], kept["answer"]) == (mary, "Good")
    names = [name for name, _ in audited(make, key)]
    assert names == [
        "created", "facts", "draft", "in_review", "published", "published_despite", "approved",
    ]  # fmt: skip
    assert audited(make, key)[-1][1] == "the-request-of-nora"


def test_a_draft_is_nobodys_but_its_instructors(client: Client, mary: str, key: str) -> None:
    assert key not in client.get("kay", "").text
    assert client.ask("PUT", "kay", f"api/v1/courses/{key}/enrolment", json={}).status_code == 404
    for who, status in (("kay", 404), ("alan", 404), ("nora", 200), ("root", 200)):
        assert client.get(who, f"courses/{key}/draft").status_code == status
    assert client.get("kay", f"api/v1/courses/{key}/facts").status_code == 404
    refused = client.get("nora", f"courses/{key}/gradebook")
    assert refused.status_code == 404
    assert "Nothing of this course has been published yet" in refused.text
    assert f"courses/{key}/draft" in client.get("nora", "").text


def test_a_zip_makes_a_new_course_with_what_is_said_of_it(client: Client, mary: str) -> None:
    said = {
        "category": "Music", "level": None, "objectives": ["Hear"], "hours": 3, "price": "",
        "currency": "", "visibility": "hidden", "term": "", "starts": "2026-10-01", "ends": None,
    }  # fmt: skip
    content = zipped(samples.course("from-a-zip"), said)
    path = "api/v1/courses/from-a-zip/draft"
    assert client.ask("PUT", "kay", path, content=content).status_code == 403
    assert client.ask("PUT", mary, path, content=content).status_code == 201
    assert client.ask("PUT", mary, path, content=content).status_code == 200
    assert client.ask("PUT", "alan", path, content=content).status_code == 404
    told = client.get(mary, "api/v1/courses/from-a-zip/facts")
    assert told.json() == {**said, "hours": 3.0}


def test_what_cannot_be_taken_in_is_refused_with_the_files_name(
    client: Client, mary: str, key: str
) -> None:
    path = f"api/v1/courses/{key}/draft"

    def refused(content: bytes, status: int, words: str) -> None:
        answer = client.ask("PUT", mary, path, content=content)
        assert answer.status_code == status
        assert words in answer.json()["detail"]

    refused(b"nothing", 400, "no zip that can be read")
    refused(zipped(samples.course("another")), 400, "This is the course 'another'")
    refused(b"x" * (11 * 2**20), 413, "larger than the limit")
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w") as archive:
        about = {"key": key, "title": "T", "modules": [], "more": 1}
        archive.writestr("course.json", json.dumps(about))
    refused(place.getvalue(), 400, "course.json: The body does not fit")
    place = io.BytesIO(zipped(samples.course(key)))
    with zipfile.ZipFile(place, "a") as archive:
        archive.writestr("stray.ipynb", '{"cells": 3}')
    refused(place.getvalue(), 400, "stray.ipynb: The body does not fit")
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("course.json", b" " * 30_000_000)
    refused(place.getvalue(), 413, "course.json unpacks to more than is taken")


def test_an_export_comes_back_whole_and_is_audited(client: Client, make: Make) -> None:
    with make.begin() as session:
        courses.publish(session, samples.course("exported"), "First", "ada")
        courses.publish(session, samples.course("exported", title="Second"), "Second", "ada")
        courses.enrol(session, "ada", "exported", "instructor")
        drafts.save(session, Rights("ada"), samples.course("exported", title="Third"))
    titles = {
        "api/v1/courses/exported/export": "Second",
        "api/v1/courses/exported/export?version=1": "Sums",
        "courses/exported/export.zip": "Second",
        "courses/exported/export.zip?draft=yes": "Third",
    }
    for path, title in titles.items():
        answer = client.get("ada", path)
        assert answer.headers["Content-Type"] == "application/zip"
        assert int(answer.headers["Content-Length"]) == len(answer.content)
        found = archives.unpack(answer.content)
        assert found.course() == samples.course("exported", title=title)
        assert found.facts is not None
    assert 'filename="exported-draft.zip"' in answer.headers["Content-Disposition"]
    assert client.get("ada", "api/v1/courses/exported/export?version=9").status_code == 404
    assert [name for name, _ in audited(make, "exported")].count("exported") == 4


def test_a_large_course_is_sent_in_pieces(client: Client, make: Make) -> None:
    letters = random.Random(1).randbytes(4 * 2**20).hex()
    lesson = samples.lesson()
    large = replace(lesson.cells[0], source=letters)
    course = samples.course("large", replace(lesson, cells=(large, *lesson.cells[1:])))
    with make.begin() as session:
        courses.publish(session, course, "First", "ada")
        courses.enrol(session, "ada", "large", "instructor")
    answer = client.get("ada", "api/v1/courses/large/export")
    assert len(answer.content) > 4 * 2**20
    assert archives.unpack(answer.content).course() == course


@pytest.fixture
def versions(make: Make) -> str:
    key = f"versions-{next(numbers)}"
    with make.begin() as session:
        courses.publish(session, samples.course(key), "=SUM(1)", "ada")
        second = samples.course(key, samples.lesson(), samples.lesson("more"))
        courses.publish(session, second, EVIL, "ada")
        courses.enrol(session, "ada", key, "instructor")
        courses.enrol(session, "grace", key)
    return key


def test_versions_are_compared_and_gone_back_to(client: Client, versions: str) -> None:
    course = f"api/v1/courses/{versions}"
    found = client.get("ada", f"{course}/differences?from=1&to=2").json()
    assert [(one["key"], one["kind"]) for one in found["lessons"]] == [("more", "added")]
    assert client.get("ada", f"{course}/differences?from=1").status_code == 400
    assert client.get("ada", f"{course}/differences?from=1&to=7").status_code == 404
    sent = {"version": 1, "message": "Too early", "base": 2}
    done = client.ask("POST", "ada", f"{course}/rollback", json=sent)
    assert (done.status_code, done.json()) == (201, {"version": 3, "created": True})
    again = client.ask("POST", "ada", f"{course}/rollback", json=sent)
    assert again.status_code == 409
    assert "Version 3 was published meanwhile" in again.json()["detail"]
    outline = client.get("grace", course).json()
    lessons = [lesson["key"] for module in outline["modules"] for lesson in module["lessons"]]
    assert (outline["version"], lessons) == (3, ["adding"])


def test_of_many_who_go_back_at_once_one_does(client: Client, versions: str) -> None:
    sent = {"version": 1, "message": "Too early", "base": 2}

    def go_back(_: int) -> int:
        path = f"api/v1/courses/{versions}/rollback"
        return client.ask("POST", "ada", path, json=sent).status_code

    client.token("ada")
    with ThreadPoolExecutor(8) as people:
        assert sorted(people.map(go_back, range(8))) == [201] + [409] * 7


def test_of_many_who_settle_a_review_at_once_one_does(
    client: Client, make: Make, mary: str, key: str
) -> None:
    path = f"api/v1/courses/{key}/reviews"
    review = client.ask("POST", mary, path, json={"message": "Look"}).json()
    settle(make, review["check"])

    def approve(_: int) -> int:
        sent = {"act": "approve"}
        return client.ask("PUT", "nora", f"{path}/{review['id']}", json=sent).status_code

    client.token("nora")
    with ThreadPoolExecutor(8) as people:
        assert sorted(people.map(approve, range(8))) == [200] + [409] * 7
    assert len(client.get(mary, f"api/v1/courses/{key}/versions").json()["versions"]) == 1


def test_the_versions_as_a_sheet_have_no_formulas(client: Client, versions: str) -> None:
    sheet = client.get("ada", f"courses/{versions}/versions.csv").text.removeprefix("\N{BOM}")
    rows = list(csv.DictReader(io.StringIO(sheet)))
    assert [(row["version"], row["changed_lessons"]) for row in rows] == [
        ("2", "Adding"), ("1", "Adding"),
    ]  # fmt: skip
    assert rows[1]["message"] == "'=SUM(1)"


def test_what_people_write_is_text_and_nothing_else(
    client: Client, make: Make, mary: str, key: str, versions: str
) -> None:
    evil = replace(samples.lesson(), title=EVIL)
    cells = tuple(replace(cell, source=EVIL) for cell in evil.cells[:1])
    put(client, mary, samples.course(key, replace(evil, cells=cells), title=EVIL))
    client.ask("POST", mary, f"api/v1/courses/{key}/reviews", json={"message": EVIL})
    with make.begin() as session:
        changed = samples.course(versions, replace(evil, cells=(*cells, *evil.cells[1:])))
        drafts.save(session, Rights("ada"), changed)
    pages = [
        ("nora", f"courses/{key}/draft"),
        ("nora", f"courses/{key}/settings"),
        ("nora", ""),
        ("ada", f"courses/{versions}/versions?from=1&to=2"),
        ("ada", f"courses/{versions}/draft"),
    ]
    for who, path in pages:
        page = client.get(who, path).text
        assert "&lt;script&gt;alert(1)" in page, path
        assert "<script" not in page.replace(OURS, "")
        assert "<img src=x" not in page


@pytest.mark.parametrize(
    "form", [{}, {"send": "y", "discard": "y"}, {"approve": "y", "review": "x"}]
)
def test_a_form_that_says_nothing_clear_changes_nothing(
    client: Client, key: str, form: dict[str, str]
) -> None:
    answer = client.ask("POST", "nora", f"courses/{key}/draft", data=form)
    assert answer.status_code == 400
    assert re.search("The form must say", answer.text)
