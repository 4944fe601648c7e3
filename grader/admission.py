"""Who may hand in what now: the rules of deadlines, applied to what is stored."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coursewright.grader import deadlines
from coursewright.records import courses
from coursewright.records import deadlines as records
from coursewright.records.errors import Conflict, Denied


def admit(session: Session, person: str, course: str, lesson: str, attempt: int) -> None:
    """Raises Denied after the cut-off and Conflict when all attempts are used.

    People who teach a course may try its lessons at any time.
    """
    if courses.role_of(session, person, course) != "student":
        return
    policy, extensions = records.rules(session, course).of(person, lesson)
    decision = deadlines.decide(policy, extensions, records.now(session), attempt)
    if decision.accepted:
        return
    if decision.refused_for == "attempts":
        raise Conflict(decision.sentence)
    raise Denied(decision.sentence)
