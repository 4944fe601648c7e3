"""A course once more, for a new term: its lessons, rules and rubrics, with shifted dates.

Nobody comes with it but whoever copies it, and nothing that anybody handed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.records import (
    authoring,
    certificates,
    courses,
    deadlines,
    events,
    facts,
    servers,
    weights,
)
from coursewright.records.authoring import Rights
from coursewright.records.certificates import Rule
from coursewright.records.course import Course
from coursewright.records.drafts import starting
from coursewright.records.errors import Conflict, Invalid
from coursewright.records.policies import Policy
from coursewright.records.tables import CourseRow, RubricItem


@dataclass(frozen=True)
class Term:
    """The copy that somebody wants. `began`: when the copied term did, where nothing says so yet.

    Of a course without dates `starts` may be None; so it may with `dates` False, by which the
    copy gets the rules without their dates.
    """

    key: str
    title: str
    term: str = ""
    starts: date | None = None
    ends: date | None = None
    began: date | None = None
    dates: bool = True
    visibility: str = "hidden"


def copy(
    session: Session, who: Rights, course_key: str, wanted: Term, *, request_id: str | None = None
) -> str:
    """Make the copy and give its key; its first version is what is newest here.

    Raises NotFound, Denied, Invalid, and Conflict for a key that is taken.
    """
    authoring.refuse_strangers(session, who)
    number, source = authoring.source(session, course_key)
    key = starting(wanted.key, wanted.title).key
    if courses.exists(session, key):
        raise Conflict(f"There is a course {key!r} already. Choose another key")
    said = facts.of(session, course_key)
    rules = deadlines.rules(session, course_key).policies
    days = _shift(said.starts or wanted.began, wanted, rules.values())
    document: Course = replace(source, key=key, title=wanted.title.strip())
    message = f"Copied from {course_key}, version {number}"
    courses.publish(session, document, message, who.person)
    courses.enrol(session, who.person, key, "instructor")
    new = replace(
        said,
        term=wanted.term,
        starts=wanted.starts,
        ends=wanted.ends,
        visibility=wanted.visibility,
    )
    facts.say(session, who.person, key, new, request_id=request_id)
    servers.copy(session, who.person, course_key, key, request_id=request_id)
    lessons = {lesson.key for lesson in source.lessons()}
    for lesson, policy in rules.items():
        if lesson in lessons:
            moved = shifted(policy, days)
            deadlines.set_policy(session, who.person, key, lesson, moved, request_id=request_id)
    _copy_rubrics(session, course_key, key)
    _copy_weights(session, who.person, course_key, key, request_id)
    rule = certificates.rule(session, course_key)
    if rule != Rule():
        certificates.set_rule(session, who.person, key, rule, request_id=request_id)
    author = courses.person(session, who.person)
    detail = {"from": course_key, "version": number, "days": days}
    events.record(session, "audit.course.copied", author, key, detail=detail, request_id=request_id)
    return key


def shifted(policy: Policy, days: int | None) -> Policy:
    """The policy with its dates as many days later; None takes the dates out."""
    if days is None:
        return replace(policy, due=None, cut_off=None)
    return replace(
        policy,
        due=moved(policy.due, policy.zone, days),
        cut_off=moved(policy.cut_off, policy.zone, days),
    )


def moved(moment: datetime | None, zone: str, days: int) -> datetime | None:
    """As many days later, when the clock on the wall of the zone shows the same time.

    That may be 23 or 25 hours a day more or less. A time that the new day leaves out, as clocks
    go forward, is as much later as they do.
    """
    if moment is None:
        return None
    place = ZoneInfo(zone)
    wall = moment.astimezone(place)
    there = (wall.replace(tzinfo=None) + timedelta(days)).replace(tzinfo=place, fold=wall.fold)
    return there.astimezone(moment.tzinfo)


def _shift(began: date | None, wanted: Term, rules: Iterable[Policy]) -> int | None:
    """By how many days dates move; None where there are none to move. Raises Invalid."""
    dated = [rule for rule in rules if rule.due or rule.cut_off]
    if not wanted.dates or not dated:
        return None
    if began is None:
        raise Invalid(
            "Dates are shifted by as much as the terms' starts are apart: say when the term that "
            "you copy began, or leave the dates out"
        )
    if wanted.starts is None:
        raise Invalid("Say when the new term starts, or leave the dates out")
    return (wanted.starts - began).days


def _copy_weights(session: Session, by: str, old: str, new: str, request_id: str | None) -> None:
    found = weights.scheme(session, old)
    there = weights.items_of(session, new)
    items = {item: name for item, name in found.items.items() if item in there}
    if found.categories:
        weights.set_scheme(session, by, new, replace(found, items=items), request_id=request_id)


def _copy_rubrics(session: Session, old: str, new: str) -> None:
    query = select(CourseRow.key, CourseRow.id).where(CourseRow.key.in_((old, new)))
    numbers = {key: number for key, number in session.execute(query)}
    rows = session.scalars(
        select(RubricItem).where(RubricItem.course_id == numbers[old]).order_by(RubricItem.id)
    )
    session.add_all(
        RubricItem(
            course_id=numbers[new],
            lesson=row.lesson,
            grade_id=row.grade_id,
            label=row.label,
            points=row.points,
        )
        for row in rows
    )
