"""Marks by people: the rubric of a lesson, the marks of a submission, and a page to mark on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sqlalchemy.orm import Session

from coursewright.grader import marking
from coursewright.records import courses, gradebook, grading, submissions
from coursewright.records.errors import Conflict, CoursewrightError, Invalid, NotFound
from coursewright.records.grading import Cell, Item
from coursewright.records.tables import Person, Submission
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.base import Handler
from coursewright.services.guards import needs
from coursewright.services.problems import status_of
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH

VERSION = re.compile(r'"?([0-9]{1,9})"?\Z')
VERSION_HEADER = {"If-Match": {"type": "string", "pattern": '^"?[0-9]{1,9}"?$'}}
TOO_LATE = (
    "Somebody else has marked this answer since you opened it. Their mark counts; yours is kept "
    "beside it. Read both, and mark again if you do not agree"
)


class Rubric(APIHandler):
    @documented({200: "Rubric"})
    @needs(TEACH, role="assistant")
    async def get(self, course: str, lesson: str) -> None:
        """The rubric items of a lesson's questions."""
        self.answer({"items": await self.ask(grading.rubric, course, lesson)})

    @documented({201: "RubricItem"}, takes="RubricItemSent")
    @needs(TEACH, role="assistant")
    async def post(self, course: str, lesson: str) -> None:
        """Add a rubric item to a question; its points may be negative."""
        item = Item(0, **self.sent())
        self.answer(await added(self, course, lesson, item), 201)


class RubricItem(APIHandler):
    editable = True

    @documented({200: "RubricItem"})
    @needs(TEACH, role="assistant")
    async def get(self, course: str, item: str) -> None:
        """One rubric item."""
        self.answer(await self.ask(grading.item, course, int(item)))

    @documented({200: "RubricChange"}, takes="RubricItemChanged", matched=True)
    @needs(TEACH, role="assistant")
    async def put(self, course: str, item: str) -> None:
        """Change a rubric item; every answer that was marked with it gets its points anew."""
        changed = Item(int(item), "", **self.sent())
        about = (self.person, course, changed, self.request_id)
        number = await self.change(
            course,
            lambda session: grading.item(session, course, changed.id),
            lambda session: marking.change_item(session, *about),
        )
        self.answer({"submissions": number})


class Marks(APIHandler):
    @documented({200: "Marks"})
    @needs(TEACH, role="assistant")
    async def get(self, course: str, submission: str) -> None:
        """A submission's cells with their marks: who said what and when, newest first.

        Opening them is written into the audit log.
        """
        number = int(submission)
        cells = await self.ask(grading.sheet, course, number)
        about = {"part": "marks", "request_id": self.request_id}
        await self.ask(gradebook.see, self.person, number, self.reach, **about)
        self.answer({"cells": cells})


class Mark(APIHandler):
    @documented({200: "Mark"}, takes="MarkSent", headers=VERSION_HEADER, conflicts=True)
    @needs(TEACH, role="assistant")
    async def put(self, course: str, submission: str, cell: str) -> None:
        """Mark an answer with rubric items, an adjustment and a comment.

        If-Match is the cell's `version` that the marker has seen. When another has marked
        meanwhile (409), theirs counts, and this one is kept in the history.
        """
        seen = VERSION.match(self.request.headers.get("If-Match", ""))
        if seen is None:
            raise Invalid("Send the cell's version that you have seen in an If-Match header")
        said = await marked(
            self, course, submission, grade_id=cell, seen=int(seen[1]), **self.sent()
        )
        self.answer(said)


