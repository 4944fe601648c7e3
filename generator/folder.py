"""The folder of a generated course: what of it is ours, and what a person has changed since.

.work/steps/         what each step came to      .work/calls.jsonl    every paid call
.work/request.json   what was asked for          .work/written.json   what we wrote, by digest
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coursewright.generator.request import Request
from coursewright.records.course import Course
from coursewright.records.errors import Conflict, Invalid
from coursewright.records.notebooks import APART, write_course

WORK, WRITTEN, REQUEST = ".work", "written.json", "request.json"


def unchanged(directory: Path) -> None:
    """Raises Conflict where a person has changed notebooks that a run would write again."""
    known = _load(directory / WORK / WRITTEN)
    changed = [name for name, now in _digests(directory) if known.get(name, now) != now]
    if changed:
        raise Conflict(
            f"{', '.join(changed)} in {directory} were changed since they were generated, and would"
            " be written again. Nothing was done. Name another folder with --out, or change single"
            " parts with `coursewright revise`, which keeps what you wrote."
        )


def write(directory: Path, course: Course) -> None:
    """The course, without notebooks of an earlier plan; and that these are as we wrote them."""
    wanted = {f"{APART}/{lesson.key}.ipynb" for lesson in course.lessons()}
    for name in set(_load(directory / WORK / WRITTEN)) - wanted:
        (directory / name).unlink(missing_ok=True)
    write_course(course, directory, apart=True)
    remember(directory)


def remember(directory: Path) -> None:
    """That the notebooks are as we wrote them, or as a person means them to be."""
    text = json.dumps(dict(_digests(directory)), indent=1)
    (directory / WORK / WRITTEN).write_text(text + "\n", encoding="utf-8")


def keep_request(directory: Path, request: Request, provider: str, seed: int) -> None:
    """For what is changed later. `provider` is "openai" or "bank"; neither has a secret."""
    data = {"request": request.model_dump(mode="json"), "provider": provider, "seed": seed}
    text = json.dumps(data, indent=1) + "\n"
    (directory / WORK / REQUEST).write_text(text, encoding="utf-8")


def request_of(directory: Path) -> tuple[Request, str, int] | None:
    """Request, provider and seed of the run that made this folder; None for a course by hand."""
    data = _load(directory / WORK / REQUEST)
    if not data:
        return None
    return Request.model_validate(data["request"]), data["provider"], data["seed"]


def _digests(directory: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((directory / APART).glob("*.ipynb")):
        content = path.read_bytes()
        yield path.relative_to(directory).as_posix(), hashlib.sha256(content).hexdigest()


def _load(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise Invalid(f"{path} is damaged: {error}. Take it away to go on without it.") from error
    return data if isinstance(data, dict) else {}
