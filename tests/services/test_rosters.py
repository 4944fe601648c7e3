"""Rosters, sections, places and the line over HTTP: the API and the forms."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx
import pytest
import samples
from school import Client, publish
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses

API = "api/v1/courses/listed"
PEOPLE = "courses/listed/people"


@pytest.fixture(autouse=True)
def listed(make: sessionmaker[Session], client: Client) -> Client:
    """A course of ada's with ann and ben in it, as it is before each test."""
    with make.begin() as session:
        publish(session, samples.course("listed", title="Listed"))
        courses.enrol(session, "ada", "listed", "instructor")
    text = "name,role,section,group\nann,student,,\nben,student,,\nolga,assistant,,\n"
    told = client.ask("POST", "ada", f"{API}/roster", json={"csv": text, "apply": True})
    assert told.status_code == 200, told.text
    client.ask("PUT", "ada", f"{API}/line", json={"capacity": None, "may_wait": True})
    for one in client.get("ada", f"{API}/sections").json()["sections"]:
        client.ask("DELETE", "ada", f"{API}/sections/{one['name']}")
    for name, one in people(client).items():
        if name not in ("ada", "ann", "ben", "olga"):
            client.ask("DELETE", "ada", f"{API}/members/{one['name']}")
    return client


def people(client: Client) -> dict[str, Any]:
    return {one["name"]: one for one in client.get("ada", f"{API}/members").json()["members"]}


def roster(client: Client, text: str, **more: Any) -> httpx.Response:
    return client.ask("POST", "ada", f"{API}/roster", json={"csv": text, **more})


def text_of(answer: httpx.Response) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)))


def test_a_roster_is_looked_at_and_then_applied(listed: Client) -> None:
    text = "name;role;section;group\nann;;Monday;team\ncy;assistant;;\n"
    plan = roster(listed, text).json()
    assert not plan["applied"]
    assert [one["name"] for one in plan["added"]] == ["cy"]
    assert plan["changed"][0]["differs"] == {"section": [None, "Monday"], "group": [None, "team"]}
    assert "cy" not in people(listed)
    done = roster(listed, text, apply=True, seen=plan["digest"])
    assert (done.status_code, done.json()["applied"]) == (200, True)
    assert (people(listed)["ann"]["section"], people(listed)["ann"]["group"]) == ("Monday", "team")
    assert listed.get("ada", f"{API}/deadlines").json()["groups"] == {"ann": "team"}
    again = roster(listed, text, apply=True, seen=plan["digest"])
    assert again.status_code == 409


def test_wrong_lines_are_told_and_nothing_is_applied(listed: Client) -> None:
    text = "name,role\ncy,student\ndee,boss\n"
    plan = roster(listed, text).json()
    assert plan["wrong"] == [
        {
            "line": 3,
            "name": "dee",
            "reason": "'boss' is not a role; roles are student, assistant, instructor",
        }
    ]
    refused = roster(listed, text, apply=True)
    assert (refused.status_code, "Line 3" in refused.json()["detail"]) == (400, True)
    assert "cy" not in people(listed)


def test_what_is_exported_is_imported_as_it_was_and_computes_nothing(listed: Client) -> None:
    roster(listed, 'name,display_name,group\ncy,"=1+1",+team\n', apply=True)
    sheet = listed.get("ada", f"{PEOPLE}.csv")
    assert sheet.headers["Content-Disposition"] == 'attachment; filename="listed-people.csv"'
    assert "cy,'=1+1,student,,'+team" in sheet.text
    plan = roster(listed, sheet.text).json()
    assert (plan["added"], plan["changed"], plan["unchanged"]) == ([], [], 5)


