"""No text of anybody's is ever a script: a school that is full of them, page by page.

Whatever people and models write stands in `whole_school`, and each of it is hostile here.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from urllib.parse import quote, urlsplit

import payloads
import pytest
import whole_school
from fake_hub_people import PeopleHub
from playwright.sync_api import Browser
from school import Client, Running
from sqlalchemy.orm import Session, sessionmaker
from walking import FILE, PAGES, Seated, address, who_may

from coursewright.services import admin_sheets
from coursewright.services.routes import Route
from coursewright.services.sheets import BOM, FORMULA

pytestmark = pytest.mark.browser

# What a page may never hold: what acts by itself, and addresses that do. The feedback on a notebook
# has its style in its head.
FOUND = """own => [...document.querySelectorAll(
  '*:not(head > style)')].flatMap(one => [
  ...['BASE', 'EMBED', 'FRAME', 'IFRAME', 'MATH', 'OBJECT', 'STYLE', 'TEMPLATE']
    .filter(tag => tag === one.tagName.toUpperCase()),
  ...one.matches('script, link') && (one.src || one.href || one.text.includes('owned'))
    && !String(one.src || one.href).startsWith(own) ? ['from elsewhere'] : [],
  ...one.matches('svg :not(rect), body meta, meta[http-equiv=refresh i]') ? ['unknown'] : [],
  ...[...one.attributes].filter(({ name, value }) => name.startsWith('on') || name === 'srcdoc'
    || (name === 'style' && /url|expression|import/i.test(value))
    || (/^(href|src|action|formaction|data|poster|background|cite)$/.test(name)
      && /^[\\s\\x00-\\x20]*(javascript|vbscript|data(?!:image[/](png|svg[+]xml)))/i.test(value))
    ).map(({ name }) => name)
].map(what => `${what}: ${one.outerHTML.slice(0, 200)}`))"""
MOST = 25  # different texts that would run
# Whose list is long and comes page by page; students see all of theirs at once.
IN_PARTS = [("admin", route) for route in PAGES if not route.path]
SHOWN = (
    "",
    "submissions/{submission}/feedback",
    *(
        f"courses/{{course}}/{name}"
        for name in (
            "analytics",
            "bank/{question}",
            "class",
            "deadlines",
            "gradebook",
            "matrix",
            "people",
            "progress",
            "report",
            "requests/{request}",
            "submissions/{submission}/marks",
            "weights",
        )
    ),
    "admin/courses",
    "admin/jobs",
    "admin/people/{person}",
)
# Students see what is theirs, and somebody sees all the rest.
CASES = [(who, route) for route in PAGES for who in ("student", "admin") if who in who_may(route)]


@pytest.fixture(scope="module")
def hub() -> Iterator[PeopleHub]:
    hub = PeopleHub()
    whole_school.fill_hub(hub, payloads.TEXTS)
    hub.start()
    yield hub
    hub.stop()


@pytest.fixture(scope="module")
def found(client: Client, make: sessionmaker[Session]) -> dict[str, str]:
    with make.begin() as session:
        return whole_school.fill(session, payloads.TEXTS)


@pytest.fixture(scope="module")
def seats(
    browser: Browser, hub: PeopleHub, running: Running, found: dict[str, str]
) -> Iterator[dict[str, Seated]]:
    seats = {who: Seated(browser, running, who, hub) for who in ("student", "admin")}
    yield seats
    for one in seats.values():
        one.context.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[1].path}")
def test_texts_stay_texts(
    seats: dict[str, Seated], found: dict[str, str], case: tuple[str, Route]
) -> None:
    who, route = case
    here = seats[who]
    asked: list[str] = []
    here.page.on("dialog", lambda dialog: asked.append(dialog.message))
    path = address(route, found)
    first = here.context.request.get(f"{here.running.url}{path}")
    assert first.status == 200
    if route.path in SHOWN and case not in IN_PARTS:
        # Texts that are not there would prove nothing.
        assert len(set(re.findall(rb"owned=\d+", first.body()))) >= MOST
    kind = first.headers["content-type"].partition(";")[0]
    if kind != "text/html":
        assert re.fullmatch(FILE, first.headers["content-disposition"])
        if kind in INSIDE:
            INSIDE[kind](first.body())
        return
    answer = here.open(path)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    here.page.wait_for_load_state("networkidle")
    assert asked == []
    assert here.said == []
    assert {urlsplit(url).hostname for url in here.asked if url[:5] != "data:"} == {"127.0.0.1"}
    assert here.page.evaluate("window.owned") is None
    own = here.running.url.partition("/services/")[0]
    assert here.page.evaluate(FOUND, own) == []


def sheet(content: bytes) -> None:
    """No cell computes anything; numbers are the only ones that may begin with a sign."""
    for row in csv.reader(io.StringIO(content.decode().removeprefix(BOM))):
        for cell in row:
            if cell.lstrip().startswith(FORMULA):
                float(cell)


def archive(content: bytes) -> None:
    """Its names are plain, and lead nowhere but below it."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert all(re.fullmatch(r"(?!.*\.\.)[\w][\w./-]*", name) for name in book.namelist())


INSIDE: dict[str, Callable[[bytes], None]] = {"text/csv": sheet, "application/zip": archive}


@pytest.mark.parametrize("table", [*admin_sheets.TABLES, *admin_sheets.AT_HUB])
def test_no_table_of_the_administrators_computes(
    seats: dict[str, Seated], found: dict[str, str], table: str
) -> None:
    here = seats["admin"]
    answer = here.context.request.get(f"{here.running.url}admin/sheets/{table}")
    assert answer.status == 200
    sheet(answer.body())


@pytest.mark.parametrize("path", ["courses/whole/{}/", "admin/people/"])
def test_somebody_may_be_called_a_script(
    seats: dict[str, Seated], found: dict[str, str], path: str
) -> None:
    here = seats["admin"]
    for kind in ("members", "grades"):
        for name in whole_school.names(payloads.TEXTS)[:12]:
            here.open(f"{path.format(kind)}{quote(name, safe='')}")
            assert here.page.get_by_role("heading", level=1).is_visible()
            own = here.running.url.partition("/services/")[0]
            assert (here.page.evaluate(FOUND, own), here.said) == ([], [])
