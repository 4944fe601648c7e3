"""Certificates: when a course is completed, who has a certificate, and whether a code is good.

A certificate is made once; what stands on it stays, whatever becomes of the course's rule.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from math import isfinite

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.tables import Certificate, CertificateRule, CourseRow, Person

# No letter that is taken for a digit, or for another letter, by those who type it.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 16  # 79 bits: nobody guesses one
MOST_HOURS = 10_000.0


@dataclass(frozen=True)
class Rule:
    """A course without either limit gives no certificates; both are percent."""

    pass_mark: float | None = None
    pass_mastery: float | None = None
    hours: float | None = None

    @property
    def given(self) -> bool:
        return self.pass_mark is not None or self.pass_mastery is not None


@dataclass(frozen=True)
class Paper:
    """What stands on a certificate."""

    code: str
    name: str
    title: str
    hours: float | None
    issued_at: datetime
    valid: bool


def rule(session: Session, course_key: str) -> Rule:
    """When the course is completed; a course that says nothing gives no certificates."""
    row = session.scalars(
        select(CertificateRule)
        .join(CourseRow, CourseRow.id == CertificateRule.course_id)
        .where(CourseRow.key == course_key)
        .execution_options(populate_existing=True)
    ).one_or_none()
    return Rule(row.pass_mark, row.pass_mastery, row.hours) if row else Rule()


def set_rule(
    session: Session, by: str, course_key: str, wanted: Rule, *, request_id: str | None = None
) -> None:
    """Raises Invalid and NotFound. Certificates that were given stay."""
    for name, value, top in (
        ("pass mark", wanted.pass_mark, 100.0),
        ("mastery", wanted.pass_mastery, 100.0),
        ("number of hours", wanted.hours, MOST_HOURS),
    ):
        if value is not None and not (isfinite(value) and 0 <= value <= top):
            raise Invalid(f"The {name} must be between 0 and {top:g}")
    course = _course(session, course_key)
    values = asdict(wanted)
    session.execute(
        insert(CertificateRule)
        .values(course_id=course.id, **values)
        .on_conflict_do_update(
            index_elements=["course_id"], set_={**values, "changed_at": func.now()}
        )
    )
    author = courses.person(session, by)
    events.record(
        session, "audit.completion.set", author, course_key, detail=values, request_id=request_id
    )


def own(session: Session, person: str, course_key: str) -> Paper | None:
    """Somebody's certificate of a course; None when there is none."""
    row = session.scalars(
        select(Certificate)
        .join(Person, Person.id == Certificate.person_id)
        .join(CourseRow, CourseRow.id == Certificate.course_id)
        .where(Person.name == person, CourseRow.key == course_key)
        .execution_options(populate_existing=True)
    ).one_or_none()
    return _paper(row) if row else None


def issue(
    session: Session, person: str, course_key: str, *, request_id: str | None = None
) -> Paper:
    """Give a certificate to who has completed the course, which the caller has settled.

    The same one for ever, however often it is asked for. Raises NotFound.
    """
    course = _course(session, course_key)
    someone = courses.person(session, person)
    row = {
        "code": "".join(secrets.choice(LETTERS) for _ in range(LENGTH)),
        "person_id": someone.id,
        "course_id": course.id,
        "name": someone.display_name,
        "title": course.title,
        "hours": rule(session, course_key).hours,
    }
    made = session.scalar(
        insert(Certificate)
        .values(row)
        .on_conflict_do_nothing(index_elements=["person_id", "course_id"])
        .returning(Certificate.id)
    )
    if made is not None:
        events.record(
            session, "audit.certificate.issued", someone, course_key, request_id=request_id
        )
    found = own(session, person, course_key)
    assert found is not None
    return found


def withdraw(
    session: Session, by: str, course_key: str, person: str, *, request_id: str | None = None
) -> None:
    """Let a certificate prove nothing any more. Raises NotFound when there is none that does."""
    row = session.scalars(
        select(Certificate)
        .join(Person, Person.id == Certificate.person_id)
        .join(CourseRow, CourseRow.id == Certificate.course_id)
        .where(
            Person.name == person, CourseRow.key == course_key, Certificate.withdrawn_at.is_(None)
        )
        .with_for_update(of=Certificate)
    ).one_or_none()
    if row is None:
        raise NotFound(f"{person} has no certificate of this course")
    row.withdrawn_at = session.scalars(select(func.now())).one()
    author = courses.person(session, by)
    detail = {"of": person}
    events.record(
        session,
        "audit.certificate.withdrawn",
        author,
        course_key,
        detail=detail,
        request_id=request_id,
    )


def check(session: Session, code: str) -> Paper | None:
    """What a code proves, as it is written, with or without hyphens; None for no such code."""
    bare = code.replace("-", "").upper()
    row = session.scalars(
        select(Certificate)
        .where(Certificate.code == bare)
        .execution_options(populate_existing=True)
    ).one_or_none()
    return _paper(row) if row else None


def _paper(row: Certificate) -> Paper:
    valid = row.withdrawn_at is None
    return Paper(row.code, row.name, row.title, row.hours, row.issued_at, valid)


def _course(session: Session, course_key: str) -> CourseRow:
    found = session.scalars(select(CourseRow).where(CourseRow.key == course_key)).one_or_none()
    if found is None:
        raise NotFound(f"There is no course {course_key!r}")
    return found
