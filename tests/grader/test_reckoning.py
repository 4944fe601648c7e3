"""From gradings to the mastery of concepts, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from homework import exercise, notebook
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.grader import reckoning, worker
from coursewright.grader.result import CellResult, Result
from coursewright.records import courses, database, mastery, submissions
from coursewright.records.course import Course, Lesson, Module
from coursewright.records.errors import NotFound
from coursewright.records.tables import CourseVersion, Event, Mastery, Person, QuizAttempt

QUIZ = {
    "key": "signs",
    "title": "Signs",
    "questions": [{"key": "plus", "kind": "numeric", "prompt": "1+1", "concepts": ["sums"]}],
}
DIRTY = "def one():\n    l = 1\n    return 1"


def lessons() -> tuple[Lesson, Lesson]:
    cells = [
        *exercise("one", "def one():\n    return 1", "assert one() == 1", 3),
        *exercise("two", "def two():\n    return 2", "assert two() == 2", 1),
    ]
    for cell, concepts in ((cells[0], ["sums", "names"]), (cells[2], ["sums"])):
        cell["metadata"]["coursewright"]["concepts"] = concepts
    ask = {
        "id": "quiz",
        "cell_type": "markdown",
        "metadata": {"coursewright": {"quiz": QUIZ}},
        "source": "",
    }
    last = exercise("last", "def last():\n    return 0", "assert last() == 0", 4)
    last[0]["metadata"]["coursewright"]["concepts"] = ["sums"]
    return (
        Lesson.from_notebook(notebook(*cells, ask), key="first", title="First"),
        Lesson.from_notebook(notebook(*last), key="second", title="Second"),
    )


@pytest.fixture
def school(fresh_database: str) -> Iterator[sessionmaker[Session]]:
    engine = database.make_engine(fresh_database)
    found = database.sessions(engine)
    course = Course("c", "C", (Module("m", "M", lessons()),))
    with found.begin() as session:
        courses.publish(session, course, "First", by=None)
        courses.enrol(session, "grace", "c")
    yield found
    engine.dispose()


def submit(school: sessionmaker[Session], key: str, lesson: str = "first", **answers: str) -> int:
    handed_in = next(item for item in lessons() if item.key == lesson).to_notebook()
    for cell in handed_in["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = answers.get(name, cell["source"])
    content = json.dumps(handed_in).encode()
    with school.begin() as session:
        return submissions.receive(session, "grace", "c", lesson, content, f"key-of-{key}").id


def standing(school: sessionmaker[Session]) -> dict[str, mastery.Standing]:
    with school() as session:
        return {one.concept: one for one in mastery.standing(session, "grace", "c")}


def test_a_grading_by_the_worker_settles_the_concepts_that_it_touched(
    school: sessionmaker[Session],
) -> None:
    worker.handle(submit(school, "first", two="def two():\n    return 3"), school)
    found = standing(school)
    assert found.keys() == {"sums", "names"}
    assert found["sums"].evidence["exercise"] == 75
    assert found["sums"].evidence["quiz"] is None
    assert found["names"].evidence["exercise"] == 100
    assert found["names"].evidence["quality"] is not None
    # 40 of 70 for the exercise, 20 for the quality, 10 for the one day of work
    assert found["names"].score == pytest.approx((4000 + 2000 + 200) / 70)


def test_of_an_exercise_the_best_attempt_counts(school: sessionmaker[Session]) -> None:
    worker.handle(submit(school, "good"), school)
    before = standing(school)
    worker.handle(submit(school, "worse", one="", two=""), school)
    assert {name: one.score for name, one in standing(school).items()} == {
        name: one.score for name, one in before.items()
    }


def test_code_that_passes_is_judged_and_the_better_written_of_equals_counts(
    school: sessionmaker[Session],
) -> None:
    worker.handle(submit(school, "dirty", one=DIRTY), school)
    first = standing(school)["names"].evidence["quality"]
    worker.handle(submit(school, "clean"), school)
    assert (first, standing(school)["names"].evidence["quality"]) == (80, 100)


def test_another_lesson_adds_to_the_same_concept(school: sessionmaker[Session]) -> None:
    worker.handle(submit(school, "first"), school)
    worker.handle(submit(school, "second", "second", last="def last():\n    return 9"), school)
    found = standing(school)
    assert found["sums"].evidence["exercise"] == 50
    assert found["names"].evidence["exercise"] == 100


def test_a_quiz_counts_by_its_best_attempt(school: sessionmaker[Session]) -> None:
    number = submit(school, "first")
    with school.begin() as session:
        grace = session.scalars(select(Person.id).where(Person.name == "grace")).one()
        version = courses.current_version(session, "c").id
        course = session.get_one(CourseVersion, version).course_id
        for attempt, points in ((1, 0.5), (2, 0.25), (3, None)):
            session.add(
                QuizAttempt(
                    person_id=grace,
                    course_id=course,
                    version_id=version,
                    lesson="first",
                    quiz="signs",
                    attempt=attempt,
                    answers={},
                    points=points,
                    max_points=1,
                    counts=True,
                    idempotency_key=f"attempt-{attempt}",
                )
            )
    worker.handle(number, school)
    assert standing(school)["sums"].evidence["quiz"] == 50
    assert standing(school)["names"].evidence["quiz"] is None


def test_the_event_tells_what_changed_and_nothing_when_nothing_did(
    school: sessionmaker[Session],
) -> None:
    number = submit(school, "first")
    worker.handle(number, school)
    worker.handle(submit(school, "again"), school)
    with school() as session:
        query = select(Event).where(Event.name == "learning.mastery")
        (event,) = session.scalars(query)
        assert event.object == "c"
        assert event.detail["submission"] == number
        assert event.detail["concepts"]["names"]["before"] is None


def test_two_gradings_at_once_both_count(school: sessionmaker[Session]) -> None:
    numbers = [submit(school, "first"), submit(school, "second", "second")]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda number: worker.handle(number, school), numbers))
    with school.begin() as session:
        facts = mastery.evidence(session, mastery.touched(session, numbers[0]))
        assert len(facts.exercises) == 3
    assert standing(school)["sums"].evidence["exercise"] == 100


def test_a_rolled_back_grading_leaves_no_mastery(school: sessionmaker[Session]) -> None:
    number = submit(school, "first")
    result = Result(3, 3, (CellResult("one-1", "one", 3, 3, "passed"),), "isolated")
    with school() as session:
        submissions.record_grading(session, number, result, b"")
        reckoning.reckon(session, number, {"one": []})
        session.rollback()
    with school() as session:
        assert session.scalar(select(func.count()).select_from(Mastery)) == 0


def test_who_does_not_belong_to_the_course_has_no_standing(school: sessionmaker[Session]) -> None:
    with school() as session, pytest.raises(NotFound):
        mastery.standing(session, "nobody", "c")


def test_an_answer_is_found_by_its_cell_when_its_metadata_is_lost() -> None:
    lesson = lessons()[0]
    book = lesson.to_notebook()
    del book["cells"][0]["metadata"]["nbgrader"]
    cells = (CellResult("one-1", "one", 3, 3, "passed"), CellResult("two-1", "two", 0, 1, "failed"))
    assert reckoning.findings(lesson, book, Result(3, 4, cells, "isolated")) == {"one": []}
