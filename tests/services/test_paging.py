"""Long lists in pages: all of it comes, once, whatever the size of the pages."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import pytest
import samples
from banking import fill_bank, make_quiz
from school import PREFIX, Client, graded
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses, drafts, reviews
from coursewright.records.authoring import Rights
from coursewright.records.reviews import Decision
from coursewright.services.paging import MOST

COURSE = "api/v1/courses/sums"
# Each list with who reads it and the name of its items.
LISTS = {
    f"{COURSE}/members": ("ada", "members"),
    f"{COURSE}/gradebook": ("ada", "rows"),
    f"{COURSE}/class": ("ada", "students"),
    f"{COURSE}/ungraded": ("ada", "waiting"),
    f"{COURSE}/regrades": ("ada", "regrades"),
    f"{COURSE}/lessons/adding/submissions": ("grace", "submissions"),
    "api/v1/generations": ("ada", "generations"),
    "api/v1/courses": ("grace", "courses"),
    f"{COURSE}/versions": ("ada", "versions"),
    f"{COURSE}/reviews": ("ada", "reviews"),
    f"{COURSE}/copies": ("grace", "copies"),
    f"{COURSE}/lessons/adding/copies": ("grace", "copies"),
    f"{COURSE}/quizzes/week-one/all-attempts": ("ada", "attempts"),
}
ADA = Rights("ada", author=True)
NAMES = ("Ánna", "bert", "Bert", "Çem", "dora", "Dora")


@pytest.fixture(scope="module", autouse=True)
def filled(client: Client, make: sessionmaker[Session]) -> None:
    """Students whose names sort oddly, hand-ins of theirs that wait, regrades and generations."""
    with make.begin() as session:
        for number, name in enumerate(NAMES):
            courses.enrol(session, f"student-{number}", "sums")
            change = "UPDATE people SET display_name = :shown WHERE name = :name"
            session.execute(text(change), {"shown": name, "name": f"student-{number}"})
    for number in range(len(NAMES)):
        sent = client.submit(f"student-{number}", key=f"hand-in-{number}").json()
        graded(make, sent["id"])
    for number in range(4):
        graded(make, client.submit(key=f"again-and-again-{number}").json()["id"])
        client.ask("POST", "ada", f"{COURSE}/regrades", json={"person": f"student-{number}"})
        wanted = {"request": {"topic": "Python", "modules": 1}, "provider": "bank"}
        headers = {"Idempotency-Key": f"wanted-{number}"}
        client.ask("POST", "ada", "api/v1/generations", json=wanted, headers=headers)
        book = samples.content(**{"metadata": {"number": number}})
        copy = f"{COURSE}/lessons/adding/copies/{hashlib.sha256(book).hexdigest()}"
        path = {"Notebook-Path": f"sums/adding-{number}.ipynb"}
        assert client.ask("PUT", "grace", copy, content=book, headers=path).status_code == 200
    more(client, make)


def more(client: Client, make: sessionmaker[Session]) -> None:
    """Courses, versions, reviews, and attempts at a quiz."""
    with make.begin() as session:
        for number in range(4):
            course = samples.course(title=f"Sums, part {number}")
            courses.publish(session, course, "Another", by="ada")
            courses.publish(session, samples.course(f"more-{number}"), "First", by="ada")
            drafts.save(session, ADA, samples.course(title=f"Draft {number}"))
            review = reviews.ask(session, ADA, "sums", f"Look {number}")
            reviews.settle(session, ADA, "sums", review.id, Decision("withdraw"))
        make_quiz(session, fill_bank(session))
    for number in range(len(NAMES)):
        key = {"Idempotency-Key": f"attempt-{number}"}
        path = f"{COURSE}/quizzes/week-one/attempts"
        assert client.ask("POST", f"student-{number}", path, headers=key).status_code == 201


def pages(client: Client, who: str, path: str, name: str, limit: int) -> list[list[Any]]:
    """Page after page, by what `next` says."""
    found, after = [], ""
    while True:
        answer = client.get(who, f"{path}?limit={limit}{after}")
        assert answer.status_code == 200, answer.text
        found.append(answer.json()[name])
        following = answer.json()["next"]
        assert ("Link" in answer.headers) is (following is not None)
        if following is None:
            return found
        after = f"&after={following}"


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", [1, 2, 3, MOST])
def test_all_pages_together_are_the_list(client: Client, path: str, limit: int) -> None:
    who, name = LISTS[path]
    whole = client.get(who, path).json()
    assert whole["next"] is None
    assert len(whole[name]) >= 4
    found = pages(client, who, path, name, limit)
    assert [item for page in found for item in page] == whole[name]
    assert all(len(page) == limit for page in found[:-1])


def test_the_link_leads_to_the_next_page_and_keeps_what_was_asked(client: Client) -> None:
    answer = client.get("ada", f"{COURSE}/members?role=student&limit=2")
    link = re.fullmatch(r'<(/[^>]+)>; rel="next"', answer.headers["Link"])
    assert link is not None
    following = client.get("ada", link[1].removeprefix(PREFIX)).json()["members"]
    assert len(following) == 2
    assert {one["role"] for one in following} == {"student"}
    assert following[0] not in answer.json()["members"]


def test_who_leaves_meanwhile_moves_nobody_between_pages(client: Client) -> None:
    path = f"{COURSE}/members"
    before = [one["name"] for one in client.get("ada", path).json()["members"]]
    first = client.get("ada", f"{path}?limit=4").json()
    gone = first["members"][-1]["name"]
    client.ask("DELETE", "root", f"{path}/{gone}")
    after = client.get("ada", f"{path}?after={first['next']}").json()["members"]
    client.ask("PUT", "root", f"{path}/{gone}", json={"role": "student"})
    assert [one["name"] for one in first["members"] + after] == before


FILTERS = {
    f"{COURSE}/members?role=assistant": ("members", "role", {"assistant"}),
    f"{COURSE}/members?role=student": ("members", "role", {"student"}),
    f"{COURSE}/gradebook?lesson=adding": ("rows", "lesson", {"adding"}),
    f"{COURSE}/gradebook?lesson=none": ("rows", "lesson", set()),
    f"{COURSE}/gradebook?person=grace": ("rows", "person", {"grace"}),
    f"{COURSE}/regrades?state=discarded": ("regrades", "state", set()),
    f"{COURSE}/regrades?state=grading": ("regrades", "state", {"grading"}),
    "api/v1/generations?state=waiting": ("generations", "state", {"waiting"}),
    "api/v1/generations?state=done": ("generations", "state", set()),
}


@pytest.mark.parametrize("path", FILTERS)
def test_a_list_may_be_filtered(client: Client, path: str) -> None:
    name, field, values = FILTERS[path]
    found = client.get("ada", path).json()[name]
    assert {one[field] for one in found} == values


def test_ones_own_attempts_may_be_filtered_by_their_state(client: Client) -> None:
    path = f"{COURSE}/lessons/adding/submissions"
    client.submit(key="not-graded-yet")
    states = {
        state: [
            one["state"]
            for one in client.get("grace", f"{path}?state={state}").json()["submissions"]
        ]
        for state in ("graded", "received", "held")
    }
    assert states == {"graded": ["graded"] * 4, "received": ["received"], "held": []}


def coded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


WRONG = {
    "a limit of nothing": "limit=0",
    "a limit too high": f"limit={MOST + 1}",
    "no number": "limit=many",
    "a number in another script": "limit=٣",
    "no place": "after=nonsense!",
    "a place that is no list": f"after={coded('{}')}",
    "a place of other types": f"after={coded('[[1], 2, 3]')}",
    "a place too deep": f"after={coded('[' * 3000)}",
    "no such role": "role=teacher",
}


@pytest.mark.parametrize("case", WRONG)
def test_what_asks_for_no_page_is_refused(client: Client, case: str) -> None:
    answer = client.get("ada", f"{COURSE}/members?{WRONG[case]}")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("`")
