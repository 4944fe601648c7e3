"""Regrades over HTTP and on their pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
import samples
from school import Client, graded, publish
from sqlalchemy.orm import Session, sessionmaker

from coursewright.grader import regrade
from coursewright.records import courses, submissions

API = "api/v1/courses/again/regrades"
PAGE = "courses/again/regrades"


@pytest.fixture(scope="module")
def again(make: sessionmaker[Session]) -> sessionmaker[Session]:
    """A course where lea's work has 2 points that its tests would not give."""
    changed = samples.cells()
    changed[3]["source"] = "x = 1"
    with make.begin() as session:
        publish(session, samples.course("again"))
        courses.enrol(session, "ada", "again", "instructor")
        courses.enrol(session, "lea", "again")
        receipt = submissions.receive(
            session, "lea", "again", "adding", samples.content(cells=changed), "a long key"
        )
    graded(make, receipt.id)
    return make


def ask(client: Client, again: sessionmaker[Session], **about: str) -> int:
    """A regrade that the workers are through with."""
    answer = client.ask("POST", "ada", API, json=about)
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    regrade.handle_all(number, again)
    return number


def test_a_regrade_is_asked_for_compared_and_discarded(
    client: Client, again: sessionmaker[Session]
) -> None:
    number = ask(client, again, lesson="adding")
    found: Any = client.get("ada", f"{API}/{number}").json()
    assert (found["state"], found["total"], found["done"]) == ("ready", 1, 1)
    (changed,) = found["differences"]
    assert (changed["person"], changed["points_before"], changed["points_after"]) == ("lea", 2, 0)
    assert client.get("ada", API).json()["regrades"][0]["requested_by"] == "ada"
    assert client.ask("POST", "ada", f"{API}/{number}/discard").json()["state"] == "discarded"
    assert client.ask("POST", "ada", f"{API}/{number}/apply").status_code == 409


def test_the_page_shows_the_difference_and_applies_it(
    client: Client, again: sessionmaker[Session]
) -> None:
    began = client.ask("POST", "ada", PAGE, data={"lesson": "", "person": "lea", "cell": ""})
    assert began.status_code == 303
    number = int(began.headers["Location"].rsplit("/", 1)[1])
    assert "0 of 1 submission" in client.get("ada", f"{PAGE}/{number}").text
    early = client.ask("POST", "ada", f"{PAGE}/{number}", data={"apply": "yes"})
    assert early.status_code == 409
    assert "have still to be graded" in early.text
    regrade.handle_all(number, again)
    text = re.sub(r"<[^>]+>|\s+", " ", client.get("ada", f"{PAGE}/{number}").text)
    assert re.search(r"2\s+of 6\s+0\s+of 6\s+add-1: passed → failed", text)
    done = client.ask("POST", "ada", f"{PAGE}/{number}", data={"apply": "yes"})
    assert done.status_code == 303
    assert "has been applied" in client.get("ada", f"{PAGE}/{number}").text
    lesson = client.get("lea", "api/v1/courses/again").json()["modules"][0]["lessons"][0]
    assert lesson["score"] == 0


BAD = [
    ({"lesson": "none"}, 404),
    ({"person": "nobody"}, 404),
    ({"cell": "add-1"}, 400),
    ({"course": "sums"}, 400),
]


@pytest.mark.parametrize(("about", "status"), BAD)
def test_what_is_not_there_cannot_be_graded_again(
    client: Client, again: sessionmaker[Session], about: dict[str, str], status: int
) -> None:
    assert client.ask("POST", "ada", API, json=about).status_code == status
    if "course" not in about:
        page = client.ask("POST", "ada", PAGE, data=about)
        assert page.status_code == status
        assert "Nothing was begun" in page.text


def test_a_regrade_of_another_course_is_not_there(
    client: Client, again: sessionmaker[Session]
) -> None:
    number = ask(client, again)
    assert client.get("ada", f"api/v1/courses/sums/regrades/{number}").status_code == 404
