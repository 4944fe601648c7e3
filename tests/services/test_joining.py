"""Joining by a code over HTTP, the page's form, and where one stands."""

from __future__ import annotations

import re

import pytest
import samples
from school import Client, graded, publish
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses

COURSE = "api/v1/courses/coded"


@pytest.fixture(scope="module", autouse=True)
def _coded(make: sessionmaker[Session], client: Client) -> None:
    with make.begin() as session:
        publish(session, samples.course("coded", title="With a code"))
        courses.enrol(session, "ada", "coded", "instructor")


def test_a_course_for_those_with_a_code(client: Client) -> None:
    told = client.ask("PUT", "ada", f"{COURSE}/joining", json={"open": False}).json()
    assert told == {"open": False, "codes": []}
    refused = client.ask("PUT", "kay", f"{COURSE}/enrolment", json={})
    assert (refused.status_code, "with a code" in refused.json()["detail"]) == (403, True)
    wanted = {"most_uses": 2, "expires_at": "2100-01-01T00:00:00+01:00"}
    made = client.ask("POST", "ada", f"{COURSE}/codes", json=wanted).json()
    assert (made["left"], made["valid"]) == (2, True)
    joined = client.ask("POST", "kay", "api/v1/enrolments", json={"code": made["code"].lower()})
    told = {"course": "coded", "role": "student", "place": None, "waiting": 0}
    assert joined.json() == told
    assert client.get("kay", COURSE).status_code == 200
    assert client.ask("DELETE", "ada", f"{COURSE}/codes/{made['code']}").json() == {}
    again = client.ask("POST", "lin", "api/v1/enrolments", json={"code": made["code"]})
    assert again.status_code == 404


def test_wrong_codes_are_counted_though_they_are_refused(client: Client) -> None:
    tries = [
        client.ask("POST", "eve", "api/v1/enrolments", json={"code": "22222222"}) for _ in range(11)
    ]
    assert [answer.status_code for answer in tries] == [404] * 10 + [429]
    assert 0 < int(tries[-1].headers["Retry-After"]) <= 900


@pytest.mark.parametrize(
    "wanted",
    [
        {"expires_at": "2100-01-01"},
        {"expires_at": "2001-01-01T00:00:00Z"},
        {"expires_at": "soon"},
        {"most_uses": 0},
        {"more": 1},
    ],
)
def test_a_code_that_could_not_be_used_is_refused(client: Client, wanted: object) -> None:
    assert client.ask("POST", "ada", f"{COURSE}/codes", json=wanted).status_code == 400


def test_the_page_makes_codes_and_ends_them(client: Client) -> None:
    page, form = "courses/coded/people/joining", "courses/coded/codes"
    client.ask("POST", "ada", form, data={"make": "yes", "days": "7", "most_uses": "30"})
    shown = client.get("ada", page).text
    (code,) = re.findall(r'name="withdraw" value="(\w{8})"', shown)
    assert f"{code[:4]}-{code[4:]}" in shown
    client.ask("POST", "ada", form, data={"withdraw": code})
    assert code not in client.get("ada", page).text
    assert client.ask("POST", "ada", form, data={}).status_code == 400
    assert client.ask("POST", "ada", form, data={"make": "y", "days": "x"}).status_code == 400


def test_unread_feedback_stands_in_the_outline_until_it_is_read(
    client: Client, make: sessionmaker[Session]
) -> None:
    with make.begin() as session:
        courses.enrol(session, "bo", "sums")
    number = client.submit("bo", key="bo-hands-in").json()["id"]
    graded(make, number)

    def unread() -> list[int | None]:
        modules = client.get("bo", "api/v1/courses/sums").json()["modules"]
        return [lesson["unread"] for module in modules for lesson in module["lessons"]]

    standing = client.get("bo", "api/v1/standing?zone=Europe/Berlin").json()
    assert standing["streak"] == {"days": 1, "today": True}
    assert [one["submission"] for one in standing["unread"]] == [number]
    assert number in unread()
    assert client.ask("PUT", "bo", f"api/v1/submissions/{number}/read").json() == {
        "submission": number
    }
    assert number not in unread()
    assert client.get("bo", "api/v1/standing?zone=Nowhere").status_code == 400


def test_what_is_due_next_comes_first(client: Client, make: sessionmaker[Session]) -> None:
    with make.begin() as session:
        courses.enrol(session, "cy", "coded")
    path = f"{COURSE}/lessons/adding/deadline"
    sent = {"due": "2100-01-01T12:00:00", "zone": "Europe/Berlin"}
    assert client.ask("PUT", "ada", path, json=sent).status_code == 200
    (due,) = client.get("cy", "api/v1/standing").json()["due"]
    assert (due["course"], due["lesson"], due["zone"]) == ("coded", "adding", "Europe/Berlin")
