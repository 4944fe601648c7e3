"""When a class meets and what that is expected to take, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
import samples
from administering import read, send, sheet
from fake_hub_people import PeopleHub
from school import Client
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses, settings

Make = sessionmaker[Session]
numbers = count(1)
EVERY_DAY = [{"weekday": n, "begins": "00:00", "minutes": 1440, "zone": "UTC"} for n in range(7)]


@pytest.fixture(scope="module")
def hub() -> Iterator[PeopleHub]:
    hub = PeopleHub()
    for name in ("root", "ada", "grace"):
        hub.add(name)
    hub.start()
    yield hub
    hub.stop()


@pytest.fixture
def key(make: Make) -> str:
    key = f"meets-{next(numbers)}"
    with make.begin() as session:
        courses.publish(session, samples.course(key), "First", "ada")
        courses.enrol(session, "ada", key, "instructor")
        for name in ("grace", "kay"):
            courses.enrol(session, name, key)
    return key


def test_meetings_are_said_and_told(client: Client, key: str) -> None:
    path = f"api/v1/courses/{key}/meetings"
    assert client.get("ada", path).json() == {"meetings": []}
    one = {"weekday": 2, "begins": "09:30", "minutes": 90, "zone": "Europe/Vienna"}
    assert client.ask("PUT", "ada", path, json={"meetings": [one]}).json() == {"meetings": [one]}
    wrong = client.ask("PUT", "ada", path, json={"meetings": [one | {"zone": "Atlantis"}]})
    assert wrong.status_code == 400
    assert "time zone" in wrong.json()["detail"]
    assert client.get("ada", path).json() == {"meetings": [one]}
    client.ask("PUT", "ada", path, json={"meetings": []})


def test_the_page_adds_and_removes_a_meeting_and_keeps_what_was_refused(
    client: Client, key: str
) -> None:
    page = f"courses/{key}/meetings"
    form = {"add": "yes", "weekday": "2", "begins": "09:30", "minutes": "90", "zone": "UTC"}
    assert client.ask("POST", "ada", page, data=form).status_code == 303
    assert "Wednesday" in client.get("ada", page).text
    assert client.get("ada", f"{page}.csv").text.splitlines()[1:] == ["Wednesday,09:30,90,UTC"]
    again = client.ask("POST", "ada", page, data=form | {"minutes": "60"})
    assert again.status_code == 400
    assert "same time" in again.text
    assert 'value="60"' in again.text
    client.ask("POST", "ada", page, data={"remove": "2-09:30"})
    assert client.get("ada", f"api/v1/{page}").json() == {"meetings": []}


def test_administrators_see_the_seats_and_the_money_of_the_week(
    client: Client, key: str, make: Make
) -> None:
    client.ask("PUT", "ada", f"api/v1/courses/{key}/meetings", json={"meetings": EVERY_DAY})
    numbers = {
        "attendance": "100", "rush": "0", "rush_hours": "3", "everyday": "0",
        "seats_per_node": "1", "node_price": "0.5", "currency": "EUR",
    }  # fmt: skip
    send(client, "admin/capacity", **numbers)
    hours = sheet(client, "admin/sheets/capacity")
    assert len(hours) == 7 * 24
    # The sample school's own course has no times; this one has two students at all hours.
    assert {(row["servers"], row["nodes"], row["price"]) for row in hours} == {("2", "2", "1.0")}
    assert hours[0]["courses"] == f"{key} 2"
    assert "168.00 EUR" in read(client, "admin/capacity")
    with make() as session:
        assert settings.read(session).habits.attendance == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"attendance": "101"}, "between 0 and 100"),
        ({"rush": ""}, "say a number"),
        ({"seats_per_node": "0"}, "between 1 and"),
        ({"currency": "<b>"}, "currency"),
        ({"node_price": "nan"}, "not a number"),
    ],
)
def test_a_number_that_cannot_be_is_refused_and_stays_in_the_form(
    client: Client, change: dict[str, str], said: str
) -> None:
    numbers = {
        "attendance": "90", "rush": "25", "rush_hours": "3", "everyday": "2",
        "seats_per_node": "60", "node_price": "", "currency": "EUR",
    }  # fmt: skip
    answer = client.ask("POST", "root", "admin/capacity", data=numbers | change)
    assert answer.status_code == 400
    assert said in answer.text
