"""Takes a submission from the queue, grades it, and stores the scores with their page."""

from __future__ import annotations

from sqlalchemy.orm import Session, sessionmaker

from coursewright.grader.assemble import assemble
from coursewright.grader.feedback import render
from coursewright.grader.grade import grade
from coursewright.grader.limits import DEFAULT, Limits
from coursewright.grader.reckoning import findings, reckon
from coursewright.records import submissions
from coursewright.records.errors import Invalid


def handle(submission_id: int, sessions: sessionmaker[Session], limits: Limits = DEFAULT) -> None:
    """Grade once: what is graded already, or is graded by another meanwhile, stays as it is.

    No transaction is open while the student's code runs. Raises Unavailable where there is no
    isolation, so that the job is tried again, perhaps on another machine.
    """
    with sessions() as session:
        work = submissions.work(session, submission_id)
    if work is None:
        return
    source = work.lesson.to_notebook()
    try:
        assembly = assemble(source, work.notebook)
        result = grade(source, work.notebook, limits, assembly)
    except Invalid as error:
        with sessions.begin() as session:
            submissions.record_failure(session, submission_id, str(error))
        return
    page = render(work.lesson, work.notebook, result, assembly)
    said = findings(work.lesson, work.notebook, result, assembly)
    with sessions.begin() as session:
        if submissions.record_grading(session, submission_id, result, page):
            reckon(session, submission_id, said)
