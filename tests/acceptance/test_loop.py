"""The whole loop in a real browser: a student learns, an instructor and an admin look on.

Once on one machine, and once where every student's server is a pod.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from browsing import Visitor
from clustered import School, school
from playwright.sync_api import Browser, expect
from running import Up, up

from coursewright.generator import library
from coursewright.records.database import without_driver

pytestmark = pytest.mark.browser

COURSE = library.load("python-foundations")
LESSON = next(COURSE.lessons())
PICTURES = Path(__file__).parent.parent.parent / "test-output" / "loop"

Site = Up | School


@pytest.fixture(scope="module", params=["one machine", "cluster"])
def platform(request: pytest.FixtureRequest) -> Iterator[Site]:
    if request.param == "cluster":
        postgres, database = map(request.getfixturevalue, ("postgres", "database_of_module"))
        with school(postgres, database) as running:
            yield running
        return
    directory = Path(tempfile.mkdtemp(prefix="cw-up-", dir="/tmp"))
    directory.chmod(0o711)
    with up(directory / "data") as run:
        yield run
    shutil.rmtree(directory)


@pytest.fixture(scope="module")
def admin(browser: Browser, platform: Site) -> Visitor:
    admin = Visitor(browser, platform.url, "admin")
    admin.set_first_password(platform.link)
    return admin


@pytest.fixture(scope="module")
def student(browser: Browser, platform: Site) -> Visitor:
    """Ada, who has enrolled, solved the first exercise, submitted, and reads her score."""
    ada = Visitor(browser, platform.url, "ada")
    ada.sign_up()
    ada.sign_in()
    panel = ada.open_lab()
    panel.get_by_role("button", name="Enrol").click()
    panel.get_by_role("button", name=LESSON.title).click()
    expect(ada.page.locator(".jp-NotebookPanel .jp-Cell").first).to_be_visible()
    exercise = next(LESSON.exercises())
    ada.answer("NotImplementedError", exercise.solution)
    panel.get_by_role("button", name="Submit").click()
    ada.submit_anyway()
    return ada


def test_a_student_sees_the_score_in_jupyterlab(student: Visitor) -> None:
    exercises = list(LESSON.exercises())
    right, whole = exercises[0].points, sum(exercise.points for exercise in exercises)
    panel = student.page.get_by_role("region", name="Courses", exact=True)
    expect(panel.get_by_text(f"{right:g} of {whole:g} points", exact=True)).to_be_visible()
    expect(panel.get_by_text(exercises[0].title, exact=True)).to_be_visible()
    expect(panel.get_by_text("Passed").first).to_be_visible()
    student.picture(PICTURES / "student.png")


def test_the_score_stands_in_postgres(student: Visitor, platform: Site) -> None:
    panel = student.page.get_by_role("region", name="Courses", exact=True)
    expect(panel.get_by_text(re.compile(r"^\d+ of \d+ points$"))).to_be_visible()
    with psycopg.connect(without_driver(platform.database)) as connection:
        rows = connection.execute(
            "SELECT people.name, gradings.points FROM gradings"
            " JOIN submissions ON submissions.id = gradings.submission_id"
            " JOIN people ON people.id = submissions.person_id"
        ).fetchall()
    assert rows == [("ada", next(LESSON.exercises()).points)]


def test_an_instructor_sees_it_on_a_page(
    browser: Browser, platform: Site, admin: Visitor, student: Visitor
) -> None:
    lin = Visitor(browser, platform.url, "lin")
    lin.sign_up()
    admin.sign_in(f"services/coursewright/courses/{COURSE.key}/people")
    form = admin.page.get_by_role("form", name="Add a person")
    form.get_by_role("textbox").fill("lin")
    form.get_by_role("combobox").select_option("instructor")
    form.get_by_role("button", name="Add").click()
    expect(admin.page.get_by_role("row", name=re.compile("lin"))).to_be_visible()
    admin.picture(PICTURES / "people.png")
    lin.sign_in(f"services/coursewright/courses/{COURSE.key}/gradebook")
    row = lin.page.get_by_role("row", name=re.compile("ada"))
    expect(row).to_contain_text(f"{next(LESSON.exercises()).points:g}")
    lin.picture(PICTURES / "instructor.png")


def test_an_admin_sees_both_people_in_the_hub(
    platform: Site, admin: Visitor, student: Visitor
) -> None:
    admin.page.goto(f"{platform.url}hub/admin")
    for name in ("ada", "lin"):
        expect(admin.page.get_by_text(name, exact=True).first).to_be_visible()
    admin.picture(PICTURES / "admin.png")


def test_the_students_notebook_is_kept_when_it_is_opened_again(student: Visitor) -> None:
    panel = student.page.get_by_role("region", name="Courses", exact=True)
    student.page.reload()
    expect(panel).to_be_visible()
    panel.get_by_role("button", name=LESSON.title).first.click()
    line = next(LESSON.exercises()).solution.strip().splitlines()[-1].strip()
    expect(student.page.locator(".jp-CodeCell", has_text=line).first).to_be_visible()
