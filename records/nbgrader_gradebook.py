"""What an nbgrader gradebook (0.7 to 0.9, SQLite or another database) says, only ever read.

Points are nbgrader's: what a person gave, else what the tests gave, and extra credit on top.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, create_engine, inspect, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from coursewright.records.errors import Invalid

TABLES = {
    *("assignment", "notebook", "base_cell", "grade_cells", "task_cells", "student"),
    *("submitted_assignment", "submitted_notebook", "grade", "comment"),
}

STUDENTS = "SELECT id, first_name, last_name FROM student ORDER BY id"
DUE = "SELECT name, duedate FROM assignment WHERE duedate IS NOT NULL ORDER BY name"
NOTEBOOKS = """
    SELECT sn.id, a.name AS assignment, n.name AS notebook, sa.student_id AS student,
           sa.timestamp AS moment, sn.late_submission_penalty AS penalty
    FROM submitted_notebook sn
    JOIN submitted_assignment sa ON sa.id = sn.assignment_id
    JOIN assignment a ON a.id = sa.assignment_id
    JOIN notebook n ON n.id = sn.notebook_id
    ORDER BY a.name, n.name, sa.student_id
"""
GRADES = """
    SELECT g.notebook_id, b.name, g.auto_score, g.manual_score, g.extra_credit,
           g.needs_manual_grade, COALESCE(gc.max_score, tc.max_score, 0) AS most
    FROM grade g
    JOIN base_cell b ON b.id = g.cell_id
    LEFT JOIN grade_cells gc ON gc.id = b.id
    LEFT JOIN task_cells tc ON tc.id = b.id
    ORDER BY g.notebook_id, b.name
"""
# Comments are on solution cells, so some belong to an answer that tests mark.
COMMENTS = """
    SELECT c.notebook_id, b.name, COALESCE(c.manual_comment, c.auto_comment) AS words
    FROM comment c JOIN base_cell b ON b.id = c.cell_id
    WHERE COALESCE(c.manual_comment, c.auto_comment) <> ''
"""


@dataclass(frozen=True)
class Mark:
    """One graded cell; `waits` for a person while nobody marked it."""

    grade_id: str
    points: float
    max_points: float
    waits: bool


@dataclass(frozen=True)
class Handed:
    """A student's notebook with its marks, and comments by grade_id.

    `moment` is when it was handed in, if that is known.
    """

    assignment: str
    notebook: str
    student: str
    moment: datetime | None
    penalty: float
    marks: tuple[Mark, ...]
    comments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Scores:
    """`students`: names by id. `due`: assignments' due dates, which nbgrader keeps in UTC."""

    students: dict[str, str]
    handed: tuple[Handed, ...]
    due: dict[str, datetime]


def read_gradebook(where: Path | str) -> Scores:
    """`where` is gradebook.db or a database's address. Raises Invalid."""
    engine = _engine(where)
    try:
        missing = TABLES - set(inspect(engine).get_table_names())
        if missing:
            raise Invalid(
                f"{where} is no gradebook of nbgrader 0.7 or later: it lacks "
                f"{', '.join(sorted(missing))}. If it is an older one, run `nbgrader db upgrade`"
            )
        with engine.connect() as connection:
            return _read(connection)
    except SQLAlchemyError as error:
        reason = str(error.__cause__ or error).splitlines()[0]
        raise Invalid(f"{where} cannot be read as a gradebook: {reason}") from error
    finally:
        engine.dispose()


def _engine(where: Path | str) -> Engine:
    if isinstance(where, str):
        return create_engine(where, poolclass=NullPool)
    # Read-only, so that looking never changes a gradebook that nbgrader still uses.
    return create_engine(f"sqlite:///file:{where.resolve()}?mode=ro&uri=true", poolclass=NullPool)


def _read(connection: Connection) -> Scores:
    students = {row.id: _name(row) for row in connection.execute(text(STUDENTS))}
    marks: dict[str, list[Mark]] = {}
    for row in connection.execute(text(GRADES)):
        marks.setdefault(row.notebook_id, []).append(_mark(row))
    comments: dict[str, dict[str, str]] = {}
    for row in connection.execute(text(COMMENTS)):
        comments.setdefault(row.notebook_id, {})[row.name] = row.words
    handed = tuple(
        Handed(
            row.assignment,
            row.notebook,
            row.student,
            _moment(row.moment),
            float(row.penalty or 0),
            tuple(marks.get(row.id, ())),
            comments.get(row.id, {}),
        )
        for row in connection.execute(text(NOTEBOOKS))
    )
    due = {row.name: _moment(row.duedate) for row in connection.execute(text(DUE))}
    return Scores(students, handed, {name: when for name, when in due.items() if when})


def _mark(row: Row[Any]) -> Mark:
    given = row.auto_score if row.manual_score is None else row.manual_score
    return Mark(
        row.name,
        0.0 if given is None else float(given) + float(row.extra_credit or 0),
        float(row.most),
        bool(row.needs_manual_grade) or (row.auto_score is None and row.manual_score is None),
    )


def _name(row: Row[Any]) -> str:
    return " ".join(part for part in _words((row.first_name, row.last_name)) if part)


def _words(values: Iterable[str | None]) -> Sequence[str]:
    return [(value or "").strip() for value in values]


def _moment(value: Any) -> datetime | None:
    """nbgrader keeps times in UTC, without saying so; SQLite gives them as text."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else None
