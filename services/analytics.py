"""Analytics of a class: sheets of figures, each with its rule, a plot of it, and CSV."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from coursewright.records import (
    bank_grades,
    class_figures,
    class_work,
    classroom,
    courses,
    deadlines,
)
from coursewright.records.class_figures import quantile
from coursewright.records.course import Course
from coursewright.records.errors import NotFound
from coursewright.services.answers import PageHandler
from coursewright.services.class_rows import titles
from coursewright.services.guards import needs
from coursewright.services.kept_figures import KeptFigures
from coursewright.services.routes import Route
from coursewright.services.scopes import TEACH
from coursewright.services.sections import Part, part
from coursewright.services.sheets import to_csv

AGE = 60.0  # seconds for which figures are good enough
MOST = 100  # courses whose figures a process keeps
BINS = 10
WRONG_SHOWN = 10  # exercises in the plot of what most get wrong
QUARTILES = ("Lower quartile %", "Median %", "Upper quartile %")

Value = str | int | float | None
People = list[int] | None  # their rows; None is everybody


@dataclass(frozen=True)
class Sheet:
    """A table of figures. `plotted`: numbers of the columns drawn over the first; none, no plot.

    `unit` stands at the plot's axis; `shown` rows are drawn, all of them where it is None.
    """

    key: str
    title: str
    rule: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    plot: str = "bars"
    plotted: tuple[int, ...] = (1,)
    unit: str = "students"
    shown: int | None = None


@dataclass(frozen=True)
class Figures:
    """Of so many students of a course, as they were `at` a moment; `groups` are all it has."""

    title: str
    groups: list[str]
    students: int
    sheets: list[Sheet]
    at: datetime


class ClassFigures(PageHandler):
    """What shows a class's figures, which are counted anew when they are AGE old."""

    async def figures(self, course: str, here: Part) -> Figures:
        """Who looks is noted in the audit log, once in an hour. Raises NotFound."""
        await self.ask(classroom.note_look, self.person, course, self.request_id, what="analytics")
        kept: KeptFigures[Figures] = self.settings["analytics"]
        return await kept.get(lambda: self.ask(figures, course, here.only), (course, here.only))


class AnalyticsPage(ClassFigures):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """Figures of the class; with `?section=` and `?group=`, of those alone."""
        here = await part(self, course, grouped=True)
        found = await self.figures(course, here)
        self.show_course("analytics.html", course, found.title, found=found, part=here)


class AnalyticsSheet(ClassFigures):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """The sheet `?sheet=` for a spreadsheet, of the same students."""
        wanted = self.get_query_argument("sheet", "scores")
        found = await self.figures(course, await part(self, course, grouped=True))
        sheet = next((one for one in found.sheets if one.key == wanted), None)
        if sheet is None:
            raise NotFound(f"There is no sheet {wanted!r}")
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        name = f"{course}-{sheet.key}.csv"
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.write(to_csv(sheet.columns, sheet.rows))


def figures(session: Session, course: str, only: Collection[str] | None = None) -> Figures:
    """All sheets, of these people `only`; None is everybody. Raises NotFound."""
    at = deadlines.now(session)
    source = courses.newest_source(session, course)
    groups = [name for name in class_work.groups(session, course) if name]
    seen = class_work.students(session, course, only=only)
    people = None if only is None else [one.id for one in seen]
    work = class_work.handed_in(session, course, people)
    shares: dict[str, list[float]] = {}
    handed: dict[str, int] = {}
    for (_, lesson), one in work.items():
        handed[lesson] = handed.get(lesson, 0) + 1
        if one.share is not None:
            shares.setdefault(lesson, []).append(one.share)
    begun: dict[str, set[int]] = {}
    for person, lesson in {*class_work.begun(session, course, people), *work}:
        begun.setdefault(lesson, set()).add(person)
    reached = {lesson: len(people) for lesson, people in begun.items()}
    found = [
        overall(shares),
        by_lesson(source, shares),
        drop_off(source, reached, handed, shares),
        time_on_task(session, course, source, people),
        *exercises(session, course, source, people),
        *quizzes(session, course, people),
    ]
    return Figures(source.title, groups, len(seen), found, at)


def overall(shares: dict[str, list[float]]) -> Sheet:
    everything = [share for own in shares.values() for share in own]
    bins = spread(everything)
    rows = tuple((_bin(place), count) for place, count in enumerate(bins))
    rule = (
        "Newest hand-ins that were graded, of all lessons, by the share of their points; before "
        "penalties for lateness."
    )
    return Sheet(
        "scores", "Scores", rule, ("Share of the points", "Hand-ins"), rows, unit="hand-ins"
    )


def by_lesson(source: Course, shares: dict[str, list[float]]) -> Sheet:
    rows = []
    for lesson in source.lessons():
        own = shares.get(lesson.key, [])
        quarters = [_percent(quantile(own, part)) for part in (0.25, 0.5, 0.75)]
        rows.append((lesson.title or lesson.key, len(own), *quarters, *spread(own)))
    columns = ("Lesson", "Graded", *QUARTILES, *(_bin(place) for place in range(BINS)))
    rule = (
        "Half of the class lies between the quartiles. The columns behind them count the hand-ins "
        "in each tenth of the points."
    )
    return Sheet(
        "lessons", "Scores by lesson", rule, columns, tuple(rows), "range", (2, 3, 4), "% of points"
    )


