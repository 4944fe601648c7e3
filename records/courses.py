"""Courses, their versions and who belongs to them: the questions one may ask."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Row, and_, func, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import blobs, events, release
from coursewright.records.course import Course, Lesson
from coursewright.records.documents import documents, to_bytes
from coursewright.records.errors import Conflict, Invalid, NotFound
from coursewright.records.lesson_changes import changed_in, last_changes
from coursewright.records.newest import IS_NEWEST_VERSION
from coursewright.records.tables import (
    ROLES,
    CourseFacts,
    CourseRow,
    CourseVersion,
    Enrolment,
    ExerciseRow,
    LessonVersion,
    Person,
)


@dataclass(frozen=True)
class CourseCard:
    """A course in the catalogue; `role` is the asking person's, None when not enrolled."""

    key: str
    title: str
    summary: str
    level: str
    version: int
    lessons: int
    role: str | None


@dataclass(frozen=True)
class Version:
    """A published version; `created` is False when this very document was the newest already."""

    id: int
    number: int
    created: bool = False


def person(session: Session, name: str, display_name: str | None = None) -> Person:
    """The person of this name at the Hub, made when new."""
    query = select(Person).where(Person.name == name)
    found = session.scalars(query).one_or_none()
    if found is None:
        row = {"name": name, "display_name": display_name or name}
        session.execute(insert(Person).values(row).on_conflict_do_nothing())
        found = session.scalars(query).one()
    if display_name and found.display_name != display_name:
        found.display_name = display_name
    return found


def catalogue(session: Session, person_name: str, *, everything: bool = False) -> list[CourseCard]:
    """Open published courses, and all that the person belongs to, archived ones too, by title.

    With `everything`, all that have a version, for administrators.
    """
    someone = select(Person.id).where(Person.name == person_name).scalar_subquery()
    own = and_(Enrolment.course_id == CourseRow.id, Enrolment.person_id == someone)
    offered = (CourseRow.state == "published") & CourseRow.open
    mine = CourseRow.state.in_(("published", "archived")) & Enrolment.role.is_not(None)
    rows = session.execute(
        select(
            CourseRow.key,
            CourseRow.title,
            CourseRow.summary,
            func.coalesce(CourseFacts.level, CourseRow.level),
            CourseVersion.number,
            CourseVersion.lessons,
            Enrolment.role,
        )
        .join(CourseVersion, CourseVersion.course_id == CourseRow.id)
        .outerjoin(CourseFacts, CourseFacts.course_id == CourseRow.id)
        .outerjoin(Enrolment, own)
        .where(true() if everything else offered | mine, IS_NEWEST_VERSION)
        .order_by(CourseRow.title, CourseRow.key)
    )
    return [CourseCard(*row) for row in rows]


def publish(session: Session, course: Course, message: str, by: str | None) -> Version:
    """Make the course's next version, unless the newest has this very content.

    Raises Invalid with every lesson and cell that must be mended first, and Conflict for a course
    in the archive.
    """
    student = release.student_view(course)
    document_sha = blobs.put(session, to_bytes(course))
    author = person(session, by) if by else None
    row = _course_row(session, course)
    if row.state == "archived":
        raise Conflict("This course is in the archive. Take it out first; nothing was published")
    newest = session.scalars(
        select(CourseVersion).where(CourseVersion.course_id == row.id, IS_NEWEST_VERSION)
    ).one_or_none()
    if newest and newest.document_sha == document_sha:
        return Version(newest.id, newest.number)
    row.title, row.summary, row.level = course.title, course.summary, course.level
    row.state = "published"
    version = CourseVersion(
        course_id=row.id,
        number=newest.number + 1 if newest else 1,
        lessons=sum(1 for _ in course.lessons()),
        document_sha=document_sha,
        student_sha=blobs.put(session, to_bytes(student)),
        message=message,
        published_by=author.id if author else None,
    )
    session.add(version)
    session.flush()
    session.add_all(_exercises(course, version.id))
    session.add_all(_lessons(session, newest, student, version))
    detail = {"version": version.number, "message": message, "document": document_sha}
    events.record(session, "audit.course.published", author, course.key, detail=detail)
    return Version(version.id, version.number, created=True)


def enrol(session: Session, person_name: str, course_key: str, role: str = "student") -> str:
    """Enrol, or raise the role of somebody enrolled; never lower it. Returns the role held.

    Raises NotFound for a course that is not published.
    """
    if role not in ROLES:
        raise Invalid(f"{role!r} is not a role; roles are {', '.join(ROLES)}")
    course = _published(session, course_key)
    someone = person(session, person_name)
    row = {"person_id": someone.id, "course_id": course.id, "role": role}
    added = session.scalar(
        insert(Enrolment).values(row).on_conflict_do_nothing().returning(Enrolment.id)
    )
    enrolment = session.scalars(
        select(Enrolment)
        .where(Enrolment.person_id == someone.id, Enrolment.course_id == course.id)
        .with_for_update()
    ).one()
    raised = ROLES.index(role) > ROLES.index(enrolment.role)
    if raised:
        enrolment.role = role
    if raised or added:
        events.record(
            session, "audit.enrolled", someone, course_key, detail={"role": enrolment.role}
        )
    return enrolment.role


