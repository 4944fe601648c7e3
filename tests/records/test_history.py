"""What changed between versions, and going back to one."""

from __future__ import annotations

from dataclasses import replace

import pytest
import samples
from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.records import courses, history, lifecycle
from coursewright.records.course import Course, Lesson
from coursewright.records.errors import Conflict, Invalid, NotFound
from coursewright.records.tables import Event


def changed(cell: str, **change: object) -> Lesson:
    """The lesson, with one cell that is not as it was."""
    lesson = samples.lesson()
    cells = tuple(replace(one, **change) if one.id == cell else one for one in lesson.cells)
    return replace(lesson, cells=cells)


SECOND = samples.course(
    "sums", changed("example", source="print(2 + 2)"), samples.lesson("more"), title="More"
)


@pytest.fixture
def course(session: Session) -> str:
    courses.publish(session, samples.course(), "First", "ada")
    courses.publish(session, SECOND, "A second lesson", "ada")
    courses.publish(session, replace(SECOND, summary="Clearer"), "Words", None)
    return "sums"


def test_the_versions_say_in_which_lessons_something_changed(session: Session, course: str) -> None:
    found = history.entries(session, course)
    told = [(one.number, one.message, one.published_by, one.changed) for one in found]
    assert told == [
        (3, "Words", None, ()),
        (2, "A second lesson", "ada", ("Adding", "Adding")),
        (1, "First", "ada", ("Adding",)),
    ]


def test_the_versions_come_in_pages(session: Session, course: str) -> None:
    assert [one.number for one in history.entries(session, course, 2)] == [3, 2]
    assert [one.number for one in history.entries(session, course, 2, before=2)] == [1]


def test_the_differences_of_two_versions(session: Session, course: str) -> None:
    found = history.compare(session, course, 1, 2)
    assert found.about == ("title", "modules")
    assert [(one.key, one.kind) for one in found.lessons] == [
        ("adding", "changed"),
        ("more", "added"),
    ]
    (cell,) = found.lessons[0].cells
    assert (cell.id, cell.kind) == ("example", "changed")
    assert cell.lines == ("@@ -1 +1 @@", "-print(1 + 1)", "+print(2 + 2)")
    back = history.compare(session, course, 2, 1)
    assert [(one.key, one.kind) for one in back.lessons] == [
        ("adding", "changed"),
        ("more", "removed"),
    ]
    assert history.compare(session, course, 2, 2).empty


@pytest.mark.parametrize(
    ("cell", "change", "note"),
    [
        ("add-1", {"metadata": samples.nbgrader("add-1", grade=True, locked=True, points=5)},
         "2 points became 5"),
        ("example", {"outputs": ()}, "only what it shows when it is run"),
        ("intro", {"metadata": {"tags": ["x"]}}, "its settings, not its text"),
        ("intro", {"source": "# More"}, ""),
    ],
)  # fmt: skip
def test_what_changed_beside_the_text_is_said(
    cell: str, change: dict[str, object], note: str
) -> None:
    other: Course = samples.course("sums", changed(cell, **change))
    (lesson,) = history.between(samples.course(), other).lessons
    assert [one.note for one in lesson.cells] == [note]


def test_a_difference_is_only_so_long() -> None:
    long = samples.course("sums", changed("example", source="x = 1\n" * 1000))
    (lesson,) = history.between(samples.course(), long).lessons
    assert len(lesson.cells[0].lines) == history.MOST_LINES + 1
    assert "lines more" in lesson.cells[0].lines[-1]


def test_going_back_publishes_the_older_document_as_the_next_version(
    session: Session, course: str
) -> None:
    version = history.go_back(session, "ada", course, 1, "Version 2 was too much", base=3)
    assert version.number == 4
    assert courses.source_course(session, version.id) == samples.course()
    assert history.entries(session, course)[0].message == "Version 2 was too much"
    (event,) = session.scalars(select(Event).where(Event.name == "audit.course.rolled_back"))
    assert event.detail == {
        "version": 4, "of": 1, "from": 3, "message": "Version 2 was too much",
    }  # fmt: skip


def test_what_makes_no_sense_is_not_gone_back_to(session: Session, course: str) -> None:
    with pytest.raises(Conflict, match="what students have now"):
        history.go_back(session, "ada", course, 3, "Again")
    with pytest.raises(NotFound):
        history.go_back(session, "ada", course, 9, "Again")
    with pytest.raises(Invalid, match="why you go back"):
        history.go_back(session, "ada", course, 1, " ")
    with pytest.raises(Conflict, match="Version 3 was published meanwhile"):
        history.go_back(session, "ada", course, 1, "Again", base=2)
    lifecycle.set_archived(session, "ada", course, True)
    with pytest.raises(Conflict, match="in the archive"):
        history.go_back(session, "ada", course, 1, "Again")
    assert len(history.entries(session, course)) == 3
