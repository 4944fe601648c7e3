"""A class as its teachers see it: the live list, hand-ins that wait for a person, releases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from coursewright.grader import releasing
from coursewright.records import classroom, courses, papers, releases
from coursewright.records.classroom import Pupil
from coursewright.records.errors import Invalid
from coursewright.services.answers import APIHandler
from coursewright.services.guards import needs
from coursewright.services.paging import PAGED, first, page
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH
from coursewright.services.sections import Part, part, visible
from coursewright.services.shapes import TEXT
from coursewright.services.submissions import NOTEBOOK

ANONYMOUS = {"type": "string", "enum": ["true", "false"]}
QUEUE = {**PAGED, "after": {"type": "integer", "minimum": 1, "maximum": 2**53}}


class Class(APIHandler):
    @documented({200: "Class"}, query={**PAGED, "lesson": TEXT, "section": TEXT, "group": TEXT})
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """The students of a class by name: where each is, and what they tried there.

        With `?lesson=`, `?section=` and `?group=` those alone; the totals are theirs too. It shows
        what the students' own servers tell. Who watches is written into the audit log, once in an
        hour.
        """
        lesson = self.get_query_argument("lesson", None)
        await self.ask(classroom.note_look, self.person, course, self.request_id)
        found = await self.ask(at_work, self.person, course, lesson, await part(self, course))
        here, following = page(
            self, found.students, lambda one: (one.display_name.casefold(), one.person)
        )
        self.answer({**vars(found), "students": here, "next": following})


class Ungraded(APIHandler):
    @documented({200: "Ungraded"}, query={**QUEUE, "lesson": TEXT, "anonymous": ANONYMOUS})
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """Students' newest attempts in which answers wait for a person, the longest waiting first.

        With `?lesson=` of that lesson alone, with `?after=` (a submission) those that follow it,
        with `?anonymous=true` without saying whose they are.
        """
        after = self.get_query_argument("after", None)
        if after is not None and not (after.isascii() and after.isdigit() and len(after) < 19):
            raise Invalid("`after` is the number of a submission")
        lesson = self.get_query_argument("lesson", None)
        number = None if after is None else int(after)
        only = await visible(self, course)
        await self.ask(classroom.note_look, self.person, course, self.request_id, what="ungraded")
        found = await self.ask(papers.waiting, course, lesson, number)
        seen = [one for one in found if only is None or one.person in only]
        here, following = first(self, seen, lambda one: str(one.submission))
        self.answer({"waiting": [veiled(self, one) for one in here], "next": following})


class Paper(APIHandler):
    @documented({200: "Paper"}, query={"anonymous": ANONYMOUS})
    @needs(TEACH, role="assistant")
    async def get(self, course: str, submission: str) -> None:
        """A submission as it is marked: its cells with their marks, and the lesson's rubric.

        Opening it is written into the audit log. `?anonymous=true` leaves out whose it is.
        """
        number = int(submission)
        found = await self.ask(
            papers.paper, self.person, course, number, self.reach, request_id=self.request_id
        )
        self.answer(veiled(self, found))


class PaperNotebook(APIHandler):
    @documented({200: NOTEBOOK})
    @needs(TEACH, role="assistant")
    async def get(self, course: str, submission: str) -> None:
        """The notebook that was handed in, with what its cells showed when they were graded.

        To be read only: it holds a student's code, and whatever else they put into it.
        """
        number = int(submission)
        book = await self.ask(
            papers.notebook, self.person, course, number, self.reach, request_id=self.request_id
        )
        self.answer(book)
        self.set_header("Content-Type", NOTEBOOK)


class Release(APIHandler):
    editable = True

    @documented({200: "Release"})
    @needs(TEACH, role="assistant")
    async def get(self, course: str, lesson: str) -> None:
        """Whether the grades of a lesson are held back, and how many they are."""
        self.answer(await self.ask(releases.release, course, lesson))

    @documented({200: "Release"}, takes="ReleaseSent", matched=True)
    @needs(TEACH, role="instructor")
    async def put(self, course: str, lesson: str) -> None:
        """Hold the grades of a lesson back, or release them; every student then gets to know.

        While they are held, students see the state `held`: no points, no feedback, and nothing
        of it in their mastery.
        """
        held, who, request_id = self.sent()["held"], self.person, self.request_id
        found = await self.change(
            course,
            lambda session: releases.release(session, course, lesson),
            lambda session: releasing.hold(
                session, who, course, lesson, held=held, request_id=request_id
            ),
        )
        self.answer(found)


@dataclass(frozen=True)
class ClassLesson:
    """A lesson with its exercises, each as key and title."""

    key: str
    title: str
    held: bool
    exercises: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Totals:
    """`waiting`: hand-ins that wait for a person."""

    students: int
    here: int
    stuck: int
    waiting: int


@dataclass(frozen=True)
class AtWork:
    """A class at a moment; `role` is the asking person's own."""

    at: datetime
    title: str
    role: str | None
    lessons: tuple[ClassLesson, ...]
    sections: tuple[str, ...]
    groups: tuple[str, ...]
    totals: Totals
    students: tuple[Pupil, ...]


def at_work(
    session: Session,
    viewer: str,
    course: str,
    lesson: str | None,
    part: Part,
) -> AtWork:
    """A part of the class. Raises NotFound when there is no such course."""
    only, group = part.only, part.group or None
    version = courses.current_version(session, course)
    document = courses.source_course(session, version.id)
    held = releases.held(session, course)
    now, found = classroom.pupils(session, course)
    everybody = [one for one in found if only is None or one.person in only]
    students = tuple(
        one for one in everybody if lesson in (None, one.lesson) and group in (None, one.group)
    )
    lessons = tuple(
        ClassLesson(
            one.key,
            one.title,
            one.key in held,
            tuple({"key": item.key, "title": item.title} for item in one.exercises()),
        )
        for one in document.lessons()
    )
    totals = Totals(
        students=len(students),
        here=sum(one.here for one in students),
        stuck=sum(one.here and one.stuck_since is not None for one in students),
        waiting=sum(
            only is None or one.person in only for one in papers.waiting(session, course, lesson)
        ),
    )
    groups = tuple(sorted({one.group for one in everybody if one.group}, key=str.casefold))
    role = courses.role_of(session, viewer, course)
    return AtWork(now, document.title, role, lessons, part.sections, groups, totals, students)


def veiled(handler: APIHandler, one: Any) -> Any:
    """Without a name where the marker wants none."""
    anonymous = handler.get_query_argument("anonymous", "false") == "true"
    return papers.nameless(one) if anonymous else one


ROUTES = [
    Route("api/v1/courses/{course}/class", Class),
    Route("api/v1/courses/{course}/ungraded", Ungraded),
    Route("api/v1/courses/{course}/submissions/{submission}/paper", Paper),
    Route("api/v1/courses/{course}/submissions/{submission}/notebook", PaperNotebook),
    Route("api/v1/courses/{course}/lessons/{lesson}/release", Release),
]
