"""Writing courses: who may, which versions there are, and publishing what has been checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.records import blobs, checks, courses, events, members, release
from coursewright.records.checks import Told
from coursewright.records.course import Course, Lesson, Module
from coursewright.records.courses import Version
from coursewright.records.documents import documents, to_bytes
from coursewright.records.errors import Conflict, Denied, Invalid, NotFound
from coursewright.records.intake import storable
from coursewright.records.tables import CourseRow, CourseVersion, Person

NOT_AN_AUTHOR = (
    "New courses are written by instructors and by the people whom an administrator of the Hub "
    "has made authors"
)
LONGEST = 2000  # characters of a message or a reason


@dataclass(frozen=True)
class Rights:
    """Who asks, and what the sign-in allows beside the memberships."""

    person: str
    author: bool = False
    admin: bool = False


@dataclass(frozen=True)
class Publication:
    """What somebody wants to publish.

    `despite` is why, although the check found what blocks; `base` the newest version that they
    have seen, where that matters to them.
    """

    course: Course
    message: str
    check: int
    despite: str | None = None
    base: int | None = None


@dataclass(frozen=True)
class VersionCard:
    """A published version; `published_by` is None where nobody signed in did it."""

    number: int
    message: str
    published_by: str | None
    published_at: datetime
    lessons: int


def may_author(session: Session, who: Rights) -> bool:
    """Whether somebody may ask for courses at all, and publish new ones."""
    return who.admin or who.author or members.teaches(session, who.person, "instructor")


def refuse_strangers(session: Session, who: Rights) -> None:
    """Raises Denied for those who write no courses."""
    if not may_author(session, who):
        raise Denied(NOT_AN_AUTHOR)


def enter(session: Session, who: Rights, course_key: str) -> None:
    """Let `who` write this course, or a new one of this key. Raises Denied and NotFound."""
    if who.admin:
        return
    if not courses.exists(session, course_key):
        refuse_strangers(session, who)
        return
    held = courses.role_of(session, who.person, course_key)
    if held is None:
        raise NotFound(
            f"There is no course {course_key!r} that you belong to. If it is to be a new one, give "
            "it another key: this one is taken"
        )
    if held != "instructor":
        raise Denied("This is for the instructors of the course")


def versions(session: Session, course_key: str) -> list[VersionCard]:
    """The newest first."""
    rows = session.execute(
        select(CourseVersion, Person.name)
        .join(CourseRow, CourseRow.id == CourseVersion.course_id)
        .outerjoin(Person, Person.id == CourseVersion.published_by)
        .where(CourseRow.key == course_key)
        .order_by(CourseVersion.number.desc())
    )
    return [
        VersionCard(row.number, row.message, by, row.published_at, row.lessons) for row, by in rows
    ]


def source(session: Session, course_key: str, number: int | None = None) -> tuple[int, Course]:
    """A version's number and document with solutions; the newest without `number`."""
    query = (
        select(CourseVersion)
        .join(CourseRow, CourseRow.id == CourseVersion.course_id)
        .where(CourseRow.key == course_key)
        .order_by(CourseVersion.number.desc())
    )
    if number is not None:
        query = query.where(CourseVersion.number == number)
    row = session.scalars(query.limit(1)).one_or_none()
    if row is None:
        which = "no version" if number is None else f"no version {number}"
        raise NotFound(f"The course {course_key!r} has {which}")
    return row.number, documents.read(session, row.document_sha)


def read_check(session: Session, who: Rights, number: int) -> Told:
    """A check that one asked for, or of a course of which one is an instructor. Raises NotFound."""
    told = checks.told(session, number)
    own = checks.requester(session, number) == who.person
    if not (own or who.admin) and courses.role_of(session, who.person, told.course) != "instructor":
        raise NotFound(f"There is no check {number}")
    return told


def preview(lesson: Lesson) -> Lesson:
    """The lesson as students get it. Raises Invalid with the cell that must be mended first."""
    alone = Course("preview", lesson.title, (Module("preview", lesson.title, (lesson,)),))
    (released,) = release.student_view(alone).lessons()
    return released


def publish(
    session: Session, who: Rights, wanted: Publication, request_id: str | None = None
) -> Version:
    """Make the checked document the course's next version; a new course's author teaches it.

    Raises Invalid for words that are missing, and Conflict where the check is not of this
    document, has not ended, or blocks, or where somebody has published another version meanwhile.
    """
    enter(session, who, wanted.course.key)
    message = _words(wanted.message, "Say in a message what has changed")
    key, new = wanted.course.key, not courses.exists(session, wanted.course.key)
    told = _fitting(session, who, wanted)
    blocking = told.blocking
    despite = (wanted.despite or "").strip()
    if blocking and not despite:
        raise Conflict(
            f"The check found {_count(blocking)}. Mend it and check again, or give a reason why it "
            "is to be published all the same; nothing was published"
        )
    version = courses.publish(session, wanted.course, message, who.person)
    if new and not (version.created and version.number == 1):
        raise Conflict(f"Somebody else has just published a course {key!r}; nothing was published")
    if new:
        courses.enrol(session, who.person, key, "instructor")
    if version.created:
        detail = {
            "version": version.number,
            "check": told.id,
            "blocking": len(blocking),
            **({"despite": _words(despite, "")} if blocking else {}),
        }
        author = courses.person(session, who.person)
        name = "audit.course.published_despite" if blocking else "course.published"
        events.record(session, name, author, key, detail=detail, request_id=request_id)
    return version


def _fitting(session: Session, who: Rights, wanted: Publication) -> Told:
    """The check, when it ended and was of this very document."""
    told = read_check(session, who, wanted.check)
    sha = blobs.sha256(to_bytes(wanted.course))
    if (told.course, told.document_sha) != (wanted.course.key, sha):
        raise Conflict(
            "The notebooks have changed since they were checked. Check them again, then publish; "
            "nothing was published"
        )
    if told.state != "done":
        state = "could not be done" if told.state == "failed" else "is still under way"
        raise Conflict(f"The check {state}; nothing was published")
    _refuse_overtaken(session, wanted, sha)
    return told


def _refuse_overtaken(session: Session, wanted: Publication, sha: str) -> None:
    """Raises Conflict when the newest version is another one than `base`, and not this document."""
    if wanted.base is None or not courses.exists(session, wanted.course.key):
        return
    newest = versions(session, wanted.course.key)[:1]
    for version in newest:
        _, document = source(session, wanted.course.key, version.number)
        if version.number != wanted.base and blobs.sha256(to_bytes(document)) != sha:
            raise Conflict(
                f"Version {version.number} was published meanwhile by "
                f"{version.published_by or 'somebody'}: {version.message}. Look at the differences "
                "first; nothing was published"
            )


def _words(text: str, wish: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid(f"{wish}; nothing was published")
    if len(text) > LONGEST:
        raise Invalid(f"A message or a reason has at most {LONGEST} characters")
    if not storable(text):
        raise Invalid("The message holds characters that no text can have")
    return text


def _count(found: Sequence[object]) -> str:
    return "one thing that blocks" if len(found) == 1 else f"{len(found)} things that block"