def test_a_file_comes_by_the_page_with_its_form_token_checked(listed: Client) -> None:
    page = f"{PEOPLE}/roster"
    file = {"sheet": ("people.csv", "name\nann\ndee\n".encode("utf-16"), "text/csv")}
    shown = listed.ask("POST", "ada", page, files=file, data={"look": "yes"})
    assert "What this file changes" in shown.text
    seen = re.search(r'name="seen" value="(\w+)"', shown.text)
    assert seen
    sent = {"apply": "yes", "csv": "name\r\nann\r\ndee\r\n", "seen": seen[1]}
    assert "Imported" in listed.ask("POST", "ada", page, data=sent).text
    assert "dee" in people(listed)
    stale = listed.ask("POST", "ada", page, data=sent)
    assert (stale.status_code, "Look again" in stale.text) == (409, True)
    broken = {"Content-Type": "multipart/form-data"}
    assert listed.ask("POST", "ada", page, content=b"x", headers=broken).status_code == 400
    none = listed.ask("POST", "ada", page, data={"look": "yes"})
    assert (none.status_code, "Choose a file" in none.text) == (400, True)


def test_a_roster_is_text_and_nothing_else(listed: Client) -> None:
    evil = '<script>alert("1")'
    text = f"name,display_name,section\nann,,{evil[:8]}\n{evil},x,\n".encode()
    file = {"sheet": ("<b>.csv", text, "text/csv")}
    shown = listed.ask("POST", "ada", f"{PEOPLE}/roster", files=file, data={"look": "yes"})
    assert "<script" not in shown.text
    assert "&lt;script" in shown.text


def test_sections_are_made_filled_renamed_and_ended(listed: Client) -> None:
    sent = {"capacity": 1, "assistants": ["olga"]}
    made = listed.ask("PUT", "ada", f"{API}/sections/Lab%201", json=sent).json()
    assert made["sections"] == [
        {"name": "Lab 1", "capacity": 1, "students": 0, "assistants": ["olga"]}
    ]
    both = {"people": ["ann", "ben"], "section": "Lab 1"}
    refused = listed.ask("PUT", "ada", f"{API}/placement", json=both)
    assert (refused.status_code, "1 free places" in refused.json()["detail"]) == (409, True)
    moved = listed.ask("PUT", "ada", f"{API}/placement", json={**both, "beyond": True})
    assert moved.json() == {"moved": 2}
    listed.ask("PUT", "ada", f"{API}/sections/Lab%201", json={"name": "Lab 2"})
    assert people(listed)["ben"]["section"] == "Lab 2"
    assert "Lab 2,,2,olga" in listed.get("olga", f"{PEOPLE}/sections.csv").text
    assert listed.ask("DELETE", "ada", f"{API}/sections/Lab%201").status_code == 404
    assert listed.ask("DELETE", "ada", f"{API}/sections/Lab%202").json() == {"sections": []}
    unknown = {"assistants": ["kay"]}
    assert listed.ask("PUT", "ada", f"{API}/sections/x", json=unknown).status_code == 404


def test_forms_make_and_change_sections(listed: Client) -> None:
    page = f"{PEOPLE}/sections"
    form = {"make": "yes", "name": "Evening", "capacity": "5", "assistant": "olga"}
    assert listed.ask("POST", "ada", page, data=form).status_code == 303
    again = listed.ask("POST", "ada", page, data=form)
    assert (again.status_code, "already" in again.text) == (409, True)
    move = {"move": "yes", "whom": "chosen", "person": "ann", "to_section": "Evening"}
    moved = listed.ask("POST", "ada", PEOPLE, data={**move, "q": "an"})
    assert moved.headers["Location"].endswith("people?q=an#list")
    assert people(listed)["ann"]["section"] == "Evening"
    empty = listed.ask("POST", "ada", PEOPLE, data={"move": "yes", "to_section": "Evening"})
    assert (empty.status_code, "Choose people" in empty.text) == (400, True)
    own = {"section": "", "group": "owls"}
    assert listed.ask("POST", "ada", "courses/listed/members/ann", data=own).status_code == 303
    told = people(listed)["ann"]
    assert (told["section"], told["group"]) == (None, "owls")
    change = {"change": "yes", "section": "Evening", "name": "Night", "capacity": "x"}
    assert listed.ask("POST", "ada", page, data=change).status_code == 400
    ended = {"end": "yes", "section": "Evening"}
    assert listed.ask("POST", "ada", page, data=ended).status_code == 303


