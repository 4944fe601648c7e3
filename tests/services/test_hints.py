"""Hints over HTTP: one after another, counted once, to members of the course alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import samples
from school import Client, publish
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses
from coursewright.records.course import Course, Module
from coursewright.records.tables import Event, Person

LESSON = "api/v1/courses/hinted/lessons/adding"
HINTS = f"{LESSON}/exercises/add/hints"
TEXTS = ("Look at `+`.", "Both names are needed.", "`a + b`")


def hinted(texts: tuple[str, ...] = TEXTS) -> Course:
    cells = samples.cells()
    cells[3]["metadata"]["coursewright"]["hints"] = list(texts)
    lesson = samples.lesson(cells=cells)
    return Course("hinted", "With hints", (Module("first", "First", (lesson,)),))


@pytest.fixture(scope="module")
def _course(make: sessionmaker[Session]) -> None:
    with make.begin() as session:
        publish(session, hinted())


@pytest.fixture
def learner(make: sessionmaker[Session], _course: None, request: pytest.FixtureRequest) -> str:
    """Somebody new in the course."""
    name = f"learner-{abs(hash(request.node.name))}"
    with make.begin() as session:
        courses.enrol(session, name, "hinted")
    return name


def told(make: sessionmaker[Session], name: str) -> list[Any]:
    """The tiers that the events tell of."""
    query = select(Event.detail).join(Person).where(Person.name == name)
    with make() as session:
        found = session.scalars(query.where(Event.name == "exercise.hint").order_by(Event.id))
        return [detail["tier"] for detail in found]


def test_hints_come_one_after_another(
    client: Client, make: sessionmaker[Session], learner: str
) -> None:
    assert client.get(learner, HINTS).json() == {"tiers": 3, "given": []}
    for tier in (1, 2, 3):
        answer = client.ask("POST", learner, HINTS, json={"tier": tier})
        assert answer.json() == {"tiers": 3, "given": list(TEXTS[:tier])}
    assert told(make, learner) == [1, 2, 3]
    known = {"exercises": {"add": {"tiers": 3, "given": list(TEXTS)}}}
    assert client.get(learner, f"{LESSON}/hints").json() == known


def test_a_hint_asked_for_again_counts_once(
    client: Client, make: sessionmaker[Session], learner: str
) -> None:
    def ask(_: int) -> Any:
        return client.ask("POST", learner, HINTS, json={"tier": 1}).json()

    client.token(learner)
    with ThreadPoolExecutor(4) as pool:
        assert all(answer["given"] == [TEXTS[0]] for answer in pool.map(ask, range(8)))
    assert told(make, learner) == [1]


REFUSED = {
    "one that is not due": ({"tier": 2}, 409, "Hint 2 comes after hint 1"),
    "one beyond the last": ({"tier": 4}, 404, "This exercise has 3 hints; there is no hint 4"),
    "none": ({"tier": 0}, 400, "tier"),
    "no number": ({"tier": "all"}, 400, "tier"),
    "nothing": ({}, 400, "tier"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_no_other_hint_is_given(
    client: Client, make: sessionmaker[Session], learner: str, case: str
) -> None:
    body, status, sentence = REFUSED[case]
    answer = client.ask("POST", learner, HINTS, json=body)
    assert (answer.status_code, sentence in answer.json()["detail"]) == (status, True), answer.text
    assert told(make, learner) == []


@pytest.mark.parametrize("path", [f"{LESSON}/exercises/none/hints", f"{LESSON}-no/hints"])
def test_what_is_not_there_has_no_hints(client: Client, learner: str, path: str) -> None:
    assert client.get(learner, path).status_code == 404


def test_nobody_sees_what_others_were_given(client: Client, learner: str) -> None:
    client.ask("POST", learner, HINTS, json={"tier": 1})
    assert client.get("kay", HINTS).status_code == 404
    with_other = client.get("grace", f"{LESSON}/hints")
    assert with_other.status_code == 404


def test_a_version_with_fewer_hints_shows_what_it_has(
    client: Client, make: sessionmaker[Session], learner: str
) -> None:
    for tier in (1, 2):
        client.ask("POST", learner, HINTS, json={"tier": tier})
    with make.begin() as session:
        publish(session, hinted(TEXTS[:1]))
    assert client.get(learner, HINTS).json() == {"tiers": 1, "given": [TEXTS[0]]}
    with make.begin() as session:
        publish(session, hinted())
    assert client.get(learner, HINTS).json() == {"tiers": 3, "given": list(TEXTS[:2])}
