"""The OpenAPI document says what is there, and every answer is what it says."""

from __future__ import annotations

from typing import Any

import pytest
from drafting import source
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from school import Client

from coursewright.services.answers import APIHandler
from coursewright.services.web import ROUTES

API = [route for route in ROUTES if issubclass(route.handler, APIHandler)]
GETS = {
    "api/v1/courses": "Catalogue",
    "api/v1/courses/sums": "Outline",
    "api/v1/courses/sums/lessons/adding": "Lesson",
    "api/v1/courses/sums/lessons/adding?version=1": "Lesson",
    "api/v1/courses/sums/lessons/adding/changes?since=1": "LessonChanges",
    "api/v1/courses/sums/lessons/adding/submissions": "Submissions",
    "api/v1/submissions/{marked}": "Submission",
    "api/v1/courses/sums/lessons/adding/hints": "LessonHints",
    "api/v1/courses/sums/lessons/adding/exercises/add/hints": "Hints",
    "api/v1/courses/sums/gradebook": "Gradebook",
    "api/v1/courses/sums/members": "Members",
    "api/v1/courses/sums/regrades": "Regrades",
    "api/v1/courses/sums/lessons/adding/rubric": "Rubric",
    "api/v1/courses/sums/submissions/{marked}/marks": "Marks",
    "api/v1/courses/sums/class": "Class",
    "api/v1/courses/sums/ungraded": "Ungraded",
    "api/v1/courses/sums/submissions/{marked}/paper": "Paper",
    "api/v1/courses/sums/lessons/adding/release": "Release",
    "api/v1/courses/sums/deadlines": "Deadlines",
    "api/v1/courses/sums/mastery": "Mastery",
    "api/v1/courses/sums/copies": "Copies",
    "api/v1/courses/sums/lessons/adding/copies": "Copies",
    "api/v1/courses/sums/joining": "Joining",
    "api/v1/standing?zone=Europe/Berlin": "Standing",
    "api/v1/courses/sums/lessons/adding/quizzes": "Quizzes",
    "api/v1/generations/options": "GenerationOptions",
    "api/v1/generations": "Generations",
    "api/v1/generations/{generation}": "GenerationProgress",
    "api/v1/generations/{generation}/receipts": "Receipts",
    "api/v1/courses/sums/source": "VersionSource",
    "api/v1/courses/sums/versions": "Versions",
    "api/v1/checks/{check}": "Check",
    "api/v1/courses/sums/sections": "Sections",
    "api/v1/courses/sums/line": "Line",
    "api/v1/courses/sums/members/grace/looks": "Looks",
    "api/v1/waiting": "MyTurns",
    "api/v1/courses/sums/facts": "Facts",
    "api/v1/courses/sums/meetings": "Meetings",
    "api/v1/courses/sums/server": "CourseServer",
    "api/v1/courses/sums/draft": "DraftState",
    "api/v1/courses/sums/reviews": "Reviews",
    "api/v1/courses/sums/differences?from=1&to=1": "VersionDifferences",
    "api/v1/courses/sums/bank": "Bank",
    "api/v1/courses/sums/bank/questions.json": "BankDocument",
    "api/v1/courses/sums/quizzes": "CourseQuizzes",
    "api/v1/courses/sums/questions": "ItemAnalysis",
    "api/v1/courses/sums/none": "Problem",
    "api/v1/courses/sums/weights": "Weights",
    "api/v1/courses/sums/grades?limit=5": "Grades",
    "api/v1/courses/sums/grades/grace": "StudentGrade",
    "api/v1/courses/sums/requests": "MarkRequests",
    "api/v1/courses/sums/requests?state=open": "MarkRequests",
    "healthz": "Health",
    "api/v1/courses/sums/sessions": "StudySessions",
    "readyz": "Readiness",
}


@pytest.fixture(scope="module")
def document(client: Client) -> Any:
    return client.get(None, "api/v1/openapi.json").json()


def test_the_document_is_valid(document: Any) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_every_api_route_and_verb_stands_in_it(document: Any) -> None:
    told = {(path, verb) for path, verbs in document["paths"].items() for verb in verbs}
    assert told == {(f"/{route.path}", verb) for route in API for verb in route.verbs}


def test_every_verb_is_described(document: Any) -> None:
    operations = [verb for path in document["paths"].values() for verb in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert all(operation["summary"] for operation in operations)
    assert all(operation["responses"] for operation in operations)


@pytest.mark.parametrize("path", GETS)
def test_an_answer_has_the_shape_that_the_document_tells(
    client: Client, marked: int, document: Any, path: str
) -> None:
    schema = {"$ref": f"#/components/schemas/{GETS[path]}", "components": document["components"]}
    full = path.format(marked=marked, generation=asked(client), check=begun(client, path))
    answer = client.get("ada", full).json()
    Draft202012Validator(schema).validate(answer)


def test_a_receipt_has_its_shape(client: Client, document: Any) -> None:
    schema = {"$ref": "#/components/schemas/Receipt", "components": document["components"]}
    Draft202012Validator(schema).validate(client.submit(key="shape-of-a-receipt").json())


def asked(client: Client) -> int:
    """A course that ada has asked for."""
    sent = {"request": {"topic": "Python", "modules": 1}, "provider": "bank"}
    headers = {"Idempotency-Key": "for-its-shape"}
    answer = client.ask("POST", "ada", "api/v1/generations", json=sent, headers=headers)
    return int(answer.json()["id"])


def begun(client: Client, path: str) -> int:
    """A check of ada's, where the path is about one."""
    if "{check}" not in path:
        return 0
    draft = source(summary="For its shape")
    return int(client.ask("POST", "ada", "api/v1/courses/sums/checks", json=draft).json()["id"])