def drop_off(
    source: Course, reached: dict[str, int], handed: dict[str, int], shares: dict[str, list[float]]
) -> Sheet:
    rows = tuple(
        (
            lesson.title or lesson.key,
            reached.get(lesson.key, 0),
            handed.get(lesson.key, 0),
            sum(share >= 0.5 for share in shares.get(lesson.key, [])),
        )
        for lesson in source.lessons()
    )
    rule = "Students who began a lesson, who handed it in, and who got half of its points or more."
    columns = ("Lesson", "Began", "Handed in", "Half or more")
    return Sheet("drop-off", "How far the class gets", rule, columns, rows, "lines", (1, 2, 3))


def time_on_task(session: Session, course: str, source: Course, people: People) -> Sheet:
    minutes: dict[str, list[float]] = {}
    for one in class_figures.spent(session, course, people):
        minutes.setdefault(one.lesson, []).append(one.minutes)
    rows = []
    for lesson in source.lessons():
        own = minutes.get(lesson.key, [])
        quarters = [_rounded(quantile(own, part)) for part in (0.5, 0.75)]
        rows.append((lesson.title or lesson.key, *quarters, lesson.minutes or None, len(own)))
    rule = (
        "The time from one thing that somebody did to the next counts for the lesson of the first, "
        "unless it is longer than 30 minutes: then a session has ended. What is read without doing "
        "anything is not seen, so the figures are rather too low."
    )
    columns = ("Lesson", "Median", "Upper quartile", "Planned", "Students")
    return Sheet("time", "Time on task", rule, columns, tuple(rows), "bars", (1, 3), "minutes")


def exercises(session: Session, course: str, source: Course, people: People) -> list[Sheet]:
    lessons, names = titles(source)
    checks = class_figures.tried(session, course, people)
    tried = {(one.lesson, one.exercise): one for one in checks}
    scores = class_figures.earned(session, course, people)
    earned = {(one.lesson, one.exercise): one for one in scores}

    def called(place: tuple[str, str]) -> str:
        lesson, exercise = place
        return f"{names.get(place, exercise)} ({lessons.get(lesson, lesson)})"

    places = [*names, *sorted({*tried, *earned} - names.keys())]
    effort = []
    for place in places:
        if one := tried.get(place):
            each = _rounded(one.checks / one.people), _rounded(one.hints / one.people)
            effort.append((called(place), *each, one.people, one.hinted))
    wrong = [
        (called(place), _percent(1 - got.passed / got.people), got.people - got.passed, got.people)
        for place in places
        if (got := earned.get(place))
    ]
    wrong.sort(key=_most)
    return [
        Sheet(
            "tries",
            "Tries and hints",
            "Checks and hints for each student who tried, as their own servers tell.",
            ("Exercise", "Checks each", "Hints each", "Students", "Took a hint"),
            tuple(effort),
            "bars",
            (1, 2),
            "for each student",
        ),
        Sheet(
            "wrong",
            "What most get wrong",
            "Exercises that were not passed in the newest hand-in, the most first. The plot shows "
            f"the first {WRONG_SHOWN}.",
            ("Exercise", "Not passed %", "Not passed", "Handed in"),
            tuple(wrong),
            "bars",
            (1,),
            "% of hand-ins",
            WRONG_SHOWN,
        ),
    ]


def quizzes(session: Session, course: str, people: People) -> list[Sheet]:
    """One sheet, where there are quizzes from the bank."""
    number = class_work.course_id(session, course)
    counted = bank_grades.counted(session, number)
    if not counted:
        return []
    if people is None:
        people = [one.id for one in class_work.students(session, course)]
    answered = bank_grades.answered(session, number, people)
    rows = []
    for one in counted:
        own = [best[one.item].share for best in answered.values() if one.item in best]
        quarters = [_percent(quantile(own, part)) for part in (0.25, 0.5, 0.75)]
        rows.append((one.quiz.title, len(own), *quarters, *spread(own)))
    rule = "Of each student the best attempt at a quiz from the bank; otherwise as by lesson."
    columns = ("Quiz", "Answered", *QUARTILES, *(_bin(place) for place in range(BINS)))
    plotted = (2, 3, 4)
    return [
        Sheet(
            "quizzes", "Scores by quiz", rule, columns, tuple(rows), "range", plotted, "% of points"
        )
    ]


def spread(shares: list[float]) -> list[int]:
    """How many lie in each tenth; the full points belong to the last."""
    bins = [0] * BINS
    for share in shares:
        bins[min(BINS - 1, int(share * BINS + 1e-9))] += 1
    return bins


def _most(row: tuple[Value, ...]) -> float:
    return -float(row[1] or 0)


def _bin(place: int) -> str:
    return f"{100 * place // BINS}–{100 * (place + 1) // BINS} %"


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 1)


ROUTES = [
    Route("courses/{course}/analytics", AnalyticsPage),
    Route("courses/{course}/analytics.csv", AnalyticsSheet),
]