def role_of(session: Session, person_name: str, course_key: str) -> str | None:
    """The person's role in a course; None when not enrolled or when there is no such course."""
    return session.scalar(
        select(Enrolment.role)
        .join(Person, Person.id == Enrolment.person_id)
        .join(CourseRow, CourseRow.id == Enrolment.course_id)
        .where(Person.name == person_name, CourseRow.key == course_key)
    )


def lock(session: Session, course_key: str) -> None:
    """Let other changes of this course wait until this transaction ends. Raises NotFound."""
    row = select(CourseRow.id).where(CourseRow.key == course_key)
    if session.scalar(row.with_for_update(key_share=True)) is None:
        raise _no_course(course_key)


def exists(session: Session, course_key: str) -> bool:
    """Whether there is such a course, in whatever state."""
    return session.scalar(select(CourseRow.id).where(CourseRow.key == course_key)) is not None


def title(session: Session, course_key: str) -> str:
    """The course's title. Raises NotFound."""
    found = session.scalar(select(CourseRow.title).where(CourseRow.key == course_key))
    if found is None:
        raise _no_course(course_key)
    return found


def current_version(session: Session, course_key: str) -> Version:
    """The newest version. Raises NotFound when the course is not published yet."""
    row = _newest(session, course_key)
    return Version(row.id, row.number)


def student_course(session: Session, person_name: str, course_key: str) -> Course:
    """The newest version as students see it. Raises NotFound to those who are not enrolled."""
    if role_of(session, person_name, course_key) is None:
        raise _no_course(course_key)
    return documents.read(session, _newest(session, course_key).student_sha)


def newest_source(session: Session, course_key: str) -> Course:
    """The newest version with its solutions and hidden tests: for graders and authors only.

    Raises NotFound when the course is not published yet.
    """
    return documents.read(session, _newest(session, course_key).document_sha)


def source_course(session: Session, version_id: int) -> Course:
    """A version with its solutions and hidden tests: for graders and authors only."""
    version = session.get(CourseVersion, version_id)
    if version is None:
        raise NotFound(f"There is no version {version_id}")
    return documents.read(session, version.document_sha)


def source_lesson(session: Session, version_id: int, lesson_key: str) -> Lesson:
    """A lesson with its solutions and hidden tests: for graders and authors only."""
    lesson = source_course(session, version_id).lesson(lesson_key)
    if lesson is None:
        raise NotFound(f"There is no lesson {lesson_key!r} in that version")
    return lesson


def _course_row(session: Session, course: Course) -> CourseRow:
    """The course's row, locked so that two publications get two numbers."""
    row = {name: getattr(course, name) for name in ("key", "title", "summary", "level")}
    session.execute(insert(CourseRow).values(row).on_conflict_do_nothing())
    return session.scalars(
        select(CourseRow).where(CourseRow.key == course.key).with_for_update()
    ).one()


def _exercises(course: Course, version_id: int) -> list[ExerciseRow]:
    return [
        ExerciseRow(
            version_id=version_id,
            lesson=lesson.key,
            key=exercise.key,
            title=exercise.title,
            position=position,
            points=exercise.points,
            concepts=list(exercise.concepts),
        )
        for lesson in course.lessons()
        for position, exercise in enumerate(lesson.exercises(), 1)
    ]


def _lessons(
    session: Session, before: CourseVersion | None, student: Course, version: CourseVersion
) -> list[LessonVersion]:
    was = documents.read(session, before.student_sha) if before else None
    changed = last_changes(
        was, changed_in(session, before.id if before else None), student, version.number
    )
    return [
        LessonVersion(version_id=version.id, lesson=lesson, changed_in=number)
        for lesson, number in changed.items()
    ]


def _published(session: Session, course_key: str) -> CourseRow:
    row = session.scalars(select(CourseRow).where(CourseRow.key == course_key)).one_or_none()
    if row is None or row.state != "published":
        raise _no_course(course_key)
    return row


def _newest(session: Session, course_key: str) -> Row[int, int, str, str]:
    row = session.execute(
        select(
            CourseVersion.id,
            CourseVersion.number,
            CourseVersion.document_sha,
            CourseVersion.student_sha,
        )
        .join(CourseRow, CourseRow.id == CourseVersion.course_id)
        .where(CourseRow.key == course_key, IS_NEWEST_VERSION)
    ).one_or_none()
    if row is None and exists(session, course_key):
        raise NotFound("Nothing of this course has been published yet")
    if row is None:
        raise _no_course(course_key)
    return row


def _no_course(course_key: str) -> NotFound:
    return NotFound(f"There is no course {course_key!r} here, or you are not enrolled in it")
