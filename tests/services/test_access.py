"""Who gets in where: every route and verb, for everybody."""

from __future__ import annotations

import hashlib
from itertools import count
from typing import Any

import fake_hub
import pytest
import samples
from drafting import an_author, source
from school import Client

from coursewright.services.scopes import LEARN, TEACH
from coursewright.services.web import ROUTES

# Signed in, but not in the course; in the course; teaching it; an instructor's pod, where student
# code may run; teaching another course; a Hub administrator.
WHO = (None, "stranger", "kay", "grace", "olga", "ada", "pod", "alan", "root")

LEARNERS = (401, 401, 404, 200, 200, 200, 200, 404, 404)
ANYBODY = (401, 401, 200, 200, 200, 200, 200, 200, 200)
TEACHERS = (401, 401, 404, 403, 200, 200, 403, 404, 200)
INSTRUCTORS = (401, 401, 404, 403, 403, 200, 403, 404, 200)
# Somebody's work: the student's, the teachers' with a sign-in that may teach, administrators'.
READERS = (401, 401, 404, 200, 200, 200, 404, 404, 200)
EVERYBODY = (200,) * 9
# What authors ask, for a course that is there; for one that is new, with the scope to teach.
AUTHORS = (401, 401, 403, 403, 403, 200, 403, 200, 200)
# A generation, or a check, of somebody else: an administrator alone may look.
ADMINISTRATORS = (401, 401, 404, 404, 404, 404, 403, 404, 200)
ITS_INSTRUCTORS = (401, 401, 404, 404, 404, 200, 403, 404, 200)
NOBODY_HERE = (401, 401, *(404,) * 7)

COPY = f"api/v1/courses/sums/lessons/adding/copies/{hashlib.sha256(samples.content()).hexdigest()}"

