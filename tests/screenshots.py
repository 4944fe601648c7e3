"""Write the pictures of the README and the guides into docs/images."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from browsing import Visitor, chromium
from playwright.sync_api import Browser, expect
from running import Up, up

from coursewright.generator import library

IMAGES = Path(__file__).parent.parent / "docs" / "images"
COURSE = library.load("python-foundations")
LESSON = next(COURSE.lessons())


def student(browser: Browser, run: Up, theme: str) -> None:
    """A lesson with its score."""
    ada = Visitor(browser, run.url, f"ada-{theme}", color_scheme=theme)
    ada.sign_up()
    ada.sign_in()
    panel = ada.open_lab()
    ada.use_theme(theme)
    panel.get_by_role("button", name="Enrol").click()
    lesson = panel.get_by_role("button", name=LESSON.title)
    expect(lesson).to_be_visible()
    lesson.click()
    expect(ada.page.locator(".jp-NotebookPanel .jp-Cell").first).to_be_visible()
    for exercise in list(LESSON.exercises())[:2]:
        ada.answer("NotImplementedError", exercise.solution)
    panel.get_by_role("button", name="Submit").click()
    ada.submit_anyway()
    expect(panel.get_by_text(re.compile(r"^\d+ of \d+ points$"))).to_be_visible()
    ada.picture(IMAGES / f"score-{theme}.png")


def instructor(browser: Browser, run: Up) -> None:
    admin = Visitor(browser, run.url, "admin")
    admin.set_first_password(run.link)
    admin.sign_in(f"services/coursewright/courses/{COURSE.key}/gradebook")
    expect(admin.page.get_by_role("heading", name="Gradebook")).to_be_visible()
    admin.picture(IMAGES / "gradebook.png")


def main() -> None:
    directory = Path(tempfile.mkdtemp(prefix="cw-pictures-", dir="/tmp"))
    directory.chmod(0o711)
    with up(directory / "data") as run, chromium() as browser:
        student(browser, run, "light")
        student(browser, run, "dark")
        instructor(browser, run)
    shutil.rmtree(directory)


if __name__ == "__main__":
    main()
