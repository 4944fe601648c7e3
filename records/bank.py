"""Question banks: of a course, and of a person, who takes questions from course to course.

A change makes a version; the versions before it stay, for attempts are marked by the one that was
asked. Whether a question can be asked at all, grader/bank_questions.py says.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ARRAY, ColumnElement, Text, cast, func, select, tuple_
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.bank_tables import BankQuestion, BankVersion
from coursewright.records.course import Question
from coursewright.records.errors import Conflict, NotFound
from coursewright.records.tables import CourseRow, Person

Whose = Literal["course", "mine"]
MOST = 200  # questions in one answer


@dataclass(frozen=True)
class Desk:
    """Who looks into which course's bank, or from there into their own."""

    person: str
    course: str
    whose: Whose = "course"
    request_id: str | None = None


@dataclass(frozen=True)
class Entry:
    """A question as it stands in a bank; `version` is its newest."""

    id: int
    whose: Whose
    version: int
    question: Question
    difficulty: str | None
    archived: bool
    changed_at: datetime


@dataclass(frozen=True)
class Change:
    """One version of a question; `by` is None for what nobody did by hand."""

    version: int
    by: str | None
    at: datetime
    question: Question
    difficulty: str | None


@dataclass(frozen=True)
class Wanted:
    """What a list is to have; a text is looked for in the question, whatever its case."""

    concept: str = ""
    kind: str = ""
    text: str = ""
    difficulty: str = ""
    archived: bool = False
    after: int = 0
    limit: int = MOST


def listed(session: Session, desk: Desk, wanted: Wanted) -> list[Entry]:
    """Questions in the order in which they were made. Raises NotFound for no such course."""
    query = select(BankQuestion).where(
        _home(session, desk),
        BankQuestion.archived == wanted.archived,
        BankQuestion.id > wanted.after,
    )
    if wanted.concept:
        query = query.where(asks_about(wanted.concept))
    if wanted.kind:
        query = query.where(BankQuestion.kind == wanted.kind)
    if wanted.difficulty:
        query = query.where(BankQuestion.difficulty == wanted.difficulty)
    if wanted.text:
        query = query.where(BankQuestion.prompt.icontains(wanted.text, autoescape=True))
    rows = session.scalars(query.order_by(BankQuestion.id).limit(min(wanted.limit, MOST)))
    return _entries(session, list(rows))


def everything(session: Session, desk: Desk) -> list[Entry]:
    """All questions that are not archived."""
    query = select(BankQuestion).where(_home(session, desk), ~BankQuestion.archived)
    return _entries(session, list(session.scalars(query.order_by(BankQuestion.id))))


def concepts(session: Session, desk: Desk) -> dict[str, int]:
    """The concepts that questions ask about, by name, with how many do."""
    name = func.unnest(BankQuestion.concepts).label("name")
    found = select(name).where(_home(session, desk), ~BankQuestion.archived).subquery()
    rows = session.execute(select(found.c.name, func.count()).group_by(found.c.name))
    return dict(sorted((name, number) for name, number in rows))


def one(session: Session, desk: Desk, number: int) -> Entry:
    """A question of the course, or of the person's own. Raises NotFound."""
    return _entries(session, [_row(session, desk, number)])[0]


def history(session: Session, desk: Desk, number: int) -> list[Change]:
    """Newest first. Raises NotFound."""
    row = _row(session, desk, number)
    rows = session.execute(
        select(BankVersion, Person.name)
        .outerjoin(Person, Person.id == BankVersion.made_by)
        .where(BankVersion.question_id == row.id)
        .order_by(BankVersion.number.desc())
    )
    return [
        Change(one.number, by, one.made_at, Question.from_json(one.content), one.difficulty)
        for one, by in rows
    ]


def add(session: Session, desk: Desk, item: Question, difficulty: str | None) -> Entry:
    """A new question in the bank that the desk is for. Raises NotFound."""
    home = {"course_id": _course(session, desk.course)}
    author = courses.person(session, desk.person)
    row = BankQuestion(number=0, **(home if desk.whose == "course" else {"owner_id": author.id}))
    _write(session, row, item, difficulty, author)
    _tell(session, desk, "added", row)
    return _entries(session, [row])[0]


def change(
    session: Session,
    desk: Desk,
    number: int,
    item: Question,
    difficulty: str | None,
    *,
    seen: int | None = None,
) -> Entry:
    """Make the question's next version, unless nothing differs.

    Raises NotFound, and Conflict when somebody made one since the version that was `seen`.
    """
    row = _row(session, desk, number, lock=True)
    if seen is not None and seen != row.number:
        raise Conflict(
            f"Somebody has changed this question since you opened it (it is at version "
            f"{row.number} now). Nothing of yours was kept: load it again, and repeat your change"
        )
    before = _version(session, row)
    if (before.content, before.difficulty) != (_content(item, row.id), difficulty):
        _write(session, row, item, difficulty, courses.person(session, desk.person))
        _tell(session, desk, "changed", row)
    return _entries(session, [row])[0]


