"""The versions of a course, for those who write it: what changed, and going back to one.

Going back publishes the older document as the next version, so nothing that was published is
lost and students keep their work as with every other version.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from difflib import unified_diff

from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.records import authoring, courses, events, lifecycle
from coursewright.records.course import Cell, Course, Lesson
from coursewright.records.courses import Version
from coursewright.records.errors import Conflict
from coursewright.records.lesson_changes import CellDifference, differences
from coursewright.records.tables import CourseRow, CourseVersion, LessonVersion, Person

MOST_LINES = 200  # of a cell's difference
ABOUT = ("title", "summary", "level", "language", "objectives", "prerequisites")


@dataclass(frozen=True)
class Entry:
    """A version; `changed` are the lessons in which students saw a change then, by title."""

    number: int
    message: str
    published_by: str | None
    published_at: datetime
    lessons: int
    changed: tuple[str, ...]


@dataclass(frozen=True)
class CellChange(CellDifference):
    """A cell that is not as it was: `lines` as `diff -u` has them, `note` what else changed."""

    lines: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class LessonChange:
    """`kind`: added, removed, changed, or moved to another place in the course."""

    key: str
    title: str
    kind: str
    cells: tuple[CellChange, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """What is different between two documents of a course; `about` names what is said of it."""

    about: tuple[str, ...]
    lessons: tuple[LessonChange, ...]

    @property
    def empty(self) -> bool:
        return not (self.about or self.lessons)


def entries(
    session: Session, course_key: str, limit: int = 50, before: int | None = None
) -> list[Entry]:
    """Up to `limit` versions, the newest first, of those before number `before`."""
    query = (
        select(CourseVersion, Person.name)
        .join(CourseRow, CourseRow.id == CourseVersion.course_id)
        .outerjoin(Person, Person.id == CourseVersion.published_by)
        .where(CourseRow.key == course_key)
        .order_by(CourseVersion.number.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(CourseVersion.number < before)
    rows = session.execute(query).all()
    changed: dict[int, list[str]] = {}
    for version, lesson in session.execute(
        select(LessonVersion.version_id, LessonVersion.lesson)
        .join(CourseVersion, CourseVersion.id == LessonVersion.version_id)
        .where(LessonVersion.version_id.in_([row.id for row, _ in rows]))
        .where(LessonVersion.changed_in == CourseVersion.number)
        .order_by(LessonVersion.id)
    ):
        changed.setdefault(version, []).append(lesson)
    titles = _titles(session, course_key) if rows else {}
    return [
        Entry(
            row.number,
            row.message,
            by,
            row.published_at,
            row.lessons,
            tuple(titles.get(lesson, lesson) for lesson in changed.get(row.id, ())),
        )
        for row, by in rows
    ]


def compare(session: Session, course_key: str, old: int, new: int) -> Comparison:
    """What is in version `new` and was not so in `old`. Raises NotFound."""
    _, before = authoring.source(session, course_key, old)
    _, after = authoring.source(session, course_key, new)
    return between(before, after)


def between(before: Course, after: Course) -> Comparison:
    """The same of two documents."""
    about = tuple(name for name in ABOUT if getattr(before, name) != getattr(after, name))
    outline = [_outline(course) for course in (before, after)]
    if outline[0] != outline[1]:
        about += ("modules",)
    return Comparison(about, tuple(_lessons(before, after)))


def go_back(
    session: Session,
    by: str,
    course_key: str,
    number: int,
    message: str,
    *,
    base: int | None = None,
    request_id: str | None = None,
) -> Version:
    """Publish what version `number` was as the next one. `base`: the newest that they have seen.

    Raises NotFound, Invalid, and Conflict where that is what students have already.
    """
    lifecycle.locked(session, course_key)
    message = lifecycle.words(message, "Say in a message why you go back")
    newest, _ = authoring.source(session, course_key)
    if base is not None and newest != base:
        raise Conflict(
            f"Version {newest} was published meanwhile. Look at it first; nothing was published"
        )
    _, document = authoring.source(session, course_key, number)
    version = courses.publish(session, document, message, by)
    if not version.created:
        raise Conflict(f"Version {number} is what students have now; nothing was published")
    author = courses.person(session, by)
    detail = {"version": version.number, "of": number, "from": newest, "message": message}
    events.record(
        session, "audit.course.rolled_back", author, course_key, detail=detail,
        request_id=request_id,
    )  # fmt: skip
    return version


def _lessons(before: Course, after: Course) -> Iterator[LessonChange]:
    was = {lesson.key: lesson for lesson in before.lessons()}
    now = {lesson.key: lesson for lesson in after.lessons()}
    for lesson in now.values():
        old = was.get(lesson.key)
        if old is None:
            yield LessonChange(lesson.key, lesson.title, "added")
        elif old != lesson:
            yield LessonChange(lesson.key, lesson.title, "changed", tuple(_cells(old, lesson)))
    for lesson in was.values():
        if lesson.key not in now:
            yield LessonChange(lesson.key, lesson.title, "removed")


def _cells(old: Lesson, new: Lesson) -> Iterator[CellChange]:
    before = {cell.id: cell for cell in old.cells}
    after = {cell.id: cell for cell in new.cells}
    for one in differences(old, new):
        was, now = before.get(one.id), after.get(one.id)
        lines = tuple(_lines(was, now)) if one.kind != "moved" else ()
        yield CellChange(**asdict(one), lines=lines, note=_note(was, now))


def _lines(was: Cell | None, now: Cell | None) -> list[str]:
    before, after = (cell.source.splitlines() if cell else [] for cell in (was, now))
    found = list(unified_diff(before, after, lineterm="", n=2))[2:]
    if len(found) > MOST_LINES:
        return [*found[:MOST_LINES], f"… and {len(found) - MOST_LINES} lines more"]
    return found


def _note(was: Cell | None, now: Cell | None) -> str:
    """What changed in a cell beside its text."""
    if was is None or now is None:
        return ""
    if was.points != now.points:
        return f"{was.points:g} points became {now.points:g}"
    if was.source != now.source:
        return ""
    if replace(was, outputs=(), execution_count=None) == replace(
        now, outputs=(), execution_count=None
    ):
        return "only what it shows when it is run" if was != now else ""
    return "its settings, not its text"


def _outline(course: Course) -> list[tuple[str, str, list[str]]]:
    return [
        (module.key, module.title, [lesson.key for lesson in module.lessons])
        for module in course.modules
    ]


def _titles(session: Session, course_key: str) -> dict[str, str]:
    _, newest = authoring.source(session, course_key)
    return {lesson.key: lesson.title for lesson in newest.lessons()}
