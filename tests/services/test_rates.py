"""How often somebody may ask: buckets of tokens, and what the service says about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fake_hub import Hub
from hypothesis import given
from hypothesis import strategies as st
from school import Client, Running
from sqlalchemy import Engine

from coursewright.records.errors import TooMany
from coursewright.services import rates
from coursewright.services.assets import files
from coursewright.services.rates import Rates

GIVEN = "api/v1/courses"


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_minutes_worth_may_be_asked_at_once_and_no_more(clock: Clock) -> None:
    found = Rates(3, 2, clock)
    left = [standing.left for _ in range(3) if (standing := found.ask("grace", "GET"))]
    assert left == [2, 1, 0]
    refused = found.ask("grace", "GET")
    assert refused is not None
    assert (refused.wait, refused.left, refused.full) == (20, 0, 60)
    with pytest.raises(TooMany, match="3 in a minute") as error:
        refused.refuse()
    assert error.value.wait == 20


def test_a_bucket_fills_while_one_waits(clock: Clock) -> None:
    found = Rates(3, 2, clock)
    for _ in range(4):
        found.ask("grace", "GET")
    clock.now += 20
    again = found.ask("grace", "GET")
    assert again is not None
    assert again.wait is None


OTHERS = {"another person": ("ada", "GET"), "another verb": ("grace", "PUT")}


@pytest.mark.parametrize("case", OTHERS)
def test_every_person_and_verb_has_a_bucket_of_its_own(clock: Clock, case: str) -> None:
    found = Rates(1, 1, clock)
    for _ in range(2):
        found.ask("grace", "GET")
    other = found.ask(*OTHERS[case])
    assert other is not None
    assert other.wait is None


def test_a_head_is_a_get(clock: Clock) -> None:
    found = Rates(1, 1, clock)
    found.ask("grace", "HEAD")
    refused = found.ask("grace", "GET")
    assert refused is not None
    assert refused.wait == 60


def test_no_limit_is_no_limit(clock: Clock) -> None:
    found = Rates(0, 0, clock)
    assert {found.ask("grace", verb) for verb in ("GET", "POST") for _ in range(99)} == {None}


def test_buckets_that_are_full_again_are_forgotten(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "MANY", 5)
    found = Rates(1, 1, clock)
    for number in range(5):
        found.ask(f"person-{number}", "GET")
    clock.now += 30
    found.ask("person-0", "GET")
    clock.now += 30
    found.ask("one-more", "GET")
    assert {person for person, _ in found.buckets} == {"person-0", "one-more"}


@given(st.lists(st.floats(0, 100), max_size=60), st.integers(1, 20))
def test_nobody_gets_more_than_a_bucket_and_what_flows_in(steps: list[float], quota: int) -> None:
    clock = Clock()
    found = Rates(quota, quota, clock)
    answered = 0
    for step in steps:
        clock.now += step
        standing = found.ask("grace", "GET")
        assert standing is not None
        assert 0 <= standing.left <= quota
        answered += standing.wait is None
        assert answered <= quota + (clock.now - 1000) * quota / 60 + 1e-6
        if standing.wait is not None:
            assert 1 <= standing.wait <= 60


@pytest.fixture(scope="module")
def strict(hub: Hub, engine: Engine) -> Iterator[Client]:
    """A service that hardly answers anybody."""
    running = Running(hub, engine, reads_per_minute=3, writes_per_minute=1, pages_per_minute=2)
    client = Client(running.url, hub)
    yield client
    client.http.close()
    running.stop()


def test_the_service_says_how_much_is_left_and_when_to_come_back(strict: Client) -> None:
    first = strict.get("grace", GIVEN)
    assert first.headers["RateLimit-Policy"] == '"reads";q=3;w=60'
    assert first.headers["RateLimit"] == '"reads";r=2;t=20'
    for _ in range(2):
        strict.get("grace", GIVEN)
    refused = strict.get("grace", GIVEN)
    assert (refused.status_code, refused.json()["title"]) == (429, "Too Many Requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 20
    assert refused.headers["RateLimit"].startswith('"reads";r=0;t=')
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_a_refused_write_has_done_nothing(strict: Client) -> None:
    rubric = "api/v1/courses/sums/lessons/adding/rubric"
    item = {"grade_id": "draw", "label": "axes", "points": 1}
    answers = [strict.ask("POST", "olga", rubric, json=item).status_code for _ in range(2)]
    assert answers == [201, 429]
    assert len(strict.get("olga", rubric).json()["items"]) == 1


def test_who_is_not_signed_in_has_no_bucket(strict: Client) -> None:
    assert {strict.get(None, GIVEN).status_code for _ in range(5)} == {401}


def test_pages_have_a_bucket_of_their_own_and_say_when_to_come_back(strict: Client) -> None:
    for _ in range(4):
        strict.get("kay", GIVEN)
    answers = [strict.get("kay", "") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    wait = int(answers[-1].headers["Retry-After"])
    assert 1 <= wait <= 30
    assert "A little slower" in answers[-1].text
    assert f"Wait {wait} s, then load the page again" in answers[-1].text


def test_a_refused_form_has_done_nothing(strict: Client) -> None:
    page = "courses/sums/people/sections"
    statuses = [strict.ask("POST", "olga", page, data={"add": ""}).status_code for _ in range(3)]
    assert statuses[-1] == 429
    assert 429 not in statuses[:2]


def test_static_files_are_never_counted(strict: Client) -> None:
    sheet = next(name for name in files() if name.endswith(".css"))
    assert {strict.get("kay", f"static/{sheet}").status_code for _ in range(9)} == {200}


def test_the_usual_limits_are_generous_and_writes_have_the_smaller(client: Client) -> None:
    policy = client.get("grace", GIVEN).headers["RateLimit-Policy"]
    assert policy == '"reads";q=1200;w=60'
    answer = client.ask("PUT", "grace", "api/v1/courses/open/enrolment")
    assert answer.headers["RateLimit-Policy"] == '"writes";q=600;w=60'