TABLE = {
    ("GET", "healthz"): EVERYBODY,
    ("GET", "readyz"): EVERYBODY,
    ("GET", "api/v1/openapi.json"): EVERYBODY,
    ("GET", "static/style.css"): EVERYBODY,
    ("GET", "oauth_callback"): (400,) * 9,
    ("GET", ""): ANYBODY,
    ("GET", "api/v1/courses"): ANYBODY,
    ("GET", "api/v1/courses/sums"): LEARNERS,
    ("GET", "api/v1/courses/none"): NOBODY_HERE,
    ("GET", "api/v1/courses/sums/lessons/adding"): LEARNERS,
    ("GET", "api/v1/courses/sums/lessons/adding/changes?since=1"): LEARNERS,
    ("GET", "api/v1/courses/sums/lessons/adding/submissions"): LEARNERS,
    ("POST", "api/v1/courses/sums/lessons/adding/submissions"): LEARNERS,
    ("GET", "api/v1/courses/sums/copies"): LEARNERS,
    ("GET", "api/v1/courses/sums/lessons/adding/copies"): LEARNERS,
    ("POST", "api/v1/courses/sums/lessons/adding/copies"): LEARNERS,
    # Copies are each person's own: nobody has this one.
    ("GET", f"api/v1/courses/sums/lessons/adding/copies/{0:064}"): NOBODY_HERE,
    ("PUT", COPY): LEARNERS,
    ("GET", "api/v1/submissions/{grace}"): READERS,
    ("GET", "api/v1/submissions/{grace}/feedback"): READERS,
    ("GET", "api/v1/submissions/{grace}/notebook"): READERS,
    # Signed in, but no WebSocket; tests/services/test_live.py opens some.
    ("GET", "api/v1/live"): (401, 401, *(400,) * 7),
    ("GET", "submissions/{grace}/feedback"): (302, 302, *READERS[2:]),
    ("GET", "api/v1/submissions/{grace}/feedback.ipynb"): READERS,
    ("GET", "submissions/{grace}/feedback.ipynb"): (302, 302, *READERS[2:]),
    ("GET", "courses/sums/lessons/adding/feedback"): (302, 302, 404, 200, *(404,) * 5),
    ("GET", "api/v1/courses/sums/lessons/adding/hints"): LEARNERS,
    ("GET", "api/v1/courses/sums/lessons/adding/exercises/add/hints"): LEARNERS,
    ("POST", "api/v1/courses/sums/lessons/adding/exercises/add/hints"): LEARNERS,
    ("GET", "api/v1/courses/sums/gradebook"): TEACHERS,
    ("GET", "courses/sums/gradebook"): TEACHERS,
    ("GET", "courses/sums/gradebook.csv"): TEACHERS,
    ("GET", "api/v1/courses/sums/members"): TEACHERS,
    ("PUT", "api/v1/courses/sums/members/hopper"): INSTRUCTORS,
    ("DELETE", "api/v1/courses/sums/members/leaver"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/mastery"): LEARNERS,
    ("GET", "api/v1/courses/sums/lessons/adding/quizzes"): LEARNERS,
    ("POST", "api/v1/courses/sums/lessons/adding/quizzes/colours/attempts"): LEARNERS,
    ("GET", "api/v1/courses/sums/deadlines"): TEACHERS,
    ("GET", "courses/sums/deadlines"): TEACHERS,
    ("POST", "courses/sums/deadlines"): INSTRUCTORS,
    ("GET", "courses/sums/lessons/adding/deadline"): TEACHERS,
    ("POST", "courses/sums/lessons/adding/deadline"): INSTRUCTORS,
    ("PUT", "api/v1/courses/sums/lessons/adding/deadline"): INSTRUCTORS,
    ("DELETE", "api/v1/courses/sums/lessons/adding/deadline"): INSTRUCTORS,
    ("PUT", "api/v1/courses/sums/lessons/adding/extensions/people/grace"): INSTRUCTORS,
    ("DELETE", "api/v1/courses/sums/lessons/adding/extensions/people/grace"): INSTRUCTORS,
    ("PUT", "api/v1/courses/sums/lessons/adding/extensions/groups/late"): INSTRUCTORS,
    ("DELETE", "api/v1/courses/sums/lessons/adding/extensions/groups/late"): INSTRUCTORS,
    ("PUT", "api/v1/courses/sums/members/grace/group"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/regrades"): INSTRUCTORS,
    ("POST", "api/v1/courses/sums/regrades"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/regrades/{regrade}"): INSTRUCTORS,
    ("POST", "api/v1/courses/sums/regrades/{regrade}/apply"): INSTRUCTORS,
    ("POST", "api/v1/courses/sums/regrades/{regrade}/discard"): INSTRUCTORS,
    ("GET", "courses/sums/regrades"): INSTRUCTORS,
    ("POST", "courses/sums/regrades"): INSTRUCTORS,
    ("GET", "courses/sums/regrades/{regrade}"): INSTRUCTORS,
    ("POST", "courses/sums/regrades/{regrade}"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/lessons/adding/rubric"): TEACHERS,
    ("POST", "api/v1/courses/sums/lessons/adding/rubric"): TEACHERS,
    ("PUT", "api/v1/courses/sums/rubric/{item}"): TEACHERS,
    ("GET", "api/v1/courses/sums/submissions/{grace}/marks"): TEACHERS,
    ("PUT", "api/v1/courses/sums/submissions/{grace}/marks/draw"): TEACHERS,
    ("GET", "courses/sums/submissions/{grace}/marks"): TEACHERS,
    ("POST", "courses/sums/submissions/{grace}/marks"): TEACHERS,
    ("POST", "api/v1/courses/sums/activity"): LEARNERS,
    ("GET", "api/v1/courses/sums/class"): TEACHERS,
    ("GET", "api/v1/courses/sums/ungraded"): TEACHERS,
    ("GET", "api/v1/courses/sums/submissions/{grace}/paper"): TEACHERS,
    ("GET", "api/v1/courses/sums/submissions/{grace}/notebook"): TEACHERS,
    ("GET", "api/v1/courses/sums/lessons/adding/release"): TEACHERS,
    ("PUT", "api/v1/courses/sums/lessons/adding/release"): INSTRUCTORS,
    ("GET", "courses/sums/people"): TEACHERS,
    ("GET", "api/v1/standing"): ANYBODY,
    ("PUT", "api/v1/submissions/{grace}/read"): (401, 401, 404, 200, *(404,) * 5),
    ("POST", "api/v1/enrolments"): NOBODY_HERE,
    ("GET", "api/v1/courses/sums/joining"): INSTRUCTORS,
    ("PUT", "api/v1/courses/sums/joining"): INSTRUCTORS,
    ("POST", "api/v1/courses/sums/codes"): INSTRUCTORS,
    ("DELETE", "api/v1/courses/sums/codes/22222222"): (401, 401, 404, 403, 403, 404, 403, 404, 404),
    ("POST", "courses/sums/codes"): INSTRUCTORS,
    ("POST", "courses/sums/people"): INSTRUCTORS,
    ("GET", "api/v1/generations/options"): AUTHORS,
    ("POST", "api/v1/generations/problems"): AUTHORS,
    ("GET", "api/v1/generations"): (401, 401, 200, 200, 200, 200, 403, 200, 200),
    ("POST", "api/v1/generations"): AUTHORS,
    ("GET", "api/v1/generations/{generation}"): ADMINISTRATORS,
    ("GET", "api/v1/generations/{generation}/receipts"): ADMINISTRATORS,
    ("POST", "api/v1/generations/{generation}/cancel"): ADMINISTRATORS,
    ("POST", "api/v1/generations/{generation}/resume"): ADMINISTRATORS,
    ("GET", "api/v1/generations/{generation}/source"): ADMINISTRATORS,
    ("GET", "api/v1/courses/sums/source"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/versions"): INSTRUCTORS,
    ("POST", "api/v1/courses/sums/checks"): INSTRUCTORS,
    ("GET", "api/v1/checks/{check}"): ITS_INSTRUCTORS,
    ("POST", "api/v1/courses/sums/preview"): INSTRUCTORS,
    ("POST", "api/v1/courses/sums/versions"): INSTRUCTORS,
    ("PUT", "api/v1/courses/open/enrolment"): ANYBODY,
    ("PUT", "api/v1/courses/none/enrolment"): NOBODY_HERE,
    ("POST", "courses/open/enrolment"): (401, 401, *(303,) * 7),
    # Operations
    ("GET", "metrics"): (401, 401, *(403,) * 6, 200),
    ("GET", "api/v1/courses/sums/sessions"): LEARNERS,
}
PAGES = (
    "",
    "courses/sums/regrades",
    "courses/sums/regrades/{regrade}",
    "courses/sums/gradebook",
    "courses/sums/gradebook.csv",
    "courses/sums/people",
    "courses/sums/deadlines",
    "courses/sums/lessons/adding/deadline",
    "courses/sums/submissions/{grace}/marks",
)
# A page answers with a redirection where the API answers with a body.
ANSWERS = {
    **{("GET", page, 401): 302 for page in PAGES},
    ("POST", "courses/sums/people", 200): 303,
    ("POST", "courses/sums/deadlines", 200): 303,
    ("POST", "courses/sums/codes", 200): 303,
    ("POST", "api/v1/courses/sums/codes", 200): 201,
    ("POST", "courses/sums/lessons/adding/deadline", 200): 303,
    ("POST", "courses/sums/submissions/{grace}/marks", 200): 303,
    ("POST", "api/v1/courses/sums/lessons/adding/rubric", 200): 201,
    ("POST", "api/v1/courses/sums/lessons/adding/quizzes/colours/attempts", 200): 201,
    # Nobody has seen what stands there.
    ("PUT", "api/v1/courses/sums/submissions/{grace}/marks/draw", 200): 400,
    ("POST", "courses/sums/regrades", 200): 303,
    ("POST", "courses/sums/regrades/{regrade}", 200): 303,
    ("POST", "api/v1/courses/sums/regrades", 200): 201,
    ("POST", "api/v1/generations", 200): 201,
    # It has just been asked for.
    ("POST", "api/v1/generations/{generation}/resume", 200): 409,
    ("GET", "api/v1/generations/{generation}/source", 200): 404,
    ("POST", "api/v1/courses/sums/checks", 200): 201,
    # There is no such check.
    ("POST", "api/v1/courses/sums/versions", 200): 404,
    # Nobody has graded it yet.
    ("POST", "api/v1/courses/sums/regrades/{regrade}/apply", 200): 409,
}
numbers = count(1)
WANTED = {"request": {"topic": "Python", "modules": 1}, "provider": "bank"}
SENT: dict[str, dict[str, Any]] = {
    "api/v1/courses/sums/lessons/adding/quizzes/colours/attempts": {"json": {"answers": {}}},
    "api/v1/generations/problems": {"json": WANTED},
    "api/v1/generations": {"json": WANTED, "headers": {"Idempotency-Key": "of-the-table"}},
    "api/v1/courses/sums/checks": {"json": source()},
    "api/v1/courses/sums/versions": {
        "json": {"source": source(), "message": "More", "check": 10**9}
    },
    "api/v1/courses/sums/preview": {"json": {"lesson": "adding", "notebook": samples.notebook()}},
    "api/v1/courses/sums/lessons/adding/copies": {"json": {"sha256": "0" * 64, "path": "a.ipynb"}},
    COPY: {"content": samples.content(), "headers": {"Notebook-Path": "adding.ipynb"}},
    "api/v1/courses/sums/activity": {
        "json": {"name": "learning.here", "lesson": "adding", "exercise": None, "detail": {}}
    },
    "api/v1/courses/sums/lessons/adding/release": {"json": {"held": False}},
    "api/v1/courses/sums/members/hopper": {"json": {"role": "student"}},
    "api/v1/courses/sums/members/grace/group": {"json": {"group": "early"}},
    "courses/sums/regrades/{regrade}": {"data": {"discard": "yes"}},
    "courses/sums/deadlines": {"data": {"person": "grace", "group": ""}},
    "courses/sums/lessons/adding/deadline": {"data": {"clear": "yes"}},
    "api/v1/courses/sums/lessons/adding/rubric": {
        "json": {"grade_id": "draw", "label": "axes", "points": 1}
    },
    "api/v1/courses/sums/rubric/{item}": {"json": {"label": "axes", "points": 1}},
    "courses/sums/submissions/{grace}/marks": {
        "data": {"cell": "draw", "add": "yes", "label": "axes", "points": "1"}
    },
    "api/v1/enrolments": {"json": {"code": "22222222"}},
    "api/v1/courses/sums/joining": {"json": {"open": True}},
    "api/v1/courses/sums/codes": {"json": {}},
    "courses/sums/codes": {"data": {"open": "yes"}},
    "api/v1/courses/sums/lessons/adding/exercises/add/hints": {"json": {"tier": 1}},
    "courses/sums/people": {"data": {"person": "hopper", "role": "student", "change": "yes"}},
}
CASES = [
    (verb, path, who, ANSWERS.get((verb, path, status), status))
    for (verb, path), statuses in TABLE.items()
    for who, status in zip(WHO, statuses, strict=True)
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(map(str, case)))
def test_access(client: Client, marked: int, case: tuple[str, str, str | None, int]) -> None:
    verb, path, who, status = case
    if path.endswith("adding/submissions") and verb == "POST":
        answer = client.submit(who, key=f"the access table, {who}".replace(" ", "-"))
        status = 201 if status == 200 else status
    else:
        if verb == "DELETE" and "/members/" in path:
            client.ask("PUT", "root", path, json={"role": "student"})
        sent = {} if verb == "GET" else SENT.get(path, {})
        full = path.format(
            grace=marked,
            regrade=asked(client, path),
            item=noted(client, path),
            generation=wanted(client, path),
            check=begun(client, path),
        )
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
    client: Client, marked: int, case: tuple[str, str, str | None, int]
) -> None:
    _, path, who, status = case
    number, check = wanted(client, path), begun(client, path)
    full = path.format(grace=marked, regrade=asked(client, path), generation=number, check=check)
    answer = client.ask("HEAD", who, full)
    assert (answer.status_code, answer.content) == (status, b"")
    assert int(answer.headers["Content-Length"]) > 0 or status == 302


def asked(client: Client, path: str) -> int:
    """A regrade that waits for its workers, where the path is about one."""
    if "{regrade}" not in path:
        return 0
    return int(client.ask("POST", "root", "api/v1/courses/sums/regrades").json()["id"])


def noted(client: Client, path: str) -> int:
    """A rubric item, where the path is about one."""
    if "{item}" not in path:
        return 0
    sent = {"grade_id": "draw", "label": "axes", "points": 1}
    answer = client.ask("POST", "root", "api/v1/courses/sums/lessons/adding/rubric", json=sent)
    return int(answer.json()["id"])


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


def test_the_table_knows_every_route_and_verb() -> None:
    known = {(verb, _shape(path)) for verb, path in TABLE}
    routes = {(verb.upper(), _shape(route.path)) for route in ROUTES for verb in route.verbs}
    assert known == routes


def _shape(path: str) -> str:
    """The path with its parts blanked: `sums`, `{course}` and the like are all one."""
    fixed = {"api", "v1", "courses", "lessons", "submissions", "feedback", "gradebook", "static"}
    fixed |= {
        "copies",
        "feedback.ipynb",
        "live",
        "notebook",
        "people",
        "members",
        "mastery",
        "quizzes",
        "attempts",
        "rubric",
        "marks",
        "changes",
        "regrades",
        "apply",
        "discard",
        "deadlines",
        "deadline",
        "exercises",
        "hints",
        "activity",
        "class",
        "ungraded",
        "paper",
        "release",
        "extensions",
        "groups",
        "group",
        "gradebook.csv",
        "enrolment",
        "generations",
        "options",
        "problems",
        "receipts",
        "cancel",
        "resume",
        "source",
        "versions",
        "checks",
        "preview",
        "healthz",
        "metrics",
        "sessions",
        "readyz",
        "openapi.json",
        "oauth_callback",
    }
    bare, _, _ = path.partition("?")
    return "/".join(part if part in fixed or not part else "*" for part in bare.split("/"))


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
