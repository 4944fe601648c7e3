"""A test is mended, what was handed in is graded again, and the difference is shown first."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from homework import exercise as task
from homework import flags, notebook
from homework import text as words
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from coursewright.grader import marking, regrade, worker
from coursewright.grader.result import CellResult, Result
from coursewright.records import (
    courses,
    database,
    differences,
    gradebook,
    mastery,
    regrades,
    submissions,
)
from coursewright.records.course import Course, Lesson, Module
from coursewright.records.errors import Conflict, Invalid, NotFound
from coursewright.records.tables import Event, Grading, Proposal, Submission

WRONG, RIGHT = "assert one() == 2", "assert one() == 1"
ONE, TWO = "def one():\n    return 1", "def two():\n    return 2"


def course(test: str = RIGHT, two: str = "assert two() == 2") -> Course:
    cells = [
        *task("one", ONE, test, 3),
        *task("two", TWO, two, 1),
        words("why", "Because.", flags("why", grade=True, solution=True, points=2)),
    ]
    cells[0]["metadata"]["coursewright"]["concepts"] = ["functions"]
    lesson = Lesson.from_notebook(notebook(*cells), key="first", title="First")
    return Course("c", "C", (Module("m", "M", (lesson,)),))


@pytest.fixture
def school(fresh_database: str) -> Iterator[sessionmaker[Session]]:
    """Two people's work graded by a wrong test, which has been mended since."""
    engine = database.make_engine(fresh_database)
    found = database.sessions(engine)
    with found.begin() as session:
        courses.publish(session, course(WRONG), "First", by=None)
        for name in ("grace", "kay"):
            courses.enrol(session, name, "c")
    for name in ("grace", "kay"):
        worker.handle(submit(found, name), found)
    with found.begin() as session:
        courses.publish(session, course(two="assert two() == 22"), "Mended", by=None)
    yield found
    engine.dispose()


def submit(school: sessionmaker[Session], name: str) -> int:
    book = course().modules[0].lessons[0].to_notebook()
    book["cells"][-1]["source"] = "In my own words."
    content = json.dumps(book).encode()
    with school.begin() as session:
        return submissions.receive(session, name, "c", "first", content, f"key-of-{name}").id


def ask(school: sessionmaker[Session], **about: str) -> int:
    with school.begin() as session:
        return regrades.request(session, "c", None, **about)


def points(school: sessionmaker[Session], name: str) -> float | None:
    with school() as session:
        return gradebook.standing(session, name, "c", "first")[0].points


def apply(school: sessionmaker[Session], number: int) -> int:
    with school.begin() as session:
        return regrade.apply(session, "c", number, None)


def test_nothing_counts_until_it_is_applied_and_the_old_grading_is_kept(
    school: sessionmaker[Session],
) -> None:
    number = ask(school)
    regrade.handle_all(number, school)
    assert (points(school, "grace"), points(school, "kay")) == (1, 1)
    with school() as session:
        found = differences.differences(session, number)
        told = [(item.person, item.points_before, item.points_after) for item in found]
        assert told == [("grace", 1, 3), ("kay", 1, 3)]
        cells = [(cell.grade_id, cell.status_before, cell.status_after) for cell in found[0].cells]
        assert cells == [("one-1", "failed", "passed"), ("two-1", "passed", "failed")]
    assert apply(school, number) == 2
    assert (points(school, "grace"), points(school, "kay")) == (3, 3)
    with school() as session:
        gradings = session.scalars(select(Grading).order_by(Grading.submission_id, Grading.number))
        assert [(row.number, row.points) for row in gradings] == [(1, 1), (2, 3)] * 2


def test_how_far_it_is(school: sessionmaker[Session]) -> None:
    number = ask(school)
    states = []
    with school() as session:
        proposals = session.scalars(select(Proposal.id).order_by(Proposal.id)).all()
        jobs = session.scalars(
            text("SELECT args FROM procrastinate_jobs WHERE task_name = 'regrade' ORDER BY id")
        ).all()
    assert jobs == [{"proposal_id": item} for item in proposals]
    for proposal in [None, *proposals]:
        if proposal is not None:
            regrade.handle(proposal, school)
            regrade.handle(proposal_id=proposal, sessions=school)
        with school() as session:
            found = differences.summary(session, "c", number)
            states.append((found.state, found.done, found.total))
    assert states == [("grading", 0, 2), ("grading", 1, 2), ("ready", 2, 2)]


def test_one_person(school: sessionmaker[Session]) -> None:
    number = ask(school, person="kay")
    regrade.handle_all(number, school)
    apply(school, number)
    assert (points(school, "grace"), points(school, "kay")) == (1, 3)


