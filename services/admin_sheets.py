"""Every table of the administrators' pages as CSV."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence

from sqlalchemy.orm import Session

from coursewright.records import audit, failures, people, queue_state, settings, spending, storage
from coursewright.records.errors import NotFound
from coursewright.services import admin_capacity, admin_health
from coursewright.services.admin_audit import begin_sheet, lines
from coursewright.services.admin_courses import sized
from coursewright.services.admin_pages import AdminPage
from coursewright.services.admin_people import Line
from coursewright.services.admin_servers import servers_in
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.scopes import ADMIN
from coursewright.services.sheets import BOM, Value

Rows = Sequence[Sequence[Value]]
CHUNK = 200


class Sheet(AdminPage):
    @needs(ADMIN)
    async def get(self, table: str) -> None:
        """One table, sent as it is read."""
        if table not in TABLES and table not in AT_HUB:
            raise NotFound("There is no such table")
        await self.ask(audit.note_export, self.person, table, self.request_id)
        if table in TABLES:
            columns, query = TABLES[table]
            rows: list[Rows] = [await self.ask(query)]
        else:
            # The first part is read before anything is sent, so that a failure can be told.
            columns, ask = AT_HUB[table]
            following = ask(self)
            rows = [await anext(following, [])]
        begin_sheet(self, table)
        self.write(BOM + lines([columns, *rows[0]]))
        if table in AT_HUB:
            async for chunk in following:
                self.write(lines(chunk))
                await self.flush()


async def accounts(page: Sheet) -> AsyncIterator[Rows]:
    offset = 0
    while True:
        found = await page.hub.people(offset=offset, limit=CHUNK)
        if not found.people:
            return
        known = await page.ask(people.standings, [one["name"] for one in found.people])
        yield [account(Line(one["name"], one, known.get(one["name"]))) for one in found.people]
        offset += len(found.people)
        if offset >= found.total:
            return


def account(line: Line) -> Sequence[Value]:
    known, hub = line.standing, line.hub or {}
    taught = ", ".join(f"{key} ({role})" for key, _, role in known.courses) if known else ""
    state = "deactivated" if line.deactivated else "active"
    roles = ", ".join(line.roles)
    seen = hub.get("last_activity")
    return (line.name, state, roles, taught, hub.get("created"), seen, ", ".join(line.servers))


async def servers(page: Sheet) -> AsyncIterator[Rows]:
    found = await page.hub.people(limit=500, state="active")
    yield [
        (one.person, one.name, one.state, one.started, one.last_activity, one.memory)
        for one in servers_in(found.people)
    ]


async def parts(page: Sheet) -> AsyncIterator[Rows]:
    found = admin_health.inner_parts(await page.ask(admin_health.inside))
    found.append(await admin_health.model_part(admin_health.SETTINGS))
    yield [(one.name, one.state, one.fact, one.sentence) for one in found]


def queues(session: Session) -> Rows:
    return [
        (one.queue, one.waiting, one.later, one.running, one.failed, one.age)
        for one in queue_state.depths(session)
    ]


def workers(session: Session) -> Rows:
    found = queue_state.workers(session)
    return [(one.id, int(one.alive), one.seconds, ", ".join(one.jobs)) for one in found]


def running(session: Session) -> Rows:
    found = queue_state.running(session)
    return [(one.id, one.queue, one.task, one.about, one.attempts, one.seconds) for one in found]


def failed(session: Session) -> Rows:
    found = failures.failures(session, 10_000)
    return [(one.kind, one.id, one.course, one.whose, one.reason, one.at) for one in found]


def spent(kind: str) -> Callable[[Session], Rows]:
    def rows(session: Session) -> Rows:
        found = spending.by_month(session, kind, 120, 100_000)
        return [
            (one.month, one.subject, one.money, one.tokens, one.calls, one.unpriced)
            for one in found
        ]

    return rows


def budgets(session: Session) -> Rows:
    return [
        (
            one.kind,
            one.subject,
            one.money,
            one.tokens,
            one.used.money if one.used else None,
            one.used.tokens if one.used else None,
            one.set_by,
            one.set_at,
        )
        for one in spending.budgets(session)
    ]


def kept(kind: str) -> Callable[[Session], Rows]:
    def rows(session: Session) -> Rows:
        found = storage.kept(session, kind, 100_000)
        return [(one.subject, one.notebooks, one.copies, one.files) for one in found]

    return rows


def tables(session: Session) -> Rows:
    return [(one.name, one.size, one.rows) for one in storage.tables(session, 1000)]


def all_courses(session: Session) -> Rows:
    return [
        (
            one.course.key,
            one.course.title,
            one.course.state,
            "yes" if one.course.open else "no",
            one.course.students,
            one.course.staff,
            one.course.version,
            one.course.published_at,
            one.kept,
        )
        for one in sized(session, storage.count(session))
    ]


def deactivated(session: Session) -> Rows:
    return [(one.name, one.deactivated, one.reason) for one in people.deactivated(session, 100_000)]


def changes(session: Session) -> Rows:
    return [
        (one.at, one.by, one.name, str(one.before), str(one.after))
        for one in settings.history(session, 10_000)
    ]


MONTHS = ("money", "tokens", "calls", "calls_without_price")
KEPT = ("handed_in_bytes", "copies_bytes", "files")
TABLES: dict[str, tuple[tuple[str, ...], Callable[[Session], Rows]]] = {
    "queues": (("queue", "waiting", "later", "running", "failed", "oldest_seconds"), queues),
    "workers": (("id", "alive", "last_sign_seconds", "jobs"), workers),
    "running": (("id", "queue", "task", "about", "attempts", "seconds"), running),
    "failures": (("kind", "id", "course", "person", "reason", "at"), failed),
    "spending-courses": (("month", "course", *MONTHS), spent("course")),
    "spending-people": (("month", "person", *MONTHS), spent("person")),
    "budgets": (
        ("kind", "subject", "money", "tokens", "used_money", "used_tokens", "set_by", "set_at"),
        budgets,
    ),
    "storage-courses": (("course", *KEPT), kept("course")),
    "storage-people": (("person", *KEPT), kept("person")),
    "tables": (("table", "bytes", "rows_about"), tables),
    "courses": (
        (
            "key",
            "title",
            "state",
            "open",
            "students",
            "staff",
            "version",
            "published_at",
            "kept_bytes",
        ),
        all_courses,
    ),
    "deactivated": (("name", "since", "reason"), deactivated),
    "capacity": (("hour", "servers", "nodes", "price", "courses"), admin_capacity.rows),
    "settings": (("at", "by", "setting", "before", "after"), changes),
}
AT_HUB: dict[str, tuple[tuple[str, ...], Callable[[Sheet], AsyncIterator[Rows]]]] = {
    "people": (
        ("name", "state", "roles", "courses", "created", "last_activity", "servers"),
        accounts,
    ),
    "servers": (
        ("person", "server", "state", "started", "last_activity", "memory_bytes"),
        servers,
    ),
    "parts": (("part", "state", "fact", "sentence"), parts),
}

ROUTES = [Route("admin/sheets/{table}", Sheet)]
