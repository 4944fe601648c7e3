"""Who gets in where: every route and verb, for everybody."""

from __future__ import annotations

import re
from collections import Counter
from itertools import count

import fake_hub
import pytest
from access_requests import ANSWERS, QUESTION, SENT, WRITTEN
from access_table import AS_KAY, NAMED, TABLE, WHO
from banking import QUESTIONS, fill_bank, make_quiz
from drafting import an_author, source
from school import Client
from sqlalchemy.orm import Session, sessionmaker

from coursewright.grader import bank_quizzes as grader_of_quizzes
from coursewright.records import bank_quizzes, courses
from coursewright.services.routes import Route
from coursewright.services.scopes import LEARN, TEACH
from coursewright.services.web import ROUTES

numbers = count(1)

CASES = [
    (verb, path, who, ANSWERS.get((verb, path, status), status))
    for (verb, path), statuses in TABLE.items()
    for who, status in [*zip(WHO, statuses, strict=True), (AS_KAY, statuses[WHO.index("kay")])]
]


@pytest.fixture(scope="module", autouse=True)
def others(client: Client, make: sessionmaker[Session]) -> None:
    """mona learns in another course; a token of ada's has ended."""
    with make.begin() as session:
        courses.enrol(session, "mona", "other")
    client.tokens["expired"] = client.hub.token("ada")
    del client.hub.models[client.tokens["expired"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(map(str, case)))
def test_access(
    client: Client,
    make: sessionmaker[Session],
    marked: int,
    case: tuple[str, str, str | None, int],
) -> None:
    verb, path, who, status = case
    if "quizzes/week-one" in path or "sums/quizzes" in path or path.endswith("/bank"):
        asked_of_all(make)
    if path.endswith("adding/submissions") and verb == "POST":
        answer = client.submit(who, key=f"the access table, {who}".replace(" ", "-"))
        status = 201 if status == 200 else status
    else:
        if verb == "DELETE" and "/members/" in path:
            client.ask("PUT", "root", path, json={"role": "student"})
        if verb == "DELETE" and "/sections/" in path:
            client.ask("PUT", "root", path, json={})
        sent = {} if verb == "GET" else SENT.get(path, {})
        if verb == "DELETE" and "/grades/" in path:
            client.ask("PUT", "root", path, **sent)
            sent = {}
        full = filled(client, path, marked, who)
        headers = {"Idempotency-Key": f"the-access-table-{who}"}
        answer = client.ask(verb, who, full, **{"headers": headers, **sent})
    assert answer.status_code == status, answer.text
    if status >= 400 and path.startswith("api/"):
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status


@pytest.mark.parametrize(
    "case", [case for case in CASES if case[0] == "GET"], ids=lambda case: " ".join(map(str, case))
)
def test_a_head_is_a_get_without_its_body(
    client: Client,
    make: sessionmaker[Session],
    marked: int,
    case: tuple[str, str, str | None, int],
) -> None:
    _, path, who, status = case
    if "quizzes/week-one" in path or "sums/quizzes" in path or path.endswith("/bank"):
        asked_of_all(make)
    answer = client.ask("HEAD", who, filled(client, path, marked, who))
    assert (answer.status_code, answer.content) == (status, b"")
    # What is sent as it is read has no length yet.
    assert int(answer.headers.get("Content-Length", 1)) > 0 or status == 302


def filled(client: Client, path: str, marked: int, who: str | None = None) -> str:
    """The path with numbers for its names in braces, of things in sums or of other people."""
    return path.format(
        grace=marked,
        regrade=asked(client, path),
        item=noted(client, path),
        request=questioned(client, path, marked),
        generation=wanted(client, path),
        check=begun(client, path),
        message=written(client, path),
        question=banked(client, path, who),
    )


def asked(client: Client, path: str) -> int:
    """A regrade that waits for its workers, where the path is about one."""
    if "{regrade}" not in path:
        return 0
    return int(client.ask("POST", "root", "api/v1/courses/sums/regrades").json()["id"])


def questioned(client: Client, path: str, submission: int) -> int:
    """What grace asks about an answer of hers, where the path is about it."""
    if "{request}" not in path and not path.endswith("?cell=why"):
        return 0
    path = f"api/v1/submissions/{submission}/requests"
    return int(client.ask("POST", "grace", path, json=QUESTION).json()["id"])


def noted(client: Client, path: str) -> int:
    """A rubric item, where the path is about one."""
    if "{item}" not in path:
        return 0
    sent = {"grade_id": "draw", "label": "axes", "points": 1}
    answer = client.ask("POST", "root", "api/v1/courses/sums/lessons/adding/rubric", json=sent)
    return int(answer.json()["id"])


def banked(client: Client, path: str, who: str | None) -> int:
    """A question of the course, where the path is about one; a new one for each who asks."""
    if "{question}" not in path:
        return 0
    item = {**QUESTIONS["single"], "prompt": f"For {who}, {next(numbers)}"}
    sent = {"question": item}
    answer = client.ask("POST", "root", "api/v1/courses/sums/bank", json=sent)
    return int(answer.json()["id"])


def asked_of_all(make: sessionmaker[Session]) -> None:
    """The quizzes `week-one`, which anybody may begin, and `begun`, which grace has."""
    with make.begin() as session:
        if any(quiz.key == "begun" for quiz in bank_quizzes.listed(session, "sums")):
            return
        found = fill_bank(session)
        make_quiz(session, found, attempts=99)
        make_quiz(session, found, key="begun")
    with make.begin() as session:
        grader_of_quizzes.start(session, "grace", "sums", "begun", "of-the-access-table")


def wanted(client: Client, path: str) -> int:
    """A course that somebody else has asked for, where the path is about one."""
    if "{generation}" not in path:
        return 0
    who = an_author(client, f"requester-{next(numbers)}")
    answer = client.ask("POST", who, "api/v1/generations", **SENT["api/v1/generations"])
    return int(answer.json()["id"])


def begun(client: Client, path: str) -> int:
    """An administrator's check of a course, where the path is about one."""
    if "{check}" not in path:
        return 0
    answer = client.ask("POST", "root", "api/v1/courses/sums/checks", json=source(summary="Anew"))
    return int(answer.json()["id"])


def written(client: Client, path: str) -> int:
    """A message to grace, where the path is about one; one is enough for all."""
    if "{message}" not in path:
        return 0
    if client.url not in WRITTEN:
        address = "api/v1/courses/sums/messages"
        WRITTEN[client.url] = int(client.ask("POST", "root", address, **SENT[address]).json()["id"])
    return WRITTEN[client.url]


def test_the_table_knows_every_route_and_verb() -> None:
    known = {(verb, route_of(path).path) for verb, path in TABLE}
    routes = {(verb.upper(), route.path) for route in ROUTES for verb in route.verbs}
    assert known == routes


def route_of(path: str) -> Route:
    """The route that answers at a path of the table, as the service would find it."""
    bare = NAMED.sub("1", path.partition("?")[0])
    return next(route for route in ROUTES if re.fullmatch(route.pattern, bare))


def test_every_role_of_the_matrix_is_asked_for_every_row() -> None:
    asked_for = Counter((verb, path) for verb, path, *_ in CASES)
    assert set(asked_for.values()) == {10}
    assert set(asked_for) == set(TABLE)


# What belongs to the course sums, asked for through a course that one teaches oneself.
THROUGH_ANOTHER = [
    (verb, path) for verb, path in TABLE if "courses/sums/" in path and NAMED.search(path)
]


@pytest.mark.parametrize("case", THROUGH_ANOTHER, ids=" ".join)
def test_another_courses_things_are_not_found_through_ones_own(
    client: Client, marked: int, case: tuple[str, str]
) -> None:
    verb, path = case
    sent = {} if verb == "GET" else dict(SENT.get(path, {"headers": {"If-Match": '"1"'}}))
    elsewhere = path.replace("courses/sums/", "courses/other/")
    full = filled(client, elsewhere, marked)
    answer = client.ask(verb, "alan", full, **sent)
    assert answer.status_code == 404, answer.text
    if path.startswith("api/"):
        # Nor does the answer tell it from what is not there at all.
        absent = NAMED.sub("987654321", elsewhere)
        detail = client.ask(verb, "alan", absent, **sent).json()["detail"]
        assert answer.json()["detail"] == detail.replace("987654321", full_number(full, elsewhere))


def full_number(full: str, path: str) -> str:
    """What stands in `full` where `path` has a name in braces."""
    before, _, after = NAMED.sub("|", path).partition("|")
    return full.removeprefix(before).removesuffix(after)


SIGN_INS = {
    "no scope for the service": ((LEARN, TEACH), "user", 403),
    "the service, but no scope of ours": ((fake_hub.ACCESS,), "user", 403),
    "another service": (fake_hub.PERSON, "service", 403),
    "a person": (fake_hub.PERSON, "user", 200),
}


@pytest.mark.parametrize("case", SIGN_INS)
def test_a_sign_in_counts_for_what_the_hub_put_into_it(client: Client, case: str) -> None:
    scopes, kind, status = SIGN_INS[case]
    token = client.hub.token("grace", scopes, kind)
    answer = client.http.get("api/v1/courses", headers={"Authorization": f"token {token}"})
    assert answer.status_code == status


def test_the_pod_of_an_instructor_may_not_teach(client: Client) -> None:
    detail = client.get("pod", "api/v1/courses/sums/gradebook").json()["detail"]
    assert detail == "Your sign-in does not allow this; it needs custom:coursewright:teach"


def test_a_token_in_the_address_counts_for_nothing(client: Client) -> None:
    assert client.get(None, f"api/v1/courses?token={client.token('grace')}").status_code == 401


def test_who_is_not_signed_in_is_told_how(client: Client) -> None:
    answer = client.get(None, "api/v1/courses")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "Authorization" in answer.json()["detail"]