def test_one_cell_leaves_all_others_as_they_are(school: sessionmaker[Session]) -> None:
    number = ask(school, lesson="first", grade_id="one-1")
    regrade.handle_all(number, school)
    apply(school, number)
    assert points(school, "grace") == 4
    with school() as session:
        attempt = gradebook.standing(session, "grace", "c", "first")[0]
        assert [cell.status for cell in attempt.cells] == ["passed", "passed", "manual"]


def test_a_cell_that_is_not_there_fails_and_changes_nothing(school: sessionmaker[Session]) -> None:
    number = ask(school, lesson="first", grade_id="none")
    regrade.handle_all(number, school)
    with school() as session:
        assert differences.summary(session, "c", number).failed == 2
        assert "no graded cell" in (differences.differences(session, number)[0].error or "")
    assert apply(school, number) == 0
    assert points(school, "grace") == 1


def test_mastery_follows(school: sessionmaker[Session]) -> None:
    def known() -> float:
        with school() as session:
            (found,) = mastery.standing(session, "grace", "c")
            return float(found.evidence["exercise"])

    number = ask(school)
    regrade.handle_all(number, school)
    before = known()
    apply(school, number)
    assert (before, known()) == (0, 100)


def test_what_a_person_marked_stays(school: sessionmaker[Session]) -> None:
    with school.begin() as session:
        numbers = session.scalars(select(Submission.id).order_by(Submission.id)).all()
        about = {"seen": 0, "adjustment": 2.0, "comment": "Well said"}
        marking.mark(session, "ada", "c", numbers[0], grade_id="why", **about)
        marking.mark(session, "ada", "c", numbers[0], grade_id="two-1", **about)
    number = ask(school)
    regrade.handle_all(number, school)
    apply(school, number)
    assert (points(school, "grace"), points(school, "kay")) == (6, 3)


def test_a_submission_that_was_marked_meanwhile_is_left_alone(
    school: sessionmaker[Session],
) -> None:
    number = ask(school)
    regrade.handle_all(number, school)
    with school.begin() as session:
        first = session.scalars(select(Grading).order_by(Grading.id).limit(1)).one()
        session.add(
            Grading(
                submission_id=first.submission_id,
                number=2,
                mode="shared",
                points=6,
                max_points=6,
                seconds=0,
                repairs=[],
            )
        )
    assert apply(school, number) == 1
    assert (points(school, "grace"), points(school, "kay")) == (6, 3)
    with school() as session:
        states = [item.state for item in differences.differences(session, number)]
        assert states == ["outdated", "applied"]


def test_it_cannot_be_applied_before_it_is_ready_or_twice(school: sessionmaker[Session]) -> None:
    number = ask(school)
    with pytest.raises(Conflict, match="graded again: 2"):
        apply(school, number)
    regrade.handle_all(number, school)
    apply(school, number)
    with pytest.raises(Conflict, match="applied already"):
        apply(school, number)


def test_what_is_discarded_changes_nothing(school: sessionmaker[Session]) -> None:
    number = ask(school)
    with school.begin() as session:
        regrades.discard(session, "c", number, None, None)
    regrade.handle_all(number, school)
    with pytest.raises(Conflict, match="discarded already"):
        apply(school, number)
    assert points(school, "grace") == 1
    with school() as session:
        names = session.scalars(select(Event.name).where(Event.name.like("audit.regrade.%")))
        assert list(names) == ["audit.regrade.requested", "audit.regrade.discarded"]


BAD = [
    ({"lesson": "none"}, NotFound),
    ({"person": "nobody"}, NotFound),
    ({"grade_id": "one-1"}, Invalid),
]


@pytest.mark.parametrize(("about", "error"), BAD)
def test_what_is_not_there_cannot_be_graded_again(
    school: sessionmaker[Session], about: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        ask(school, **about)


def test_another_course_does_not_reach_it(school: sessionmaker[Session]) -> None:
    number = ask(school)
    with school.begin() as session:
        with pytest.raises(NotFound):
            differences.summary(session, "other", number)
        with pytest.raises(NotFound):
            regrades.discard(session, "other", number, None, None)


def test_merging_keeps_the_cells_that_are_gone_when_one_is_meant() -> None:
    fresh = Result(3, 3, (CellResult("a", "a", 3, 3, "passed"),), "isolated")
    old = {"exercise": None, "points": 1, "max_points": 1, "status": "passed"}
    now = [{"grade_id": "b", **old, "message": "", "promises": []}]
    assert [cell.grade_id for cell in regrade.merge(fresh, now, "a").cells] == ["a", "b"]
    assert [cell.grade_id for cell in regrade.merge(fresh, now, None).cells] == ["a"]
