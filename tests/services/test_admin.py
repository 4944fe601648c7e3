"""The administrators' pages over HTTP: what they show, what they change, what they write down."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from administering import audit, read, send, sheet
from fake_hub_people import PeopleHub
from school import Client
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses, failures, generations, submissions
from coursewright.records.generations import Order
from coursewright.services import admin_health
from coursewright.services.scopes import ADMINISTRATORS, AUTHORS

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def hub() -> Iterator[PeopleHub]:
    hub = PeopleHub()
    for name in ("root", "ada", "grace", "olga", "alan"):
        hub.add(name, os.getpid() if name == "grace" else None)
    for number in range(120):
        hub.add(f"student-{number:03}")
    hub.start()
    yield hub
    hub.stop()


def test_the_page_is_the_hubs_own_and_its_one_script_is_let_in(client: Client) -> None:
    answer = client.get("root", "admin")
    assert 'href="/hub/home"' in answer.text
    assert 'href="/hub/static/css/style.min.css"' in answer.text
    assert '<a class="nav-link" href="/services/coursewright/admin" aria-current="true">' in (
        answer.text
    )
    policy = answer.headers["Content-Security-Policy"]
    assert re.search(r"script-src 'self' 'sha256-[A-Za-z0-9+/=]+';", policy)
    assert "unsafe" not in policy


def test_every_part_is_told_of(client: Client) -> None:
    page = read(client, "admin")
    parts = (
        "Database",
        "Queue grade",
        "Queue generate",
        "Workers",
        "Disk",
        "Hub",
        "Model",
        "Proxy",
    )
    for part in parts:
        assert f">{part}</th>" in page
    assert "JupyterHub 6.1.1" in page
    assert "Nothing is graded and no course is made until a worker runs." in page


def test_a_hub_that_is_away_is_said_and_the_rest_is_shown(client: Client, hub: PeopleHub) -> None:
    hub.away = True
    try:
        assert "The Hub does not answer now" in read(client, "admin/people")
        assert "The Hub does not answer now" in read(client, "admin/servers")
    finally:
        hub.away = False


async def test_a_model_that_is_set_is_looked_at_without_a_key() -> None:
    settings = {
        "COURSEWRIGHT_LLM_BASE_URL": "http://127.0.0.1:9/v1",
        "COURSEWRIGHT_LLM_MODEL": "small",
    }
    part = await admin_health.model_part(settings)
    assert (part.state, part.fact) == ("bad", "small at 127.0.0.1")


# The audit log


def test_the_audit_log_is_filtered_and_paged(client: Client, make: sessionmaker[Session]) -> None:
    with make.begin() as session:
        for number in range(120):
            courses_event(session, f"sums-{number}")
    page = read(client, "admin/audit?what=trial&who=olga")
    assert page.count('<th scope="row">trial.run') == 50
    older = re.search(r'href="/services/coursewright/(admin/audit\?[^"]*after=\d+)"', page)
    assert older
    page = read(client, older[1].replace("&amp;", "&"))
    assert "sums-69" in page
    assert "sums-70" not in page
    page = read(client, "admin/audit?object=sums-7&request_id=request-7")
    assert page.count('<th scope="row">trial.run') == 1
    assert "Nothing in the log fits" in read(client, "admin/audit?until=2001-01-01T00:00")
    assert client.get("root", "admin/audit?since=soon").status_code == 400


def courses_event(session: Session, name: str) -> None:
    from coursewright.records import events

    someone = courses.person(session, "olga")
    request = f"request-{name.removeprefix('sums-')}"
    detail = {"note": EVIL}
    events.record(session, "audit.trial.run", someone, name, detail=detail, request_id=request)


def test_the_audit_log_as_a_sheet_is_whole_and_noted(
    client: Client, make: sessionmaker[Session]
) -> None:
    with make.begin() as session:
        for number in range(1100):
            courses_event(session, f"=many{number}")
    rows = sheet(client, "admin/audit.csv?object==many")
    assert len(rows) == 1100
    assert rows[0]["object"] == "'=many1099"
    assert ("audit log", {}) in audit(make, "sheet.exported")


def test_what_stands_in_the_log_is_text(client: Client) -> None:
    assert "<script>alert" not in read(client, "admin/audit?what=trial")


# People


def test_people_are_found_and_paged(client: Client) -> None:
    page = read(client, "admin/people")
    assert "125 people" in page
    assert "Page 1 of 3" in page
    assert "student-119" in read(client, "admin/people?page=3")
    page = read(client, "admin/people?search=grace")
    assert "Sums (student)" in page
    assert "running" in page


def test_accounts_are_made_at_the_hub_and_noted(
    client: Client, hub: PeopleHub, make: sessionmaker[Session]
) -> None:
    page = send(client, "admin/people", names="Newcomer\ngrace, ")
    assert "Made: newcomer. Had an account already: grace." in page
    assert "newcomer" in hub.people
    assert [name for name, _ in audit(make, "person.created")] == ["newcomer"]
    assert client.ask("POST", "root", "admin/people", data={"names": "a/b"}).status_code == 400


def test_roles_are_groups_at_the_hub(
    client: Client, hub: PeopleHub, make: sessionmaker[Session]
) -> None:
    send(client, "admin/people/alan", roles="yes", author="yes")
    assert hub.people["alan"]["groups"] == [AUTHORS]
    send(client, "admin/people/alan", roles="yes", administrator="yes")
    assert hub.people["alan"]["groups"] == [ADMINISTRATORS]
    assert ("alan", {"role": "author", "held": False}) in audit(make, "person.role")
    send(client, "admin/people/alan", roles="yes")
    assert hub.people["alan"]["groups"] == []


def test_somebody_is_deactivated_and_let_in_again(
    client: Client, hub: PeopleHub, make: sessionmaker[Session]
) -> None:
    assert client.get("grace", "api/v1/courses").status_code == 200
    page = send(client, "admin/people/grace", deactivate="yes", reason="Left")
    assert "grace is deactivated" in page
    assert hub.stopped == ["grace/"]
    refused = client.get("grace", "api/v1/courses")
    assert refused.status_code == 403
    assert "deactivated" in refused.json()["detail"]
    assert "grace" in read(client, "admin/people?state=deactivated")
    assert [row["name"] for row in sheet(client, "admin/sheets/deactivated")] == ["grace"]
    page = send(client, "admin/people/grace", reactivate="yes")
    assert "may sign in again" in page
    assert client.get("grace", "api/v1/courses").json()["courses"]
    assert audit(make, "person.deactivated") == [("grace", {"reason": "Left"})]
    assert audit(make, "person.reactivated") == [("grace", {})]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"deactivate": "yes"}, "Nobody can lock themself out"),
        ({"roles": "yes"}, "Nothing was to be changed"),
        ({}, "The form must say one thing to do"),
    ],
)
def test_an_administrator_does_not_lock_themself_out(
    client: Client, form: dict[str, str], words: str
) -> None:
    if "roles" in form:
        assert words in send(client, "admin/people/root", **form)
    else:
        answer = client.ask("POST", "root", "admin/people/root", data=form)
        assert answer.status_code == 400
        assert words in answer.text


def test_nobody_of_the_name_is_nobody(client: Client) -> None:
    assert client.get("root", "admin/people/phantom").status_code == 404
    form = {"deactivate": "yes"}
    assert client.ask("POST", "root", "admin/people/phantom", data=form).status_code == 404


LIST = "name,author,course,role\nbulk-1,yes,sums,assistant\nbulk-2,,other,\nbulk-2,,sums,student\n"


def test_a_list_is_shown_before_it_is_done(
    client: Client, hub: PeopleHub, make: sessionmaker[Session]
) -> None:
    shown = client.ask("POST", "root", "admin/bulk", data={"list": LIST})
    assert "Nothing has been changed yet" in shown.text
    assert "account, author, assistant in sums" in shown.text
    assert "bulk-1" not in hub.people
    page = send(client, "admin/bulk", list=LIST, apply="yes")
    assert "2 people, of whom 2 are new" in page
    assert hub.people["bulk-1"]["groups"] == [AUTHORS]
    with make() as session:
        assert courses.role_of(session, "bulk-2", "other") == "student"
    again = send(client, "admin/bulk", list=LIST, apply="yes")
    assert "2 people, of whom 0 are new" in again


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("name\na/b", "no spaces, slashes and commas"),
        ("name,course\nx,nowhere", "there is no course nowhere"),
        ("name,course,role\nx,sums,owner", "role is one of"),
        ("name,author\nx,perhaps", "author is yes or no"),
        ("name\nx,y", "more cells than columns"),
    ],
)
def test_a_line_with_a_problem_stops_the_list(client: Client, lines: str, words: str) -> None:
    assert words in client.ask("POST", "root", "admin/bulk", data={"list": lines}).text
    done = client.ask("POST", "root", "admin/bulk", data={"list": lines, "apply": "yes"})
    assert done.status_code == 400


@pytest.mark.parametrize("lines", ["", "person\nx", "name"])
def test_a_list_without_columns_or_people_is_refused(client: Client, lines: str) -> None:
    assert client.ask("POST", "root", "admin/bulk", data={"list": lines}).status_code == 400


# Servers


def test_servers_are_stopped_after_a_question(client: Client, hub: PeopleHub) -> None:
    hub.add("runner", os.getpid())
    page = read(client, "admin/servers")
    assert re.search(r'data-label="Memory" class="cw-amount">\d+(\.\d)? [MG]B', page)
    asked_first = client.ask("POST", "root", "admin/servers", data={"server": "runner/"})
    assert "Stop 1 server?" in asked_first.text
    assert "runner/" not in hub.stopped
    assert "1 server told to stop" in send(client, "admin/servers", server="runner/", sure="yes")
    assert "runner/" in hub.stopped


def test_the_memory_of_a_server_elsewhere_is_not_known(client: Client, hub: PeopleHub) -> None:
    hub.add("elsewhere", 2**22 + 1)
    assert "not known" in read(client, "admin/servers")
    hub.people.pop("elsewhere")


def test_a_sign_in_without_power_at_the_hub_is_told_what_to_do(client: Client) -> None:
    from fake_hub import ADMINISTRATOR

    token = client.hub.token("weak", ADMINISTRATOR)
    answer = client.http.get("admin/people", headers={"Authorization": f"token {token}"})
    assert "Sign out and in again" in answer.text


# Jobs


def test_what_failed_is_told_and_tried_again(client: Client, make: sessionmaker[Session]) -> None:
    number = client.submit("grace", key="to-fail-and-try-again").json()["id"]
    with make.begin() as session:
        submissions.record_failure(session, number, f"It broke {EVIL}")
    page = read(client, "admin/jobs")
    assert f"submission {number}" in page
    assert "It broke &lt;script&gt;" in page
    assert "is tried again" in send(client, "admin/jobs", one=f"submission {number}")
    with make() as session:
        assert [one for one in failures.failures(session) if one.id == number] == []
    assert (f"submission {number}", {}) in audit(make, "job.retried")
    form = {"one": f"submission {number}"}
    assert client.ask("POST", "root", "admin/jobs", data=form).status_code == 400


def test_all_that_failed_is_tried_again(client: Client, make: sessionmaker[Session]) -> None:
    with make.begin() as session:
        number = generations.request(session, Order({"topic": "x"}, "bank"), "ada")
        generations.give_up(session, number, "failed", "The endpoint does not answer")
    assert "The endpoint does not answer" in read(client, "admin/jobs")
    assert "1 tried again" in send(client, "admin/jobs", all="yes")
    assert "Nothing has failed" in read(client, "admin/jobs")
