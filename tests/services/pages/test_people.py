"""The pages about a course's people in a browser: found, moved, imported, waiting."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import samples
from playwright.sync_api import Locator, Page, expect
from school import Client, graded, publish
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses, joining, places, roster_import, sections
from coursewright.records.roster_import import Line

pytestmark = pytest.mark.browser
FIRST = ("Amina", "Björn", "Chiara", "Dmitri", "Eszter", "Fatou", "Goran", "Hana", "Ines", "Jonas")
LAST = ("Abebe", "Novák", "Okafor", "Papadopoulos", "Quispe", "Rossi", "Schäfer", "Tanaka", "Ueda")
COURSE = "courses/crowd"
Look = Callable[[Page, str], None]
Visit = Callable[..., Page]


@pytest.fixture(scope="module", autouse=True)
def crowd(make: sessionmaker[Session], client: Client) -> None:
    """A course with 260 students in three sections, on 260 places, and three people in line."""
    with make.begin() as session:
        publish(session, samples.course("crowd", title="Programming for everybody"))
        courses.enrol(session, "ada", "crowd", "instructor")
        for name in ("olga", "otto"):
            courses.enrol(session, name, "crowd", "assistant")
        lines = [
            Line(
                number,
                f"student{number:03}",
                f"{FIRST[number % 10]} {LAST[number % 9]}",
                "student",
                ("Monday lab", "Wednesday lab", "")[number % 3],
                f"team {number // 8:02}" if number < 40 else "",
            )
            for number in range(259)
        ]
        roster_import.carry_out(session, "ada", "crowd", lines)
        courses.enrol(session, "grace", "crowd")
        sections.put(session, "ada", "crowd", "Monday lab", capacity=100, assistants=["olga"])
        places.set_places(session, "ada", "crowd", 260, True)
        for name in ("kay", "lin", "mo"):
            joining.join(session, name, "crowd")
        joining.make(session, "ada", "crowd", section="Monday lab", most_uses=30)
    path = "api/v1/courses/crowd/lessons/adding/submissions"
    headers = {"Idempotency-Key": "grace-in-the-crowd"}
    number = client.ask("POST", "grace", path, content=samples.content(), headers=headers).json()[
        "id"
    ]
    graded(make, number)
    client.get("olga", "api/v1/courses/crowd/class")
    client.get("otto", f"submissions/{number}/feedback")
    client.get("otto", "courses/crowd/gradebook")


PAGES = {
    "people": "people?kind=student&page=2",
    "member": "members/grace",
    "sections": "people/sections",
    "waiting": "people/waiting",
    "joining": "people/joining",
    "roster": "people/roster",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_part_can_be_used_by_everybody(visit: Visit, look: Look, manner: str, name: str) -> None:
    page = visit("ada", f"{COURSE}/{PAGES[name]}", manner)
    expect(page.get_by_role("link", name="People", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    look(page, f"people-{name}-{manner}")


def test_the_list_is_searched_narrowed_sorted_and_turned_without_script(visit: Visit) -> None:
    page = visit("ada", f"{COURSE}/people", java_script_enabled=False)
    expect(page.get_by_text("263 people, page 1 of 6")).to_be_visible()
    page.get_by_role("searchbox", name="Name").fill("SCHÄF")
    page.get_by_role("search").locator("[name=section]").select_option("Monday lab")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("status")).to_contain_text("found")
    rows = page.get_by_role("row").filter(has=page.get_by_role("rowheader"))
    assert all("Schäfer" in text for text in rows.all_inner_texts())
    page.get_by_role("link", name="Person").click()
    header = page.get_by_role("columnheader", name="Person")
    expect(header).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("link", name="Show everybody").click()
    page.get_by_role("link", name="Page 6").click()
    expect(rows).to_have_count(13)


def test_a_selection_and_all_that_are_found_are_moved(visit: Visit) -> None:
    page = visit("ada", f"{COURSE}/people?q=student25", java_script_enabled=False)
    page.get_by_label("Choose").first.check()
    move(page, "to_section").select_option("Wednesday lab")
    move(page, "to_group").fill("night owls")
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_role("row", name=re.compile("night owls"))).to_have_count(1)
    page.get_by_label("Whom").select_option("found")
    move(page, "to_group").fill("night owls")
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_role("row", name=re.compile("night owls"))).to_have_count(9)


def test_who_is_moved_into_a_full_section_stays_chosen(visit: Visit, look: Look) -> None:
    page = visit("ada", f"{COURSE}/people?section=Wednesday+lab")
    page.get_by_label("Whom").select_option("found")
    move(page, "to_section").select_option("Monday lab")
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_role("alert")).to_contain_text("free places")
    look(page, "people-refused-light")


def test_a_file_is_looked_at_and_then_applied(visit: Visit, look: Look, manner: str) -> None:
    wrong = "name;role;section\nstudent001;student;Friday lab\nnew-one;boss;\n;student;\n"
    page = visit("ada", f"{COURSE}/people/roster", manner)
    send(page, wrong.encode())
    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed")
    expect(page.get_by_role("row", name=re.compile("'boss' is not a role"))).to_be_visible()
    look(page, f"people-wrong-file-{manner}")
    text = f"name,display_name,group\nstudent00{len(manner)},,{manner} team\nnew-{manner},Nell,\n"
    send(page, text.encode("utf-16"))
    expect(page.get_by_role("heading", name="What this file changes")).to_be_visible()
    expect(page.get_by_text("more than the course has places")).to_be_visible()
    look(page, f"people-file-{manner}")
    page.get_by_role("button", name="Apply all of it").click()
    expect(page.get_by_role("heading", name="Imported")).to_be_visible()
    look(page, f"people-imported-{manner}")


def test_an_old_encoding_is_told(visit: Visit) -> None:
    page = visit("ada", f"{COURSE}/people/roster")
    send(page, "name,display_name\nstudent001,Jürgen\n".encode("cp1252"))
    expect(page.get_by_role("alert")).to_contain_text("line 2 has the byte 0xFC")


def test_whoever_waits_sees_their_place(visit: Visit, look: Look, manner: str) -> None:
    page = visit("lin", "", manner)
    expect(page.get_by_text("Place 2 of 3 in the waiting list")).to_be_visible()
    expect(page.get_by_role("button", name="Join Programming")).to_have_count(0)
    look(page, f"people-my-place-{manner}")


def test_an_assistant_reads_and_changes_nothing(visit: Visit, look: Look) -> None:
    page = visit("olga", f"{COURSE}/people")
    expect(page.get_by_role("checkbox")).to_have_count(0)
    expect(page.get_by_role("link", name="Places and waiting list")).to_have_count(0)
    look(page, "people-assistant-light")
    page.get_by_role("link", name="Sections and groups").click()
    expect(page.get_by_role("button")).to_have_count(0)


def move(page: Page, name: str) -> Locator:
    """A field of the form that moves people."""
    return page.locator(f"#move [name={name}]")


def send(page: Page, content: bytes) -> None:
    file = {"name": "roster.csv", "mimeType": "text/csv", "buffer": content}
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Look at what it changes").click()
