"""From a click on Submit to the mark below the answer, in a real browser, one submit at a time.

It runs `coursewright up`, a student's own server and Chromium; what is measured is saving, handing
in, grading, the live event and the drawing of the mark. The first two are not counted: they start
the kernel's companions and warm the sandboxes. There is no peer that gives feedback in seconds.
It ends with status 1 when the 95th percentile is not below the bound.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from browsing import Visitor, chromium
from desk_course import desk_course
from playwright.sync_api import Page, expect
from running import up

from coursewright.records import courses, database
from coursewright.records.postgres import EmbeddedPostgres

BOUND = 3.0  # seconds
WARMING = 2
ANSWERS = (
    "def keep_between(value, low, high):\n    return max(value, low)  # {}",
    "def keep_between(value, low, high):\n    return min(max(value, low), high)  # {}",
)
# In the page, so that no waiting on the way to the browser is measured.
SUBMIT = """number => new Promise((resolve, reject) => {
  const began = performance.now();
  const there = () => [...document.querySelectorAll('.jp-Coursewright-inlineMark')].some(
    mark => mark.textContent.endsWith(`attempt ${number}`) && mark.dataset.past === 'false');
  const watching = new MutationObserver(() => {
    if (there()) { watching.disconnect(); resolve((performance.now() - began) / 1000); }
  });
  watching.observe(document.body, {subtree: true, childList: true, characterData: true});
  document.querySelector('.jp-Coursewright-result button.jp-mod-accept').click();
  setTimeout(() => reject(new Error(`no mark of attempt ${number}`)), 60000);
})"""


@contextmanager
def lesson() -> Iterator[Page]:
    """A student with a lesson open."""
    base = Path(tempfile.mkdtemp(prefix="cw-feedback-", dir="/tmp"))
    base.chmod(0o711)
    try:
        with up(base / "data") as run, chromium() as browser:
            course = desk_course()
            engine = database.make_engine(EmbeddedPostgres(run.data / "postgres").url())
            student = Visitor(browser, run.url, "ada")
            student.sign_up()
            with database.sessions(engine).begin() as session:
                courses.publish(session, course, "To measure", None)
                courses.enrol(session, "ada", course.key)
            engine.dispose()
            student.sign_in()
            panel = student.open_lab()
            panel.get_by_role("button", name=f"Open {course.title}", exact=True).click()
            panel.get_by_role("button", name="Limits").first.click()
            expect(student.page.locator(".jp-NotebookPanel .jp-Cell").first).to_be_visible()
            yield student.page
    finally:
        shutil.rmtree(base, ignore_errors=True)


def measure(page: Page, submits: int) -> list[float]:
    cell = page.locator(".jp-CodeCell", has_text="def keep_between").first
    cell.scroll_into_view_if_needed()
    seconds = []
    for number in range(1, WARMING + submits + 1):
        cell.locator(".cm-content").click()
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.insert_text(ANSWERS[number % 2].format(number))
        seconds.append(page.evaluate(SUBMIT, number))
    return seconds[WARMING:]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submits", type=int, default=50)
    with lesson() as page:
        seconds = measure(page, parser.parse_args().submits)
    shares = statistics.quantiles(seconds, n=100, method="inclusive")
    figures = {
        "submits": len(seconds),
        "feedback_seconds_p50": round(shares[49], 3),
        "feedback_seconds_p95": round(shares[94], 3),
        "feedback_seconds_max": round(max(seconds), 3),
        "bound_seconds_p95": BOUND,
    }
    for name, value in figures.items():
        print(f"{name:24}{value}")
    print(json.dumps({"name": "feedback", "ratios": {}, "figures": figures}))
    return 0 if shares[94] < BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
