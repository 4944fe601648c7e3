"""The audit log for administrators: filtered, paged, and as a sheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from coursewright.records import audit
from coursewright.records.audit import Entry, Wanted
from coursewright.records.errors import Invalid
from coursewright.services.admin_pages import AdminPage
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.scopes import ADMIN
from coursewright.services.sheets import BOM, Value, cell

SIZE = 50
CHUNK = 500  # entries that are read and written at a time, so that others get their turn
MOST = 100_000  # entries of a file
FULL = "This file holds {most} entries. Ask for those before {at} to get the ones that follow"
TEXTS = ("who", "what", "object", "request_id")
TIMES = ("since", "until")
COLUMNS = ("id", "at", "who", "what", "object", "detail", "request_id")


class AuditPage(AdminPage):
    @needs(ADMIN)
    async def get(self) -> None:
        """What somebody may have to answer for, the newest first."""
        sent = {name: self.get_query_argument(name, "").strip() for name in TEXTS + TIMES}
        after = self.get_query_argument("after", "")
        found: list[Entry] = []
        wrong = None
        try:
            found = await self.ask(audit.entries, wanted(sent), number(after), SIZE + 1)
        except Invalid as error:
            self.set_status(400)
            wrong = error
        asked = urlencode({name: value for name, value in sent.items() if value})
        more = found[SIZE - 1].id if len(found) > SIZE else None
        self.show_admin(
            "admin_audit.html",
            entries=[(one, in_words(one.detail)) for one in found[:SIZE]],
            sent=sent,
            asked=asked,
            more=more,
            first=not after,
            wrong=wrong,
        )


class AuditSheet(AdminPage):
    @needs(ADMIN)
    async def get(self) -> None:
        """The same for a spreadsheet, the newest MOST, sent as it is read.

        Where there are more its last line says from when on.
        """
        sent = {name: self.get_query_argument(name, "").strip() for name in TEXTS + TIMES}
        filtered = wanted(sent)
        await self.ask(audit.note_export, self.person, "audit log", self.request_id)
        begin_sheet(self, "audit-log")
        self.write(BOM + lines([COLUMNS]))
        sent_already = 0
        last: Entry | None = None
        while sent_already < MOST:
            text, many, last = await self.ask(written, filtered, last)
            if not many:
                return
            self.write(text)
            await self.flush()
            sent_already += many
        more = await self.ask(audit.entries, filtered, last.id if last else None, 1)
        if last is not None and more:
            at = last.at.isoformat(timespec="seconds")
            self.write(lines([("", "", "", FULL.format(most=MOST, at=at), "", "", "")]))


def written(
    session: Session, filtered: Wanted, last: Entry | None
) -> tuple[str, int, Entry | None]:
    """The lines of the next entries, how many they are, and the last of them."""
    found = audit.entries(session, filtered, last.id if last else None, CHUNK)
    return lines(row(one) for one in found), len(found), found[-1] if found else last


def begin_sheet(page: AdminPage, name: str) -> None:
    page.set_header("Content-Type", "text/csv; charset=utf-8")
    page.set_header("Content-Disposition", f'attachment; filename="{name}.csv"')


def lines(rows: Iterable[Sequence[Value]]) -> str:
    """Lines of CSV in which nothing can become a formula."""
    sheet = io.StringIO()
    csv.writer(sheet).writerows([cell(value) for value in one] for one in rows)
    return sheet.getvalue()


def row(one: Entry) -> Sequence[Value]:
    return (one.id, one.at, one.who, one.what, one.object, told(one), one.request_id)


def told(one: Entry) -> str:
    """What else is known, as JSON in one line."""
    return json.dumps(one.detail, ensure_ascii=False, sort_keys=True) if one.detail else ""


def in_words(detail: dict[str, Any]) -> str:
    """The same for people: `role: student, from: nothing`."""
    return ", ".join(f"{name.replace('_', ' ')}: {_word(value)}" for name, value in detail.items())


def _word(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "nothing"
    if isinstance(value, dict):
        return f"({in_words(value)})"
    if isinstance(value, list):
        return ", ".join(map(_word, value))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def wanted(sent: dict[str, str]) -> Wanted:
    """Raises Invalid."""
    texts = {name: sent[name].replace("\0", "") for name in TEXTS}
    return Wanted(**texts, since=moment(sent["since"]), until=moment(sent["until"]))


def moment(text: str) -> datetime | None:
    """A time in UTC, unless it says otherwise. Raises Invalid."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"{text!r} is not a time such as 2026-12-01T18:00") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def number(text: str) -> int | None:
    """Raises Invalid."""
    if text and not (text.isdecimal() and len(text) < 19):
        raise Invalid("The number after which the log goes on is not one")
    return int(text) if text else None


ROUTES = [Route("admin/audit", AuditPage), Route("admin/audit.csv", AuditSheet)]
