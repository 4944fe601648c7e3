"""Drafts of changes beside a course: what would change, whether it is proven, how it is accepted.

DIR/.drafts/<n>/draft.json     what was asked for, what the gates say, what it is a change of
               changes.diff    cell by cell, against the course as it was
               course.json, notebooks/, receipts/; for variants also variants/
"""

from __future__ import annotations

import difflib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursewright.generator import receipts
from coursewright.generator.changes import Changed
from coursewright.generator.parts import with_lesson
from coursewright.generator.steps import digest
from coursewright.records.course import Course, Lesson
from coursewright.records.errors import Conflict, NotFound
from coursewright.records.notebooks import APART, read_course, write_course

DRAFTS, DRAFT, DIFF, VARIANTS = ".drafts", "draft.json", "changes.diff", "variants"


@dataclass(frozen=True)
class Proposal:
    """`findings` keep it from being accepted; `base` are digests of what it is a change of."""

    folder: Path
    asked: str
    findings: tuple[str, ...]
    base: dict[str, str]
    accepted: bool = False

    @property
    def number(self) -> int:
        return int(self.folder.name)

    @property
    def diff(self) -> str:
        return (self.folder / DIFF).read_text(encoding="utf-8")

    def save(self) -> None:
        data = {
            "asked": self.asked,
            "findings": list(self.findings),
            "base": self.base,
            "accepted": self.accepted,
        }
        text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
        (self.folder / DRAFT).write_text(text, encoding="utf-8")


def new_folder(directory: Path) -> Path:
    """The folder of the next draft."""
    taken = [int(one.name) for one in (directory / DRAFTS).glob("*") if one.name.isdigit()]
    folder = directory / DRAFTS / str(max(taken, default=0) + 1)
    folder.mkdir(parents=True)
    return folder


def propose(folder: Path, course: Course, changed: Changed, asked: str, maker: str) -> Proposal:
    """Write the draft into its folder. `course` is what it is a change of."""
    write_course(changed.course, folder, apart=True)
    for number, lesson in enumerate(changed.variants, 1):
        place = folder / VARIANTS / str(number)
        write_course(with_lesson(course, lesson), place, apart=True)
    receipts.write(folder / "receipts", receipts.of_outcomes(changed.outcomes, maker))
    (folder / DIFF).write_text(difference(course, changed), encoding="utf-8")
    proposal = Proposal(
        folder,
        asked,
        tuple(f"{one.gate} {one.place}: {one.message}" for one in changed.findings),
        digests(course),
    )
    proposal.save()
    return proposal


def read(directory: Path, number: int) -> Proposal:
    """Raises NotFound."""
    folder = directory / DRAFTS / str(number)
    try:
        data: dict[str, Any] = json.loads((folder / DRAFT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NotFound(f"{directory} has no draft {number}.") from None
    return Proposal(folder, data["asked"], tuple(data["findings"]), data["base"], data["accepted"])


def accept(directory: Path, proposal: Proposal) -> list[str]:
    """Put the draft into the course; the keys of the lessons that changed.

    Raises Conflict where it is accepted already, is not proven, or the course has changed in the
    lessons that it is about; then nothing is written.
    """
    if proposal.accepted:
        raise Conflict(f"Draft {proposal.number} is accepted already.")
    if proposal.findings:
        said = "\n".join(proposal.findings)
        raise Conflict(f"Draft {proposal.number} is not proven; nothing was changed.\n{said}")
    course, draft = read_course(directory), read_course(proposal.folder)
    fresh, now = digests(draft), digests(course)
    changed = [key for key, value in fresh.items() if proposal.base.get(key) != value]
    moved = [
        key
        for key in {*changed, *proposal.base.keys() - fresh.keys()}
        if now.get(key) != proposal.base.get(key)
    ]
    if moved:
        raise Conflict(
            f"{', '.join(sorted(moved))} changed since draft {proposal.number} was made; nothing"
            " was written. Make the draft again."
        )
    for lesson in course.lessons():  # what a person has changed meanwhile elsewhere stays
        if lesson.key in fresh and lesson.key not in changed:
            draft = with_lesson(draft, lesson)
    write_course(draft, directory, apart=(directory / APART).is_dir())
    for name in ("receipts", VARIANTS):
        if (proposal.folder / name).is_dir():
            shutil.copytree(proposal.folder / name, directory / name, dirs_exist_ok=True)
    Proposal(proposal.folder, proposal.asked, (), proposal.base, accepted=True).save()
    return [key for key in changed if key != ABOUT]


ABOUT = "course.json"  # the course's own facts, among the digests of its lessons


def digests(course: Course) -> dict[str, str]:
    """By key of the lesson; the course without its lessons is one more."""
    document = course.to_json()
    found = {
        item["key"]: digest(item) for module in document["modules"] for item in module["lessons"]
    }
    for module in document["modules"]:
        module["lessons"] = [item["key"] for item in module["lessons"]]
    return {ABOUT: digest(document), **found}


def difference(course: Course, changed: Changed) -> str:
    """Lesson by lesson, cell by cell, as `diff -u` has it."""
    pairs = [(old, new, key) for key, old, new in _pairs(course, changed.course) if old != new]
    for number, lesson in enumerate(changed.variants, 1):
        pairs.append(
            (as_text(_lesson(course, lesson.key)), as_text(lesson), f"{lesson.key} {number}")
        )
    lines: list[str] = []
    for old, new, name in pairs:
        lines += difflib.unified_diff(
            old, new, f"{name} as it is", f"{name} in the draft", "", "", 3
        )
    return "".join(lines)


def _pairs(course: Course, other: Course) -> Iterator[tuple[str, list[str], list[str]]]:
    before = {one.key: as_text(one) for one in course.lessons()}
    after = {one.key: as_text(one) for one in other.lessons()}
    yield ABOUT, _facts(course), _facts(other)
    for key in dict.fromkeys([*before, *after]):
        yield key, before.get(key, []), after.get(key, [])


def _facts(course: Course) -> list[str]:
    lines = [course.title, course.summary, course.language, *course.objectives]
    for module in course.modules:
        lines += [module.title, *(f"  {one.key}: {one.title}" for one in module.lessons)]
    return [f"{line}\n" for line in lines]


def as_text(lesson: Lesson) -> list[str]:
    """Lines: each cell under its id, with what the platform knows of it beside its text."""
    lines = [f"{lesson.title}\n", *(f"- {one}\n" for one in lesson.objectives)]
    for cell in lesson.cells:
        lines.append(f"## {cell.id} ({cell.role})\n")
        lines += [f"{line}\n" for line in cell.source.splitlines()]
        own = {name: value for name, value in cell.own.items() if name != "proof"}
        if own:
            lines += [
                f"{line}\n" for line in json.dumps(own, indent=1, ensure_ascii=False).splitlines()
            ]
    return lines


def _lesson(course: Course, key: str) -> Lesson:
    return next(one for one in course.lessons() if one.key == key)
