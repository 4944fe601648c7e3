"""The question bank and its quizzes in a browser: for everybody, by keyboard, without script."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from banking import QUESTIONS, fill_bank, later, make_quiz
from browsing import wait_for_focus
from playwright.sync_api import Page, expect
from school import Running
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.grader import bank_quizzes
from coursewright.grader.quizzes import as_shown, solution
from coursewright.records import courses
from coursewright.records.tables import BankAttempt

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
Look = Callable[[Page, str], None]
Make = sessionmaker[Session]
STUDENTS = [f"student-{n}" for n in range(24)]
WRONG: dict[str, Any] = {
    "single": 1,
    "multiple": [1],
    "numeric": "3",
    "short-text": "loop",
    "code-output": "1 + 1",
    "ordering": [3, 2, 1, 0],
}


@pytest.fixture(scope="module")
def numbers(make: Make) -> dict[str, int]:
    """The bank of `sums`, two open quizzes and a class that has answered one."""
    with make.begin() as session:
        found = fill_bank(session)
        make_quiz(session, found, minutes=20, attempts=5, told="attempt")
        make_quiz(session, found, key="slow", title="Without a clock", attempts=50, told="last")
        for name in STUDENTS:
            courses.enrol(session, name, "sums")
    chance = Random(1)
    for place, name in enumerate(STUDENTS):
        with make.begin() as session:
            kept = bank_quizzes.start(session, name, "sums", "week-one", f"opening-{name}")
            items = bank_quizzes.asked(session, kept.row)[0].questions
            able = place / len(STUDENTS)
            answers = {
                item.key: as_shown(
                    kept.row.seed,
                    item,
                    solution(item) if chance.random() < able else WRONG[item.kind],
                )
                for item in items
            }
            bank_quizzes.hand_in(session, name, "sums", "week-one", 1, answers)
    return found


@pytest.mark.parametrize(
    "case",
    [
        ("bank", "bank"),
        ("bank/new?kind=single", "bank-new"),
        ("bank/{single}", "bank-single"),
        ("bank/{ordering}", "bank-ordering"),
        ("bank/{numeric}", "bank-numeric"),
        ("quizzes", "quizzes-ada"),
        ("quizzes/week-one/settings", "quiz-settings"),
        ("questions", "questions"),
    ],
)
def test_a_teacher_s_page_can_be_used_by_everybody(
    visit: Visit, look: Look, numbers: dict[str, int], manner: str, case: tuple[str, str]
) -> None:
    path, name = case
    page = visit("ada", f"courses/sums/{path.format(**numbers)}", manner)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    look(page, f"{name}-{manner}")


def test_a_quiz_is_taken_and_read_in_every_look(
    visit: Visit, look: Look, numbers: dict[str, int], manner: str
) -> None:
    page = visit("grace", "courses/sums/quizzes", manner)
    look(page, f"quizzes-{manner}")
    page.get_by_role("link", name="Week one").click()
    look(page, f"quiz-begin-{manner}")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".clock")).to_contain_text("left")
    page.get_by_label("blue").check()
    page.get_by_role("textbox", name="Your answer", exact=True).fill("while")
    page.get_by_role("textbox", name="Your answer, a number").fill("one third")
    look(page, f"quiz-running-{manner}")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Not handed in.")).to_be_visible()
    look(page, f"quiz-wrong-{manner}")
    expect(page.get_by_role("textbox", name="Your answer, a number")).to_have_value("one third")
    page.get_by_role("textbox", name="Your answer, a number").fill("0.333")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Attempt")).not_to_have_count(0)
    look(page, f"quiz-review-{manner}")


def test_answers_are_saved_as_they_are_given_and_outlast_a_reload(
    visit: Visit, numbers: dict[str, int]
) -> None:
    page = visit("grace", "courses/sums/quizzes/slow")
    page.get_by_role("button", name="Begin").click()
    with page.expect_response("**/answers"):
        page.get_by_label("green").check()
    expect(page.locator(".saved")).to_contain_text("Saved")
    with page.expect_response("**/answers"):
        page.get_by_role("textbox", name="What it prints").fill("2")
    page.reload()
    expect(page.get_by_label("green")).to_be_checked()
    expect(page.get_by_role("textbox", name="What it prints")).to_have_value("2")


def test_entries_are_put_in_order_by_keyboard(
    visit: Visit, numbers: dict[str, int], make: Make
) -> None:
    page = visit("ada", "courses/sums/quizzes/slow")
    page.get_by_role("button", name="Begin").click()
    items = page.locator(".order li")
    words = ["morning", "noon", "evening", "night"]
    for place, word in enumerate(words):
        button = page.get_by_role("button", name=f"Move up: {word}")
        button.focus()
        while items.nth(place).inner_text().split("\n")[0] != word:
            page.keyboard.press("Enter")
            wait_for_focus(button)
    expect(page.get_by_role("status")).to_contain_text("place")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Attempt 1")).to_be_visible()
    key = f"q{numbers['ordering']}"
    with make() as session:
        query = select(BankAttempt).where(~BankAttempt.counts)
        assert session.scalars(query).one().answers[key] == [0, 1, 2, 3]


def test_without_script_a_quiz_is_taken_by_its_form(
    visit: Visit, look: Look, numbers: dict[str, int]
) -> None:
    page = visit("olga", "courses/sums/quizzes/slow", java_script_enabled=False)
    page.get_by_role("button", name="Begin").click()
    for place, word in enumerate(["morning", "noon", "evening", "night"], 1):
        page.get_by_label(f"Place of: {word}").fill(str(place))
    page.get_by_role("textbox", name="Your answer", exact=True).fill("for")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("textbox", name="Your answer", exact=True)).to_have_value("for")
    expect(page.get_by_label("Place of: night")).to_have_value("4")
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("section .score").first).to_contain_text("4 of 9")


def test_when_the_time_is_over_it_is_handed_in_by_itself(
    visit: Visit, numbers: dict[str, int], make: Make, running: Running
) -> None:
    page = visit("student-0", "courses/sums/quizzes/week-one")
    page.get_by_role("button", name="Begin another attempt").click()
    with page.expect_response("**/answers"):
        page.get_by_label("blue").check()
    later(make, 19.95)
    page.reload()
    expect(page.get_by_role("heading", name="Attempt 2")).to_be_visible()
    expect(page.locator("section .score").first).to_contain_text("1 of 9")


def test_a_question_is_written_by_its_form(visit: Visit, numbers: dict[str, int]) -> None:
    page = visit("ada", "courses/sums/bank")
    page.get_by_label("Kind").first.select_option("short-text")
    page.get_by_role("button", name="Write it").click()
    page.get_by_label("Question, in Markdown").fill("Which *word* ends a function?")
    page.get_by_label("Accepted forms").fill("return")
    page.get_by_role("button", name="Add the question").click()
    expect(page.get_by_role("region", name="Preview").locator("em")).to_have_text("word")
    assert set(QUESTIONS) == set(numbers)
