"""Final grades over HTTP: weights, exceptions, what is held back, pages of a large class."""

from __future__ import annotations

import csv
import io
from typing import Any

import grade_class
import pytest
from school import Client
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses
from coursewright.records.tables import Event
from coursewright.services import gradebook_pages
from coursewright.services.sections import Part

COURSE = "api/v1/courses/graded"
EXAM = {
    "name": "Exam",
    "weight": 60,
    "drop_lowest": 0,
    "items": [{"lesson": "l2", "quiz": ""}],
}
HOMEWORK = {
    "name": "Homework",
    "weight": 40,
    "drop_lowest": 1,
    "items": [{"lesson": "adding", "quiz": ""}, {"lesson": "l1", "quiz": ""}],
}


@pytest.fixture(scope="module")
def graded(client: Client, make: sessionmaker[Session]) -> Client:
    """una: 5 of 6, missing, open; vera: 3 of 4 with 2 to be marked; quizzes: una 1, vera 0.5."""
    with make.begin() as session:
        grade_class.fill(session, "graded", ("una", "vera"), 3)
        grade_class.hand_in(session, "una", "graded", "adding", 5)
        grade_class.hand_in(session, "vera", "graded", "adding", 3, waiting=2)
        grade_class.answer(session, "una", "graded", "adding", 1)
        grade_class.answer(session, "vera", "graded", "adding", 0.5)
        grade_class.answer(session, "vera", "graded", "adding", 0.25)
    return client


def weigh(client: Client, *categories: Any, who: str = "ada") -> Any:
    path = f"{COURSE}/weights"
    return client.ask("PUT", who, path, json={"categories": list(categories)})


def grade(client: Client, name: str, who: str = "ada") -> Any:
    found = client.get(who, f"{COURSE}/grades/{name}")
    assert found.status_code == 200, found.text
    return found.json()


def item(found: Any, lesson: str, quiz: str = "") -> Any:
    return next(one for one in found["items"] if (one["lesson"], one["quiz"]) == (lesson, quiz))


def except_(client: Client, name: str, where: str, **sent: Any) -> Any:
    return client.ask("PUT", "ada", f"{COURSE}/grades/{name}/lessons/{where}", json=sent)


def test_without_weights_all_that_was_graded_counts_by_its_points(graded: Client) -> None:
    weigh(graded)
    una = grade(graded, "una")
    # 5 of 6 and 1 of 1, and nothing of the 7 points that are missing.
    assert una["percent"] == pytest.approx(100 * 6 / 14)
    assert una["final"] == pytest.approx(100 * 6 / 21)
    assert item(una, "l1")["state"] == "missing"
    assert item(una, "l2")["state"] == "open"


def test_an_answer_that_waits_for_a_person_is_left_out_with_its_points(graded: Client) -> None:
    weigh(graded)
    vera = grade(graded, "vera")
    own = item(vera, "adding")
    assert (own["points"], own["max_points"], own["pending"]) == (3, 4, 2)
    assert item(vera, "adding", "colours")["points"] == 0.5


def test_categories_are_weighed_and_the_lowest_is_dropped(graded: Client) -> None:
    answer = weigh(graded, HOMEWORK, EXAM)
    assert answer.status_code == 200, answer.text
    assert answer.json()["categories"][0]["drop_lowest"] == 1
    una = grade(graded, "una")
    assert una["percent"] == pytest.approx(83.333, abs=0.01)
    assert una["final"] == pytest.approx(0.4 * 83.333, abs=0.01)
    assert item(una, "l1")["dropped"] is True
    assert item(una, "adding", "colours")["category"] is None
    parts = {one["name"]: one["percent"] for one in una["categories"]}
    assert parts == {"Homework": pytest.approx(83.333, abs=0.01), "Exam": None}


BAD = [
    ([{**EXAM, "weight": 0}], 400, "weight above 0"),
    ([EXAM, {**HOMEWORK, "name": "exam"}], 400, "the same name"),
    ([EXAM, {**HOMEWORK, "items": EXAM["items"]}], 400, "stands in two categories"),
    ([{**EXAM, "items": [{"lesson": "none", "quiz": ""}]}], 404, "no lesson none"),
    ([{**EXAM, "items": [{"lesson": "l1", "quiz": "none"}]}], 404, "no quiz l1/none"),
    ([{**EXAM, "weight": -1}], 400, "weight"),
    ([{**EXAM, "name": " "}], 400, "name of 1 to 80"),
]


