"""The pages of a course's life: made, reviewed, gone back, copied, archived."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
import samples
from drafting import BLOCKS, settle
from playwright.sync_api import Page, expect
from school import Client
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import archives, courses, drafts, lifecycle, members, reviews
from coursewright.records.authoring import Rights
from coursewright.records.course import Course, Lesson

pytestmark = pytest.mark.browser

Make = sessionmaker[Session]
Visit = Callable[..., Page]
Look = Callable[[Page, str], None]
numbers = count(1)
LONG = "A title that goes on for longer than a phone is wide, as titles of courses will do"


def lesson(key: str = "adding", **change: object) -> Lesson:
    """The sample's lesson with one cell that is not as it was."""
    found = samples.lesson(key)
    cells = tuple(replace(one, **change) if one.id == "example" else one for one in found.cells)
    return replace(found, cells=cells)


def document(key: str, number: int = 1) -> Course:
    shown = "".join(f"print({line} + {number})\n" for line in range(number * 2))
    lessons = [lesson(source=shown), *([lesson("more")] if number > 1 else [])]
    return samples.course(key, *lessons, title=f"Sums of {key}")


@pytest.fixture
def course(make: Make) -> str:
    """A course with three versions, ada's and nora's."""
    key = f"life-{next(numbers)}"
    with make.begin() as session:
        for number, message in enumerate(("First", "A second lesson, and longer", "Words"), 1):
            courses.publish(session, document(key, number), message, "ada")
        courses.enrol(session, "ada", key, "instructor")
        courses.enrol(session, "nora", key, "instructor")
        courses.enrol(session, "grace", key)
    return key


@pytest.fixture
def drafted(make: Make, course: str) -> str:
    """With a draft of ada's as well."""
    with make.begin() as session:
        drafts.save(session, Rights("ada"), document(course, 4))
    return course


def zipped(course: Course, place: Path) -> Path:
    content = io.BytesIO()
    archives.pack(course, None, content)
    file = place / "course.zip"
    file.write_bytes(content.getvalue())
    return file


def fill(page: Page, **fields: str) -> None:
    for name, text in fields.items():
        page.locator(f"[name={name}]").first.fill(text)


def test_settings_are_saved_and_students_see_them(
    visit: Visit, look: Look, manner: str, course: str
) -> None:
    page = visit("ada", f"courses/{course}/settings", manner)
    fill(
        page,
        category="Mathematics",
        hours="12,5",
        price="120",
        currency="EUR",
        term="Autumn 2026",
        starts="2026-09-28",
        ends="2027-01-31",
        objectives="Add two numbers\nAdd more",
    )
    page.locator("[name=level]").select_option("advanced")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("The settings are saved.")
    expect(page.get_by_label("Hours of work")).to_have_value("12.5")
    look(page, f"course-settings-{manner}")
    mine = visit("grace", "", manner)
    card = mine.locator(f"#{course}")
    expect(card).to_contain_text("Advanced · 2 lessons · Mathematics · 12.5 hours · 120 EUR")
    expect(card).to_contain_text("Autumn 2026 (28\N{NO-BREAK SPACE}Sep\N{NO-BREAK SPACE}2026 to 31")
    card.get_by_text("What you will learn").click()
    expect(card.get_by_text("Add more")).to_be_visible()
    look(mine, f"course-card-{manner}")


def test_what_is_wrong_in_the_settings_is_said_and_stays_in_the_form(
    visit: Visit, look: Look, course: str
) -> None:
    page = visit("ada", f"courses/{course}/settings", "phone")
    fill(page, hours="many", category="Mathematics")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("'many' is not a number of hours")
    expect(page.get_by_label("Category")).to_have_value("Mathematics")
    look(page, "course-settings-wrong-phone")


def test_an_instructor_says_what_servers_students_get(
    visit: Visit, look: Look, manner: str, course: str
) -> None:
    page = visit("ada", f"courses/{course}/settings", manner)
    fill(page, cpu="1", memory_mb="9999")
    page.get_by_role("button", name="Change the servers").click()
    expect(page.get_by_role("alert")).to_contain_text("between 256 and 4096")
    expect(page.get_by_label("Cores at most")).to_have_value("1")
    fill(page, memory_mb="1024", idle_minutes="30")
    page.get_by_role("button", name="Change the servers").click()
    expect(page.get_by_role("status")).to_contain_text("from their next start")
    expect(page.get_by_label("Stops after idle minutes")).to_have_value("30")
    look(page, f"course-servers-{manner}")


def test_a_course_is_made_on_a_page(visit: Visit, look: Look, manner: str) -> None:
    key = f"made-{manner}"
    page = visit("ada", "", manner)
    page.get_by_role("link", name="New course").click()
    look(page, f"course-new-{manner}")
    fill(
        page, title=f"Made here, {manner}", key="sums", category="Mathematics", summary="A summary"
    )
    page.get_by_role("button", name="Make the course").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a course 'sums' already")
    expect(page.get_by_label("Title")).to_have_value(f"Made here, {manner}")
    fill(page, key=key)
    page.get_by_role("button", name="Make the course").click()
    expect(page.get_by_role("status")).to_contain_text("The course is made")
    expect(page).to_have_title(f"Draft of Made here, {manner} · Coursewright")
    tabs = page.get_by_role("navigation", name=f"Made here, {manner}").get_by_role("link")
    assert tabs.all_inner_texts() == ["People", "Draft", "Settings", "Class times"]
    look(page, f"course-made-{manner}")
    page.get_by_role("link", name="My courses").first.click()
    expect(page.get_by_role("link", name=f"Made here, {manner}").first).to_be_visible()
    look(page, f"course-unpublished-{manner}")


