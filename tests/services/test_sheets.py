"""No cell of a sheet becomes a formula."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from coursewright.services.sheets import Value, cell, to_csv

CASES: list[tuple[Value, str | int | float]] = [
    ("Grace", "Grace"),
    ("", ""),
    (None, ""),
    (-2.5, -2.5),
    (0, 0),
    ("=1+1", "'=1+1"),
    ("+1", "'+1"),
    ("-1", "'-1"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("  =1", "'  =1"),
    ("\t=1", "'\t=1"),
    ("\r=1", "'\r=1"),
    ("＝1", "'＝1"),
    ("a=1", "a=1"),
    (datetime(2026, 11, 20, 14, 5, tzinfo=UTC), "2026-11-20T14:05:00+00:00"),
]


@pytest.mark.parametrize(("value", "shown"), CASES)
def test_a_cell_that_could_be_a_formula_begins_with_a_quote(
    value: Value, shown: str | int | float
) -> None:
    assert cell(value) == shown


def test_a_sheet_keeps_commas_quotes_and_lines_in_their_cells() -> None:
    sheet = to_csv(("name",), [['a,"b"\nc']])
    assert list(csv.reader(io.StringIO(sheet.removeprefix("\N{BOM}")))) == [["name"], ['a,"b"\nc']]
