"""Requests about a mark: asked once for a cell, answered, settled, and seen by nobody else."""

from __future__ import annotations

from typing import Any

import grade_class
import pytest
from school import Client
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses, regrade_requests
from coursewright.records.tables import Event

COURSE = "api/v1/courses/asked"
EVIL = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[link](javascript:alert(1))",
    "![picture](https://elsewhere.example/a.png)",
    "<a href='javascript:alert(1)'>x</a>",
    "<svg onload=alert(1)>",
    "<style>body{display:none}</style>",
    "[x](data:text/html,<script>alert(1)</script>)",
    "<iframe src=//elsewhere.example></iframe>",
]


@pytest.fixture(scope="module")
def asked(client: Client, make: sessionmaker[Session]) -> Client:
    with make.begin() as session:
        grade_class.fill(session, "asked", ("una", "vera"), 2)
        courses.enrol(session, "alan", "asked")
    return client


@pytest.fixture
def paper(asked: Client, make: sessionmaker[Session]) -> int:
    """A new graded submission of una's."""
    with make.begin() as session:
        return grade_class.hand_in(session, "una", "asked", "adding", 3, waiting=1)


def ask(client: Client, paper: int, who: str = "una", **sent: Any) -> Any:
    body = {"cell": "add-1", "text": "Why?", **sent}
    return client.ask("POST", who, f"api/v1/submissions/{paper}/requests", json=body)


def write(client: Client, number: int, who: str, text: str, **sent: Any) -> Any:
    path = f"{COURSE}/requests/{number}/messages"
    return client.ask("POST", who, path, json={"text": text, **sent})


def test_a_question_is_answered_and_settled(
    asked: Client, paper: int, make: sessionmaker[Session]
) -> None:
    found = ask(asked, paper)
    assert found.status_code == 201, found.text
    number = found.json()["id"]
    assert (found.json()["state"], found.json()["title"]) == ("open", "Add two numbers")
    answer = write(asked, number, "olga", "Because").json()
    assert (answer["state"], len(answer["messages"])) == ("answered", 2)
    assert [one["teaches"] for one in answer["messages"]] == [False, True]
    again = write(asked, number, "una", "Still").json()
    assert again["state"] == "open"
    done = write(asked, number, "ada", "Done", settle=True).json()
    assert done["state"] == "settled"
    reopened = ask(asked, paper, text="One more thing").json()
    assert (reopened["id"], reopened["state"], len(reopened["messages"])) == (number, "open", 5)
    with make() as session:
        told = session.scalars(
            select(Event).where(Event.name == "learning.request_answered").order_by(Event.id)
        ).all()
        assert {one.detail["request"] for one in told} >= {number}
        una = courses.person(session, "una").id
        assert {one.person_id for one in told} == {una}


def test_the_same_words_twice_are_one_message(asked: Client, paper: int) -> None:
    first = ask(asked, paper).json()
    assert ask(asked, paper).json()["messages"] == first["messages"]


def test_nobody_else_can_know_of_a_request(asked: Client, paper: int) -> None:
    number = ask(asked, paper).json()["id"]
    path = f"{COURSE}/requests/{number}"
    for who in ("vera", "alan", "kay"):
        assert asked.get(who, path).status_code == 404
        assert write(asked, number, who, "Me too").status_code == 404
        assert asked.get(who, f"courses/asked/requests/{number}").status_code == 404
    assert asked.get("ada", f"api/v1/courses/sums/requests/{number}").status_code == 404
    assert ask(asked, paper, who="vera").status_code == 404
    own = asked.get("vera", f"{COURSE}/requests").json()["requests"]
    assert own == []


def test_a_teacher_with_a_pods_token_sees_no_request_of_others(asked: Client, paper: int) -> None:
    number = ask(asked, paper).json()["id"]
    assert asked.get("pod", f"{COURSE}/requests/{number}").status_code == 404


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"cell": "none"}, 404),
        ({"text": " "}, 400),
        ({"text": ""}, 400),
        ({"text": "x" * 5001}, 400),
        ({"text": "a\0b"}, 400),
    ],
)
def test_a_question_is_about_a_cell_and_in_words(
    asked: Client, paper: int, sent: Any, status: int
) -> None:
    assert ask(asked, paper, **sent).status_code == status


def test_nothing_is_asked_about_what_is_not_graded_or_held_back(
    asked: Client, make: sessionmaker[Session]
) -> None:
    with make.begin() as session:
        waiting = grade_class.hand_in(session, "una", "asked", "l1", None)
        held = grade_class.hand_in(session, "vera", "asked", "l1", 2)
    assert ask(asked, waiting).status_code == 409
    release = f"{COURSE}/lessons/l1/release"
    asked.ask("PUT", "ada", release, json={"held": True})
    assert ask(asked, held, who="vera").status_code == 409
    asked.ask("PUT", "ada", release, json={"held": False})
    number = ask(asked, held, who="vera").json()["id"]
    asked.ask("PUT", "ada", release, json={"held": True})
    page = asked.get("vera", f"courses/asked/requests/{number}").text
    assert '<span class="score">' not in page
    asked.ask("PUT", "ada", release, json={"held": False})


