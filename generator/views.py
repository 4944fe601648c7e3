"""A notebook as text: what a student sees of it, for a solver that must know nothing more."""

from __future__ import annotations

from coursewright.records.course import Course, Lesson, Module
from coursewright.records.release import student_view


def as_student(lesson: Lesson) -> str:
    """The released notebook, cell by cell. Raises Invalid where it cannot be released."""
    course = Course("seen", "Seen", (Module("only", "Only", (lesson,)),))
    (released,) = student_view(course).lessons()
    parts = []
    for cell in released.cells:
        if cell.kind == "code":
            parts.append(f"```python\n{cell.source}\n```")
        elif cell.kind == "markdown" and "quiz" not in cell.own:
            parts.append(cell.source)
    return "\n\n".join(parts)
