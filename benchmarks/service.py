"""The course service with a large school behind it: every page, twenty requests at once.

200 courses, 10,000 people, a million events (crowd.py). Three parts: the plans of the ten queries
that cost most once the caches are warm, which are to use indexes wherever a table is large; the
time of every page that the route table has, asked for by somebody whom its guard lets in; the
service's memory while that goes on. There is no peer: it is measured against the issue's bounds
(p95 below 200 ms) and ends with status 1 when they are missed. `--seconds 600` is the run for
memory.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

sys.path.append(str(Path(__file__).parents[1] / "tests"))

import crowd
import psutil
from fake_hub import PERSON
from fake_hub_people import PeopleHub
from plans import Ledger
from school import PREFIX, Running
from service_program import environment, program
from sqlalchemy import Engine, text

from coursewright.records import database
from coursewright.records.postgres import EmbeddedPostgres
from coursewright.records.schema import upgrade
from coursewright.services.answers import PageHandler
from coursewright.services.guards import guard_of
from coursewright.services.routes import Route
from coursewright.services.scopes import ADMIN
from coursewright.services.web import ROUTES

AT_ONCE = 20
PROCESSES = 2  # of the service, as `coursewright up` starts it on two cores
AT_HUB = 1000  # people whom the Hub knows
BOUND = 0.2  # seconds, at the 95th percentile
# Files are no pages, and may take as long as they are large.
DOWNLOADS = (".csv", ".zip", ".ipynb", "/certificate")
# Pages for somebody or something else than what is seeded here.
OTHERS = (
    "oauth_callback",
    "courses/new",
    "courses/{course}/submissions/{submission}/ask",
    "courses/{course}/lessons/{lesson}/feedback",
)
STUDENT, TEACHER, ROOT = "p00001", crowd.TEACHER, "root"


@dataclass(frozen=True)
class Page:
    """An address below the service's prefix, and who asks for it."""

    path: str
    who: str