class MarksPage(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str, submission: str) -> None:
        """A submission's answers, each with a form for its mark; opening it is audited."""
        await self.show_sheet(course, submission)

    @needs(TEACH, role="assistant")
    async def post(self, course: str, submission: str) -> None:
        """What a form says: a `mark`, or a new rubric item (`add`) for the `cell`."""
        cell = self.get_body_argument("cell", "")
        try:
            if "add" in self.request.body_arguments:
                found = await self.ask(sheet, course, int(submission))
                item = Item(0, cell, self.get_body_argument("label", ""), self.number("points"))
                await added(self, course, found.lesson, item)
            else:
                await marked(
                    self,
                    course,
                    submission,
                    grade_id=cell,
                    seen=int(self.number("version")),
                    items=[int(text) for text in self.get_body_arguments("item") if text.isdigit()],
                    adjustment=self.number("adjustment"),
                    extra_credit=self.number("extra_credit"),
                    keeps="keeps" in self.request.body_arguments,
                    comment=self.get_body_argument("comment", "").replace("\r\n", "\n"),
                )
        except (Invalid, NotFound, Conflict) as error:
            self.set_status(status_of(error))
            await self.show_sheet(course, submission, error)
            return
        page = f"{self.service.prefix}courses/{course}/submissions/{submission}/marks"
        self.redirect(f"{page}#{quote(f'cell-{cell}', safe='')}", status=303)

    def number(self, name: str) -> float:
        """Raises Invalid."""
        text = self.get_body_argument(name, "") or "0"
        try:
            return float(text)
        except ValueError as error:
            raise Invalid(f"{text!r} is not a number") from error

    async def show_sheet(
        self, course: str, submission: str, wrong: CoursewrightError | None = None
    ) -> None:
        found = await self.ask(sheet, course, int(submission))
        # As elsewhere, who opens somebody's work is written down.
        about = {"part": "answers", "request_id": self.request_id}
        await self.ask(gradebook.see, self.person, int(submission), self.reach, **about)
        self.show("marks.html", sheet=found, wrong=wrong)


@dataclass(frozen=True)
class Question:
    """A cell to mark, with what the student wrote and the rubric items of the question."""

    cell: Cell
    answer: str
    items: list[Item]

    @property
    def chosen(self) -> tuple[int, ...]:
        """The items of the mark that counts."""
        return next((said.items for said in self.cell.history if said.counts), ())

    @property
    def kept(self) -> bool:
        """Whether the next mark adds to what the tests gave, unless the marker says otherwise."""
        last = next((said for said in self.cell.history if said.counts), None)
        return last.keeps if last else self.cell.exercise is not None


@dataclass(frozen=True)
class Sheet:
    """A submission as it is marked."""

    key: str
    title: str
    submission_id: int
    person: str
    lesson: str
    questions: list[Question]


def sheet(session: Session, course: str, submission_id: int) -> Sheet:
    """Raises NotFound."""
    cells = grading.sheet(session, course, submission_id)
    row = session.get_one(Submission, submission_id)
    work = submissions.reading(session, row, row.version_id)
    answers = answered(work.notebook)
    items = grading.rubric(session, course, row.lesson)
    someone = session.get_one(Person, row.person_id)
    questions = [
        Question(
            cell,
            answers.get(cell.exercise or cell.grade_id, ""),
            [item for item in items if item.grade_id == cell.grade_id],
        )
        for cell in cells
    ]
    title = courses.title(session, course)
    return Sheet(course, title, submission_id, someone.display_name, row.lesson, questions)


def answered(notebook: dict[str, Any]) -> dict[str, str]:
    """What stands in the notebook's cells, by grade_id."""
    found = {}
    for cell in notebook.get("cells", ()):
        about = cell.get("metadata", {}).get("nbgrader", {})
        name = about.get("grade_id") if isinstance(about, dict) else None
        source = cell.get("source", "")
        if isinstance(name, str):
            found[name] = source if isinstance(source, str) else "".join(source)
    return found


async def added(handler: Handler, course: str, lesson: str, item: Item) -> Item:
    return await handler.ask(
        grading.add_item,
        handler.person,
        course,
        lesson,
        item,
        request_id=handler.request_id,
    )


async def marked(handler: Handler, course: str, submission: str, **about: Any) -> grading.Said:
    """The mark. Raises NotFound, and Conflict, after it is kept, when it came too late to count."""
    await handler.ask(gradebook.refuse_beyond, handler.person, int(submission), handler.reach)
    said = await handler.ask(
        marking.mark,
        handler.person,
        course,
        int(submission),
        request_id=handler.request_id,
        **about,
    )
    if not said.counts:
        raise Conflict(TOO_LATE)
    return said


ROUTES = [
    Route("courses/{course}/submissions/{submission}/marks", MarksPage),
    Route("api/v1/courses/{course}/lessons/{lesson}/rubric", Rubric),
    Route("api/v1/courses/{course}/rubric/{item}", RubricItem),
    Route("api/v1/courses/{course}/submissions/{submission}/marks", Marks),
    Route("api/v1/courses/{course}/submissions/{submission}/marks/{cell}", Mark),
]
