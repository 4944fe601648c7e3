"""`coursewright regrade` from the command line."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from samples import content, course
from sqlalchemy.orm import Session, sessionmaker

from coursewright.grader import worker
from coursewright.hub_config.regrade import RegradeApp
from coursewright.records import courses, database, gradebook, submissions
from coursewright.records.errors import Invalid


@pytest.fixture
def school(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[sessionmaker[Session]]:
    """One submission, graded wrongly at first."""
    monkeypatch.setenv(database.URL_VARIABLE, fresh_database)
    engine = database.make_engine(fresh_database)
    found = database.sessions(engine)
    with found.begin() as session:
        courses.publish(session, course(), "First", by=None)
        courses.enrol(session, "grace", "sums")
        receipt = submissions.receive(session, "grace", "sums", "adding", content(), "a long key")
    worker.handle(receipt.id, found)
    with found.begin() as session:
        row = session.get_one(gradebook.Grading, 1)
        row.points = 0
        session.query(gradebook.Score).filter_by(grade_id="add-1").update(
            {"points": 0, "status": "failed"}
        )
    yield found
    engine.dispose()


def run(*arguments: str) -> None:
    app = RegradeApp(log=logging.getLogger("regrade"))
    app.initialize(list(arguments))
    app.start()


def points(school: sessionmaker[Session]) -> float | None:
    with school() as session:
        return gradebook.standing(session, "grace", "sums", "adding")[0].points


def test_the_difference_is_shown_and_nothing_counts(
    school: sessionmaker[Session], caplog: pytest.LogCaptureFixture
) -> None:
    run("sums", "--lesson=adding", "--here")
    assert "grace adding attempt 1: 0 → 2 points (add-1 failed → passed)" in caplog.text
    assert "Nothing counts yet" in caplog.text
    assert points(school) == 0


def test_it_counts_when_it_is_applied(
    school: sessionmaker[Session], caplog: pytest.LogCaptureFixture
) -> None:
    run("sums", "--person=grace", "--cell=add-1", "--lesson=adding", "--here", "--apply")
    assert "1 of 1 graded again" in caplog.text
    assert "Applied: 1 submissions have a new grading" in caplog.text
    assert points(school) == 2


def test_it_wants_one_course() -> None:
    with pytest.raises(Invalid, match="Say which course"):
        run()
