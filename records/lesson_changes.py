"""What students see change in a lesson from one version of its course to the next."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.records.course import Cell, Course, Lesson, Role
from coursewright.records.tables import LessonVersion

LONGEST_TITLE = 60


@dataclass(frozen=True)
class CellDifference:
    """A cell that is not as it was; `title` is its exercise's, or how its text begins."""

    id: str
    kind: Literal["added", "removed", "changed", "moved"]
    role: Role
    title: str


def last_changes(
    was: Course | None, known: Mapping[str, int], now: Course, number: int
) -> dict[str, int]:
    """For each lesson the version in which it last changed; `now` becomes version `number`.

    `known` says the same of the version before it, `was`.
    """
    found = {}
    for lesson in now.lessons():
        old = was.lesson(lesson.key) if was else None
        same = old is not None and _shown(old) == _shown(lesson)
        found[lesson.key] = known.get(lesson.key, number) if same else number
    return found


def changed_in(session: Session, version_id: int | None) -> dict[str, int]:
    """For each lesson of a version the one in which it last changed."""
    rows = session.execute(
        select(LessonVersion.lesson, LessonVersion.changed_in).where(
            LessonVersion.version_id == version_id
        )
    )
    return {lesson: number for lesson, number in rows}


def differences(old: Lesson, new: Lesson) -> Iterator[CellDifference]:
    """In the order of the new lesson; what was removed comes last."""
    before = {cell.id: cell for cell in old.cells}
    after = {cell.id: cell for cell in new.cells}
    titles = {**_titles(old), **_titles(new)}
    moved = _moved([i for i in before if i in after], [i for i in after if i in before])
    for cell in new.cells:
        was = before.get(cell.id)
        if was is None:
            yield CellDifference(cell.id, "added", cell.role, titles[cell.id])
        elif was.to_notebook() != cell.to_notebook():
            yield CellDifference(cell.id, "changed", cell.role, titles[cell.id])
        elif cell.id in moved:
            yield CellDifference(cell.id, "moved", cell.role, titles[cell.id])
    for cell in old.cells:
        if cell.id not in after:
            yield CellDifference(cell.id, "removed", cell.role, titles[cell.id])


def _moved(before: list[str], after: list[str]) -> set[str]:
    """Those that are not among the most that kept their order."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    stayed = {name for block in blocks for name in before[block.a : block.a + block.size]}
    return set(before) - stayed


def _titles(lesson: Lesson) -> dict[str, str]:
    titles, exercise = {}, ""
    for cell in lesson.cells:
        if cell.role == "solution":
            exercise = str(cell.own.get("title") or cell.grade_id or "")
        titles[cell.id] = exercise if cell.role in ("solution", "tests") else _beginning(cell)
    return titles


def _beginning(cell: Cell) -> str:
    first = next((line.strip() for line in cell.source.splitlines() if line.strip()), "")
    bare = first.lstrip("# ").strip()
    return bare if len(bare) <= LONGEST_TITLE else f"{bare[: LONGEST_TITLE - 1]}…"


def _shown(lesson: Lesson) -> str:
    return json.dumps(lesson.to_notebook(), sort_keys=True)
