"""What administrators set, and what is spent and kept, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from administering import audit, read, send, sheet
from fake_hub_people import PeopleHub
from school import Client
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import generations, spending
from coursewright.records.generations import Order
from coursewright.services import generations as asked
from coursewright.services.admin_sheets import AT_HUB, TABLES

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def hub() -> Iterator[PeopleHub]:
    hub = PeopleHub()
    for name in ("root", "ada", "grace"):
        hub.add(name)
    hub.start()
    yield hub
    hub.stop()


@pytest.fixture
def spent(make: sessionmaker[Session]) -> Iterator[None]:
    """ada's course `dear` has cost 3 and a call nobody knows the price of."""
    with make.begin() as session:
        order = Order({"topic": "x", "key": "dear"}, "openai")
        number = generations.request(session, order, "ada")
        for cost in (3.0, None):
            generations.add_call(session, number, "{}", prompt=500, completion=100, cost=cost)
    yield
    with make.begin() as session:
        session.execute(text("DELETE FROM generation_calls"))
        session.execute(text("DELETE FROM budgets"))


def test_spending_is_told_by_course_and_person(client: Client, spent: None) -> None:
    page = read(client, "admin/spending")
    assert "3.00 <small>+ 1 call without a price" in page
    assert "No prices are set for some calls" in page
    (row,) = sheet(client, "admin/sheets/spending-courses")
    assert (row["course"], row["money"], row["tokens"], row["calls_without_price"]) == (
        "dear",
        "3.0",
        "1200",
        "1",
    )
    (row,) = sheet(client, "admin/sheets/spending-people")
    assert row["person"] == "ada"


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        ({"kind": "site", "money": "2"}, "This site's budget"),
        ({"kind": "person", "subject": "ada", "tokens": "1200"}, "The budget of ada"),
        ({"kind": "person", "tokens": "10"}, "The budget of ada"),
        ({"kind": "course", "subject": "dear", "money": "3"}, "The budget of the course"),
        ({"kind": "course", "subject": "cheap", "money": "0"}, ""),
        ({"kind": "person", "subject": "ada", "money": "4", "tokens": "9999"}, ""),
    ],
)
def test_a_budget_that_is_used_up_refuses(
    client: Client, make: sessionmaker[Session], spent: None, budget: dict[str, str], words: str
) -> None:
    assert "The budgets are changed" in send(client, "admin/spending", **budget)
    with make() as session:
        if words:
            with pytest.raises(Exception, match=words):
                spending.refuse_overspent(session, "ada", "dear")
        else:
            spending.refuse_overspent(session, "ada", "dear")
    assert audit(make, "budget.set")
    clear = {"kind": budget["kind"], "subject": budget.get("subject", "")}
    send(client, "admin/spending", **clear)
    assert "There is none: nothing is limited" in read(client, "admin/spending")


def test_a_request_over_budget_is_refused_but_the_bank_serves(
    client: Client,
    make: sessionmaker[Session],
    spent: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = {
        "COURSEWRIGHT_LLM_BASE_URL": "http://127.0.0.1:9/v1",
        "COURSEWRIGHT_LLM_MODEL": "small",
    }
    monkeypatch.setattr(asked, "SETTINGS", settings)
    send(client, "admin/spending", kind="site", tokens="1")
    wanted = {"request": {"topic": "Python", "modules": 1}, "provider": "openai"}
    headers = {"Idempotency-Key": "over-the-budget"}
    answer = client.ask("POST", "alan", "api/v1/generations", json=wanted, headers=headers)
    assert answer.status_code == 403, answer.text
    assert "used up for this month" in answer.json()["detail"]
    bank = {**wanted, "provider": "bank"}
    answer = client.ask("POST", "alan", "api/v1/generations", json=bank, headers=headers)
    assert answer.status_code == 201
    send(client, "admin/spending", kind="site")
    send(client, "admin/settings", sign_up="open", models="large")
    try:
        headers = {"Idempotency-Key": "with-another-model"}
        answer = client.ask("POST", "alan", "api/v1/generations", json=wanted, headers=headers)
        assert answer.status_code == 400
        assert "do not allow the model 'small'" in answer.json()["detail"]
    finally:
        send(client, "admin/settings", sign_up="as started")


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "planet", "money": "1"},
        {"kind": "site", "subject": "x", "money": "1"},
        {"kind": "site", "money": "-1"},
        {"kind": "site", "money": "nan"},
        {"kind": "site", "tokens": "1.5"},
        {"kind": "site"},
    ],
)
def test_a_budget_that_makes_no_sense_is_refused(client: Client, form: dict[str, str]) -> None:
    assert client.ask("POST", "root", "admin/spending", data=form).status_code == 400


