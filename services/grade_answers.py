"""Final grades as JSON: a class page by page, one student, and exceptions."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import courses, events, weights
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.schemes import Item
from coursewright.services import grades
from coursewright.services.answers import APIHandler
from coursewright.services.grades import Entry, Line
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN, TEACH
from coursewright.services.shapes import TEXT, Schema

MOST = 500  # students in an answer
PAGE: dict[str, Schema] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": 100},
    "after": {"type": "string", "maxLength": 255},
    "group": TEXT,
    "find": TEXT,
}


class Grades(APIHandler):
    @documented({200: "Grades"}, query=PAGE)
    @needs(TEACH, role="assistant", whole=True)
    async def get(self, course: str) -> None:
        """Students by name with their final grades, and what each item counts in them.

        `percent` is the grade so far; in `final` what is still open counts 0. `next` is what to
        send as `after` for the students that follow; null on the last page.
        """
        limit = self.get_query_argument("limit", "100")
        if not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= MOST):
            raise Invalid(f"`limit` is a number from 1 to {MOST}")
        after = self.get_query_argument("after", None)
        group = self.get_query_argument("group", None)
        find = self.get_query_argument("find", "")
        self.answer(await self.ask(page, course, int(limit), after, group, find))


class StudentGrade(APIHandler):
    @documented({200: "StudentGrade"})
    @needs(TEACH, role="assistant")
    async def get(self, course: str, person: str) -> None:
        """One student's final grade; looking at it is written into the audit log."""
        line = await self.ask(opened, self.person, course, person, self.request_id)
        self.answer(told(line))


class OwnGrade(APIHandler):
    @documented({200: "StudentGrade"})
    @needs(LEARN)
    async def get(self, course: str) -> None:
        """One's own final grade so far, without what is held back yet.

        404 for those who are no students of the course.
        """
        self.answer(told(await self.ask(own, self.person, course)))


class Exceptions(APIHandler):
    """What both kinds of items share."""

    async def make(self, course: str, person: str, item: Item) -> None:
        await self.ask(
            weights.exempt,
            self.person,
            course,
            person,
            item,
            **self.sent(),
            request_id=self.request_id,
        )
        await self.show(course, person)

    async def end(self, course: str, person: str, item: Item) -> None:
        await self.ask(
            weights.end_exception, self.person, course, person, item, request_id=self.request_id
        )
        await self.show(course, person)

    async def show(self, course: str, person: str) -> None:
        line = await self.ask(opened, self.person, course, person, self.request_id)
        self.answer(told(line))


class LessonException(Exceptions):
    @documented({200: "StudentGrade"}, takes="GradeExceptionSent")
    @needs(TEACH, role="instructor")
    async def put(self, course: str, person: str, lesson: str) -> None:
        """Excuse a student's lesson, or say how many points it counts; the reason is kept."""
        await self.make(course, person, (lesson, ""))

    @documented({200: "StudentGrade"})
    @needs(TEACH, role="instructor")
    async def delete(self, course: str, person: str, lesson: str) -> None:
        """Let what the student handed in count again."""
        await self.end(course, person, (lesson, ""))


class QuizException(Exceptions):
    @documented({200: "StudentGrade"}, takes="GradeExceptionSent")
    @needs(TEACH, role="instructor")
    async def put(self, course: str, person: str, lesson: str, quiz: str) -> None:
        """Excuse a student's quiz, or say how many points it counts; the reason is kept."""
        await self.make(course, person, (lesson, quiz))

    @documented({200: "StudentGrade"})
    @needs(TEACH, role="instructor")
    async def delete(self, course: str, person: str, lesson: str, quiz: str) -> None:
        """Let the student's answers count again."""
        await self.end(course, person, (lesson, quiz))


class BankQuizException(Exceptions):
    @documented({200: "StudentGrade"}, takes="GradeExceptionSent")
    @needs(TEACH, role="instructor")
    async def put(self, course: str, person: str, quiz: str) -> None:
        """Excuse a student's quiz from the bank, or say how many points it counts."""
        await self.make(course, person, ("", quiz))

    @documented({200: "StudentGrade"})
    @needs(TEACH, role="instructor")
    async def delete(self, course: str, person: str, quiz: str) -> None:
        """Let the student's answers count again."""
        await self.end(course, person, ("", quiz))


def page(  # noqa: PLR0917 (no two of them can be mistaken for each other)
    session: Session, key: str, limit: int, after: str | None, group: str | None, find: str
) -> dict[str, Any]:
    """Raises NotFound, also for an `after` that is not in the list."""
    about = grades.frame(session, key)
    students = [one for one in grades.people(session, about) if one.role == "student"]
    found = grades.chosen(students, group, find)
    first = 0
    if after is not None:
        names = [one.name for one in found]
        if after not in names:
            raise NotFound(f"There is no {after!r} in this list to go on after")
        first = names.index(after) + 1
    shown = found[first : first + limit]
    more = first + limit < len(found)
    return {
        "students": [told(line) for line in grades.lines(session, about, shown)],
        "total": len(found),
        "next": shown[-1].name if more else None,
    }


def opened(session: Session, viewer: str, key: str, person: str, request_id: str) -> Line:
    """A student's line for somebody who teaches; noted. Raises NotFound."""
    _, line = grades.line_of(session, key, person, veiled=False)
    if line is None:
        raise NotFound(f"{person} is no student of this course")
    events.record(
        session,
        "audit.viewed",
        courses.person(session, viewer),
        key,
        detail={"of": person, "what": "grades"},
        request_id=request_id,
    )
    return line


def own(session: Session, person: str, key: str) -> Line:
    """Raises NotFound."""
    if courses.role_of(session, person, key) != "student":
        raise NotFound(f"There is no course {key!r} here in which you are a student")
    _, line = grades.line_of(session, key, person, veiled=True)
    assert line is not None
    return line


def told(line: Line) -> dict[str, Any]:
    assert line.grade is not None
    return {
        "person": line.who.name,
        "display_name": line.who.display_name,
        "group": line.who.group,
        "percent": line.grade.percent,
        "final": line.grade.final,
        "categories": line.grade.parts,
        "items": [_entry(one) for one in line.entries if not one.column.gone],
    }


def _entry(one: Entry) -> dict[str, Any]:
    word = one.exempt
    return {
        "lesson": one.column.lesson,
        "quiz": one.column.quiz,
        "title": one.column.title,
        "category": one.column.category,
        "state": one.piece.state,
        "points": one.piece.points if one.piece.state == "graded" else None,
        "max_points": one.piece.most,
        "pending": one.piece.pending,
        "dropped": one.dropped,
        "submission": one.handed.submission if one.handed else None,
        "due": one.due,
        "exception": word
        and {
            "excused": word.excused,
            "points": word.points,
            "reason": word.reason,
            "made_at": word.made_at,
        },
    }


ONE = "api/v1/courses/{course}/grades/{person}"
ROUTES = [
    Route("api/v1/courses/{course}/grades", Grades),
    Route(ONE, StudentGrade),
    Route(f"{ONE}/lessons/{{lesson}}", LessonException),
    Route(f"{ONE}/lessons/{{lesson}}/quizzes/{{quiz}}", QuizException),
    Route(f"{ONE}/quizzes/{{quiz}}", BankQuizException),
    Route("api/v1/courses/{course}/progress", OwnGrade),
]
