"""Takes a check from the queue: every gate looks at an author's draft, place by place.

What is found is written down as it comes. A worker that is killed leaves the job to another, which
begins again and writes the same places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy.orm import Session, sessionmaker

from coursewright.generator.gates.course import check_course, parts
from coursewright.generator.gates.gate import GateResult
from coursewright.generator.pointing import cell_of
from coursewright.records import checks
from coursewright.records.course import Course
from coursewright.records.errors import Invalid

JOBS = 2  # places that are checked at a time


def handle(check_id: int, sessions: sessionmaker[Session], jobs: int = JOBS) -> None:
    """Check once; what has ended stays as it is.

    No transaction is open while the author's code runs. Raises Unavailable where there is no
    sandbox, so that the job is tried again.
    """
    with sessions.begin() as session:
        course = checks.begin(session, check_id)
    if course is None:
        return
    try:
        _check(check_id, course, sessions, jobs)
    except Invalid as error:
        with sessions.begin() as session:
            checks.record_failure(session, check_id, str(error))


def _check(number: int, course: Course, sessions: sessionmaker[Session], jobs: int) -> None:
    """Raises Invalid for a course that the gates cannot read."""
    order = {place: at for at, (place, _) in enumerate(parts(course, (), 0))}
    with sessions.begin() as session:
        checks.plan(session, number, len(order) + 1)

    def keep(place: str, results: Sequence[GateResult]) -> None:
        position = order.get(place, len(order))
        with sessions.begin() as session:
            checks.keep(session, number, position, place, findings(course, results))

    checked = check_course(course, jobs, done=keep)
    keep(checks.WHOLE, checked.course)
    with sessions.begin() as session:
        checks.finish(session, number)


def findings(course: Course, results: Iterable[GateResult]) -> Iterator[checks.Finding]:
    """What the gates say, each with the cell to look at."""
    for result in results:
        for one in result.findings:
            cell = cell_of(course, one)
            yield checks.Finding(one.gate, one.place, one.message, one.blocks, cell)
