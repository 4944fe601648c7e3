"""`coursewright grade`: notebooks graded from the command line, without a Hub or a database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from traitlets import Bool, Unicode

from coursewright.grader.grade import grade
from coursewright.grader.options import GradingApp
from coursewright.grader.result import Result
from coursewright.records.errors import CoursewrightError, Invalid
from coursewright.records.intake import check_notebook


class GradeApp(GradingApp):
    """Grade submissions against a source notebook, each in a sandbox of its own."""

    name = "coursewright grade"
    description = __doc__ or ""
    examples = """
        coursewright grade --source ps1.ipynb submitted/*.ipynb
        coursewright grade --source ps1.ipynb --json ada.ipynb | jq .score
        coursewright grade --source ps1.ipynb --feedback feedback/ submitted/*.ipynb
    """

    source = Unicode(config=True, help="The source notebook, with its solutions and hidden tests.")
    json = Bool(False, config=True, help="Print one JSON object a line instead of a table.")
    feedback = Unicode(
        config=True, help="A folder: a page and a notebook for each student are written there."
    )

    aliases = {
        "source": "GradeApp.source",
        "feedback": "GradeApp.feedback",
        **GradingApp.aliases,
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

    def _one(self, source: dict[str, Any], name: str) -> bool:
        try:
            submission = read_notebook(name)
            result = grade(source, submission, self.limits())
            self._keep(source, submission, name, result)
        except CoursewrightError as error:
            self._write({"submission": name, "error": str(error)}, f"{name}\tnot graded: {error}")
            return False
        self._write({"submission": name, **result.to_json()}, table(name, result))
        return True

    def _keep(
        self, source: dict[str, Any], submission: dict[str, Any], name: str, result: Result
    ) -> None:
        if self.feedback:
            from coursewright.grader.feedback_files import place, write

            write(place(self.feedback, name, self.extra_args), source, submission, result)

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