# Settings


def test_a_setting_is_in_force_at_once_and_its_history_is_told(
    client: Client, make: sessionmaker[Session]
) -> None:
    before = client.submit("grace", content=b"x" * (2 * 2**20), key="a-large-one")
    assert before.status_code == 400  # no notebook
    send(client, "admin/settings", sign_up="closed", body_mb="1", maintenance=f"Soon {EVIL}")
    try:
        after = client.submit("grace", content=b"x" * (2 * 2**20), key="a-large-one")
        assert after.status_code == 413
        page = read(client, "", "ada")
        assert "Soon &lt;script&gt;" in page
        assert "Soon &lt;script&gt;" in read(client, "admin")
    finally:
        send(client, "admin/settings", sign_up="as started")
    assert "Soon" not in read(client, "", "ada")
    told = dict(audit(make, "setting.changed"))
    assert told["body_mb"] == {"before": 1, "after": None}
    assert "As the site was started" in read(client, "admin/settings")
    assert sheet(client, "admin/sheets/settings")


@pytest.mark.parametrize(
    "form",
    [
        {"sign_up": "perhaps"},
        {"sign_up": "open", "body_mb": "0"},
        {"sign_up": "open", "body_mb": "many"},
        {"sign_up": "open", "maintenance": "x" * 501},
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(client: Client, form: dict[str, str]) -> None:
    answer = client.ask("POST", "root", "admin/settings", data=form)
    assert answer.status_code == 400
    assert "Nothing was changed." in answer.text


# Courses and storage


def test_a_course_is_archived_and_published_again(
    client: Client, make: sessionmaker[Session]
) -> None:
    assert "is archived" in send(client, "admin/courses", archive="open")
    assert "open" not in [
        one["key"] for one in client.get("kay", "api/v1/courses").json()["courses"]
    ]
    again = client.ask("POST", "root", "admin/courses", data={"archive": "open"})
    assert again.status_code == 400
    assert "published again" in send(client, "admin/courses", back="open")
    assert audit(make, "course.archived") == [("open", {})]
    page = read(client, "admin/courses?search=other+things")
    assert "Other things" in page
    assert ">Sums<" not in page


def test_storage_tells_whose_is_most(client: Client) -> None:
    client.submit("grace", key="something-to-keep")
    page = read(client, "admin/storage")
    assert "The database takes" in page
    assert "is counted anew every five minutes" in page
    (row,) = sheet(client, "admin/sheets/storage-people")
    assert (row["person"], row["files"]) == ("grace", "1")


@pytest.mark.parametrize("name", [*TABLES, *AT_HUB])
def test_every_table_can_be_had_as_a_sheet(client: Client, name: str) -> None:
    answer = client.get("root", f"admin/sheets/{name}")
    assert answer.status_code == 200
    columns = (TABLES.get(name) or AT_HUB[name])[0]
    assert answer.text.splitlines()[0] == "\N{BOM}" + ",".join(columns)


def test_a_table_that_is_not_there_is_not_found(client: Client) -> None:
    assert client.get("root", "admin/sheets/secrets").status_code == 404
