"""The gradebook as `nbgrader export` would write it."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from pathlib import Path

import nbgrader.plugins.export
import samples
from school import Client, graded, publish
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses
from coursewright.services.nbgrader_sheet import COLUMNS


def test_the_columns_are_nbgraders_own() -> None:
    source = Path(nbgrader.plugins.export.__file__).read_text()
    listed = re.search(r"keys = \[(.*?)\]", source, re.DOTALL)
    assert listed
    assert re.findall(r'"(\w+)"', listed[1]) == list(COLUMNS)


def test_every_student_has_a_row_for_every_lesson(
    client: Client, make: sessionmaker[Session]
) -> None:
    course = samples.course("sheet", samples.lesson(), samples.lesson("more"))
    with make.begin() as session:
        publish(session, course)
        courses.enrol(session, "ada", "sheet", "instructor")
        for name, display in (("ben", "Ben Bitdiddle"), ("eva", "=Eva Lu Ator")):
            courses.person(session, name, display)
            courses.enrol(session, name, "sheet")
    path = "api/v1/courses/sheet/lessons/adding/submissions"
    headers = {"Idempotency-Key": "for-the-sheet"}
    answer = client.ask("POST", "ben", path, content=samples.content(), headers=headers)
    graded(make, answer.json()["id"])
    text = client.get("ada", "courses/sheet/gradebook.csv?format=nbgrader").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["assignment"], row["student_id"]) for row in rows] == [
        *(("adding", "eva"), ("adding", "ben"), ("more", "eva"), ("more", "ben")),
    ]
    ben, eva = rows[1], rows[0]
    assert (ben["first_name"], ben["last_name"], ben["email"]) == ("Ben", "Bitdiddle", "")
    assert [ben[name] for name in ("raw_score", "late_submission_penalty", "score")] == [
        *("2.0", "0.0", "2.0"),
    ]
    assert datetime.fromisoformat(ben["timestamp"]).tzinfo is None
    assert (eva["score"], eva["max_score"], eva["timestamp"]) == ("0.0", "6.0", "")
    assert eva["first_name"] == "'=Eva Lu"


def test_a_format_that_is_none_is_refused(client: Client) -> None:
    answer = client.get("ada", "courses/sums/gradebook.csv?format=xls")
    assert answer.status_code == 400
    assert "plain, nbgrader" in answer.text
