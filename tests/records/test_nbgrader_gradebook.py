"""Gradebooks that are none, and marks; test_import_nbgrader.py reads one that nbgrader made."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coursewright.records.errors import Invalid
from coursewright.records.nbgrader_gradebook import Handed, Mark, read_gradebook
from coursewright.records.nbgrader_import import idempotency_key, status


def test_a_database_of_something_else_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db"
    with sqlite3.connect(path) as book:
        book.execute("CREATE TABLE grade (id INTEGER)")
    book.close()
    with pytest.raises(Invalid, match=r"gradebook.db is no gradebook .* lacks assignment"):
        read_gradebook(path)


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be one" * 30, None])
def test_what_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "gradebook.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Invalid, match=r"gradebook.db cannot be read as a gradebook"):
        read_gradebook(path)
    assert path.exists() == (content is not None)


STATUSES = [
    (Mark("a", 0, 2, True), "manual"),
    (Mark("a", 2, 2, False), "passed"),
    (Mark("a", 3, 2, False), "passed"),
    (Mark("a", 1, 2, False), "partial"),
    (Mark("a", 0, 2, False), "failed"),
    (Mark("a", 0, 0, False), "passed"),
]


@pytest.mark.parametrize(("mark", "called"), STATUSES)
def test_marks_get_a_status(mark: Mark, called: str) -> None:
    assert status(mark) == called


def test_a_hand_in_is_known_by_its_student_notebook_and_moment() -> None:
    moments = (None, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))
    keys = [idempotency_key(Handed("a", "n", "s", moment, 0, ())) for moment in moments]
    keys.append(idempotency_key(Handed("a", "n", "t", None, 0, ())))
    assert len(set(keys)) == 4
    assert all(8 <= len(key) <= 200 for key in keys)
