"""Every table about a course is a sheet, too, in which no cell can become a formula."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import grade_class
import pytest
from banking import fill_bank, make_quiz
from school import Client
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import joining
from coursewright.services.service import TEMPLATES

ODD = "=HYPERLINK(1)"
WITHOUT = {"lessons.html"}  # one's own work; My progress has the sheet


@pytest.fixture(scope="module", autouse=True)
def sheets(client: Client, make: sessionmaker[Session]) -> None:
    with make.begin() as session:
        grade_class.fill(session, "sheets", ("una",), 3)
        grade_class.hand_in(session, "una", "sheets", "adding", 5)
        joining.make(session, "ada", "sheets")
        make_quiz(session, fill_bank(session, "sheets"), course="sheets", title=ODD)
    client.ask("POST", "ada", "api/v1/courses/sheets/regrades")


CASES = [
    ("weights.csv", 7, ("title", f"'{ODD}")),
    ("deadlines.csv", 3, ("due", "2020-01-10T12:00:00+00:00")),
    ("regrades.csv", 1, ("requested_by", "ada")),
    ("people/codes.csv", 1, ("uses", "0")),
    ("grades/una/items.csv", 7, ("points", "5.0")),
]


@pytest.mark.parametrize(("path", "number", "has"), CASES)
def test_a_table_as_a_sheet(client: Client, path: str, number: int, has: tuple[str, str]) -> None:
    found = client.get("ada", f"courses/sheets/{path}")
    assert found.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(found.text.removeprefix("\ufeff"))))
    assert len(rows) == number
    assert has[1] in [row[has[0]] for row in rows]


@pytest.mark.parametrize(
    "template", sorted(Path(TEMPLATES).glob("*.html")), ids=lambda one: one.name
)
def test_a_page_with_a_table_offers_it(template: Path) -> None:
    text = template.read_text()
    if "<table" in text and not template.name.startswith("admin_"):
        assert re.search(r"\.csv|sheets/", text) or template.name in WITHOUT
