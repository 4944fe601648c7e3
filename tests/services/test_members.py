"""The people of a course over HTTP: the API, the page and its forms, and what the log keeps."""

from __future__ import annotations

import re

import httpx
import pytest
import samples
from school import Client, graded, publish
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses
from coursewright.records.tables import Event, Person

API = "api/v1/courses/staffed/members"
PAGE = "courses/staffed/people"


@pytest.fixture(scope="module", autouse=True)
def staffed(make: sessionmaker[Session], client: Client) -> None:
    """A course that ada teaches, with olga's help, and that grace learns in."""
    with make.begin() as session:
        publish(session, samples.course("staffed", title="A staffed course"))
        for name, role in (("ada", "instructor"), ("olga", "assistant"), ("grace", "student")):
            courses.enrol(session, name, "staffed", role)


def roles(client: Client) -> dict[str, str]:
    found = client.get("root", API).json()["members"]
    return {member["name"]: member["role"] for member in found}


def form(client: Client, who: str, act: str, person: str, role: str = "student") -> httpx.Response:
    data = {"person": person, "role": role, act: "yes"}
    return client.ask("POST", who, PAGE, data=data)


def test_a_person_becomes_an_instructor_and_ceases_to_be_one(client: Client) -> None:
    answer = client.ask("PUT", "root", f"{API}/barbara", json={"role": "instructor"})
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["role"]) == ("barbara", "instructor")
    assert client.get("barbara", "api/v1/courses/staffed/gradebook").status_code == 200
    answer = client.ask("DELETE", "ada", f"{API}/barbara")
    assert (answer.status_code, answer.json()) == (200, {})
    assert client.get("barbara", "api/v1/courses/staffed/gradebook").status_code == 404
    assert client.ask("DELETE", "ada", f"{API}/barbara").status_code == 404


@pytest.mark.parametrize(
    ("path", "name"),
    [("h%40example.org", "h@example.org"), ("J%C3%BCrgen", "jürgen"), ("a%20b", "a b")],
)
def test_a_name_may_hold_what_names_at_the_hub_hold(client: Client, path: str, name: str) -> None:
    answer = client.ask("PUT", "ada", f"{API}/{path}", json={"role": "student"})
    assert answer.json()["name"] == name
    assert client.ask("DELETE", "ada", f"{API}/{path}").status_code == 200


@pytest.mark.parametrize("path", ["a%2Fb", "a%00b", "%FF", "%2C", "x" * 256])
def test_a_name_that_no_hub_has_is_refused(client: Client, path: str) -> None:
    answer = client.ask("PUT", "ada", f"{API}/{path}", json={"role": "student"})
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [{}, {"role": None}, {"role": "god"}, {"role": "student", "x": 1}])
def test_only_a_role_is_taken(client: Client, body: dict[str, object]) -> None:
    assert client.ask("PUT", "ada", f"{API}/grace", json=body).status_code == 400


def test_the_only_instructor_stays_one(client: Client) -> None:
    for answer in (
        client.ask("DELETE", "ada", f"{API}/ada"),
        client.ask("PUT", "ada", f"{API}/ada", json={"role": "student"}),
        form(client, "ada", "remove", "ada"),
    ):
        assert answer.status_code == 409
        assert "only instructor of this course" in answer.text
    assert roles(client)["ada"] == "instructor"


def test_the_forms_add_change_and_remove(client: Client) -> None:
    answer = form(client, "ada", "add", " Hedy ", "assistant")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"{PAGE}?q=hedy#person-hedy")
    assert roles(client)["hedy"] == "assistant"
    changed = form(client, "ada", "change", "hedy", "student")
    assert changed.headers["Location"].endswith("courses/staffed/members/hedy")
    assert roles(client)["hedy"] == "student"
    assert form(client, "ada", "remove", "hedy").status_code == 303
    assert "hedy" not in roles(client)


