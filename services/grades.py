"""Final grades of a course: what each person's lessons and quizzes count, put together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from coursewright.grader.deadlines import extended, lateness
from coursewright.grader.weighing import Grade, Piece, State, category_of, weigh
from coursewright.records import (
    bank_grades,
    bank_quizzes,
    courses,
    deadlines,
    grade_facts,
    releases,
    weights,
)
from coursewright.records.bank_grades import Counted
from coursewright.records.bank_quizzes import Quiz
from coursewright.records.deadlines import Rules
from coursewright.records.grade_facts import Answered, Handed, Listed
from coursewright.records.policies import ExtraTime
from coursewright.records.schemes import Exempt, Item, Scheme


@dataclass(frozen=True)
class Column:
    """A lesson (`quiz` is empty) or a quiz, for `most` points; it counts in `category`, or not.

    `bank`: the quiz when it is from the bank; then `lesson` is empty. `gone`: the course no longer
    has it; what was handed in is still to be seen.
    """

    lesson: str
    quiz: str
    title: str
    most: float
    category: str | None
    held: bool
    gone: bool = False
    bank: Quiz | None = None

    @property
    def item(self) -> Item:
        return self.lesson, self.quiz


@dataclass(frozen=True)
class Frame:
    """What holds for everybody in a course; `extra` is who has more time, by person (their row)."""

    id: int
    key: str
    title: str
    columns: tuple[Column, ...]
    scheme: Scheme
    rules: Rules
    now: datetime
    extra: Mapping[int, ExtraTime] = field(default_factory=dict)

    def zone(self, column: Column) -> str:
        """In which its dates are told."""
        if column.bank is not None:
            return column.bank.zone
        policy = self.rules.policies.get(column.lesson)
        return policy.zone if policy else "UTC"


@dataclass(frozen=True)
class Entry:
    """Somebody's work on an item. `raw_points` are the grader's, before what late work costs."""

    column: Column
    piece: Piece
    handed: Handed | None = None
    answered: Answered | None = None
    exempt: Exempt | None = None
    raw_points: float | None = None
    days_late: int = 0
    due: datetime | None = None
    dropped: bool = False


@dataclass(frozen=True)
class Line:
    """A person with their grade; those who are no students have none."""

    who: Listed
    entries: tuple[Entry, ...]
    grade: Grade | None


def frame(session: Session, key: str) -> Frame:
    """Raises NotFound."""
    course = courses.newest_source(session, key)
    scheme = weights.scheme(session, key)
    held = releases.held(session, key)
    columns = []
    for lesson in course.lessons():
        most = float(sum(cell.points for cell in lesson.cells))
        quizzes = [
            (quiz, sum(max(0.0, float(item.points)) for item in quiz.questions))
            for quiz in lesson.quizzes()
        ]
        named = [(lesson.key, "", lesson.title, most)]
        named += [(lesson.key, quiz.key, quiz.title or quiz.key, top) for quiz, top in quizzes]
        columns += [
            Column(where, quiz, title, top, category_of(scheme, (where, quiz)), where in held)
            for where, quiz, title, top in named
            if top > 0 or not quiz
        ]
    number = grade_facts.course_id(session, key)
    known = {column.lesson for column in columns}
    columns = _with_bank(columns, bank_grades.counted(session, number), scheme, held)
    columns += [
        Column(lesson, "", lesson, 0.0, None, lesson in held, gone=True)
        for lesson in grade_facts.lessons(session, number)
        if lesson not in known
    ]
    rules = deadlines.rules(session, key)
    now = deadlines.now(session)
    timed = any(column.bank and column.bank.closes_at for column in columns)
    extra = bank_quizzes.extra_times(session, number) if timed else {}
    return Frame(number, key, course.title, tuple(columns), scheme, rules, now, extra)


def _with_bank(
    columns: Sequence[Column],
    counted: Sequence[Counted],
    scheme: Scheme,
    held: Collection[str],
) -> list[Column]:
    """With the columns of the bank's quizzes: behind those of their lesson, or at the end."""
    homes = {column.lesson: place for place, column in enumerate(columns)}
    placed = [(place, column) for place, column in enumerate(columns)]
    for one in counted:
        quiz = one.quiz
        column = Column(
            *one.item,
            quiz.title,
            one.most,
            category_of(scheme, one.item),
            quiz.held or quiz.lesson in held,
            bank=quiz,
        )
        placed.append((homes.get(quiz.lesson or "", len(columns)), column))
    return [column for _, column in sorted(placed, key=lambda one: one[0])]


def lines(
    session: Session, about: Frame, people: Sequence[Listed], *, veiled: bool = False
) -> list[Line]:
    """Where these people stand; `veiled`, without what is held back from students."""
    ids = [one.id for one in people]
    answered = grade_facts.answered(session, about.id, ids)
    if any(column.bank for column in about.columns):
        for person, own in bank_grades.answered(session, about.id, ids).items():
            answered.setdefault(person, {}).update(own)
    facts = Facts(
        grade_facts.handed_in(session, about.id, ids),
        answered,
        weights.exceptions(session, about.key, ids),
    )
    return [_line(about, one, facts, veiled=veiled) for one in people]


