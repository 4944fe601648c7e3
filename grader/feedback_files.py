"""Feedback as files, for who grades without the course service: a page and a notebook for each."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from coursewright.grader import feedback, feedback_notebook
from coursewright.grader.assemble import assemble
from coursewright.grader.result import Result
from coursewright.records.course import Lesson
from coursewright.records.errors import Invalid


def place(folder: str, name: str, names: Sequence[str]) -> Path:
    """Where the feedback on the file `name` belongs, without an ending.

    Below `folder` as the submissions lie below the folder that they all are in.
    """
    above = os.path.commonpath([os.path.dirname(os.path.abspath(one)) for one in names])
    return Path(folder, os.path.relpath(os.path.abspath(name), above)).with_suffix("")


def write(
    where: Path, source: Mapping[str, Any], submission: Mapping[str, Any], result: Result
) -> None:
    """Write `where`.html and `where`.ipynb. Raises Invalid where that cannot be done."""
    cells = assemble(source, source).source
    lesson = Lesson("lesson", where.name, cells, metadata=source.get("metadata", {}))
    notebook = where.with_name(f"{where.name}.ipynb")
    page = feedback.render(lesson, submission, result)
    try:
        where.parent.mkdir(parents=True, exist_ok=True)
        notebook.write_bytes(feedback_notebook.render(lesson, submission, result))
        html = where.with_name(f"{where.name}.html")
        html.write_bytes(feedback.placed(page, notebook=notebook.name))
    except OSError as error:
        raise Invalid(
            f"The feedback cannot be written to {where.parent}: {error.strerror}. "
            "Name another folder with --feedback"
        ) from error
