"""What a course is asked for: a YAML or JSON file, checked with messages for teachers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coursewright.generator.drafts import Key, Line, Outline
from coursewright.records.errors import Invalid

MOST_MODULES = 40
LARGEST = 1 << 20  # bytes of a file
M = TypeVar("M", bound=BaseModel)
Level = Literal["beginner", "intermediate", "advanced"]


class Request(BaseModel):
    """`sources` are files of the author's own material, relative to the request's file.

    `outline` fixes the plan: then only its parts are made. `language` is a tag such as "en".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: Line
    key: Key | None = None
    title: Line | None = None
    audience: str = Field(default="", max_length=500)
    level: Level = "beginner"
    objectives: list[Line] = Field(default=[], max_length=20)
    prerequisites: list[Line] = Field(default=[], max_length=20)
    hours: float = Field(default=6, gt=0, le=400)
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    modules: int = Field(default=4, ge=1, le=MOST_MODULES)
    lessons: int = Field(default=1, ge=1, le=12, description="lessons in each module")
    exercises: int = Field(default=4, ge=0, le=12, description="exercises in each lesson")
    libraries: list[Line] = Field(default=[], max_length=20)
    style: str = Field(default="", max_length=2000)
    sources: list[str] = Field(default=[], max_length=20)
    outline: Outline | None = None


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field; `field` is its name, with a dot before each part of a part."""

    field: str
    message: str


def read_request(path: Path) -> Request:
    """Raises Invalid with every problem, each with its field and what would be right."""
    return parse_request(_read(path, "a request is a page of YAML"), str(path))


def parse_request(data: Any, name: str = "the request") -> Request:
    """Raises Invalid as read_request."""
    if not isinstance(data, dict):
        raise Invalid(f"{name} must be a list of fields, beginning with `topic: …`.")
    return _checked(Request, data, f"{name} is not a request for a course")


def problems(data: Any) -> list[Problem]:
    """The first of each field; none where `parse_request` would take it."""
    try:
        Request.model_validate(data)
    except ValidationError as error:
        found: dict[str, Problem] = {}
        for one in _problems(error):
            found.setdefault(one.field, one)
        return list(found.values())
    return []


def read_outline(path: Path) -> Outline:
    """Raises Invalid as read_request."""
    data = _read(path, "an outline is some pages of YAML")
    return _checked(Outline, data, f"{path} is not the outline of a course")


def write_outline(outline: Outline, path: Path) -> None:
    """As YAML, in the order in which a person reads it."""
    text = yaml.safe_dump(outline.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
    path.write_text(text, encoding="utf-8")


def _read(path: Path, size: str) -> Any:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from error
    if len(content) > LARGEST:
        raise Invalid(f"{path} is larger than {LARGEST >> 20} MB; {size}.")
    try:
        return yaml.safe_load(content.decode("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(f"{path} is neither YAML nor JSON: {error}") from error


def _checked(model: type[M], data: Any, what: str) -> M:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        told = "\n".join(f"  {one.field}: {one.message}" for one in _problems(error))
        raise Invalid(f"{what}:\n{told}") from None


def _problems(error: ValidationError) -> list[Problem]:
    return [Problem(_place(one["loc"]), one["msg"]) for one in error.errors()]


def _place(parts: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in parts) or "the whole"
