"""A roster as CSV: written for spreadsheets, and read as they and their people write it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coursewright.records.errors import Invalid
from coursewright.records.members import Member
from coursewright.records.roster_import import Line, Wrong
from coursewright.services.sheets import BOM, FORMULA, to_csv

COLUMNS = ("name", "display_name", "role", "section", "group")
SEPARATORS = (",", ";", "\t")
MOST = 20_000  # lines
UTF8 = (
    "In Excel save it as “CSV UTF-8”; in LibreOffice choose the character set “Unicode (UTF-8)” "
    "when you save"
)


@dataclass(frozen=True)
class Sheet:
    """What was read; `ignored` are columns that say nothing here."""

    lines: tuple[Line | Wrong, ...]
    ignored: tuple[str, ...]


def write(people: Iterable[Member]) -> str:
    """What `read` reads back to the very same."""
    return to_csv(COLUMNS, ([guarded(getattr(one, name)) for name in COLUMNS] for one in people))


def guarded(text: str | None) -> str:
    """Text that looks like one made harmless gets one more quote, which `bare` takes away."""
    return "'" + text if text and text.startswith("'") and _computes(text) else text or ""


def bare(text: str) -> str:
    """The text without the quote that keeps a spreadsheet from computing it."""
    return text[1:] if text.startswith("'") and _computes(text) else text


def read(content: bytes) -> Sheet:
    """Raises Invalid for what is no table of people; what is wrong in a line stands in the line."""
    return parse(decoded(content))


def parse(text: str) -> Sheet:
    """The same for text."""
    text = text.removeprefix(BOM)
    first, _, rest = text.partition("\n")
    separator = None
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        separator, text = first.strip()[4], "\n" + rest
    if separator is None:
        separator = _separator(text)
    rows = list(_rows(text, separator))
    if not rows:
        raise Invalid("The file has no lines")
    header = _header(rows[0][1])
    if len(rows) - 1 > MOST:
        raise Invalid(f"The file has {len(rows) - 1} lines; up to {MOST} can be taken at once")
    lines = tuple(_line(number, row, header) for number, row in rows[1:])
    return Sheet(lines, tuple(name for name in header if name and name not in COLUMNS))


def decoded(content: bytes) -> str:
    """Raises Invalid, with the place and with what to do, for what is not Unicode."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise Invalid(f"The file begins as UTF-16 and does not go on so. {UTF8}") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        raise Invalid(
            f"The file is not in UTF-8: line {line} has the byte 0x{byte:02X}, perhaps of an older "
            f"encoding such as Windows-1252. {UTF8}"
        ) from error
    if "\0" in text:
        raise Invalid(f"The file is not text in UTF-8. {UTF8}")
    return text


def _computes(text: str) -> bool:
    return text.lstrip("'").lstrip().startswith(FORMULA)


def _separator(text: str) -> str:
    """The one by which the first line has most of our columns."""
    first = next((line for line in text.splitlines() if line.strip()), "")

    def known(separator: str) -> int:
        cells = next(csv.reader([first], delimiter=separator), [])
        return len({_named(cell) for cell in cells} & set(COLUMNS))

    return max(SEPARATORS, key=known)


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, each with the number of the line where it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begin = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield begin, row
            begin = reader.line_num + 1
    except csv.Error as error:
        raise Invalid(
            f"The line {begin} cannot be read: perhaps a quotation mark is not closed there"
        ) from error


def _header(cells: list[str]) -> list[str]:
    header = [_named(cell) for cell in cells]
    if "name" not in header:
        raise Invalid(
            f"The first line must name the columns, and one must be “name”; they may be "
            f"{', '.join(COLUMNS)}"
        )
    double = [name for name in COLUMNS if header.count(name) > 1]
    if double:
        raise Invalid(f"The column {double[0]} is there twice")
    return header


def _named(cell: str) -> str:
    return "_".join(cell.strip().lower().replace("-", " ").replace("_", " ").split())


def _line(number: int, row: list[str], header: list[str]) -> Line | Wrong:
    values = {
        name: bare(cell.strip()) for name, cell in zip(header, row, strict=False) if name in COLUMNS
    }
    if len(row) != len(header):
        reason = f"The line has {len(row)} cells, and the first line has {len(header)}"
        return Wrong(number, values.get("name", ""), reason)
    return Line(number, **values)
