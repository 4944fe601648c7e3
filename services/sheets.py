"""Tables for spreadsheets, in which no cell can become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

# What makes a spreadsheet compute a cell (OWASP, "CSV injection"), full-width forms too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"

Value = str | int | float | datetime | None


def to_csv(columns: Sequence[str], rows: Iterable[Iterable[Value]]) -> str:
    """CSV (RFC 4180) with a byte order mark, by which spreadsheets know UTF-8."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return BOM + sheet.getvalue()


def cell(value: Value) -> str | int | float:
    """The value as it may stand in a sheet; text that could be a formula begins with a quote."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, str) and value.lstrip().startswith(FORMULA):
        return "'" + value
    return value
