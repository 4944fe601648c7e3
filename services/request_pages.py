"""Requests about a mark as pages: a student's question, its thread, the teachers' list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from sqlalchemy.orm import Session

from coursewright.grader import marking
from coursewright.grader.feedback import markdown
from coursewright.records import courses, gradebook, grading, regrade_requests, regrades, releases
from coursewright.records.errors import Conflict, CoursewrightError, Denied, Invalid, NotFound
from coursewright.records.gradebook import Reach
from coursewright.records.grading import Cell
from coursewright.records.regrade_requests import Asked, Thread
from coursewright.records.tables import REQUEST_STATES
from coursewright.services.answers import PageHandler
from coursewright.services.guards import needs
from coursewright.services.problems import status_of
from coursewright.services.requests import SIZE, counted
from coursewright.services.routes import Route
from coursewright.services.scopes import LEARN, STAFF, TEACH
from coursewright.services.sheets import to_csv
from coursewright.services.weights import number

COLUMNS = (
    "id", "state", "person", "display_name", "lesson", "cell", "attempt", "created_at",
    "changed_at",
)  # fmt: skip


class RequestsPage(PageHandler):
    @needs(TEACH, role="assistant", whole=True)
    async def get(self, course: str) -> None:
        """The course's requests, open ones first; `?state=` shows those of one state."""
        state = self.get_query_argument("state", "") or None
        after = self.get_query_argument("after", "")
        last = counted(after, "after", 10**18) if after else None
        title, found = await self.ask(overview, course, state, last)
        more = found[SIZE - 1].id if len(found) > SIZE else None
        about = {"state": state, "after": more}
        self.show_course(
            "requests.html",
            course,
            title,
            requests=found[:SIZE],
            state=state,
            states=REQUEST_STATES,
            more=urlencode({name: text for name, text in about.items() if text}) if more else "",
        )


class RequestsSheet(PageHandler):
    @needs(TEACH, role="assistant", whole=True)
    async def get(self, course: str) -> None:
        """The same for a spreadsheet, all of them."""
        found = await self.ask(regrade_requests.listed, course, limit=100_000)
        rows = ([getattr(one, name) for name in COLUMNS] for one in found)
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{course}-requests.csv"')
        self.write(to_csv(COLUMNS, rows))


class AskPage(PageHandler):
    @needs(LEARN)
    async def get(self, course: str, submission: str) -> None:
        """A form to ask about the mark of one's `?cell=`; when one has asked, its thread."""
        await self.show_form(course, int(submission))

    @needs(LEARN)
    async def post(self, course: str, submission: str) -> None:
        """Ask what the form says."""
        cell, text = (self.get_body_argument(name, "") for name in ("cell", "text"))
        try:
            found = await self.ask(
                regrade_requests.ask,
                self.person,
                int(submission),
                cell,
                text,
                request_id=self.request_id,
            )
        except Invalid as error:
            self.set_status(status_of(error))
            await self.show_form(course, int(submission), error)
            return
        self.to_thread(found.about.course, found.about.id)

    async def show_form(
        self, course: str, submission: int, wrong: CoursewrightError | None = None
    ) -> None:
        cell = self.get_argument("cell", "")
        found = await self.ask(asking, self.person, course, submission, cell)
        if found.number is not None and wrong is None:
            self.to_thread(course, found.number, status=302)
            return
        self.role = found.role
        self.show_course("ask.html", course, found.title, asking=found, wrong=wrong)

    def to_thread(self, course: str, number: int, status: int = 303) -> None:
        self.redirect(f"{self.service.prefix}courses/{course}/requests/{number}", status=status)


