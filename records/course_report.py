"""The report of the generation that a course came out of, for those who teach it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, undefer

from coursewright.records.tables import CourseRow, CourseVersion, Enrolment, Generation


@dataclass(frozen=True)
class CourseReport:
    """`report` and `receipts` as generator/report.py and generator/receipts.py give them.

    `unchanged`: a version of the course is exactly what was made.
    """

    made_at: datetime | None
    provider: str
    report: Mapping[str, Any]
    receipts: Mapping[str, Any]
    unchanged: bool


def of_course(session: Session, course_key: str) -> CourseReport | None:
    """The newest one that belongs to this course; None for a course that people wrote.

    A generation of the same key belongs to it when a version is what was made, or when one of its
    instructors had asked for it: anybody may ask for a course of any name.
    """
    course = select(CourseRow.id).where(CourseRow.key == course_key).scalar_subquery()
    versions = select(CourseVersion.document_sha).where(CourseVersion.course_id == course)
    instructors = select(Enrolment.person_id).where(
        Enrolment.course_id == course, Enrolment.role == "instructor"
    )
    published = Generation.document_sha.in_(versions)
    row = session.execute(
        select(Generation, published)
        .where(
            Generation.state == "done",
            Generation.report["course"].astext == course_key,
            or_(published, Generation.requested_by.in_(instructors)),
        )
        .order_by(published.desc(), Generation.id.desc())
        .options(undefer(Generation.receipts))
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    made, unchanged = row
    return CourseReport(
        made.settled_at, made.provider, made.report or {}, made.receipts or {}, bool(unchanged)
    )
