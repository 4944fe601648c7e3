"""The numbers for Prometheus: who may read them, and what moves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from fake_hub import Hub
from prometheus_client.parser import text_string_to_metric_families
from school import Client, Running, graded
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses, generations
from coursewright.records.database import make_engine
from coursewright.records.errors import Invalid
from coursewright.records.tables import Generation
from coursewright.services.app import secret

TOKEN = "a-token-for-prometheus-alone"
Numbers = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture(scope="module")
def running(hub: Hub, engine: Engine) -> Iterator[Running]:
    running = Running(hub, engine, metrics_token=TOKEN)
    yield running
    running.stop()


def numbers(client: Client) -> Numbers:
    answer = client.get(None, "metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def number(found: Numbers, name: str, /, **labels: str) -> float:
    return found.get((f"coursewright_{name}", frozenset(labels.items())), 0.0)


def moved(before: Numbers, after: Numbers, name: str, /, **labels: str) -> float:
    return number(after, name, **labels) - number(before, name, **labels)


REFUSED = (
    "Bearer another-token-for-prometheus",
    "Bearer",
    f"Basic {TOKEN}",
    TOKEN,
    "Bearer \N{LATIN SMALL LETTER U WITH DIAERESIS}".encode(),
)


@pytest.mark.parametrize("given", REFUSED)
def test_another_token_opens_nothing(client: Client, given: str | bytes) -> None:
    assert client.get(None, "metrics", headers={"Authorization": given}).status_code == 401


def test_the_token_opens_nothing_else(client: Client) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get(None, "api/v1/courses/sums/gradebook", headers=headers).status_code == 401


def test_coming_from_this_machine_opens_nothing(client: Client) -> None:
    assert client.get(None, "metrics").status_code == 401
    assert client.get(None, "metrics", headers={"X-Real-Ip": "127.0.0.1"}).status_code == 401


def test_a_token_that_can_be_guessed_is_refused() -> None:
    assert secret("") == ""
    with pytest.raises(Invalid, match="openssl rand"):
        secret("short")


def test_a_request_moves_the_numbers_of_its_route(client: Client) -> None:
    before = numbers(client)
    assert client.get("grace", "api/v1/courses/sums").status_code == 200
    assert client.get("grace", "api/v1/courses/none").status_code == 404
    after = numbers(client)
    about = {"route": "/api/v1/courses/{course}", "method": "GET"}
    assert moved(before, after, "http_requests_total", **about, status="200") == 1
    assert moved(before, after, "http_requests_total", **about, status="404") == 1
    assert moved(before, after, "http_request_seconds_count", **about) == 2
    assert number(after, "database_up") == 1
    assert number(after, "database_connections_limit") >= 1


def test_a_grading_moves_the_numbers_of_its_mode(
    client: Client, make: sessionmaker[Session]
) -> None:
    before = numbers(client)
    submission = client.submit(key="for-the-numbers").json()["id"]
    waiting = numbers(client)
    assert moved(before, waiting, "queue_jobs", queue="grade", state="waiting") == 1
    assert number(waiting, "queue_oldest_seconds", queue="grade") >= 0
    graded(make, submission)
    after = numbers(client)
    assert moved(before, after, "grading_seconds_count", mode="isolated") == 1
    assert moved(before, after, "grading_seconds_sum", mode="isolated") == pytest.approx(0.2)
    for name in ("learning.submitted", "learning.graded"):
        assert moved(before, after, "events_total", name=name) == 1


def test_a_paid_call_moves_tokens_and_cost(client: Client, make: sessionmaker[Session]) -> None:
    before = numbers(client)
    with make.begin() as session:
        ada = courses.person(session, "ada")
        row = Generation(request={}, sources={}, provider="openai", seed=1, requested_by=ada.id)
        session.add(row)
        session.flush()
        generations.add_call(session, row.id, "{}", prompt=70, completion=30, cost=0.25)
    after = numbers(client)
    assert moved(before, after, "model_calls_total") == 1
    assert moved(before, after, "model_tokens_total", kind="prompt") == 70
    assert moved(before, after, "model_tokens_total", kind="completion") == 30
    assert moved(before, after, "model_cost_total") == 0.25


def test_no_label_grows_with_what_people_send(client: Client) -> None:
    client.ask("BREW", "grace", "api/v1/courses")
    client.get("grace", "courses/sums/no-such-page-of-mine")
    found = numbers(client)
    values = {value for _, labels in found for _, value in labels}
    assert not values & {"BREW", "grace", "sums", "adding"}
    assert not any("no-such-page" in value for value in values)
    assert number(found, "http_requests_total", route="/elsewhere", method="GET", status="404") == 1


def test_without_the_database_it_still_answers(hub: Hub) -> None:
    engine = make_engine("postgresql://nobody@/none?host=/nonexistent")
    alone = Running(hub, engine, metrics_token=TOKEN)
    client = Client(alone.url, hub)
    assert number(numbers(client), "database_up") == 0
    client.http.close()
    alone.stop()
    engine.dispose()


def test_readiness_names_its_parts(client: Client, engine: Engine) -> None:
    parts = {"database": "ok", "schema": "current", "exchange": "idle"}
    assert client.get(None, "readyz").json() == {"status": "ok", "parts": parts}
    with engine.begin() as connection:
        (head,) = connection.scalars(text("SELECT version_num FROM alembic_version"))
    try:
        for found, state, status in (("0001", "older", 503), ("9999", "newer", 200)):
            with engine.begin() as connection:
                to = {"to": found}
                connection.execute(text("UPDATE alembic_version SET version_num = :to"), to)
            answer = client.get(None, "readyz")
            assert answer.status_code == status
            assert answer.json()["parts"]["schema"] == state
            assert ("coursewright db upgrade" in answer.text) == (status == 503)
    finally:
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": head})


def test_readiness_tells_of_a_database_that_is_away(hub: Hub) -> None:
    engine = make_engine("postgresql://nobody@/none?host=/nonexistent")
    alone = Running(hub, engine)
    client = Client(alone.url, hub)
    answer = client.get(None, "readyz")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["parts"]["database"] == "away"
    client.http.close()
    alone.stop()
    engine.dispose()
