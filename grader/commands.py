"""`coursewright grade`: notebooks graded from the command line, without a Hub or a database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from traitlets import Bool, Float, Integer, Unicode
from traitlets.config import Application

from coursewright.grader.grade import grade
from coursewright.grader.limits import DEFAULT, Limits
from coursewright.grader.result import Result
from coursewright.records.errors import CoursewrightError, Invalid
from coursewright.records.intake import check_notebook


class GradeApp(Application):
    """Grade submissions against a source notebook, each in a sandbox of its own."""

    name = "coursewright grade"
    description = __doc__ or ""
    examples = """
        coursewright grade --source ps1.ipynb submitted/*.ipynb
        coursewright grade --source ps1.ipynb --json ada.ipynb | jq .score
    """

    source = Unicode(config=True, help="The source notebook, with its solutions and hidden tests.")
    json = Bool(False, config=True, help="Print one JSON object a line instead of a table.")
    cell_seconds = Float(DEFAULT.cell_seconds, config=True, help="Wall time for one cell.")
    total_seconds = Float(DEFAULT.total_seconds, config=True, help="Wall time for a submission.")
    memory = Integer(DEFAULT.memory, config=True, help="Bytes of address space per process.")
    processes = Integer(DEFAULT.processes, config=True, help="Processes at once.")
    output = Integer(DEFAULT.output, config=True, help="Bytes that one cell may print.")
    file_size = Integer(DEFAULT.file_size, config=True, help="Bytes that one file may have.")

    aliases = {
        "source": "GradeApp.source",
        "cell-seconds": "GradeApp.cell_seconds",
        "total-seconds": "GradeApp.total_seconds",
    }
    flags = {
        "json": ({"GradeApp": {"json": True}}, "Print one JSON object a line."),
    }

    def start(self) -> None:
        """Exit 0 when every submission was graded, 1 when one could not be."""
        super().start()
        if not self.source or not self.extra_args:
            raise Invalid("Say what to grade: coursewright grade --source S.ipynb SUBMISSION.ipynb")
        source = read_notebook(self.source)
        graded = [self._one(source, name) for name in self.extra_args]
        self.exit(0 if all(graded) else 1)

    def limits(self) -> Limits:
        return Limits(
            cell_seconds=self.cell_seconds,
            total_seconds=self.total_seconds,
            memory=self.memory,
            processes=self.processes,
            output=self.output,
            file_size=self.file_size,
        )

    def _one(self, source: dict[str, Any], name: str) -> bool:
        try:
            result = grade(source, read_notebook(name), self.limits())
        except CoursewrightError as error:
            self._write({"submission": name, "error": str(error)}, f"{name}\tnot graded: {error}")
            return False
        self._write({"submission": name, **result.to_json()}, table(name, result))
        return True

    def _write(self, data: dict[str, Any], text: str) -> None:
        sys.stdout.write(f"{json.dumps(data) if self.json else text}\n")
        sys.stdout.flush()


def read_notebook(name: str) -> dict[str, Any]:
    """Raises Invalid when the file cannot be read, or is no notebook that can be graded."""
    try:
        return check_notebook(Path(name).read_bytes(), sys.maxsize)
    except OSError as error:
        raise Invalid(f"{name}: {error.strerror}") from None
    except Invalid as error:
        raise Invalid(f"{name}: {error}") from None


def table(name: str, result: Result) -> str:
    """A few aligned lines for a person."""
    width = max((len(cell.grade_id) for cell in result.cells), default=0)
    lines = [f"{name}  {result.score:g} of {result.max_score:g}  ({result.seconds:.2f} s)"]
    for cell in result.cells:
        points = f"{cell.points:g}/{cell.max_points:g}"
        line = f"  {cell.grade_id:{width}}  {points:>7}  {cell.status:7}  {cell.message}"
        lines.append(line.rstrip())
    lines += [f"  ({repair})" for repair in result.repairs]
    return "\n".join(lines)