def test_the_line_of_a_full_course(listed: Client) -> None:
    full = {"capacity": 2, "may_wait": True}
    listed.ask("PUT", "ada", f"{API}/line", json=full)
    waits = [listed.ask("PUT", who, f"{API}/enrolment").json() for who in ("cy", "dee", "eve")]
    assert waits[1] == {"course": "listed", "role": None, "place": 2, "waiting": 2}
    assert listed.get("cy", API).status_code == 404
    (mine,) = listed.get("eve", "api/v1/waiting").json()["waiting"]
    assert (mine["course"], mine["title"], mine["place"]) == ("listed", "Listed", 3)
    moved = listed.ask("PUT", "ada", f"{API}/line/eve", json={"place": 1}).json()
    assert [one["name"] for one in moved["waiting"]] == ["eve", "cy", "dee"]
    assert listed.ask("DELETE", "cy", f"{API}/waiting").json() == {}
    listed.ask("DELETE", "ada", f"{API}/members/ann")
    assert listed.get("eve", API).status_code == 200
    assert listed.ask("PUT", "ada", f"{API}/line/dee/admission").json()["waiting"] == []
    assert listed.get("ada", f"{API}/line").json()["taken"] == 3
    closed = {"capacity": 1, "may_wait": False}
    listed.ask("PUT", "ada", f"{API}/line", json=closed)
    refused = listed.ask("PUT", "fay", f"{API}/enrolment")
    assert (refused.status_code, "nobody can wait" in refused.json()["detail"]) == (403, True)


def test_the_line_by_forms(listed: Client) -> None:
    page = f"{PEOPLE}/waiting"
    sent = {"set": "yes", "capacity": "2", "may_wait": "yes"}
    assert listed.ask("POST", "ada", page, data=sent).status_code == 303
    for who in ("cy", "dee", "eve"):
        answer = listed.ask("POST", who, "courses/listed/enrolment")
        assert answer.headers["Location"].endswith("#waiting-listed")
    assert "Place 2 of 3 in the waiting list" in text_of(listed.get("dee", ""))
    for form in (
        {"move": "yes", "person": "eve", "place": "1"},
        {"admit": "yes", "person": "dee"},
        {"drop": "yes", "person": "cy"},
    ):
        assert listed.ask("POST", "ada", page, data=form).status_code == 303
    assert "1,eve,eve,," in listed.get("ada", f"{page}.csv").text
    for form, status in (
        ({"move": "yes", "person": "eve", "place": "first"}, 400),
        ({"drop": "yes", "person": "cy"}, 404),
        ({"set": "yes", "capacity": "-1"}, 400),
        ({}, 400),
    ):
        answer = listed.ask("POST", "ada", page, data=form)
        assert (answer.status_code, "Nothing was changed" in answer.text) == (status, True)
    assert listed.ask("POST", "eve", "courses/listed/waiting").status_code == 303
    assert "waiting list" not in listed.get("eve", "").text


def test_a_code_leads_into_a_section(listed: Client) -> None:
    listed.ask("PUT", "ada", f"{API}/sections/Late", json={})
    made = listed.ask("POST", "ada", f"{API}/codes", json={"section": "Late"}).json()
    assert made["section"] == "Late"
    listed.ask("POST", "cy", "api/v1/enrolments", json={"code": made["code"]})
    assert people(listed)["cy"]["section"] == "Late"
    nowhere = listed.ask("POST", "ada", f"{API}/codes", json={"section": "None"})
    assert nowhere.status_code == 404
    assert "Late" in listed.get("ada", f"{PEOPLE}/joining").text