@pytest.mark.parametrize("case", BAD, ids=lambda case: case[2])
def test_weights_that_make_no_sense_change_nothing(graded: Client, case: Any) -> None:
    sent, status, words = case
    weigh(graded, HOMEWORK, EXAM)
    before = graded.get("ada", f"{COURSE}/weights").json()
    answer = weigh(graded, *sent)
    assert answer.status_code == status
    assert words in answer.json()["detail"]
    assert graded.get("ada", f"{COURSE}/weights").json() == before


def test_an_excused_item_does_not_count_and_a_set_one_does(
    graded: Client, make: sessionmaker[Session]
) -> None:
    weigh(graded, HOMEWORK, EXAM)
    assert except_(graded, "una", "l1", excused=True, reason="ill").status_code == 200
    assert item(grade(graded, "una"), "l1")["state"] == "excused"
    found = except_(graded, "una", "l2", points=3, reason="oral exam").json()
    assert found["percent"] == pytest.approx(0.4 * 83.333 + 0.6 * 50, abs=0.01)
    assert item(found, "l2")["exception"]["reason"] == "oral exam"
    for lesson in ("l1", "l2"):
        path = f"{COURSE}/grades/una/lessons/{lesson}"
        assert graded.ask("DELETE", "ada", path).status_code == 200
        assert graded.ask("DELETE", "ada", path).status_code == 404
    with make() as session:
        names = session.scalars(
            select(Event.name).where(Event.name.startswith("audit.grade.")).order_by(Event.id)
        ).all()
    assert names[-4:] == [
        "audit.grade.excused",
        "audit.grade.set",
        "audit.grade.cleared",
        "audit.grade.cleared",
    ]


@pytest.mark.parametrize(
    ("where", "sent", "status"),
    [
        ("l1", {"reason": "why"}, 400),
        ("l1", {"excused": True, "points": 1, "reason": "both"}, 400),
        ("l1", {"excused": True, "reason": " "}, 400),
        ("l1", {"points": -1, "reason": "less than nothing"}, 400),
        ("none", {"excused": True, "reason": "ill"}, 404),
        ("l1/quizzes/none", {"excused": True, "reason": "ill"}, 404),
    ],
)
def test_an_exception_needs_a_reason_and_an_item(
    graded: Client, where: str, sent: Any, status: int
) -> None:
    assert except_(graded, "una", where, **sent).status_code == status


def test_nobody_has_an_exception_who_is_no_student(graded: Client) -> None:
    assert except_(graded, "olga", "l1", excused=True, reason="ill").status_code == 404
    assert graded.get("ada", f"{COURSE}/grades/olga").status_code == 404


def test_a_student_sees_nothing_of_what_is_held_back(graded: Client) -> None:
    weigh(graded)
    path = f"{COURSE}/lessons/adding/release"
    own = graded.get("una", f"{COURSE}/progress").json()
    assert own["percent"] == grade(graded, "una")["percent"]
    assert graded.ask("PUT", "ada", path, json={"held": True}).status_code == 200
    try:
        held = graded.get("una", f"{COURSE}/progress").json()
        assert item(held, "adding")["state"] == "held"
        assert item(held, "adding", "colours")["state"] == "held"
        assert item(held, "adding")["points"] is None
        assert held["percent"] == 0
        assert grade(graded, "una")["percent"] == own["percent"]
        quiz = graded.get("una", f"{COURSE}/lessons/adding/quizzes").json()["quizzes"][0]
        assert (quiz["held"], quiz["best"], quiz["results"]) == (True, None, [])
        assert [one["points"] for one in quiz["tries"]] == [None]
        page = graded.get("una", "courses/graded/progress").text
        assert "graded, not released yet" in page
        assert "83.3" not in page
        sheet = graded.get("una", "courses/graded/progress.csv").text
        assert "adding,,Adding,All work,held,,6" in sheet
    finally:
        graded.ask("PUT", "ada", path, json={"held": False})
    assert graded.get("una", f"{COURSE}/progress").json() == own


def test_the_weighted_sheet_has_a_row_for_each_student(graded: Client) -> None:
    weigh(graded, {**HOMEWORK, "name": "=1+1"}, EXAM)
    answer = graded.get("ada", "courses/graded/gradebook.csv?format=weighted")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\N{BOM}"))))
    assert [row["person"] for row in rows] == ["una", "vera"]
    assert rows[0]["percent"].startswith("83.33")
    assert rows[0]["category: =1+1 %"].startswith("83.33")
    assert (rows[0]["adding of 6"], rows[0]["l1 of 6"], rows[0]["l2 of 6"]) == (
        "5.0",
        "missing",
        "open",
    )
    assert graded.get("ada", "courses/graded/gradebook.csv?format=none").status_code == 400


