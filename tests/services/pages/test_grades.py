"""Grade book, weights, a student's progress, requests and certificates, as people see them."""

from __future__ import annotations

from collections.abc import Callable

import grade_class
import pytest
from playwright.sync_api import Page
from school import Client
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import (
    certificates,
    courses,
    deadlines,
    grade_facts,
    regrade_requests,
    submissions,
    weights,
)
from coursewright.records.certificates import Rule
from coursewright.records.schemes import Category, Scheme
from coursewright.records.tables import Mastery

Visit = Callable[..., Page]
Look = Callable[[Page, str], None]
pytestmark = pytest.mark.browser
STUDENTS = {
    "grace": "Grace Hopper",
    "ines": "Inés Ibarra-Østergård",
    "nikos": "Νίκος Παπαδόπουλος",
    "tolya": "Анатолий Петрович Сидоров-Колмогоров",
    "kim": "Kim",
    "lea": "Lea Léger",
}
SCHEME = Scheme(
    (Category("Homework", 40, 1), Category("Exams", 50), Category("Quizzes", 10)),
    {
        **{(lesson, ""): "Homework" for lesson in ("adding", "l1", "l2", "l3")},
        **{(lesson, ""): "Exams" for lesson in ("l4", "l5")},
        **{(lesson, "colours"): "Quizzes" for lesson in ("adding", "l1", "l2", "l3", "l4", "l5")},
    },
)


@pytest.fixture(scope="module")
def term(client: Client, make: sessionmaker[Session]) -> dict[str, int]:
    with make.begin() as session:
        grade_class.fill(session, "term", tuple(STUDENTS))
        for name, display in STUDENTS.items():
            courses.person(session, name, display)
        for name in ("kim", "lea"):
            deadlines.set_group(session, "ada", "term", name, "evening")
        weights.set_scheme(session, "ada", "term", SCHEME)
        first = grade_class.hand_in(session, "grace", "term", "adding", 5)
        grade_class.hand_in(session, "grace", "term", "l1", 3, waiting=2)
        grade_class.hand_in(session, "grace", "term", "l4", 6)
        grade_class.hand_in(session, "ines", "term", "adding", 6)
        grade_class.hand_in(session, "ines", "term", "l2", None)
        grade_class.hand_in(session, "nikos", "term", "l3", 2)
        grade_class.hand_in(session, "kim", "term", "adding", 6)
        grade_class.hand_in(session, "kim", "term", "adding", 4)
        grade_class.answer(session, "grace", "term", "adding", 1)
        grade_class.answer(session, "ines", "term", "adding", 0.5)
        weights.exempt(
            session, "ada", "term", "grace", ("l3", ""), excused=True, reason="At a contest"
        )
        weights.exempt(session, "ada", "term", "lea", ("l4", ""), points=5, reason="Oral exam")
        certificates.set_rule(session, "ada", "term", Rule(60, None, 40))
        text = "Cell `add-1` **works** for me:\n\n```python\nadd(1, 2) == 3\n```\nWhy 5 points?"
        thread = regrade_requests.ask(session, "grace", first, "add-1", text)
        regrade_requests.write(
            session,
            "olga",
            "term",
            thread.about.id,
            "Look at the *second* promise: negative numbers.",
            reach="taught",
        )
        someone = courses.person(session, "grace")
        course = grade_facts.course_id(session, "term")
        session.add_all(
            Mastery(
                person_id=someone.id, course_id=course, concept=concept, score=score, evidence={}
            )
            for concept, score in (("functions", 91), ("loops", 62), ("files", 38), ("classes", 12))
        )
    return {"submission": first, "request": thread.about.id}


@pytest.mark.parametrize("who", ["ada", "olga"])
def test_the_gradebook(visit: Visit, look: Look, term: object, manner: str, who: str) -> None:
    page = visit(who, "courses/term/gradebook", manner)
    look(page, f"gradebook-{who}-{manner}")
    assert (
        page.get_by_role("button", name="Hold back the grades of Adding").count()
        == (1 if who == "ada" else 0)
        or page.locator("details.card").count() == 1
    )


def test_a_head_stays_in_sight_while_the_gradebook_scrolls(visit: Visit, term: object) -> None:
    page = visit("ada", "courses/term/gradebook", viewport={"width": 900, "height": 420})
    page.locator(".tall").evaluate("one => one.scrollTo(400, 400)")
    box = page.locator(".tall").bounding_box()
    head = page.locator(".grades thead th").first.bounding_box()
    assert box
    assert head
    assert abs(head["y"] - box["y"]) < 4
    assert abs(head["x"] - box["x"]) < 4


def test_grades_are_held_and_released_from_the_page(visit: Visit, term: object) -> None:
    page = visit("ada", "courses/term/gradebook?group=evening")
    page.get_by_text("Hold grades back, or release them").click()
    page.get_by_role("button", name="Hold back the grades of Adding").click()
    page.wait_for_load_state()
    assert "group=evening" in page.url
    page.get_by_role("button", name="Release the grades of Adding").click()
    page.wait_for_load_state()
    assert page.get_by_role("button", name="Release the grades of").count() == 0


