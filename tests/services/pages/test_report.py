"""The report of a generated course: for its instructors, and of no namesake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from school import Client
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import course_report, courses
from coursewright.records.tables import CourseVersion, Generation

pytestmark = pytest.mark.browser

COUNTS = {"planned": 4, "accepted": 3, "repaired": 1, "abstained": 1}
REPORT = {
    "course": "sums",
    "title": "Sums",
    **COUNTS,
    "lessons": COUNTS,
    "questions": COUNTS,
    "mutation_median": 0.96,
    "mutation_min": 0.8,
    "promises": 9,
    "promises_tested": 9,
    "tokens": 123456,
    "calls": 42,
    "cost": None,
    "abstained_because": {"adding/zero": ["no test tells <script> from the reference"]},
}
GATE = {"gate": "G1", "passed": True, "figures": {}}
RECEIPTS: dict[str, Any] = {
    "adding/add": {
        "place": "adding/add",
        "state": "repaired",
        "reasons": [],
        "gates": [GATE, {**GATE, "gate": "G6", "passed": False}, {**GATE, "gate": "G6"}],
    },
    "adding/zero": {
        "place": "adding/zero",
        "state": "abstained",
        "reasons": ["because"],
        "gates": [{**GATE, "passed": False}],
    },
    "course": {"place": "course", "gates": []},
}


def generated(session: Session, by: str, sha: str | None = None) -> None:
    session.add(
        Generation(
            request={"topic": "Sums"},
            sources={},
            provider="openai",
            seed=0,
            state="done",
            report=REPORT,
            receipts=RECEIPTS,
            document_sha=sha,
            requested_by=courses.person(session, by).id,
            settled_at=func.now(),
        )
    )
    session.flush()


@pytest.fixture
def report(make: sessionmaker[Session]) -> None:
    with make.begin() as session:
        if course_report.of_course(session, "sums") is None:
            generated(session, "ada")


def test_a_course_that_people_wrote_has_none(client: Client) -> None:
    assert "People wrote this course" in client.get("alan", "courses/other/report").text


def test_a_namesake_of_somebody_else_is_not_shown(make: sessionmaker[Session]) -> None:
    with make() as session:
        session.query(Generation).delete()
        generated(session, "kay")
        assert course_report.of_course(session, "sums") is None
        sha = session.scalars(select(CourseVersion.document_sha)).first()
        generated(session, "kay", sha)
        found = course_report.of_course(session, "sums")
        assert found is not None
        assert found.unchanged
        session.rollback()


def test_the_report_can_be_used_by_everybody(
    report: None, visit: Callable[..., Page], look: Callable[[Page, str], None], manner: str
) -> None:
    page = visit("ada", "courses/sums/report", manner)
    look(page, f"report-{manner}")
    row = page.get_by_role("row", name="adding/add")
    assert row.get_by_role("cell").all_inner_texts() == ["proven after repairs", "G1, G6", "–"]
    assert "<script>" in page.get_by_text("no test tells").inner_text()


def test_its_sheet_has_a_line_for_each_piece(report: None, client: Client) -> None:
    lines = client.get("ada", "courses/sums/report.csv").text.splitlines()
    assert lines[1:] == [
        "adding/add,proven after repairs,G1 G6,,",
        "adding/zero,left out,,G1,because",
    ]