def test_open_requests_come_first_the_longest_waiting_on_top(
    asked: Client, make: sessionmaker[Session]
) -> None:
    numbers = []
    with make.begin() as session:
        papers = [grade_class.hand_in(session, "una", "asked", "adding", 1) for _ in range(4)]
    for paper in papers:
        numbers.append(ask(asked, paper).json()["id"])
    write(asked, numbers[0], "ada", "Answered")
    write(asked, numbers[2], "ada", "Settled", settle=True)
    seen: list[Any] = []
    after = ""
    while True:
        found = asked.get("ada", f"{COURSE}/requests?limit=2{after}").json()
        seen += found["requests"]
        if found["next"] is None:
            break
        after = f"&after={found['next']}"
    assert len({one["id"] for one in seen}) == len(seen)
    states = [one["state"] for one in seen]
    assert states == sorted(states, key=("open", "answered", "settled").index)
    waiting = [one["changed_at"] for one in seen if one["state"] == "open"]
    assert waiting == sorted(waiting)
    with make() as session:
        assert regrade_requests.waiting(session, "asked") == len(waiting)
    only = asked.get("ada", f"{COURSE}/requests?state=settled").json()["requests"]
    assert numbers[2] in {one["id"] for one in only}
    assert asked.get("ada", f"{COURSE}/requests?state=none").status_code == 400
    assert "settled" in asked.get("ada", "courses/asked/requests.csv").text


@pytest.mark.parametrize("text", EVIL)
def test_what_is_written_is_made_harmless(asked: Client, paper: int, text: str) -> None:
    number = ask(asked, paper, text=text).json()["id"]
    page = asked.get("ada", f"courses/asked/requests/{number}").text
    _, _, thread = page.partition('<ol class="thread">')
    thread, _, _ = thread.partition("</ol>")
    for bad in ("<script", "<img", "<svg", "<style", "<iframe", 'href="javascript:', 'href="data:'):
        assert bad not in thread


def test_a_teacher_marks_and_orders_a_regrade_in_the_thread(asked: Client, paper: int) -> None:
    number = ask(asked, paper).json()["id"]
    page = f"courses/asked/requests/{number}"
    form = {"mark": "yes", "version": "0", "keeps": "yes", "adjustment": "2", "comment": "Right"}
    assert asked.ask("POST", "una", page, data=form).status_code == 403
    assert asked.ask("POST", "olga", page, data=form).status_code == 303
    found = asked.get("una", f"api/v1/submissions/{paper}").json()
    assert next(one for one in found["cells"] if one["grade_id"] == "add-1")["points"] == 5
    late = asked.ask("POST", "ada", page, data=form)
    assert late.status_code == 409
    assert "Their mark counts" in late.text
    assert asked.ask("POST", "olga", page, data={"regrade": "yes"}).status_code == 403
    ordered = asked.ask("POST", "ada", page, data={"regrade": "yes"})
    assert "/regrades/" in ordered.headers["Location"]
    assert asked.ask("POST", "una", page, data={"settle": "yes"}).status_code == 303
    assert asked.ask("POST", "una", page, data={"settle": "yes", "write": "x"}).status_code == 400


def test_the_feedback_page_offers_its_student_to_ask(
    asked: Client, make: sessionmaker[Session]
) -> None:
    from coursewright.records import submissions

    html = (
        b'<p>x</p><section class="mark partial" id="mark-1">\n<h3>A</h3>\n</section>'
        b'<section class="mark manual" id="mark-2">\n<h3>B</h3>\n</section>'
        b'<section class="mark manual" id="mark-3">\n<h3>C</h3>\n</section>'
    )
    with make.begin() as session:
        number = grade_class.hand_in(session, "una", "asked", "adding", None)
        submissions.record_grading(session, number, grade_class.result(3, waiting=1), html)
    page = asked.get("una", f"submissions/{number}/feedback").text
    assert page.count("Ask about this mark") == 2
    assert f"submissions/{number}/ask?cell=why" in page
    assert "Ask about" not in asked.get("ada", f"submissions/{number}/feedback").text
    form = asked.get("una", f"courses/asked/submissions/{number}/ask?cell=why")
    assert form.status_code == 200
    assert asked.get("una", f"courses/sums/submissions/{number}/ask?cell=why").status_code == 404
