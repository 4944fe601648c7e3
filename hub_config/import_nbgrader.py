"""`coursewright import nbgrader DIR`: an nbgrader course becomes a course here, scores and all."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from traitlets import Bool, Unicode
from traitlets.config import Application

from coursewright.records import database, nbgrader_import, notebooks, schema
from coursewright.records.errors import Conflict, Invalid
from coursewright.records.nbgrader_gradebook import Scores, read_gradebook
from coursewright.records.nbgrader_import import Summary
from coursewright.records.nbgrader_source import Imported, read_nbgrader


class ImportNbgraderApp(Application):
    """Make a course of an nbgrader course directory: source notebooks, configuration, gradebook.

    Without --out and --publish nothing is written: it tells what it would do, and every problem
    with its file and cell. nbgrader_config.py is read, not run.
    """

    name = "coursewright import nbgrader"
    description = __doc__ or ""
    examples = """
        coursewright import nbgrader course101/                    # only tell what would be done
        coursewright import nbgrader course101/ --out my-course/   # write the folder of the course
        coursewright import nbgrader course101/ --publish          # publish it, import the scores

    It goes to the database that COURSEWRIGHT_DATABASE_URL names.
    """
    course = Unicode("", config=True, help="The course's key; without it, nbgrader's course_id.")
    title = Unicode("", config=True, help="The course's title; without it, nbgrader's course_id.")
    out = Unicode("", config=True, help="A new folder to write the course to.")
    publish = Bool(False, config=True, help="Publish the course and import its gradebook.")
    gradebook = Unicode(
        "", config=True, help="The gradebook's file or address, when it is not DIR/gradebook.db."
    )

    aliases = {
        "course": "ImportNbgraderApp.course",
        "title": "ImportNbgraderApp.title",
        "out": "ImportNbgraderApp.out",
        "gradebook": "ImportNbgraderApp.gradebook",
    }
    flags = {
        "publish": (
            {"ImportNbgraderApp": {"publish": True}},
            "Publish the course and import its gradebook.",
        ),
    }

    def start(self) -> None:
        super().start()
        if len(self.extra_args) != 1:
            raise Invalid("Say which course to import: coursewright import nbgrader DIR")
        directory = Path(self.extra_args[0])
        imported = read_nbgrader(directory, self.course or None, self.title or None)
        scores = self._scores(directory, imported)
        console = Console(file=sys.stdout)
        console.print(_overview(imported, scores))
        summary = self._write(directory, imported, scores)
        if summary is not None:
            console.print(_result(imported, summary))
        for note in summary.notes if summary else imported.notes:
            console.print(f"Note: {note}", markup=False, soft_wrap=True)
        if not (self.publish or self.out):
            console.print("Nothing was written. Say --out DIR, --publish, or both.")

    def _scores(self, directory: Path, imported: Imported) -> Scores | None:
        where = self.gradebook or str(imported.config.options.get("CourseDirectory.db_url", ""))
        if "://" in where and not where.startswith("sqlite:///"):
            return read_gradebook(where)
        path = Path(where.removeprefix("sqlite:///") or "gradebook.db")
        path = path if self.gradebook else directory / path
        if path.is_file():
            return read_gradebook(path)
        if self.gradebook:
            raise Invalid(f"{path} is missing")
        return None

    def _write(self, directory: Path, imported: Imported, scores: Scores | None) -> Summary | None:
        """The folder appears, complete, once all is stored; when anything fails, nothing does."""
        if not self.out:
            return self._publish(directory, imported, scores)
        target = Path(self.out)
        if target.exists():
            raise Conflict(f"{target} exists already; nothing was written. Name a new folder")
        target.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            notebooks.write_course(imported.course, made)
            summary = self._publish(directory, imported, scores)
            made.chmod(0o755)
            made.rename(target)
        finally:
            shutil.rmtree(made, ignore_errors=True)
        return summary

    def _publish(
        self, directory: Path, imported: Imported, scores: Scores | None
    ) -> Summary | None:
        if not self.publish:
            return None
        url = database.database_url(os.environ)
        schema.check(url)
        engine = database.make_engine(url)
        try:
            with (
                Progress(console=Console(stderr=True), transient=True) as progress,
                database.sessions(engine).begin() as session,
            ):
                task = progress.add_task("Scores", total=len(scores.handed) if scores else 0)
                return nbgrader_import.store(
                    session, imported, scores, directory, lambda: progress.advance(task)
                )
        finally:
            engine.dispose()


class ImportApp(Application):
    """Bring in a course that was made for another system."""

    name = "coursewright import"
    description = __doc__ or ""
    examples = """
        coursewright import nbgrader course101/ --publish
    """
    subcommands = {
        "nbgrader": (ImportNbgraderApp, "an nbgrader course directory, with its gradebook"),
    }

    def start(self) -> None:
        super().start()
        if self.subapp is None:
            self.print_help()
            self.exit(2)


def _overview(imported: Imported, scores: Scores | None) -> Table:
    course = imported.course
    table = Table(title=f"{course.title} ({course.key})", title_justify="left")
    for column in ("Lesson", "From", "Exercises", "Points", "Scores"):
        table.add_column(column, justify="left" if column in ("Lesson", "From") else "right")
    for (assignment, notebook), key in imported.lessons.items():
        lesson = course.lesson(key)
        if lesson is None:
            continue
        handed = [
            one
            for one in (scores.handed if scores else ())
            if (one.assignment, one.notebook) == (assignment, notebook)
        ]
        graded = [cell for cell in lesson.cells if cell.role in ("tests", "written", "task")]
        table.add_row(
            key,
            f"{assignment}/{notebook}.ipynb",
            str(sum(1 for _ in lesson.exercises())),
            f"{sum(cell.points for cell in graded):g}",
            str(len(handed)),
        )
    return table


def _result(imported: Imported, summary: Summary) -> Table:
    state = "published" if summary.created else "unchanged"
    table = Table(
        title=f"{imported.course.key}: version {summary.version}, {state}", title_justify="left"
    )
    table.add_column("Imported")
    table.add_column("Number", justify="right")
    for what, number in summary.counts.items():
        table.add_row(what, str(number))
    return table
