"""Tables of a course's pages for spreadsheets: weights, due dates, regrades, codes, one student."""

from __future__ import annotations

from collections.abc import Iterator

from coursewright.records import differences, joining, looks
from coursewright.services import deadline_pages, grades, regrades
from coursewright.services.answers import PageHandler
from coursewright.services.grade_answers import opened
from coursewright.services.guards import needs
from coursewright.services.progress_pages import COLUMNS as ITEMS
from coursewright.services.progress_pages import row_of
from coursewright.services.routes import Route
from coursewright.services.scopes import TEACH
from coursewright.services.sheets import Value

WEIGHTS = (
    "lesson", "quiz", "title", "points", "category", "weight", "drop_lowest", "grades_held",
)  # fmt: skip
DATES = (
    "lesson", "title", "due", "zone", "grace_minutes", "penalty_per_day", "penalty_cap", "cut_off",
    "attempts", "extensions",
)  # fmt: skip
REGRADES = (
    "id", "created_at", "lesson", "cell", "person", "state", "total", "done", "failed",
    "requested_by",
)  # fmt: skip
CHANGES = (
    "person", "display_name", "lesson", "attempt", "state", "points_before", "max_points_before",
    "points_after", "max_points_after", "error",
)  # fmt: skip
CODES = ("code", "uses", "left", "expires_at", "valid", "section")


class WeightsSheet(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """What counts where in the final grade, and what is held back."""
        about = await self.ask(grades.frame, course)
        self.send_sheet(f"{course}-weights.csv", WEIGHTS, _weights(about))


class DeadlinesSheet(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """What holds for each lesson, and how many extensions there are."""
        found = await self.ask(deadline_pages.overview, self.person, course)
        rows = (
            (line.key, line.title, *(getattr(line.policy, name) for name in DATES[2:-1]),
             len(line.granted))
            for line in found.lessons
        )  # fmt: skip
        self.send_sheet(f"{course}-due-dates.csv", DATES, rows)


class RegradesSheet(PageHandler):
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """A course's regrades, newest first."""
        found = await self.ask(differences.listed, course)
        rows = ([getattr(one, name) for name in REGRADES] for one in found)
        self.send_sheet(f"{course}-regrades.csv", REGRADES, rows)


class ChangesSheet(PageHandler):
    @needs(TEACH, role="instructor")
    async def get(self, course: str, regrade: str) -> None:
        """What a regrade changes for whom; noted as the page is."""
        found = await self.ask(regrades.compared, course, int(regrade))
        await self.ask(looks.at_class, self.person, course, "regrade", self.request_id)
        rows = ([getattr(one, name) for name in CHANGES] for one in found.changes)
        self.send_sheet(f"{course}-regrade-{regrade}.csv", CHANGES, rows)


class CodesSheet(PageHandler):
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """The codes by which one joins the course."""
        found = await self.ask(joining.codes, course)
        rows = ([getattr(one, name) for name in CODES] for one in found)
        self.send_sheet(f"{course}-codes.csv", CODES, rows)


class StudentSheet(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str, person: str) -> None:
        """A student's lessons and quizzes with what they count; noted as the page is."""
        line = await self.ask(opened, self.person, course, person, self.request_id)
        rows = (row_of(one) for one in line.entries if not one.column.gone)
        self.send_sheet(f"{course}-student.csv", ITEMS, rows)


def _weights(about: grades.Frame) -> Iterator[tuple[Value, ...]]:
    categories = {one.name: one for one in about.scheme.categories}
    for column in about.columns:
        if column.gone:
            continue
        category = categories.get(column.category or "")
        yield (
            column.lesson,
            column.quiz,
            column.title,
            column.most,
            column.category,
            category.weight if category else None,
            category.drop_lowest if category else None,
            "yes" if column.held else "no",
        )


ROUTES = [
    Route("courses/{course}/weights.csv", WeightsSheet),
    Route("courses/{course}/deadlines.csv", DeadlinesSheet),
    Route("courses/{course}/regrades.csv", RegradesSheet),
    Route("courses/{course}/regrades/{regrade}/differences.csv", ChangesSheet),
    Route("courses/{course}/people/codes.csv", CodesSheet),
    Route("courses/{course}/grades/{person}/items.csv", StudentSheet),
]