@dataclass(frozen=True)
class Facts:
    """By person (their row)."""

    handed: Mapping[int, Mapping[str, Handed]]
    answered: Mapping[int, Mapping[Item, Answered]]
    exempt: Mapping[int, Mapping[Item, Exempt]]


def _line(about: Frame, who: Listed, facts: Facts, *, veiled: bool) -> Line:
    handed = facts.handed.get(who.id, {})
    answered = facts.answered.get(who.id, {})
    exempt = facts.exempt.get(who.id, {})
    entries = []
    for column in about.columns:
        work = handed.get(column.lesson) if not column.quiz else None
        tried = answered.get(column.item)
        entry = _entry(about, who, column, work, tried)
        if who.role == "student":
            entry = _excepted(entry, exempt.get(column.item))
        entries.append(_veil(entry) if veiled and column.held else entry)
    if who.role != "student":
        return Line(who, tuple(entries), None)
    grade = weigh(
        about.scheme, {one.column.item: one.piece for one in entries if not one.column.gone}
    )
    told = tuple(
        replace(one, dropped=True) if one.column.item in grade.dropped else one for one in entries
    )
    return Line(who, told, grade)


def _entry(
    about: Frame, who: Listed, column: Column, work: Handed | None, tried: Answered | None
) -> Entry:
    if column.bank is not None:
        return _bank_entry(about, who, column, column.bank, tried)
    policy, extensions = about.rules.of(who.name, column.lesson)
    own = extended(policy, extensions) if policy else None
    due = own.due if own else None
    if column.quiz and tried:
        piece = Piece("graded", round(tried.share * column.most, 6), column.most)
        return Entry(column, piece, answered=tried, due=due)
    if work is None:
        late = own is not None and _is_over(own.due, own.grace_minutes, about.now)
        over = own is not None and own.cut_off is not None and about.now > own.cut_off
        state: State = "missing" if late or over else "open"
        return Entry(column, Piece(state, 0.0, column.most), due=due)
    if work.points is None or work.max_points is None:
        return Entry(column, Piece("waiting", 0.0, column.most), handed=work, due=due)
    found = lateness(policy if who.role == "student" else None, extensions, work.received_at)
    points = round(work.points * found.factor, 6)
    most = round(work.max_points - work.pending, 6)
    state = "graded" if most > 0 or not work.pending else "waiting"
    piece = Piece(state, points, most, work.pending)
    return Entry(column, piece, handed=work, raw_points=work.points, days_late=found.days, due=due)


def _bank_entry(
    about: Frame, who: Listed, column: Column, quiz: Quiz, tried: Answered | None
) -> Entry:
    """Of a quiz in the archive nothing is missing, unless it had closed before."""
    due = bank_quizzes.extended(quiz, about.extra.get(who.id)).closes_at
    if tried is not None:
        piece = Piece("graded", round(tried.share * column.most, 6), column.most)
        return Entry(column, piece, answered=tried, due=due)
    state: State = "excused" if quiz.state == "archived" else "open"
    if due is not None and about.now > due:
        state = "missing"
    return Entry(column, Piece(state, 0.0, column.most), due=due)


def _is_over(due: datetime | None, grace: int, now: datetime) -> bool:
    return due is not None and now > due + timedelta(minutes=grace)


def _excepted(entry: Entry, word: Exempt | None) -> Entry:
    if word is None:
        return entry
    if word.excused:
        return replace(entry, piece=Piece("excused", 0.0, entry.column.most), exempt=word)
    piece = Piece("graded", word.points or 0.0, entry.column.most)
    return replace(entry, piece=piece, exempt=word)


def _veil(entry: Entry) -> Entry:
    """Without anything that tells a grade which is held back."""
    if entry.piece.state != "graded":
        return entry
    held = Piece("held", 0.0, entry.column.most)
    return Entry(entry.column, held, entry.handed, entry.answered, due=entry.due)


def line_of(session: Session, key: str, person: str, *, veiled: bool) -> tuple[Frame, Line | None]:
    """One person's; None for somebody who is no student of the course. Raises NotFound."""
    about = frame(session, key)
    found = grade_facts.listed(session, about.id, person)
    if not found or found[0].role != "student":
        return about, None
    return about, lines(session, about, found, veiled=veiled)[0]


def people(session: Session, about: Frame) -> list[Listed]:
    return grade_facts.listed(session, about.id)


def chosen(everybody: Collection[Listed], group: str | None = None, find: str = "") -> list[Listed]:
    """Those of a group, or whose name has these letters in it."""
    wanted = find.strip().casefold()
    return [
        one
        for one in everybody
        if group in (None, one.group)
        and (wanted in one.name.casefold() or wanted in one.display_name.casefold())
    ]
