"""A question bank as a document or as a sheet, out and in again without loss.

In the sheet one question is a line; options and forms stand one below the other in their cell, and
`right` names the right options by their numbers, from 1. A line break within an option is `\\n`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from coursewright.grader import bank_questions
from coursewright.records import bank
from coursewright.records.bank import Desk, Entry
from coursewright.records.course import KINDS
from coursewright.records.errors import Invalid
from coursewright.services.sheets import BOM, FORMULA, to_csv

COLUMNS = (
    "kind", "prompt", "code", "options", "right", "reasons", "answer", "tolerance", "relative",
    "accepted", "explanation", "concepts", "points", "difficulty",
)  # fmt: skip
NUMBERS = ("tolerance", "relative", "points")
ESCAPES = {"\\n": "\n", "\\\\": "\\"}
ESCAPED = re.compile(r"\\[n\\]")
MOST = 2000  # questions of one import


def document(session: Session, desk: Desk) -> dict[str, Any]:
    """All questions in use, as an import takes them."""
    return {"questions": [plain(entry) for entry in bank.everything(session, desk)]}


def sheet(session: Session, desk: Desk) -> str:
    return to_csv(COLUMNS, (line(entry) for entry in bank.everything(session, desk)))


def take_in(session: Session, desk: Desk, sent: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Add all questions, or none; those that the bank has already are left out.

    Raises Invalid with the number of the question that is none.
    """
    if len(sent) > MOST:
        raise Invalid(f"An import has up to {MOST} questions")
    added = 0
    for number, one in enumerate(sent, 1):
        try:
            item = bank_questions.question(one["question"])
            level = bank_questions.difficulty(one.get("difficulty"))
        except Invalid as error:
            raise Invalid(f"Nothing was added. Question {number}: {error}") from None
        if bank.same(session, desk, item, level) is None:
            bank.add(session, desk, item, level)
            added += 1
    return {"added": added, "known": len(sent) - added}


def plain(entry: Entry) -> dict[str, Any]:
    """The question without its number, which is this bank's own."""
    content = entry.question.to_json()
    del content["key"]
    return {"question": content, "difficulty": entry.difficulty}


def line(entry: Entry) -> list[str | float | None]:
    item = entry.question
    right = [str(n) for n, one in enumerate(item.options, 1) if one.correct]
    reasons = [one.why for one in item.options]
    return [
        item.kind,
        item.prompt,
        item.code,
        _stacked(one.text for one in item.options),
        " ".join(right),
        _stacked(reasons) if any(reasons) else "",
        None if item.answer is None else str(item.answer),
        item.tolerance or None,
        item.relative or None,
        _stacked(item.accepted),
        item.explanation,
        _stacked(item.concepts),
        item.points,
        entry.difficulty,
    ]


def read(text: str) -> list[dict[str, Any]]:
    """What stands in a sheet. Raises Invalid with the line that cannot be read."""
    rows = csv.DictReader(io.StringIO(text.removeprefix(BOM)))
    try:
        names = {name.strip().lower() for name in rows.fieldnames or ()}
        if not {"kind", "prompt"} <= names or names - set(COLUMNS):
            raise Invalid(
                f"The sheet needs the columns kind and prompt; it may have {', '.join(COLUMNS)}"
            )
        return [_read(number, row) for number, row in enumerate(rows, 1)]
    except csv.Error as error:
        raise Invalid(f"The sheet cannot be read: {error}") from None


def _read(number: int, row: Mapping[str | None, Any]) -> dict[str, Any]:
    if None in row:
        raise Invalid(f"Question {number} has more cells than the sheet has columns")
    cells = {str(name).strip().lower(): _bare(value or "") for name, value in row.items()}
    if cells["kind"] not in KINDS:
        raise Invalid(f"Question {number}: kind must be one of {', '.join(KINDS)}")
    found: dict[str, Any] = {name: cells[name] for name in ("kind", "prompt")}
    found |= {name: cells[name] for name in ("code", "explanation") if cells.get(name)}
    found |= {name: _listed(cells.get(name, "")) for name in ("accepted", "concepts")}
    right = {_whole(number, word) for word in cells.get("right", "").replace(",", " ").split()}
    reasons = _listed(cells.get("reasons", ""))
    found["options"] = [
        {
            "text": option,
            "correct": place in right,
            "why": reasons[place - 1] if place <= len(reasons) else "",
        }
        for place, option in enumerate(_listed(cells.get("options", "")), 1)
    ]
    if cells.get("answer"):
        found["answer"] = cells["answer"]
    for name in NUMBERS:
        if cells.get(name):
            found[name] = _number(number, cells[name])
    return {"question": found, "difficulty": cells.get("difficulty") or None}


def _stacked(texts: Iterable[str]) -> str:
    return "\n".join(one.replace("\\", "\\\\").replace("\n", "\\n") for one in texts)


def _listed(cell: str) -> list[str]:
    """A cell's lines; `\\n` is a line break within one, `\\\\` a backslash."""
    lines = cell.replace("\r\n", "\n").split("\n") if cell else []
    return [ESCAPED.sub(lambda found: ESCAPES[found[0]], one) for one in lines]


def _bare(cell: str) -> str:
    """Without the quote that keeps a spreadsheet from computing the cell."""
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip().startswith(FORMULA) else cell


def _number(number: int, text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise Invalid(f"Question {number}: {text[:40]!r} is no number") from None


def _whole(number: int, text: str) -> int:
    if not text.isascii() or not text.isdecimal():
        raise Invalid(f"Question {number}: {text[:40]!r} is not the number of an option")
    return int(text)