def test_the_weights(visit: Visit, look: Look, term: object, manner: str) -> None:
    page = visit("ada", "courses/term/weights", manner)
    look(page, f"weights-{manner}")


def test_a_category_is_added_by_the_keyboard(visit: Visit, term: object) -> None:
    page = visit("ada", "courses/term/weights")
    page.get_by_label("Name of category 4").fill("Project")
    page.keyboard.press("Tab")
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    page.wait_for_url("**/weights")
    assert page.get_by_label("Name of category 4").input_value() == "Project"
    assert page.get_by_label("Category of Adding", exact=True).input_value() == "Homework"


def test_a_student_as_those_who_teach_see_them(
    visit: Visit, look: Look, term: object, manner: str
) -> None:
    page = visit("ada", "courses/term/grades/grace", manner)
    page.get_by_text("Excuse or set Adding").click()
    look(page, f"student-{manner}")


def test_the_progress_of_a_student(visit: Visit, look: Look, term: object, manner: str) -> None:
    page = visit("grace", "courses/term/progress", manner, timezone_id="Asia/Tokyo")
    page.get_by_text("(Asia/Tokyo)").first.wait_for()
    look(page, f"progress-{manner}")


def test_a_teacher_has_no_progress(visit: Visit, look: Look, term: object) -> None:
    page = visit("ada", "courses/term/progress")
    look(page, "progress-teacher")
    assert page.get_by_text("You teach this course").count()


def test_the_requests(visit: Visit, look: Look, term: object, manner: str) -> None:
    look(visit("ada", "courses/term/requests", manner), f"requests-{manner}")


@pytest.mark.parametrize("who", ["ada", "grace"])
def test_a_request(visit: Visit, look: Look, term: dict[str, int], manner: str, who: str) -> None:
    page = visit(who, f"courses/term/requests/{term['request']}", manner)
    look(page, f"request-{who}-{manner}")


def test_a_student_asks_and_is_answered(visit: Visit, look: Look, term: dict[str, int]) -> None:
    page = visit("grace", f"courses/term/submissions/{term['submission']}/ask?cell=add-1")
    assert page.url.endswith(f"requests/{term['request']}")
    page.get_by_label("Write").fill("And **now**?")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("And now?").wait_for()
    teacher = visit("ada", "courses/term/requests")
    assert "open" in teacher.locator("tbody tr").first.inner_text()


def test_the_form_to_ask(
    visit: Visit, look: Look, make: sessionmaker[Session], term: object, manner: str
) -> None:
    with make.begin() as session:
        number = grade_class.hand_in(session, "kim", "term", "l5", 1)
    page = visit("kim", f"courses/term/submissions/{number}/ask?cell=add-1", manner)
    look(page, f"ask-{manner}")


@pytest.fixture(scope="module")
def done(client: Client, make: sessionmaker[Session]) -> str:
    with make.begin() as session:
        grade_class.fill(session, "short", ("sora", "nina"), 1)
        courses.person(session, "sora", "森 空")
        courses.person(session, "nina", "Ни́на Ωmega Østby")
        certificates.set_rule(session, "ada", "short", Rule(50, None, 12))
        for name in ("sora", "nina"):
            grade_class.hand_in(session, name, "short", "adding", 6)
            grade_class.answer(session, name, "short", "adding", 1)
        return certificates.issue(session, "nina", "short").code


def test_a_certificate_that_can_be_made(visit: Visit, look: Look, done: str, manner: str) -> None:
    page = visit("sora", "courses/short/progress", manner)
    look(page, f"completed-{manner}")
    assert page.get_by_text("It will say sora instead").count()


def test_a_code_is_looked_up_by_anybody(visit: Visit, look: Look, done: str, manner: str) -> None:
    page = visit("nobody", f"certificates/{done}", manner)
    look(page, f"certificate-{manner}")
    assert page.get_by_text("This certificate is valid").count()
    look(visit("nobody", "certificates/2222", manner), f"certificate-none-{manner}")


def test_a_mark_on_the_feedback_page_leads_to_its_question(
    visit: Visit, make: sessionmaker[Session], term: object
) -> None:
    html = (
        b"<!doctype html><title>Feedback</title><h1>Feedback</h1>"
        b'<section class="mark partial" id="mark-1">\n<h3>Add</h3>\n</section>'
    )
    with make.begin() as session:
        number = grade_class.hand_in(session, "nikos", "term", "l2", None)
        submissions.record_grading(session, number, grade_class.result(4), html)
    page = visit("nikos", f"submissions/{number}/feedback")
    page.get_by_role("link", name="Ask about this mark").click()
    page.get_by_label("What do you want to ask?").fill("Why?")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="What was written").wait_for()