REFUSED = {
    "somebody who is there": ("add", "olga", "student", 409, "already, as assistant"),
    "no name": ("add", "", "student", 400, "Give one name"),
    "no such role": ("add", "hedy", "god", 400, "is not a role"),
    "nothing to do": ("dance", "hedy", "student", 400, "one thing to do"),
    "somebody who is gone": ("remove", "hedy", "", 404, "does not belong"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_form_that_is_refused_says_why_on_the_page(client: Client, case: str) -> None:
    act, person, role, status, said = REFUSED[case]
    before = roles(client)
    answer = form(client, "ada", act, person, role)
    assert answer.status_code == status
    assert said in answer.text
    assert "Nothing was changed" in answer.text
    assert "Add a person" in answer.text
    assert roles(client) == before


def test_an_instructor_who_leaves_is_not_sent_to_a_page_that_is_closed(client: Client) -> None:
    form(client, "ada", "add", "leaving", "instructor")
    answer = form(client, "leaving", "remove", "leaving")
    assert answer.headers["Location"] == "/services/coursewright/"


def test_an_assistant_looks_and_an_instructor_acts(client: Client) -> None:
    assistant, instructor = client.get("olga", PAGE).text, client.get("ada", PAGE).text
    assert "grace" in assistant
    assert 'method="post"' not in assistant
    assert instructor.count('method="post"') == 2
    assert client.get("olga", "courses/staffed/members/grace").status_code == 200
    assert 'method="post"' not in client.get("olga", "courses/staffed/members/grace").text
    assert "never signed in" in instructor


def test_the_page_stands_where_it_is_looked_for(client: Client) -> None:
    for path in ("", "courses/staffed/gradebook"):
        assert f'{PAGE}"' in client.get("ada", path).text
    assert PAGE not in client.get("grace", "").text


def test_an_administrator_finds_every_course(client: Client, make: sessionmaker[Session]) -> None:
    with make.begin() as session:
        publish(session, samples.course("shelved", title="A shelved course"))
        session.execute(
            courses.CourseRow.__table__.update()
            .where(courses.CourseRow.key == "shelved")
            .values(state="archived")
        )
    page = client.get("root", "").text
    for key in ("staffed", "shelved"):
        assert f'courses/{key}/people"' in page
        assert f'courses/{key}/gradebook"' in page
    assert "courses/staffed/enrolment" in page
    assert 'id="shelved"' in page
    shelved = page.partition('id="shelved"')[2].partition("</li>")[0]
    assert "Join<" not in shelved
    assert "not open to join" in shelved
    assert "shelved" not in client.get("kay", "").text


def events(make: sessionmaker[Session], name: str) -> list[tuple[str | None, Event]]:
    with make() as session:
        rows = session.execute(
            select(Person.name, Event)
            .outerjoin(Person, Person.id == Event.person_id)
            .where(Event.name == name)
            .order_by(Event.id)
        )
        return [(who, event) for who, event in rows]


def test_a_change_is_in_the_audit_log_with_its_request(
    client: Client, make: sessionmaker[Session]
) -> None:
    headers = {"X-Request-Id": "adding-joan-clarke"}
    client.ask("PUT", "ada", f"{API}/joan", json={"role": "student"}, headers=headers)
    who, event = events(make, "audit.member.added")[-1]
    assert (who, event.object, event.request_id) == ("ada", "staffed", "adding-joan-clarke")
    assert event.detail == {"member": "joan", "from": None, "to": "student", "as": "instructor"}


def test_opening_the_work_of_another_is_in_the_audit_log(
    client: Client, make: sessionmaker[Session]
) -> None:
    number = client.submit(key="looked-at-by-others").json()["id"]
    graded(make, number)
    before = len(events(make, "audit.viewed"))
    for who in ("grace", "pod", "alan", "kay", "root", "olga"):
        client.get(who, f"api/v1/submissions/{number}")
    client.get("root", f"submissions/{number}/feedback")
    found = events(make, "audit.viewed")[before:]
    about = {"submission": number, "of": "grace"}
    assert [(who, event.object, event.detail) for who, event in found] == [
        ("root", "sums/adding", {**about, "what": "scores"}),
        ("olga", "sums/adding", {**about, "what": "scores"}),
        ("root", "sums/adding", {**about, "what": "feedback"}),
    ]
    assert all(event.request_id for _, event in found)


def test_looking_for_feedback_that_is_not_there_is_no_access(
    client: Client, make: sessionmaker[Session]
) -> None:
    number = client.submit(key="not-graded-at-all").json()["id"]
    before = len(events(make, "audit.viewed"))
    assert client.get("ada", f"api/v1/submissions/{number}/feedback").status_code == 404
    assert len(events(make, "audit.viewed")) == before


def test_names_are_shown_as_text(client: Client) -> None:
    name = "<script>alert(1)<"
    assert form(client, "ada", "add", name, "god").status_code == 400
    assert "<script" not in form(client, "ada", "add", name, "god").text
    form(client, "ada", "add", name)
    page = client.get("ada", PAGE).text
    assert "&lt;script&gt;alert(1)&lt;" in page
    assert "<script" not in page
    assert re.search(r'id="person-%3Cscript%3E', page)
    form(client, "ada", "remove", name)
