"""Quizzes from the bank in the final grade: weights, releases, exceptions, certificates."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import grade_class
import pytest
from banking import RIGHT, fill_bank, make_quiz, placed
from jsonschema import Draft202012Validator
from school import Client
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import bank_quizzes, certificates
from coursewright.records.certificates import Rule
from coursewright.records.tables import BankAnswer, BankAttempt, BankQuiz, Event, Mastery
from coursewright.services.schemas import COMPONENTS

COURSE = "api/v1/courses/banked"
Make = sessionmaker[Session]
numbers = count(1)
WRONG = {**RIGHT, "ordering": [3, 2, 1, 0], "multiple": [1]}  # 4 of 9 points


@pytest.fixture(scope="module")
def bank(client: Client, make: Make) -> dict[str, int]:
    """una and vera learn; one lesson, which gives 6 points and has a quiz for 1."""
    with make.begin() as session:
        grade_class.fill(session, "banked", ("una", "vera"), 1)
        return fill_bank(session, "banked")


@pytest.fixture
def quiz(make: Make, bank: dict[str, int]) -> Iterator[str]:
    """A quiz of all questions, 9 points, and nobody has answered another one."""
    key = f"quiz-{next(numbers)}"
    with make.begin() as session:
        make_quiz(session, bank, key, course="banked", attempts=3)
    yield key
    with make.begin() as session:
        for table in (BankAnswer, BankAttempt, BankQuiz, Mastery):
            session.execute(delete(table))


def take(client: Client, quiz: str, who: str = "una", answers: Any = RIGHT) -> Any:
    path = f"{COURSE}/quizzes/{quiz}/attempts"
    key = {"Idempotency-Key": f"take-{next(numbers):08}"}
    running = client.ask("POST", who, path, headers=key).json()["running"]
    sent = {"answers": placed(running, answers)}
    return client.ask("POST", who, f"{path}/{running['attempt']}/submission", json=sent).json()


def change(make: Make, quiz: str, **about: Any) -> None:
    with make.begin() as session:
        session.execute(update(BankQuiz).where(BankQuiz.key == quiz).values(**about))


def item(client: Client, quiz: str, who: str = "una", by: str = "ada") -> Any:
    path = f"{COURSE}/progress" if by == who else f"{COURSE}/grades/{who}"
    found = client.get(by, path)
    assert found.status_code == 200, found.text
    return next((one for one in found.json()["items"] if one["quiz"] == quiz), None)


def test_the_best_attempt_counts_and_what_is_not_answered_is_open(
    client: Client, quiz: str
) -> None:
    take(client, quiz, answers=WRONG)
    take(client, quiz)
    take(client, quiz, answers=WRONG)
    una, vera = item(client, quiz), item(client, quiz, "vera")
    assert (una["lesson"], una["state"], una["points"], una["max_points"]) == ("", "graded", 9, 9)
    assert (vera["state"], vera["points"], vera["max_points"]) == ("open", None, 9)
    assert client.get("ada", f"{COURSE}/grades/una").json()["percent"] == 100


@pytest.mark.parametrize(
    "case",
    [
        ("draft", False, None),
        ("open", False, "open"),
        ("open", True, "missing"),
        ("archived", False, "excused"),
        ("archived", True, "missing"),
    ],
)
def test_what_nobody_answered_counts_by_the_state_of_the_quiz(
    client: Client, make: Make, quiz: str, case: tuple[str, bool, str | None]
) -> None:
    state, closed, told = case
    take(client, quiz)
    ago = func.now() - timedelta(minutes=1) if closed else None
    change(make, quiz, state=state, closes_at=ago)
    found = item(client, quiz, "vera")
    assert (found and found["state"]) == told


def test_a_draw_counts_by_the_share_of_its_own_points(
    client: Client, make: Make, quiz: str
) -> None:
    picks = [{"concept": "numbers", "count": 2}]
    change(make, quiz, picks=picks)
    take(client, quiz)
    # The three questions about numbers give 4 points.
    assert item(client, quiz)["max_points"] == pytest.approx(8 / 3)
    assert item(client, quiz)["points"] == pytest.approx(8 / 3)


def test_weights_take_it_and_drop_it_and_exceptions_hold(client: Client, quiz: str) -> None:
    take(client, quiz, answers=WRONG)
    both = [{"lesson": "", "quiz": quiz}, {"lesson": "adding", "quiz": "colours"}]
    category = {"name": "Quizzes", "weight": 1, "drop_lowest": 1, "items": both}
    path = f"{COURSE}/weights"
    answer = client.ask("PUT", "ada", path, json={"categories": [category]})
    assert answer.status_code == 200, answer.text
    assert answer.json()["categories"][0]["items"] == both
    with_both = client.get("ada", f"{COURSE}/grades/una").json()
    assert with_both["percent"] == pytest.approx(100 * 4 / 9, abs=0.01)
    own = f"{COURSE}/grades/una/quizzes/{quiz}"
    said = client.ask("PUT", "ada", own, json={"points": 9, "reason": "Oral"})
    assert said.status_code == 200, said.text
    assert said.json()["percent"] == 100
    assert client.ask("DELETE", "ada", own).status_code == 200
    assert item(client, quiz)["points"] == 4
    page = client.get("ada", "courses/banked/weights").text
    assert f'name="item:/{quiz}"' in page
    assert client.ask("PUT", "ada", path, json={"categories": []}).status_code == 200
    none = {**category, "items": [{"lesson": "", "quiz": "none"}]}
    refused = client.ask("PUT", "ada", path, json={"categories": [none]})
    assert (refused.status_code, "no quiz none" in refused.text) == (404, True)


def test_held_results_are_seen_by_teachers_alone_and_enter_no_mastery(
    client: Client, make: Make, quiz: str
) -> None:
    take(client, quiz)
    path = f"{COURSE}/quizzes/{quiz}/release"
    held = client.ask("PUT", "ada", path, json={"held": True})
    schema = {
        "$ref": "#/components/schemas/CourseQuizRelease",
        "components": {"schemas": COMPONENTS},
    }
    Draft202012Validator(schema).validate(held.json())
    assert held.json() == {"quiz": quiz, "held": True, "with_lesson": False, "graded": 1}
    assert item(client, quiz)["points"] == 9
    own = item(client, quiz, by="una")
    assert (own["state"], own["points"]) == ("held", None)
    seen = client.get("una", f"{COURSE}/quizzes/{quiz}").json()
    assert (seen["best"], seen["tries"][0]["points"], seen["tries"][0]["results"]) == (None,) * 3
    assert "days" not in concepts(client)
    released = client.ask("PUT", "ada", path, json={"held": False})
    assert released.json()["held"] is False
    assert item(client, quiz, by="una")["points"] == 9
    assert "days" in concepts(client)
    with make() as session:
        told = select(Event.detail).where(Event.name == "quiz.released")
        assert {"quiz": quiz} in list(session.scalars(told))


def test_a_quiz_of_a_lesson_is_held_with_its_grades(client: Client, make: Make, quiz: str) -> None:
    change(make, quiz, lesson="adding")
    take(client, quiz)
    lesson = f"{COURSE}/lessons/adding/release"
    client.ask("PUT", "ada", lesson, json={"held": True})
    assert item(client, quiz, by="una")["state"] == "held"
    assert client.get("ada", f"{COURSE}/quizzes/{quiz}/release").json()["with_lesson"] is True
    assert "days" not in concepts(client)
    client.ask("PUT", "ada", lesson, json={"held": False})
    assert item(client, quiz, by="una")["state"] == "graded"
    assert "days" in concepts(client)


def concepts(client: Client) -> set[str]:
    found = client.get("una", f"{COURSE}/mastery").json()
    return {one["concept"] for one in found["concepts"]}


def test_changing_its_settings_releases_nothing(client: Client, make: Make, quiz: str) -> None:
    client.ask("PUT", "ada", f"{COURSE}/quizzes/{quiz}/release", json={"held": True})
    with make.begin() as session:
        before = bank_quizzes.one(session, "banked", quiz)
    sent = {"title": "Another title", "state": "open", "picks": [before.picks[0].to_json()]}
    changed = client.ask("PUT", "ada", f"{COURSE}/quizzes/{quiz}/settings", json=sent)
    assert changed.status_code == 200, changed.text
    with make.begin() as session:
        assert bank_quizzes.one(session, "banked", quiz).held


def test_it_stands_in_the_sheets(client: Client, quiz: str) -> None:
    take(client, quiz, answers=WRONG)
    text = client.get("ada", "courses/banked/gradebook.csv?format=weighted").text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row[f"{quiz} of 9"] for row in rows] == ["4.0", "open"]
    own = client.get("una", "courses/banked/progress.csv").text
    line = next(one for one in csv.DictReader(io.StringIO(own)) if one["quiz"] == quiz)
    assert (line["points"], line["max_points"]) == ("4.0", "9.0")


def test_the_course_is_completed_with_it(client: Client, make: Make, quiz: str) -> None:
    with make.begin() as session:
        certificates.set_rule(session, "ada", "banked", Rule(pass_mark=50))
        grade_class.hand_in(session, "una", "banked", "adding", 6)
        grade_class.answer(session, "una", "banked", "adding", 1)
    path = f"{COURSE}/certificate"
    assert client.get("una", path).json()["missing"] == ["One item is not handed in"]
    take(client, quiz)
    assert client.get("una", path).json()["done"] is True
    with make.begin() as session:
        certificates.set_rule(session, "ada", "banked", Rule(pass_mastery=1))
    missing = client.get("vera", path).json()["missing"]
    # colours, days, loops, numbers of the bank, and what the lesson is about.
    assert missing == ["The mastery of 5 concepts is below 1 %"]
