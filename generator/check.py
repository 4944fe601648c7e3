"""`coursewright check DIR`: the gates that generated courses pass, on notebooks of any hand."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from traitlets import Bool, Int, List, Unicode
from traitlets.config import Application

from coursewright.generator.gates.course import Checked, check_course, coverage, parts
from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.records.course import Course
from coursewright.records.errors import Invalid
from coursewright.records.notebooks import read_course


class CheckApp(Application):
    """Try a course's exercises, quizzes and lessons before anyone learns from them.

    Each exercise: does its solution pass, does its starter fail, do its tests notice small
    mistakes, does every promise have a test? Exit 0 when nothing blocks, 1 when something does.
    """

    name = "coursewright check"
    description = __doc__ or ""
    examples = """
        coursewright check my-course/                # a table of what to mend
        coursewright check my-course/ --json         # everything that was measured
        coursewright check my-course/ --libraries numpy
    """

    json = Bool(False, config=True, help="Print one JSON object instead of tables.")
    jobs = Int(2, min=1, config=True, help="How many parts are checked at a time.")
    libraries = List(Unicode(), config=True, help="What every exercise may import.")
    seed = Int(0, config=True, help="Picks the mutants where there are too many.")

    aliases = {
        "jobs": "CheckApp.jobs",
        "libraries": "CheckApp.libraries",
        "seed": "CheckApp.seed",
    }
    flags = {"json": ({"CheckApp": {"json": True}}, "Print one JSON object.")}

    def start(self) -> None:
        super().start()
        if len(self.extra_args) != 1:
            raise Invalid("Say which folder to check: coursewright check DIR")
        course = read_course(Path(self.extra_args[0]))
        checked = self._checked(course)
        if self.json:
            sys.stdout.write(json.dumps(to_json(course, checked)) + "\n")
        else:
            show(Console(), course, checked)
        self.exit(0 if checked.passed else 1)

    def _checked(self, course: Course) -> Checked:
        total = len(list(parts(course, self.libraries, self.seed)))
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("Checking", total=total)

            def done(place: str, _: Sequence[GateResult]) -> None:
                progress.update(task, advance=1, description=place)

            return check_course(course, self.jobs, self.libraries, done, self.seed)


def show(console: Console, course: Course, checked: Checked) -> None:
    """What to mend, then what was measured, for a person."""
    if checked.findings:
        table = Table("Where", "Gate", "What", title="What to look at", show_lines=True)
        for finding in sorted(checked.findings, key=lambda one: not one.blocks):
            mark = "" if finding.blocks else " (a note)"
            table.add_row(finding.place, finding.gate + mark, finding.message)
        console.print(table)
    scores = mutation_scores(checked)
    counts = coverage(course).values()
    blocking = sum(finding.blocks for finding in checked.findings)
    console.print(
        f"{course.title}: {sum(one['exercises'] for one in counts)} exercises,"
        f" {sum(one['promises'] for one in counts)} promises,"
        f" {sum(one['items'] for one in counts)} quiz items"
    )
    if scores:
        console.print(
            f"Mutation score: median {median(scores):.0%}, lowest {scores[0]:.0%}"
            f" ({checked.seconds:.0f} s)"
        )
    console.print("Nothing blocks." if not blocking else f"{blocking} findings block.")


def mutation_scores(checked: Checked) -> list[float]:
    """The lowest first."""
    results = [one for found in checked.places.values() for one in found if one.gate == "G6"]
    scores = [one.figures.get("score") for one in results]
    return sorted(score for score in scores if score is not None)


def to_json(course: Course, checked: Checked) -> dict[str, Any]:
    scores = mutation_scores(checked)
    return {
        "course": course.key,
        "passed": checked.passed,
        "seconds": round(checked.seconds, 1),
        "mutation_median": median(scores) if scores else None,
        "mutation_min": scores[0] if scores else None,
        "coverage": coverage(course),
        "findings": [_said(one) for one in checked.findings],
        "places": {
            place: [result.to_json() for result in results]
            for place, results in checked.places.items()
        },
        "whole": [result.to_json() for result in checked.course],
    }


def _said(finding: Finding) -> dict[str, Any]:
    return {
        "gate": finding.gate,
        "place": finding.place,
        "message": finding.message,
        "blocks": finding.blocks,
    }
