"""Marking by people: rubric items that are shared, two graders at once, what follows from it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import samples
from school import Client, graded, publish
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses, submissions
from coursewright.records.tables import Event, Grading

COURSE = "api/v1/courses/marked"
RUBRIC = f"{COURSE}/lessons/adding/rubric"


@pytest.fixture(scope="module")
def course(make: sessionmaker[Session]) -> None:
    with make.begin() as session:
        publish(session, samples.course("marked"))
        courses.enrol(session, "ada", "marked", "instructor")
        courses.enrol(session, "olga", "marked", "assistant")


class Paper:
    """A graded submission of somebody new."""

    def __init__(self, client: Client, make: sessionmaker[Session], who: str) -> None:
        self.client, self.make, self.who = client, make, who
        with make.begin() as session:
            courses.enrol(session, who, "marked")
            receipt = submissions.receive(
                session, who, "marked", "adding", samples.content(), "a long key"
            )
        self.id = receipt.id
        graded(make, self.id)

    def mark(
        self, cell: str = "why", seen: int | str = 0, who: str = "ada", **sent: Any
    ) -> httpx.Response:
        path = f"{COURSE}/submissions/{self.id}/marks/{cell}"
        return self.client.ask("PUT", who, path, json=sent, headers={"If-Match": f'"{seen}"'})

    def cell(self, name: str = "why") -> Any:
        found = self.client.get("ada", f"{COURSE}/submissions/{self.id}/marks").json()["cells"]
        return next(cell for cell in found if cell["grade_id"] == name)

    def points(self) -> float:
        found = self.client.get(self.who, f"{COURSE}/lessons/adding/submissions").json()
        points: float = found["submissions"][0]["points"]
        return points


@pytest.fixture
def paper(
    client: Client, make: sessionmaker[Session], course: None, request: pytest.FixtureRequest
) -> Paper:
    return Paper(client, make, f"writer-{abs(hash(request.node.name)) % 10**9}")


def item(client: Client, label: str, points: float, cell: str = "draw") -> int:
    sent = {"grade_id": cell, "label": label, "points": points}
    answer = client.ask("POST", "olga", RUBRIC, json=sent)
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


def test_a_mark_counts_at_once_and_says_who_gave_it(paper: Paper) -> None:
    assert paper.points() == 2
    said = paper.mark(adjustment=0.5, comment="Nearly", who="olga").json()
    assert (said["marked_by"], said["number"], said["counts"]) == ("olga", 1, True)
    cell = paper.cell()
    told = (cell["points"], cell["status"], cell["message"], cell["version"])
    assert told == (0.5, "partial", "Nearly", 1)
    assert paper.points() == 2.5
    page = paper.client.get(paper.who, f"submissions/{paper.id}/feedback").text
    assert "Nearly" in page


def test_points_stay_between_nothing_and_all(paper: Paper) -> None:
    paper.mark(adjustment=99)
    assert (paper.cell()["points"], paper.cell()["status"]) == (1, "passed")
    paper.mark(adjustment=-99, seen=1)
    assert (paper.cell()["points"], paper.cell()["status"]) == (0, "failed")


def test_a_mark_leaves_the_promises_and_what_the_cells_showed_on_the_page(
    client: Client, make: sessionmaker[Session], course: None
) -> None:
    with make.begin() as session:
        courses.enrol(session, "shower", "marked")
        number = submissions.receive(
            session, "shower", "marked", "adding", samples.content(), "a showing key"
        ).id
    shown = {"add": [{"output_type": "stream", "name": "stdout", "text": "as it was graded"}]}
    graded(make, number, outputs=shown)
    path = f"{COURSE}/submissions/{number}/marks/why"
    assert client.ask("PUT", "ada", path, json={}, headers={"If-Match": "0"}).status_code == 200
    page = client.get("shower", f"submissions/{number}/feedback").text
    assert "as it was graded" in page
    assert "negative numbers work (kept)" in page
    assert "as it was graded" in client.get("shower", f"submissions/{number}/feedback.ipynb").text


def test_extra_credit_comes_on_top_of_what_can_be_had(paper: Paper) -> None:
    said = paper.mark(adjustment=99, extra_credit=0.5, comment="A second proof").json()
    assert (said["extra_credit"], said["keeps"]) == (0.5, False)
    assert (paper.cell()["points"], paper.cell()["status"]) == (1.5, "passed")
    assert paper.points() == 3.5
    page = paper.client.get(paper.who, f"submissions/{paper.id}/feedback").text
    assert "1.5 of 1 points, extra credit included" in page
    rows = paper.client.get("ada", f"{COURSE}/gradebook").json()["rows"]
    assert [row["points"] for row in rows if row["person"] == paper.who] == [3.5]
    sheet = paper.client.get("ada", "courses/marked/gradebook.csv?format=nbgrader").text
    (line,) = [line for line in sheet.splitlines() if paper.who in line]
    assert line.endswith(",3.5,0.0,3.5,6.0")


def test_a_comment_on_a_test_keeps_its_points_and_extra_credit_is_added(paper: Paper) -> None:
    paper.mark("add-1", keeps=True, comment="Short and clear")
    cell = paper.cell("add-1")
    assert (cell["points"], cell["before"], cell["message"]) == (2, 2, "Short and clear")
    paper.mark("add-1", seen=1, comment="Copied")
    assert paper.cell("add-1")["points"] == 0
    paper.mark("add-1", seen=2, keeps=True, extra_credit=1)
    assert (paper.cell("add-1")["points"], paper.cell("add-1")["before"]) == (3, 2)


def test_a_rubric_item_that_changes_changes_every_answer_marked_with_it(
    client: Client, make: sessionmaker[Session], course: None
) -> None:
    axes, label = item(client, "axes drawn", 1), item(client, "no label", -0.5)
    papers = [Paper(client, make, f"drawer-{n}") for n in range(3)]
    papers[0].mark("draw", items=[axes])
    papers[1].mark("draw", items=[axes, label])
    papers[2].mark("draw", items=[label], adjustment=2)
    assert [paper.cell("draw")["points"] for paper in papers] == [1, 0.5, 1.5]
    sent = {"label": "axes drawn and named", "points": 2}
    answer = client.ask("PUT", "ada", f"{COURSE}/rubric/{axes}", json=sent)
    assert answer.json() == {"submissions": 2}
    assert [paper.cell("draw")["points"] for paper in papers] == [2, 1.5, 1.5]
    assert [paper.points() for paper in papers] == [4, 3.5, 3.5]
    assert papers[0].cell("draw")["message"] == "axes drawn and named"
    assert papers[0].cell("draw")["history"][0]["marked_by"] == "ada"


def test_an_item_that_was_taken_back_changes_nothing(paper: Paper) -> None:
    number = item(paper.client, "kind", 1)
    paper.mark("draw", items=[number])
    paper.mark("draw", seen=1, adjustment=3)
    path = f"{COURSE}/rubric/{number}"
    answer = paper.client.ask("PUT", "ada", path, json={"label": "kind", "points": 2})
    assert answer.json() == {"submissions": 0}
    assert paper.cell("draw")["points"] == 3


def test_who_has_not_seen_the_last_mark_is_told_and_both_are_kept(paper: Paper) -> None:
    paper.mark(adjustment=1, comment="Good", who="ada")
    late = paper.mark(comment="Bad", who="olga")
    assert late.status_code == 409
    assert "Their mark counts; yours is kept" in late.json()["detail"]
    cell = paper.cell()
    told = [(said["marked_by"], said["comment"], said["counts"]) for said in cell["history"]]
    assert told == [("olga", "Bad", False), ("ada", "Good", True)]
    assert (cell["points"], cell["version"]) == (1, 1)
    assert paper.mark(comment="Bad", who="olga", seen=1).status_code == 200
    assert paper.cell()["points"] == 0


def test_of_two_who_mark_at_once_one_counts(paper: Paper) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda who: paper.mark(comment=who, who=who), ("ada", "olga")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(paper.cell()["history"]) == 2
    assert sum(said["counts"] for said in paper.cell()["history"]) == 1


def test_earlier_gradings_stay_and_every_mark_is_audited(
    paper: Paper, make: sessionmaker[Session]
) -> None:
    paper.mark(adjustment=1)
    with make() as session:
        query = select(func.count()).where(Grading.submission_id == paper.id)
        assert session.scalar(query) == 2
        about = Event.detail["submission"].as_integer() == paper.id
        (event,) = session.scalars(select(Event).where(Event.name == "audit.marked", about))
        assert (event.detail["cell"], event.detail["counts"]) == ("why", True)


BAD = [
    ({"cell": "none"}, 404),
    ({"items": [10**9]}, 400),
    ({"adjustment": 1e9}, 400),
    ({"extra_credit": -1}, 400),
    ({"extra_credit": 1e9}, 400),
    ({"comment": "x" * 10_001}, 400),
    ({"seen": "x"}, 400),
    ({"points": 3}, 400),
]


@pytest.mark.parametrize(("about", "status"), BAD)
def test_what_cannot_be_a_mark_is_refused(paper: Paper, about: dict[str, Any], status: int) -> None:
    assert paper.mark(**about).status_code == status
    assert paper.cell()["history"] == []


def test_an_item_of_another_question_cannot_be_used(paper: Paper) -> None:
    assert paper.mark("why", items=[item(paper.client, "elsewhere", 1)]).status_code == 400


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"grade_id": "none", "label": "x", "points": 1}, 404),
        ({"grade_id": "why", "label": " ", "points": 1}, 400),
        ({"grade_id": "why", "label": "x", "points": 1e9}, 400),
    ],
)
def test_what_cannot_be_a_rubric_item_is_refused(
    client: Client, course: None, sent: dict[str, Any], status: int
) -> None:
    assert client.ask("POST", "ada", RUBRIC, json=sent).status_code == status


def test_another_courses_teachers_and_rubrics_stay_apart(paper: Paper) -> None:
    client = paper.client
    path = f"api/v1/courses/other/submissions/{paper.id}/marks"
    assert client.get("alan", path).status_code == 404
    number = item(client, "ours", 1)
    sent = {"label": "theirs", "points": 3}
    answer = client.ask("PUT", "alan", f"api/v1/courses/other/rubric/{number}", json=sent)
    assert answer.status_code == 404


def test_marking_on_the_page(paper: Paper) -> None:
    client, page = paper.client, f"courses/marked/submissions/{paper.id}/marks"
    added = client.ask(
        "POST", "ada", page, data={"cell": "why", "add": "y", "label": "right", "points": "1"}
    )
    assert added.status_code == 303
    number = client.get("ada", RUBRIC).json()["items"][-1]["id"]
    form = {"cell": "why", "mark": "y", "version": "0", "item": str(number), "comment": "Fine"}
    assert client.ask("POST", "ada", page, data=form).status_code == 303
    assert paper.cell()["points"] == 1
    shown = client.get("olga", page).text
    assert "blue is the answer" in shown
    assert f'value="{number}" checked' in shown
    form = {"cell": "add-1", "version": "0", "keeps": "yes", "extra_credit": "0.5"}
    assert client.ask("POST", "ada", page, data=form).status_code == 303
    assert paper.cell("add-1")["points"] == 2.5
    assert "0.5 extra" in client.get("olga", page).text
    form = {"cell": "why", "mark": "y", "version": "0"}
    again = client.ask("POST", "olga", page, data=form)
    assert again.status_code == 409
    assert "does not count: another had marked meanwhile" in again.text
