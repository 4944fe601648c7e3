"""Work is safe at the desk: copies, lost files, a course service that is away."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Visitor, wait_for_focus
from escapism import escape
from playwright.sync_api import Locator, expect
from running import Up, frozen, service_of
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from coursewright.hub_config.spawner import SAFE
from coursewright.records.course import Course

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parent.parent.parent / "test-output" / "desk"
Sit = Callable[..., Visitor]
DONE = "All work is safe"


def indicator(visitor: Visitor) -> Locator:
    return visitor.page.get_by_title("Is my work safe?")


def panel(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("region", name="Courses", exact=True)


def write(visitor: Visitor, holding: str, code: str) -> None:
    """Put `code` into the first cell that holds some text, without running it, and save."""
    cell = visitor.page.locator(".jp-CodeCell", has_text=holding).first
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    visitor.page.keyboard.press("ControlOrMeta+A")
    visitor.page.keyboard.insert_text(code)
    save(visitor)


def copied(visitor: Visitor) -> None:
    """Wait until the newest save has its copy."""
    expect(indicator(visitor)).to_have_text("Saving a copy…")
    expect(indicator(visitor)).to_have_text(DONE)


def save(visitor: Visitor) -> None:
    with visitor.page.expect_response(
        lambda answer: "/api/contents/" in answer.url and answer.request.method == "PUT"
    ):
        visitor.page.keyboard.press("ControlOrMeta+S")


def home(platform: Up, visitor: Visitor) -> Path:
    return platform.data / "homes" / escape(visitor.name, safe=SAFE, escape_char="-")


def dress(visitor: Visitor, platform: Up, theme: str) -> None:
    """JupyterLab's own theme, light or dark, from now on."""
    if theme == "light":
        return
    own = home(platform, visitor)
    folder = own / ".jupyter/lab/user-settings/@jupyterlab/apputils-extension"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "themes.jupyterlab-settings").write_text('{"theme": "JupyterLab Dark"}')
    owner = own.stat()
    for path in (own / ".jupyter", *(own / ".jupyter").rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)
    visitor.page.reload()
    expect(visitor.page.locator("body[data-jp-theme-light=false]")).to_be_attached()


def seat(visitor: Visitor, course: Course, platform: Up, theme: str) -> Visitor:
    """In front of the first lesson, in a theme."""
    dress(visitor, platform, theme)
    panel(visitor).get_by_role("button", name=f"Open {course.title}", exact=True).click()
    panel(visitor).get_by_role("button", name="Limits").first.click()
    expect(visitor.page.locator(".jp-NotebookPanel .jp-Cell").first).to_be_visible()
    # A kernel that is ready writes its language into the notebook: no save counts before.
    expect(visitor.page.get_by_text("(ipykernel) | Idle")).to_be_visible()
    return visitor


def take(visitor: Visitor, name: str, theme: str) -> None:
    visitor.picture(PICTURES / f"safety-{name}-{theme}.png")


def open_restore(visitor: Visitor) -> Locator:
    """The dialog with the copies of the lesson in front."""
    visitor.page.get_by_role("menuitem", name="Courses").click()
    visitor.page.get_by_role("menuitem", name="Restore an Earlier Copy…").click()
    dialog = visitor.page.get_by_role("dialog")
    wait_for_focus(dialog.get_by_role("radio").first)
    return dialog


def findings(visitor: Visitor, context: str) -> list[str]:
    """What axe-core finds serious in a part of the page."""
    found = Axe().run(visitor.page, context=context).response["violations"]
    return [
        json.dumps({"id": one["id"], "nodes": [node["html"] for node in one["nodes"]]})
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


def test_a_lost_lesson_comes_back_and_says_from_when(
    sit: Sit, course: Course, platform: Up
) -> None:
    at_lesson = seat(sit(course), course, platform, "dark")
    write(at_lesson, "NotImplementedError", "mine = 'kept for me'")
    copied(at_lesson)
    take(at_lesson, "safe", "dark")
    open_restore(at_lesson)
    take(at_lesson, "restore", "dark")
    assert findings(at_lesson, ".jp-Dialog") == []
    at_lesson.page.keyboard.press("Escape")
    tab = at_lesson.page.locator("#jp-main-dock-panel .lm-TabBar-tab.lm-mod-current")
    tab.locator(".lm-TabBar-tabCloseIcon").click()
    lesson = home(platform, at_lesson) / "courses" / course.key / "limits.ipynb"
    lesson.unlink()
    panel(at_lesson).get_by_role("button", name="Limits").first.click()
    expect(at_lesson.page.get_by_text("Restored from the copy of")).to_be_visible()
    expect(at_lesson.page.locator(".jp-CodeCell", has_text="kept for me").first).to_be_visible()


def test_an_earlier_copy_is_chosen_and_what_was_there_is_kept(
    sit: Sit, course: Course, platform: Up
) -> None:
    at_lesson = seat(sit(course), course, platform, "light")
    page = at_lesson.page
    for holding, code in (
        ("NotImplementedError", "version = 'one'"),
        ("version", "version = 'two'"),
    ):
        write(at_lesson, holding, code)
        copied(at_lesson)
    dialog = open_restore(at_lesson)
    expect(dialog.get_by_role("radio")).to_have_count(2)
    take(at_lesson, "restore", "light")
    assert findings(at_lesson, ".jp-Dialog") == []
    page.keyboard.press("ArrowDown")
    dialog.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Restored the copy of")).to_be_visible()
    expect(page.locator(".jp-CodeCell", has_text="'one'").first).to_be_visible()
    folder = home(platform, at_lesson) / "courses" / course.key
    (kept,) = folder.glob("limits (kept *).ipynb")
    assert "'two'" in kept.read_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_submit_waits_while_the_service_is_away_and_arrives_once(
    sit: Sit, course: Course, platform: Up, sessions: sessionmaker[Session], theme: str
) -> None:
    at_lesson = seat(sit(course), course, platform, theme)
    page = at_lesson.page
    with frozen(service_of(platform)):
        write(at_lesson, "NotImplementedError", "mine = 'written offline'")
        take(at_lesson, "away", theme)
        panel(at_lesson).get_by_role("button", name="Submit", exact=True).click()
        queued = panel(at_lesson).get_by_text("will be sent when the service is back (1 waiting)")
        expect(queued).to_be_visible()
        expect(indicator(at_lesson)).to_have_text(re.compile("Offline: .*1 submit"))
        take(at_lesson, "offline", theme)
        panel(at_lesson).get_by_role("button", name="Submit", exact=True).click()
        expect(queued).to_be_visible()
        indicator(at_lesson).click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("The course service cannot be reached")
        take(at_lesson, "story", theme)
        assert findings(at_lesson, ".jp-Dialog") == []
        dialog.get_by_role("button", name="Close").click()
        assert findings(at_lesson, "#jp-main-statusbar .jp-Coursewright-safety") == []
    expect(panel(at_lesson).get_by_text("and sent: attempt 1")).to_be_visible()
    expect(indicator(at_lesson)).to_have_text(DONE)
    with sessions() as session:
        sent = session.execute(
            text(
                "SELECT count(*) FROM submissions JOIN people ON people.id = person_id"
                " WHERE people.name = :name"
            ),
            {"name": at_lesson.name},
        ).scalar_one()
    assert sent == 1