def archive(session: Session, desk: Desk, number: int, archived: bool) -> Entry:
    """Take a question out of use, or back into it; it is never lost. Raises NotFound."""
    row = _row(session, desk, number, lock=True)
    if row.archived != archived:
        row.archived = archived
        row.changed_at = func.now()
        _tell(session, desk, "archived" if archived else "restored", row)
        session.flush()
    return _entries(session, [row])[0]


def same(session: Session, desk: Desk, item: Question, difficulty: str | None) -> Entry | None:
    """A question in use that says the very same, so that none is added twice."""
    query = select(BankQuestion).where(
        _home(session, desk),
        ~BankQuestion.archived,
        BankQuestion.kind == item.kind,
        BankQuestion.prompt == item.prompt,
    )
    for entry in _entries(session, list(session.scalars(query.order_by(BankQuestion.id)))):
        here = _content(item, entry.id), difficulty
        if here == (_content(entry.question, entry.id), entry.difficulty):
            return entry
    return None


def questions(session: Session, wanted: Collection[tuple[int, int]]) -> dict[int, Question]:
    """By number, questions as they were in those versions: pairs of number and version."""
    return {number: item for (number, _), item in versions(session, wanted).items()}


def versions(
    session: Session, wanted: Collection[tuple[int, int]]
) -> dict[tuple[int, int], Question]:
    """The same by number and version, for questions of which several versions are wanted."""
    about = BankVersion.question_id, BankVersion.number
    rows = session.execute(
        select(*about, BankVersion.content).where(tuple_(*about).in_(list(wanted)))
    )
    return {(number, version): Question.from_json(said) for number, version, said in rows}


def asks_about(concept: str) -> ColumnElement[bool]:
    """Questions about a concept."""
    return BankQuestion.concepts.op("@>", is_comparison=True)(cast([concept], ARRAY(Text)))


def _write(
    session: Session, row: BankQuestion, item: Question, difficulty: str | None, author: Person
) -> None:
    row.kind, row.prompt, row.points = item.kind, item.prompt, item.points
    row.concepts, row.difficulty = list(item.concepts), difficulty
    row.number += 1
    row.changed_at = func.now()
    session.add(row)
    session.flush()
    session.add(
        BankVersion(
            question_id=row.id,
            number=row.number,
            content=_content(item, row.id),
            difficulty=difficulty,
            made_by=author.id,
        )
    )
    session.flush()


def _content(item: Question, number: int) -> dict[str, Any]:
    return {**item.to_json(), "key": f"q{number}"}


def _version(session: Session, row: BankQuestion) -> BankVersion:
    query = select(BankVersion).filter_by(question_id=row.id, number=row.number)
    return session.scalars(query).one()


def _entries(session: Session, rows: list[BankQuestion]) -> list[Entry]:
    session.flush()
    found = questions(session, [(row.id, row.number) for row in rows])
    return [
        Entry(
            row.id,
            "course" if row.course_id is not None else "mine",
            row.number,
            found[row.id],
            row.difficulty,
            row.archived,
            row.changed_at,
        )
        for row in rows
    ]


def _row(session: Session, desk: Desk, number: int, *, lock: bool = False) -> BankQuestion:
    """Whichever of the two banks it is in. Raises NotFound."""
    query = select(BankQuestion).where(
        BankQuestion.id == number,
        (BankQuestion.course_id == _course(session, desk.course)) | _own(desk),
    )
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound(f"There is no question {number} in this bank")
    return found


def _home(session: Session, desk: Desk) -> ColumnElement[bool]:
    number = _course(session, desk.course)
    return BankQuestion.course_id == number if desk.whose == "course" else _own(desk)


def _own(desk: Desk) -> ColumnElement[bool]:
    person = select(Person.id).where(Person.name == desk.person).scalar_subquery()
    return BankQuestion.owner_id == person


def _course(session: Session, key: str) -> int:
    found = session.scalar(select(CourseRow.id).where(CourseRow.key == key))
    if found is None:
        raise NotFound(f"There is no course {key!r}")
    return found


def _tell(session: Session, desk: Desk, act: str, row: BankQuestion) -> None:
    detail: Mapping[str, Any] = {"question": row.id, "version": row.number, "bank": desk.whose}
    events.record(
        session,
        f"audit.bank.{act}",
        courses.person(session, desk.person),
        desk.course,
        detail=detail,
        request_id=desk.request_id,
    )
