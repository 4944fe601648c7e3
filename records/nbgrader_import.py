"""An nbgrader course and its gradebook into the database, in the caller's one transaction.

A second import changes nothing that is the same: a hand-in is known by its student, notebook and
moment, and a grading is added only where the marks are others. What was handed in is taken from
the course directory where it still lies; where it does not, an empty notebook stands for it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import blobs, courses, events, members
from coursewright.records.course import Lesson
from coursewright.records.errors import CoursewrightError, Invalid
from coursewright.records.intake import NOT_THERE, check_notebook, fit
from coursewright.records.nbgrader_gradebook import Handed, Mark, Scores
from coursewright.records.nbgrader_source import Imported
from coursewright.records.policies import Policy
from coursewright.records.tables import CourseRow, Deadline, Grading, Person, Score, Submission

ORIGIN = "The marks were given in nbgrader and imported from its gradebook."
NOT_KEPT = "The notebook itself was not kept; only its marks were."
FOLDERS = (("submitted_directory", "submitted"), ("autograded_directory", "autograded"))


@dataclass
class Summary:
    """What an import came to; `counts` by what was counted, `notes` for the person who reads."""

    version: int = 0
    created: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def store(
    session: Session,
    imported: Imported,
    scores: Scores | None,
    directory: Path,
    advance: Callable[[], object] = lambda: None,
) -> Summary:
    """Publish the course, enrol its students, and keep their marks as gradings.

    `advance` is called after each hand-in. Raises Invalid with everything that is in the way;
    the caller's transaction must then be rolled back.
    """
    summary = Summary(notes=list(imported.notes))
    version = courses.publish(session, imported.course, "Imported from nbgrader", None)
    summary.version, summary.created = version.number, version.created
    if scores is not None:
        writer = _Writer(session, imported, directory, version.id, summary)
        writer.people(scores)
        writer.due(scores)
        for handed in scores.handed:
            writer.one(handed)
            advance()
        writer.penalties(scores)
        events.record(
            session,
            "audit.course.imported",
            None,
            imported.course.key,
            detail={"from": "nbgrader", "version": version.number, **summary.counts},
        )
    return summary


class _Writer:
    """Writes one gradebook."""

    def __init__(
        self,
        session: Session,
        imported: Imported,
        directory: Path,
        version_id: int,
        summary: Summary,
    ) -> None:
        self.session, self.imported, self.directory = session, imported, directory
        self.version_id, self.summary = version_id, summary
        key = imported.course.key
        self.course_id = session.scalars(select(CourseRow.id).where(CourseRow.key == key)).one()
        self.names: dict[str, str] = {}

    def people(self, scores: Scores) -> None:
        problems = []
        for identity, display in scores.students.items():
            try:
                name = members.name_at_hub(self.session, identity)
            except Invalid as error:
                problems.append(f"student {identity!r} in the gradebook: {error}")
                continue
            if name in self.names.values():
                problems.append(f"student {identity!r} in the gradebook: {name} is there twice")
                continue
            self.names[identity] = name
            courses.person(self.session, name, display or None)
            had = courses.role_of(self.session, name, self.imported.course.key)
            courses.enrol(self.session, name, self.imported.course.key)
            self.summary.counts["students"] += had is None
        if problems:
            raise Invalid("\n".join(problems))

    def due(self, scores: Scores) -> None:
        for (assignment, _), lesson in self.imported.lessons.items():
            if assignment in scores.due:
                row = {**vars(Policy(due=scores.due[assignment])), "lesson": lesson}
                statement = insert(Deadline).values(course_id=self.course_id, **row)
                added = self.session.scalar(
                    statement.on_conflict_do_nothing().returning(Deadline.id)
                )
                self.summary.counts["due dates"] += added is not None

    def penalties(self, scores: Scores) -> None:
        late = [handed for handed in scores.handed if handed.penalty]
        if late:
            points = sum(handed.penalty for handed in late)
            self.summary.notes.append(
                f"{len(late)} notebooks had late penalties, {points:g} points in all: they do "
                "not come along. Set a late policy, which is worked out from the dates"
            )

    def one(self, handed: Handed) -> None:
        key = self.imported.lessons.get((handed.assignment, handed.notebook))
        lesson = self.imported.course.lesson(key) if key else None
        if lesson is None:
            self.summary.counts["left out"] += 1
            self.summary.notes.append(
                f"gradebook: {handed.assignment}/{handed.notebook} of {handed.student} has no "
                "source notebook and was left out"
            )
            return
        name = self.names[handed.student]
        person_id = self.session.scalars(select(Person.id).where(Person.name == name)).one()
        row, repairs = self._submission(person_id, handed, lesson)
        found = list(_scores(lesson, handed))
        if self._same(row.id, found):
            self.summary.counts["unchanged"] += 1
            return
        self.summary.counts["gradings"] += 1
        self._grade(row, found, repairs)

    def _submission(
        self, person_id: int, handed: Handed, lesson: Lesson
    ) -> tuple[Submission, list[str]]:
        key = idempotency_key(handed)
        row = self.session.scalars(
            select(Submission).where(
                Submission.person_id == person_id, Submission.idempotency_key == key
            )
        ).one_or_none()
        if row is not None:
            return row, [ORIGIN]
        self.summary.counts["submissions"] += 1
        content = self._notebook(handed)
        repairs = [ORIGIN] if content else [ORIGIN, NOT_KEPT]
        self.summary.counts["notebooks not kept"] += not content
        last = self.session.scalar(
            select(func.max(Submission.attempt)).where(
                Submission.person_id == person_id,
                Submission.course_id == self.course_id,
                Submission.lesson == lesson.key,
            )
        )
        row = Submission(
            person_id=person_id,
            course_id=self.course_id,
            version_id=self.version_id,
            lesson=lesson.key,
            attempt=(last or 0) + 1,
            notebook_sha=blobs.put(self.session, content or NOT_THERE),
            idempotency_key=key,
            state="graded",
        )
        if handed.moment is not None:
            row.received_at = handed.moment
        self.session.add(row)
        self.session.flush()
        return row, repairs

    def _notebook(self, handed: Handed) -> bytes:
        """What was handed in, where it still lies in the course directory; else nothing."""
        for option, default in FOLDERS:
            folder = self.imported.config.text(f"CourseDirectory.{option}", default)
            path = self.directory / folder / handed.student / handed.assignment
            path = (path / f"{handed.notebook}.ipynb").resolve()
            if not path.is_relative_to(self.directory.resolve()) or not path.is_file():
                continue
            content = fit(path.read_bytes())
            try:
                check_notebook(content)
            except CoursewrightError as error:
                self.summary.notes.append(f"{path}: {error}")
                continue
            return content
        return b""

    def _same(self, submission_id: int, found: list[Score]) -> bool:
        newest = self.session.scalar(
            select(func.max(Grading.id)).where(Grading.submission_id == submission_id)
        )
        if newest is None:
            return False
        rows = self.session.scalars(
            select(Score).where(Score.grading_id == newest).order_by(Score.position)
        )
        return [_told(row) for row in rows] == [_told(row) for row in found]

    def _grade(self, row: Submission, found: list[Score], repairs: list[str]) -> None:
        number = self.session.scalar(
            select(func.max(Grading.number)).where(Grading.submission_id == row.id)
        )
        grading = Grading(
            submission_id=row.id,
            number=(number or 0) + 1,
            mode=None,  # neither of ours: nbgrader gave these marks
            points=sum(score.points for score in found),
            max_points=sum(score.max_points for score in found),
            seconds=0,
            repairs=repairs,
        )
        self.session.add(grading)
        self.session.flush()
        for score in found:
            score.grading_id = grading.id
            self.session.add(score)
        self.summary.counts["scores"] += len(found)
        self.summary.counts["comments"] += sum(bool(score.message) for score in found)
        self.session.flush()


def status(mark: Mark) -> str:
    """What the platform calls a mark that nbgrader gave."""
    if mark.waits:
        return "manual"
    if mark.points >= mark.max_points:
        return "passed"
    return "partial" if mark.points > 0 else "failed"


def idempotency_key(handed: Handed) -> str:
    """The same for the same hand-in whenever it is imported."""
    moment = handed.moment.isoformat() if handed.moment else "once"
    words = json.dumps([handed.assignment, handed.notebook, handed.student, moment])
    return f"nbgrader-{hashlib.sha256(words.encode()).hexdigest()[:40]}"


def _scores(lesson: Lesson, handed: Handed) -> Iterator[Score]:
    """The marks in the notebook's order, those of cells that it no longer has at the end.

    A comment on an answer that tests mark goes with the first of its tests.
    """
    places = {cell.grade_id: place for place, cell in enumerate(lesson.cells)}
    owners = {
        test.grade_id: (exercise.key, test, test is exercise.tests[0])
        for exercise in lesson.exercises()
        for test in exercise.tests
    }
    marks = sorted(handed.marks, key=lambda mark: places.get(mark.grade_id, len(places)))
    for position, mark in enumerate(marks, 1):
        exercise, test, first = owners.get(mark.grade_id, (None, None, False))
        said = [handed.comments.get(mark.grade_id, "")]
        said += [handed.comments.get(exercise, "")] if exercise and first else []
        yield Score(
            position=position,
            grade_id=mark.grade_id,
            exercise=exercise,
            points=mark.points,
            max_points=mark.max_points,
            status=status(mark),
            message="\n".join(_clean(words) for words in said if words),
            promises=list(test.promises) if test else [],
        )


def _told(score: Score) -> tuple[str, float, float, str]:
    return score.grade_id, score.points, score.max_points, score.message


def _clean(text: str) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")
