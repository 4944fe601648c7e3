"""Whatever is sent that fits the OpenAPI document, or nearly fits it: the answers fit it too.

schemathesis makes the requests from the document that the running service gives out. In most
paths stand things that are there.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from drafting import source
from fake_hub import Hub
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from school import Client, Running, graded
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses
from coursewright.services.answers import APIHandler
from coursewright.services.routes import PART
from coursewright.services.web import ROUTES

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

# Schemathesis knows no zip; tests/records/test_archives.py has the ones that are nearly right.
schemathesis.openapi.media_type("application/zip", st.binary(max_size=200))

CHECKS: list[Callable[..., Any]] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 5  # requests to each verb of each route, each sent by everybody
WHO = ("grace", "ada", "root")  # a student, an instructor, an administrator
OPERATIONS = [
    (verb, f"/{route.path}")
    for route in ROUTES
    if issubclass(route.handler, APIHandler)
    for verb in route.verbs
]


@dataclass(frozen=True)
class Desk:
    """The service without limits, and its document; `known` is what is there, by parts of paths."""

    client: Client
    schema: Any
    session: requests.Session
    known: dict[str, Any]

    def cases(self, verb: str, path: str) -> st.SearchStrategy[Any]:
        """What fits the document about things that are there; other things; what does not fit."""
        asked = self.schema[path][verb]
        there = {part: self.known[part] for part in PART.findall(path) if part in self.known}
        fitting, odd = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
        return st.one_of(
            asked.as_strategy(generation_mode=fitting, path_parameters=there),
            asked.as_strategy(generation_mode=odd, path_parameters=there),
            asked.as_strategy(generation_mode=fitting),
        )

    def send(self, who: str, case: Any) -> None:
        # Also where it is the header that does not fit: who is not signed in learns little.
        case.headers = {**case.headers, "Authorization": f"token {self.client.token(who)}"}
        answer = case.call(base_url=self.client.url, session=self.session)
        case.validate_response(answer, checks=CHECKS)


@pytest.fixture(scope="module")
def desk(hub: Hub, engine: Engine, make: sessionmaker[Session]) -> Iterator[Desk]:
    running = Running(hub, engine, reads_per_minute=0, writes_per_minute=0)
    client = Client(running.url, hub)
    with make.begin() as database:
        courses.enrol(database, "hopper", "sums")
    document = client.get(None, "api/v1/openapi.json").json()
    with requests.Session() as session:
        # The environment may name a proxy.
        session.trust_env = False
        schema = schemathesis.openapi.from_dict(document)
        yield Desk(client, schema, session, things(client, make))
    client.http.close()
    running.stop()


def things(client: Client, make: sessionmaker[Session]) -> dict[str, Any]:
    """Something that is there for each part of a path."""
    submission = client.submit().json()["id"]
    graded(make, submission)
    rubric = {"grade_id": "draw", "label": "axes", "points": 1}
    wanted = {"request": {"topic": "Python", "modules": 1}, "provider": "bank"}
    made = {
        "regrade": ("api/v1/courses/sums/regrades", {}),
        "item": ("api/v1/courses/sums/lessons/adding/rubric", rubric),
        "generation": ("api/v1/generations", wanted),
        "check": ("api/v1/courses/sums/checks", source()),
    }
    key = {"Idempotency-Key": "for-conformance"}
    numbers = {
        part: client.ask("POST", "ada", path, json=sent, headers=key).json()["id"]
        for part, (path, sent) in made.items()
    }
    return {
        "course": "sums",
        "lesson": "adding",
        "exercise": "add",
        "quiz": "colours",
        "cell": "draw",
        "person": "hopper",
        "group": "early",
        "submission": submission,
        **numbers,
    }


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_answers_fit_the_document(desk: Desk, operation: tuple[str, str]) -> None:
    @seed(20261121)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(desk.cases(*operation))
    def send(case: Any) -> None:
        for who in WHO:
            desk.send(who, case)

    send()
