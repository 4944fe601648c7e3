"""A part of a class, by section and by group: in every page, sheet and list about the class."""

from __future__ import annotations

import csv
import io
import re

import grade_class
import pytest
from banking import fill_bank, make_quiz
from school import Client
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import deadlines, sections

COURSE = "courses/parted"
# By name: section and group.
PEOPLE = {
    "una": ("Monday", "red"), "vera": ("Monday", "blue"), "wim": ("Tuesday", "red"),
    "xia": (None, None),
}  # fmt: skip
CASES = [
    ("", {"una", "vera", "wim", "xia"}),
    ("?section=Monday", {"una", "vera"}),
    ("?group=red", {"una", "wim"}),
    ("?section=Monday&group=red", {"una"}),
    ("?section=Tuesday&group=blue", set()),
    ("?section=none", set()),
]


@pytest.fixture(scope="module", autouse=True)
def parted(client: Client, make: sessionmaker[Session]) -> None:
    """Everybody has handed in the first lesson; hal assists Monday's section."""
    with make.begin() as session:
        grade_class.fill(session, "parted", tuple(PEOPLE), 2)
        for name in ("Monday", "Tuesday"):
            sections.put(session, "ada", "parted", name)
        for name, (section, group) in PEOPLE.items():
            sections.move(session, "ada", "parted", [name], section)
            deadlines.set_group(session, "ada", "parted", name, group)
            grade_class.hand_in(session, name, "parted", "adding", 4)
        make_quiz(session, fill_bank(session, "parted"), course="parted")
    client.ask("PUT", "ada", "api/v1/courses/parted/members/hal", json={"role": "assistant"})
    monday = {"assistants": ["hal"]}
    client.ask("PUT", "ada", "api/v1/courses/parted/sections/Monday", json=monday)


def named(text: str) -> set[str]:
    """Whose names stand in rows of a table."""
    body = " ".join(re.findall("<tbody>.*?</tbody>", text, re.DOTALL))
    return {name for name in PEOPLE if re.search(rf"\b{name}\b", body, re.IGNORECASE)}


def listed(text: str) -> set[str]:
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    return {row["person"] for row in rows}


@pytest.mark.parametrize("page", ["gradebook", "matrix", "class"])
@pytest.mark.parametrize(("query", "who"), CASES)
def test_a_page_shows_the_part_that_is_asked_for(
    client: Client, page: str, query: str, who: set[str]
) -> None:
    found = client.get("ada", f"{COURSE}/{page}{query}")
    assert (found.status_code, named(found.text)) == (200, who)
    assert "<option>Tuesday</option>" in found.text or "Tuesday" in query


@pytest.mark.parametrize("sheet", ["gradebook.csv", "matrix.csv", "class.csv"])
@pytest.mark.parametrize(("query", "who"), CASES)
def test_a_sheet_has_the_same_people(client: Client, sheet: str, query: str, who: set[str]) -> None:
    assert listed(client.get("ada", f"{COURSE}/{sheet}{query}").text) == who


@pytest.mark.parametrize(("query", "who"), CASES)
def test_the_lists_of_the_api_too(client: Client, query: str, who: set[str]) -> None:
    rows = client.get("ada", f"api/v1/{COURSE}/gradebook{query}").json()["rows"]
    assert {row["person"] for row in rows} == who
    found = client.get("ada", f"api/v1/{COURSE}/class{query}").json()
    assert {one["person"] for one in found["students"]} == who
    assert (found["totals"]["students"], found["sections"]) == (len(who), ["Monday", "Tuesday"])


@pytest.mark.parametrize(("query", "who"), CASES)
def test_figures_are_those_of_the_part(client: Client, query: str, who: set[str]) -> None:
    and_ = "&" if query else "?"
    text = client.get("ada", f"{COURSE}/analytics.csv{query}{and_}sheet=drop-off").text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0]["Handed in"] == str(len(who))
    page = client.get("ada", f"{COURSE}/analytics{query}").text
    assert f"{len(who)} student" in page
    assert "Scores by quiz" in page


def test_an_assistant_gets_no_more_than_their_section(client: Client) -> None:
    for page in ("gradebook", "matrix", "class"):
        assert named(client.get("hal", f"{COURSE}/{page}?group=red").text) == {"una"}
        assert named(client.get("hal", f"{COURSE}/{page}?section=Tuesday").text) == set()
    assert "2 students" in client.get("hal", f"{COURSE}/analytics").text


def test_the_next_page_and_the_sheets_keep_the_part(client: Client) -> None:
    page = client.get("ada", f"{COURSE}/gradebook?section=Monday&group=red").text
    assert "gradebook.csv?section=Monday&amp;group=red&amp;format=weighted" in page
    page = client.get("ada", f"{COURSE}/matrix?section=Monday").text
    assert "matrix.csv?section=Monday" in page