class RequestPage(PageHandler):
    @needs(LEARN)
    async def get(self, course: str, request: str) -> None:
        """A thread, for its student and for those who teach."""
        await self.show_thread(course, int(request))

    @needs(LEARN)
    async def post(self, course: str, request: str) -> None:
        """`write`, `settle` or `reopen`; of those who teach also `mark` or `regrade` the cell."""
        acts: dict[str, Callable[[str, int], Any]] = {
            "write": self.write_message,
            "settle": self.settle,
            "reopen": self.settle,
            "mark": self.mark,
            "regrade": self.regrade,
        }
        wanted = acts.keys() & self.request.body_arguments.keys()
        try:
            if len(wanted) != 1:
                raise Invalid(f"The form must say one thing to do: {', '.join(acts)}")
            page = await acts[wanted.pop()](course, int(request)) or f"requests/{request}"
        except (Invalid, Conflict) as error:
            self.set_status(status_of(error))
            await self.show_thread(course, int(request), error)
            return
        self.redirect(f"{self.service.prefix}courses/{course}/{page}", status=303)

    async def write_message(self, course: str, request: int) -> None:
        await self.ask(
            regrade_requests.write,
            self.person,
            course,
            request,
            self.get_body_argument("text", ""),
            reach=self.reach,
            settle="settled" in self.request.body_arguments,
            request_id=self.request_id,
        )

    async def settle(self, course: str, request: int) -> None:
        await self.ask(
            regrade_requests.settle,
            self.person,
            course,
            request,
            reach=self.reach,
            settled="settle" in self.request.body_arguments,
            request_id=self.request_id,
        )

    async def mark(self, course: str, request: int) -> None:
        """Raises Conflict, after it is kept, for a mark that another's has overtaken."""
        found = await self.taught(course, request)
        said = await self.ask(
            marking.mark,
            self.person,
            course,
            found.submission,
            grade_id=found.cell,
            seen=int(number(self.get_body_argument("version", ""))),
            items=[int(text) for text in self.get_body_arguments("item") if text.isdigit()],
            adjustment=number(self.get_body_argument("adjustment", "")),
            keeps="keeps" in self.request.body_arguments,
            comment=self.get_body_argument("comment", "").replace("\r\n", "\n"),
            request_id=self.request_id,
        )
        if not said.counts:
            raise Conflict(
                "Somebody else has marked this answer since you opened it. Their mark counts; "
                "yours is kept beside it. Mark again if you do not agree"
            )

    async def regrade(self, course: str, request: int) -> str:
        """The address of the regrade, which shows what it would change. Raises Denied."""
        found = await self.taught(course, request)
        role = await self.ask(courses.role_of, self.person, course)
        if role != "instructor" and not self.is_admin:
            raise Denied("Regrades are for the instructors of the course")
        regrade = await self.ask(
            regrades.request,
            course,
            self.person,
            lesson=found.lesson,
            person=found.person,
            grade_id=found.cell,
            request_id=self.request_id,
        )
        return f"regrades/{regrade}"

    async def taught(self, course: str, request: int) -> Asked:
        """The request, for those who teach; its student gets to read why not. Raises Denied."""
        found = await self.ask(
            regrade_requests.thread, self.person, course, request, self.reach, note=False
        )
        role = await self.ask(courses.role_of, self.person, course)
        if self.reach == "own" or not (self.is_admin or role in STAFF):
            raise Denied("This is for the people who teach the course")
        return found.about

    async def show_thread(
        self, course: str, request: int, wrong: CoursewrightError | None = None
    ) -> None:
        found = await self.ask(opened, self.person, course, request, self.reach, self.request_id)
        self.role = found.role
        self.show_course(
            "request.html",
            course,
            found.title,
            request=found,
            wrong=wrong,
            markdown=rendered,
            may_regrade=self.is_admin or found.role == "instructor",
            draft=self.get_body_argument("text", "") if wrong else "",
        )


@dataclass(frozen=True)
class Asking:
    """What a form to ask is about; `number` is the thread that there is already."""

    role: str | None
    title: str
    submission: int
    cell: str
    named: str
    points: float
    max_points: float
    message: str
    number: int | None


@dataclass(frozen=True)
class Opened:
    """A thread with its cell as it counts now; `items` are the question's rubric items.

    The cell is None while its grade is held back, or when a regrade no longer has it.
    """

    role: str | None
    title: str
    lesson: str
    thread: Thread
    cell: Cell | None
    items: list[grading.Item]
    teaches: bool


def overview(
    session: Session, course: str, state: str | None, after: int | None
) -> tuple[str, list[Asked]]:
    """Raises NotFound."""
    title = courses.title(session, course)
    return title, regrade_requests.listed(session, course, state=state, limit=SIZE + 1, after=after)


def asking(session: Session, person: str, course: str, submission: int, cell: str) -> Asking:
    """Raises NotFound and Conflict."""
    number = regrade_requests.may_ask(session, person, submission, cell)
    if gradebook.whose(session, submission).course != course:
        raise NotFound(f"There is no submission {submission} in this course")
    attempt = gradebook.standing_of(session, submission)
    score = next(one for one in attempt.cells if one.grade_id == cell)
    return Asking(
        courses.role_of(session, person, course),
        courses.title(session, course),
        submission,
        cell,
        score.title,
        score.points,
        score.max_points,
        score.message,
        number,
    )


def opened(  # noqa: PLR0917 (no two of them can be mistaken for each other)
    session: Session, viewer: str, course: str, number: int, reach: Reach, request_id: str
) -> Opened:
    """Raises NotFound."""
    found = regrade_requests.thread(session, viewer, course, number, reach, request_id)
    role = courses.role_of(session, viewer, course)
    lesson, cells = found.about.lesson, grading.sheet(session, course, found.about.submission)
    if found.about.person == viewer and releases.hides(session, viewer, course, lesson):
        cells = []
    source = courses.newest_source(session, course)
    there = source.lesson(lesson)
    return Opened(
        role,
        courses.title(session, course),
        there.title if there else lesson,
        found,
        next((cell for cell in cells if cell.grade_id == found.about.cell), None),
        [
            item
            for item in grading.rubric(session, course, lesson)
            if item.grade_id == found.about.cell
        ],
        reach == "all" or (reach == "taught" and role in STAFF),
    )


def rendered(text: str) -> Markup:
    """A message's Markdown, cleaned; its headings stand below the page's."""
    return Markup(markdown(text, 2))  # noqa: S704 (cleaned by nh3)


ROUTES = [
    Route("courses/{course}/requests", RequestsPage),
    Route("courses/{course}/requests.csv", RequestsSheet),
    Route("courses/{course}/requests/{request}", RequestPage),
    Route("courses/{course}/submissions/{submission}/ask", AskPage),
]
