"""Due dates on pages: set and moved by forms, refused with what was typed still there."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
import samples
from school import Client, publish
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses

COURSE = "courses/calendar"
PAGE = f"{COURSE}/lessons/adding/deadline"
POLICY = {
    "set": "yes",
    "due": "2099-11-20T23:59",
    "cut_off": "2099-11-27T23:59",
    "zone": "Europe/Vienna",
    "grace_minutes": "15",
    "penalty_per_day": "12.5",
    "penalty_cap": "50",
    "attempts": "3",
}


@pytest.fixture(scope="module")
def calendar(client: Client, make: sessionmaker[Session]) -> Client:
    with make.begin() as session:
        publish(session, samples.course("calendar", title="Days and dates"))
        courses.enrol(session, "ada", "calendar", "instructor")
        courses.enrol(session, "olga", "calendar", "assistant")
        courses.enrol(session, "lea", "calendar")
        courses.enrol(session, "max", "calendar")
    return client


@pytest.fixture
def dated(calendar: Client) -> Client:
    """The lesson with its dates, and no extension or group."""
    post(calendar, PAGE, **POLICY)
    for one in held(calendar)["extensions"]:
        whom = f"person:{one['person']}" if one["person"] else f"group:{one['group']}"
        post(calendar, PAGE, revoke="yes", whom=whom)
    for name in held(calendar)["groups"]:
        post(calendar, f"{COURSE}/deadlines", person=name, group="")
    return calendar


def post(client: Client, path: str, **form: str) -> None:
    answer = client.ask("POST", "ada", path, data=form)
    assert answer.status_code == 303, text(answer.text)


def held(client: Client) -> Any:
    return client.get("ada", "api/v1/courses/calendar/deadlines").json()


def text(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', page)
    assert found, name
    return html.unescape(found[1])


def test_what_a_form_sets_holds_and_stands_in_the_form_again(dated: Client) -> None:
    (kept,) = held(dated)["deadlines"]
    assert (kept["due"], kept["cut_off"]) == (
        "2099-11-20T22:59:00+00:00",
        "2099-11-27T22:59:00+00:00",
    )
    assert (kept["grace_minutes"], kept["penalty_per_day"], kept["penalty_cap"]) == (15, 12.5, 50)
    page = dated.get("ada", PAGE).text
    assert {name: field(page, name) for name in POLICY if name != "set"} == {
        name: value for name, value in POLICY.items() if name != "set"
    }
    overview = text(dated.get("ada", f"{COURSE}/deadlines").text)
    assert "20 November 2099, 23:59 (Europe/Vienna) 12.5 % a day, at most 50 %" in overview
    assert "nothing after 27 November 2099" in overview
    assert "20 November 2099, 23:59" in dated.get("lea", "").text


def test_nothing_holds_when_the_form_says_so(dated: Client) -> None:
    post(dated, PAGE, clear="yes")
    assert held(dated)["deadlines"] == []
    assert "no due date" in dated.get("ada", PAGE).text


def test_a_person_is_granted_more_time_and_it_is_taken_back(dated: Client) -> None:
    about = {"whom": "person:lea", "due": "2099-11-25T12:00", "reason": "ill <b>"}
    post(dated, PAGE, grant="yes", **about)
    (kept,) = held(dated)["extensions"]
    assert (kept["person"], kept["due"]) == ("lea", "2099-11-25T11:00:00+00:00")
    page = dated.get("ada", PAGE).text
    assert "lea due 25 November 2099, 12:00 (Europe/Vienna) · ill <b>" in text(page)
    assert "ill <b>" not in page
    post(dated, PAGE, revoke="yes", whom="person:lea")
    assert held(dated)["extensions"] == []


def test_a_group_is_made_and_granted_an_attempt(dated: Client) -> None:
    for name in ("lea", "max"):
        post(dated, f"{COURSE}/deadlines", person=name, group="evening class")
    assert "evening class : lea, max" in text(dated.get("ada", f"{COURSE}/deadlines").text)
    post(dated, PAGE, grant="yes", whom="group:evening class", extra_attempts="1")
    (kept,) = held(dated)["extensions"]
    assert (kept["group"], kept["extra_attempts"]) == ("evening class", 1)
    assert "1 further attempt" in text(dated.get("ada", PAGE).text)
    post(dated, f"{COURSE}/deadlines", person="max", group="")
    assert held(dated)["groups"] == {"lea": "evening class"}


BAD = [
    ({**POLICY, "due": "soon"}, "is not a time"),
    ({**POLICY, "zone": "Mars"}, "is not a time zone"),
    ({**POLICY, "penalty_per_day": "101"}, "between 0 and 100"),
    ({**POLICY, "penalty_per_day": "nan"}, "between 0 and 100"),
    ({**POLICY, "penalty_cap": "much"}, "is not a number"),
    ({**POLICY, "grace_minutes": "1.5"}, "is not a whole number"),
    ({**POLICY, "attempts": "0"}, "at least 1"),
    ({**POLICY, "due": ""}, "need a due date"),
    ({**POLICY, "cut_off": "2099-11-01T00:00"}, "before they are due"),
    ({**POLICY, "clear": "yes"}, "one thing to do"),
    ({"grant": "yes", "whom": "person:lea"}, "grants a later date or further attempts"),
    ({"grant": "yes", "whom": "", "extra_attempts": "1"}, "for whom"),
    ({"grant": "yes", "whom": "person:lea", "extra_attempts": "-1"}, "between 0 and"),
    ({"grant": "yes", "whom": "person:lea", "due": "2099-02-30T00:00"}, "is not a time"),
]


@pytest.mark.parametrize(("form", "words"), BAD)
def test_what_makes_no_sense_is_refused_and_stays_in_the_form(
    dated: Client, form: dict[str, str], words: str
) -> None:
    before = held(dated)
    answer = dated.ask("POST", "ada", PAGE, data=form)
    assert answer.status_code == 400
    assert "Nothing was changed." in answer.text
    assert words in text(answer.text)
    assert held(dated) == before
    if set(form) == set(POLICY):
        assert {name: field(answer.text, name) for name in form if name != "set"} == {
            name: value for name, value in form.items() if name != "set"
        }


def test_people_and_lessons_that_are_not_there_are_not_found(dated: Client) -> None:
    form = {"grant": "yes", "whom": "person:nobody", "extra_attempts": "1"}
    assert dated.ask("POST", "ada", PAGE, data=form).status_code == 404
    assert dated.get("ada", f"{COURSE}/lessons/none/deadline").status_code == 404
    nobody = dated.ask(
        "POST", "ada", f"{COURSE}/deadlines", data={"person": "nobody", "group": "x"}
    )
    assert nobody.status_code == 404
    assert "nobody does not belong to this course" in nobody.text


def test_an_assistant_sees_the_dates_and_has_no_way_to_change_them(dated: Client) -> None:
    page = dated.get("olga", PAGE)
    assert page.status_code == 200
    assert "<button" not in page.text
    assert "disabled" in page.text
    assert "<form" not in dated.get("olga", f"{COURSE}/deadlines").text