@pytest.fixture(scope="module")
def crowd(client: Client, make: sessionmaker[Session]) -> Client:
    with make.begin() as session:
        grade_class.crowd(session, "large", 120, 4)
        grade_class.crowd(session, "larger", 240, 12)
    return client


def test_a_class_is_told_page_by_page(crowd: Client) -> None:
    names: list[str] = []
    after = ""
    while True:
        path = f"api/v1/courses/large/grades?limit=50{after}"
        found = crowd.get("ada", path).json()
        assert found["total"] == 120
        names += [one["person"] for one in found["students"]]
        if found["next"] is None:
            break
        after = f"&after={found['next']}"
    assert names == sorted(set(names))
    assert len(names) == 120
    some = crowd.get("ada", "api/v1/courses/large/grades?find=-011").json()
    assert some["total"] == 10
    assert crowd.get("ada", "api/v1/courses/large/grades?limit=0").status_code == 400
    assert crowd.get("ada", "api/v1/courses/large/grades?after=nobody").status_code == 404


def test_the_gradebook_goes_on_to_its_next_page(crowd: Client) -> None:
    first = crowd.get("ada", "courses/large/gradebook").text
    assert "1 to 30 of 120" in first
    assert "?page=2" in first
    last = crowd.get("ada", "courses/large/gradebook?page=4").text
    assert "91 to 120 of 120" in last
    assert "Next" not in last
    assert crowd.get("ada", "courses/large/gradebook?page=0").status_code == 400
    assert "Nobody fits" in crowd.get("ada", "courses/large/gradebook?find=%3Cb%3E").text


def test_a_larger_class_takes_no_more_queries(
    crowd: Client, engine: Engine, make: sessionmaker[Session]
) -> None:
    def queries(key: str) -> int:
        asked: list[str] = []

        def note(*about: Any) -> None:
            asked.append(about[2])

        event.listen(engine, "before_cursor_execute", note)
        try:
            with make.begin() as session:
                gradebook_pages.book(session, key, Part("", "", (), None), "", 1)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    assert queries("large") == queries("larger") <= 16


def test_a_form_sets_the_categories_and_what_counts_where(
    client: Client, make: sessionmaker[Session]
) -> None:
    with make.begin() as session:
        grade_class.fill(session, "forms", ("una",), 2)
    page = "courses/forms/weights"
    form = {
        "categories": "yes",
        "was": ["", ""],
        "name": ["Homework", "Exam"],
        "weight": ["30", "70"],
        "drop": ["1", ""],
    }
    assert client.ask("POST", "ada", page, data=form).status_code == 303
    items = {"items": "yes", "item:adding/": "Homework", "item:l1/": "Exam", "item:l1/colours": ""}
    assert client.ask("POST", "ada", page, data=items).status_code == 303
    renamed = {**form, "was": ["Homework", "Exam"], "name": ["Tasks", ""], "weight": ["1", "1"]}
    assert client.ask("POST", "ada", page, data=renamed).status_code == 303
    found = client.get("ada", "api/v1/courses/forms/weights").json()["categories"]
    assert [(one["name"], one["items"]) for one in found] == [
        ("Tasks", [{"lesson": "adding", "quiz": ""}])
    ]
    wrong = client.ask("POST", "ada", page, data={**form, "weight": ["much", "1"]})
    assert wrong.status_code == 400
    assert "is not a number" in wrong.text
    done = {"completion": "yes", "pass_mark": "101"}
    assert "between 0 and 100" in client.ask("POST", "ada", page, data=done).text


def test_what_people_are_called_is_never_taken_for_code(
    client: Client, make: sessionmaker[Session]
) -> None:
    evil = "<script>alert(1)</script>"
    with make.begin() as session:
        grade_class.fill(session, "names", ("mallet",), 1)
        courses.person(session, "mallet", evil)
    sent = {"categories": [{"name": evil, "weight": 1, "drop_lowest": 0, "items": []}]}
    assert client.ask("PUT", "ada", "api/v1/courses/names/weights", json=sent).status_code == 200
    path = "api/v1/courses/names/grades/mallet/lessons/adding"
    client.ask("PUT", "ada", path, json={"excused": True, "reason": evil})
    for who, page in (
        ("ada", "gradebook"),
        ("ada", f"gradebook?find={evil}"),
        ("ada", "weights"),
        ("ada", "grades/mallet"),
        ("mallet", "progress"),
    ):
        text = client.get(who, f"courses/names/{page}").text
        assert "&lt;script&gt;" in text
        assert evil not in text