@pytest.fixture
def incoming(course: str, tmp_path: Path) -> tuple[str, Path]:
    """A course, and a zip of what its next version is to be."""
    return course, zipped(document(course, 4), tmp_path)


def test_a_zip_becomes_a_draft_is_reviewed_and_published(
    visit: Visit, look: Look, manner: str, incoming: tuple[str, Path], make: Make
) -> None:
    course, file = incoming
    page = visit("ada", f"courses/{course}/draft", manner)
    page.get_by_label("Zip with course.json").set_input_files(file)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("status")).to_have_text("The zip is the draft now.")
    page.locator(".cells summary").first.click()
    expect(page.locator(".diff .plus").first).to_be_visible()
    look(page, f"course-draft-{manner}")
    page.get_by_label("What has changed").fill("More of everything.\nPlease look at the first.")
    page.get_by_role("button", name="Send to review").click()
    expect(page.get_by_role("heading", name="In review")).to_be_visible()
    expect(page.get_by_role("button", name="Withdraw it")).to_be_visible()
    expect(page.get_by_role("button", name="Approve and publish")).to_have_count(0)
    look(page, f"course-sent-{manner}")
    with make() as session:
        (review, *_) = reviews.listed(session, course)
    expect(page.locator("#live")).to_have_text("Live")
    settle(make, review.check, BLOCKS)
    expect(page.locator("#check")).to_contain_text("The check has ended.")
    look(page, f"course-check-ended-{manner}")
    page.get_by_role("link", name="Show what it found").click()
    expect(page.get_by_text("The check found what blocks")).to_be_visible()
    theirs = visit("nora", f"courses/{course}/draft", manner)
    expect(theirs.get_by_text("The check found what blocks")).to_be_visible()
    theirs.get_by_label("Your answer").fill("Well done")
    theirs.get_by_role("button", name="Approve and publish").click()
    expect(theirs.get_by_role("alert")).to_contain_text("one thing that blocks")
    look(theirs, f"course-review-{manner}")
    theirs.get_by_label("Why it is published").fill("It is an example")
    theirs.get_by_role("button", name="Approve and publish").click()
    expect(theirs.get_by_role("status")).to_have_text("The draft is published.")
    expect(theirs.get_by_text("students have version 4")).to_be_visible()
    look(theirs, f"course-approved-{manner}")


def test_a_zip_that_means_harm_is_refused_with_the_files_name(
    visit: Visit, course: str, tmp_path: Path
) -> None:
    file = tmp_path / "bad.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../course.json", "{}")
    page = visit("ada", f"courses/{course}/draft")
    page.get_by_label("Zip with course.json").set_input_files(file)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("alert")).to_contain_text("'../course.json' leads out")


def test_the_versions_are_compared_and_one_is_published_again(
    visit: Visit, look: Look, manner: str, course: str
) -> None:
    page = visit("ada", f"courses/{course}/versions", manner)
    look(page, f"course-versions-{manner}")
    page.locator("[name=from]").select_option("1")
    page.locator("[name=to]").select_option("3")
    page.get_by_role("button", name="Show the differences").click()
    expect(page.get_by_role("heading", name="What is different in version 3")).to_be_visible()
    page.locator(".cells summary").first.click()
    look(page, f"course-differences-{manner}")
    page.locator("[name=version]").select_option("1")
    page.get_by_label("Why, for those who read").fill("The second lesson was too early")
    page.get_by_role("button", name="Publish it again").click()
    expect(page.get_by_role("status")).to_contain_text("as version 4")
    expect(page.locator(".versions tbody tr").first).to_contain_text("too early")


def test_a_course_is_copied_to_a_new_term(
    visit: Visit, look: Look, manner: str, course: str, client: Client
) -> None:
    due = {"due": "2026-10-12T23:59:00", "zone": "Europe/Vienna"}
    client.ask("PUT", "ada", f"api/v1/courses/{course}/lessons/adding/deadline", json=due)
    page = visit("ada", f"courses/{course}/term", manner)
    fill(page, title="Sums in spring", key=f"{course}-{manner}", term="Spring", starts="2027-03-01")
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("say when the term that you copy began")
    look(page, f"course-copy-{manner}")
    fill(page, began="2026-09-28")
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("The course is copied")
    held = client.get("ada", f"api/v1/courses/{course}-{manner}/deadlines").json()["deadlines"]
    assert [one["due"] for one in held] == ["2027-03-15T22:59:00+00:00"]


def test_a_course_is_put_into_the_archive(
    visit: Visit, look: Look, manner: str, course: str, make: Make
) -> None:
    page = visit("ada", f"courses/{course}/settings", manner)
    page.get_by_label("Why, for the audit log").fill("The term is over")
    page.get_by_role("button", name="Put into the archive").click()
    expect(page.get_by_role("status")).to_have_text("The course is in the archive.")
    with make() as session:
        assert lifecycle.state_of(session, course) == "archived"
    look(page, f"course-archived-{manner}")
    mine = visit("grace", "", manner)
    expect(mine.locator(f"#{course}")).to_contain_text("in the archive")


def test_titles_of_any_length_fit(visit: Visit, look: Look, make: Make) -> None:
    key = "a-key-that-is-as-long-as-a-key-may-be-which-is-sixty-letters"
    with make.begin() as session:
        drafts.create(session, Rights("ada", author=True), drafts.starting(key, LONG * 2))
        members.set_role(session, "ada", "nora", key, "instructor")
    for name in ("draft", "settings"):
        look(visit("nora", f"courses/{key}/{name}", "phone"), f"course-long-{name}-phone")
