"""The courses that ship with the release: folders of source notebooks, data of this package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from coursewright.records.course import Course
from coursewright.records.errors import NotFound
from coursewright.records.notebooks import read_course


def shipped() -> dict[str, Path]:
    """Each course's key and its folder, in the order of the keys."""
    courses = Path(str(files("coursewright.generator"))) / "courses"
    return {about.parent.name: about.parent for about in sorted(courses.glob("*/course.json"))}


def load(key: str) -> Course:
    """Raises NotFound for a course that does not ship."""
    folders = shipped()
    if key not in folders:
        raise NotFound(f"no course {key!r} ships with this release; there is {', '.join(folders)}")
    return read_course(folders[key])
