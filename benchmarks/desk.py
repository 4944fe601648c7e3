"""What the extension adds to JupyterLab, in a real Chromium, beside a stock page in the same run.

    opening    click on a course of 200 lessons → all of them painted
    scrolling  the work of one frame while that outline is scrolled from end to end
    start      navigation → JupyterLab ready, with the extension and without it in turn
    size       gzip of every script of the extension

The stock page is the same server's, from which our entry in the list of extensions is left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from browsing import FLAGS, Visitor
from playwright.sync_api import Page, Route, expect, sync_playwright
from running import Up, up

from coursewright.records import courses, database
from coursewright.records.course import Cell, Course, Lesson, Module
from coursewright.records.postgres import EmbeddedPostgres

NAME = "@coursewright/course"
LESSONS, MODULES = 200, 20
FRAMES = 240
# Frames as fast as they can be drawn, so that their distance is their work.
UNBRIDLED = ["--disable-frame-rate-limit", "--disable-gpu-vsync"]
STATIC = Path(__file__).parent.parent / "extension" / "labextension" / "static"
CONFIG = re.compile(r'(<script id="jupyter-config-data"[^>]*>)(.*?)(</script>)', re.DOTALL)

OPENING = """async ([title, lessons]) => {
  const panel = document.querySelector('#coursewright-courses');
  const way = [...panel.querySelectorAll('button')].find(one => one.ariaLabel === `Open ${title}`);
  const began = performance.now();
  way.click();
  for (;;) {
    await new Promise(requestAnimationFrame);
    if (panel.querySelectorAll('.jp-Coursewright-lesson').length === lessons) {
      await new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)));
      return performance.now() - began;
    }
  }
}"""
SCROLLING = """async frames => {
  const body = document.querySelector('.jp-Coursewright-body');
  const step = (body.scrollHeight - body.clientHeight) / frames;
  const took = [];
  let before = await new Promise(requestAnimationFrame);
  for (let frame = 0; frame < frames; frame++) {
    body.scrollTop += Math.max(step, 1);
    const now = await new Promise(requestAnimationFrame);
    took.push(now - before);
    before = now;
  }
  return took;
}"""
# JupyterLab's own word that all plugins are active and the layout is restored.
READY = """async () => {
  while (!window.jupyterapp) {
    await new Promise(soon => setTimeout(soon, 5));
  }
  await window.jupyterapp.restored;
  return performance.now();
}"""


def long_course() -> Course:
    def lesson(number: int) -> Lesson:
        text = Cell(f"text-{number}", "markdown", f"# Lesson {number}")
        return Lesson(f"lesson-{number}", f"Lesson {number}", (text,), minutes=10)

    each = LESSONS // MODULES
    modules = (
        Module(
            f"module-{number}",
            f"Module {number}",
            tuple(lesson(number * each + place) for place in range(each)),
        )
        for number in range(MODULES)
    )
    return Course("long", "A long course", tuple(modules))


@contextmanager
def student() -> Iterator[tuple[Visitor, Visitor]]:
    """Somebody in a course of 200 lessons, with JupyterLab open: at a usual pace, and unbridled."""
    directory = Path(tempfile.mkdtemp(prefix="cw-desk-", dir="/tmp"))
    directory.chmod(0o711)
    try:
        with up(directory / "data") as run, sync_playwright() as playwright:
            _publish(run)
            usual, fast = (
                Visitor(
                    playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags),
                    run.url,
                    "ada",
                )
                for flags in (FLAGS, [*FLAGS, *UNBRIDLED])
            )
            usual.sign_up()
            for visitor in (usual, fast):
                visitor.sign_in()
                visitor.open_lab()
            yield usual, fast
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _publish(run: Up) -> None:
    engine = database.make_engine(EmbeddedPostgres(run.data / "postgres").url("coursewright"))
    with database.sessions(engine).begin() as session:
        courses.publish(session, long_course(), "For the benchmark", None)
        courses.enrol(session, "ada", "long")
    engine.dispose()


def opening(page: Page, rounds: int) -> list[float]:
    """Milliseconds; the first one, which loads code, is left out."""
    took = []
    panel = page.get_by_role("region", name="Courses", exact=True)
    for _ in range(rounds + 1):
        expect(panel.get_by_role("button", name="Open A long course")).to_be_visible()
        took.append(page.evaluate(OPENING, ["A long course", LESSONS]))
        panel.get_by_role("button", name="All courses").click()
    return took[1:]


def scrolling(page: Page) -> list[float]:
    page.get_by_role("button", name="Open A long course").click()
    expect(page.locator(".jp-Coursewright-lesson")).to_have_count(LESSONS)
    page.evaluate(SCROLLING, FRAMES)
    page.evaluate("document.querySelector('.jp-Coursewright-body').scrollTop = 0")
    took: list[float] = page.evaluate(SCROLLING, FRAMES)
    return took


def starts(page: Page, address: str, rounds: int) -> dict[str, list[float]]:
    """Milliseconds from navigation to ready; each round the other of the two goes first.

    Both pages pass through our hands in the same way, since that alone switches the browser's
    cache off, and both show their application to the page.
    """
    took: dict[str, list[float]] = {"stock": [], "ours": []}
    for number in range(rounds + 1):
        for kind in sorted(took, reverse=bool(number % 2)):
            page.unroute_all()
            page.route(f"{address}**", _shown if kind == "ours" else _shown_without_us)
            page.goto(f"{address}?reset")
            ready = page.evaluate(READY)
            if number:
                took[kind].append(ready)
    return took


def _shown(route: Route) -> None:
    _passed(route, lambda config: config)


def _shown_without_us(route: Route) -> None:
    _passed(route, _stripped)


def _passed(route: Route, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    if route.request.resource_type != "document":
        route.fallback()
        return

    def rewritten(found: re.Match[str]) -> str:
        config = {**json.loads(found[2]), "exposeAppInBrowser": True}
        return found[1] + json.dumps(change(config)) + found[3]

    answer = route.fetch()
    route.fulfill(response=answer, body=CONFIG.sub(rewritten, answer.text()))


def _stripped(config: dict[str, Any]) -> dict[str, Any]:
    others = [one for one in config["federated_extensions"] if one["name"] != NAME]
    assert len(others) < len(config["federated_extensions"])
    return {**config, "federated_extensions": others}


def size() -> int:
    """Bytes of all scripts, each compressed as a server sends it."""
    return sum(len(gzip.compress(file.read_bytes(), 6)) for file in STATIC.glob("*.js"))


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[18]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="of opening and of starting (9)")
    rounds = parser.parse_args().rounds
    with student() as (usual, fast):
        opened = opening(usual.page, rounds)
        frames = scrolling(fast.page)
        begun = starts(usual.page, f"{usual.site}user/ada/lab", rounds)
    added = statistics.median(begun["ours"]) - statistics.median(begun["stock"])
    figures = {
        "opening_ms": round(statistics.median(opened), 1),
        "frame_p95_ms": round(p95(frames), 2),
        "frame_longest_ms": round(max(frames), 2),
        "start_stock_ms": round(statistics.median(begun["stock"])),
        "start_added_ms": round(added),
        "gzip_kb": round(size() / 1000, 1),
    }
    for name, value in figures.items():
        print(f"{name:20}{value:10}")
    ratio = statistics.median(begun["ours"]) / statistics.median(begun["stock"])
    print(json.dumps({"name": "desk", "ratios": {"start": round(ratio, 3)}, "figures": figures}))


if __name__ == "__main__":
    main()