@dataclass
class Load:
    """Seconds by page, what was refused, megabytes of the service over time."""

    seconds: dict[Page, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: dict[Page, int] = field(default_factory=dict)
    held: list[float] = field(default_factory=list)


@contextmanager
def school() -> Iterator[tuple[str, Engine]]:
    """A server of its own with the crowd in it: its address, and an engine on it."""
    directory = Path(tempfile.mkdtemp(prefix="cw-service-", dir="/tmp"))
    directory.chmod(0o711)
    server = EmbeddedPostgres(directory / "pg")
    server.start()
    try:
        url = server.ensure_database("school")
        upgrade(url)
        engine = database.make_engine(url)
        with database.sessions(engine).begin() as session:
            crowd.fill(session)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        yield url, engine
        engine.dispose()
    finally:
        server.stop()
        shutil.rmtree(directory)


def pages(engine: Engine) -> tuple[list[Page], list[str]]:
    """Every page of the route table that can be asked for, and the paths of those that cannot."""
    with engine.connect() as connection:
        submission = connection.scalar(
            text(
                "SELECT max(s.id) FROM submissions s JOIN people p ON p.id = s.person_id "
                "JOIN courses c ON c.id = s.course_id WHERE p.name = :who AND c.key = :course"
            ),
            {"who": STUDENT, "course": crowd.WATCHED},
        )
    known = {
        "course": crowd.WATCHED,
        "lesson": "lesson-1",
        "person": STUDENT,
        "submission": str(submission),
        "asset": "style.css",
    }
    found, unknown = [], []
    for route in ROUTES:
        if not issubclass(route.handler, PageHandler) or "get" not in route.verbs:
            continue
        if route.path.endswith(DOWNLOADS) or route.path in OTHERS:
            continue
        if set(route.parts) <= known.keys():
            found.append(Page(route.path.format(**known), _who(route)))
        else:
            unknown.append(route.path)
    return found, unknown


def _who(route: Route) -> str:
    guard = guard_of(route.handler.get)
    if guard is None or guard.scope == ADMIN:
        return ROOT
    return TEACHER if guard.role in {"assistant", "instructor"} else STUDENT


def load(
    url: str, offered: list[Page], service: psutil.Process, tokens: dict[str, str], seconds: float
) -> Load:
    """Twenty clients, each with a lasting connection, ask for all pages in an order of theirs."""
    done = Load()
    until = time.monotonic() + seconds
    site = urlsplit(url)
    lock = threading.Lock()

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection(site.hostname or "", site.port)
        mixed = random.Random(number).sample(offered, len(offered))
        for page in itertools.cycle(mixed):
            if time.monotonic() > until:
                break
            began = time.perf_counter()
            headers = {"Authorization": f"token {tokens[page.who]}"}
            connection.request("GET", f"{site.path}{page.path}", headers=headers)
            answer = connection.getresponse()
            answer.read()
            took = time.perf_counter() - began
            with lock:
                done.seconds[page].append(took)
                if answer.status != 200:
                    done.refused[page] = answer.status
        connection.close()

    clients = [threading.Thread(target=ask, args=(number,)) for number in range(AT_ONCE)]
    for client in clients:
        client.start()
    while any(client.is_alive() for client in clients):
        done.held.append(held(service))
        clients[0].join(min(5.0, seconds / 20))
    return done


def held(service: psutil.Process) -> float:
    """Megabytes of the service's processes; what they share counts once."""
    everybody = (service, *service.children())
    return sum(one.memory_full_info().pss for one in everybody) / 2**20


def report(done: Load, ledger: Ledger) -> dict[str, object]:
    """Print a line for each page, the slowest first; gives the figures."""
    slow = {page: _p95(seconds) for page, seconds in done.seconds.items()}
    for page in sorted(slow, key=lambda page: -slow[page]):
        seconds = done.seconds[page]
        note = f"  answered {done.refused[page]}" if page in done.refused else ""
        print(
            f"p95 {slow[page] * 1000:7.0f} ms  p50 {statistics.median(seconds) * 1000:6.0f} ms  "
            f"{len(seconds):6}  /{page.path} ({page.who}){note}"
        )
    warm = done.held[len(done.held) // 5 :]
    return {
        "pages": len(slow),
        "requests": sum(len(seconds) for seconds in done.seconds.values()),
        "worst_p95_seconds": round(max(slow.values()), 3),
        "pages_over_bound": sum(seconds > BOUND for seconds in slow.values()),
        "refused": {f"/{page.path}": status for page, status in done.refused.items()},
        "megabytes_warm": round(warm[0], 1),
        "megabytes_end": round(warm[-1], 1),
        "large_tables_read_whole": ledger.offences,
        "bound_seconds_p95": BOUND,
    }


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]


def measure(hub: PeopleHub, seconds: float) -> tuple[Load, Ledger]:
    """Plans first, with the service in this process; then the load on one of its own."""
    tokens = {who: hub.token(who, PERSON) for who in (STUDENT, TEACHER)}
    tokens[ROOT] = hub.token(ROOT)
    with school() as (url, engine):
        offered, others = pages(engine)
        print("not measured, for they need an identity:", ", ".join(others) or "none")
        ledger = Ledger(engine)
        running = Running(hub, engine)
        try:
            ledger.watch(running.url, [(page.path, tokens[page.who]) for page in offered])
        finally:
            running.stop()
        ledger.tell()
        settings = environment(hub, url)
        with program(settings, f"--ServiceApp.processes={PROCESSES}") as service:
            address = f"{settings['JUPYTERHUB_SERVICE_URL']}{PREFIX}"
            process = psutil.Process(service.process.pid)
            return load(address, offered, process, tokens, seconds), ledger


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    hub = PeopleHub()
    for number in range(1, AT_HUB + 1):
        hub.add(f"p{number:05}")
    hub.start()
    try:
        done, ledger = measure(hub, arguments.seconds)
    finally:
        hub.stop()
    figures = report(done, ledger)
    print(json.dumps({"name": "service", "ratios": {}, "figures": figures}))
    good = not figures["pages_over_bound"] and not ledger.offences and not figures["refused"]
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
