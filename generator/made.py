"""What a generation has made: lessons with what became of their parts, and the course of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from coursewright.generator.assemble import lesson_notebook
from coursewright.generator.drafts import LessonDraft, LessonPlan, Outline, QuizDraft
from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.outcomes import ExerciseOutcome, LessonOutcome, Outcome, QuestionOutcome
from coursewright.generator.request import Request
from coursewright.records.course import Course, Lesson, Module

Ended = TypeVar("Ended", bound=Outcome)
NO_TEXT = LessonDraft.model_construct(blocks=[])


@dataclass(frozen=True)
class Made:
    """A lesson with what became of its parts."""

    plan: LessonPlan
    text: LessonOutcome
    exercises: tuple[ExerciseOutcome, ...] = ()
    questions: tuple[QuestionOutcome, ...] = ()

    def notebook(self) -> Lesson:
        """What was accepted of it, as a source notebook."""
        drafts = [one.draft for one in self.exercises if one.state != "abstained" and one.draft]
        items = [one.draft for one in self.questions if one.state != "abstained" and one.draft]
        quiz = QuizDraft(questions=items) if items else None
        text = self.text.draft if self.text.state != "abstained" else None
        return with_outputs(
            lesson_notebook(self.plan, text or NO_TEXT, drafts, quiz), self.text.outputs
        )


@dataclass(frozen=True)
class Generated:
    """All of it: `gates` are those of the course as a whole."""

    request: Request
    outline: Outline
    lessons: tuple[Made, ...]
    course: Course
    gates: tuple[GateResult, ...] = ()


def without(made: Made, findings: Mapping[str, Finding]) -> Made:
    """The lesson without the pieces that these findings of the whole are about."""

    def kept(outcome: Ended) -> Ended:
        finding = findings.get(outcome.place)
        if finding is None or outcome.state == "abstained":
            return outcome
        reason = f"{finding.gate}: {finding.message}"
        return outcome.model_copy(update={"state": "abstained", "reasons": [reason]})

    return replace(
        made,
        exercises=tuple(map(kept, made.exercises)),
        questions=tuple(map(kept, made.questions)),
    )


def assembled(request: Request, outline: Outline, made: Sequence[Made]) -> Course:
    """The course document of what was accepted."""
    notebooks = {one.plan.key: one.notebook() for one in made}
    modules = tuple(
        Module(module.key, module.title, tuple(notebooks[plan.key] for plan in module.lessons))
        for module in outline.modules
    )
    return Course(
        key=request.key or outline.key,
        title=request.title or outline.title,
        modules=modules,
        summary=outline.summary,
        level=request.level,
        language=request.language,
        objectives=tuple(outline.objectives),
        prerequisites=tuple(request.prerequisites),
    )


def with_outputs(lesson: Lesson, outputs: Mapping[int, Sequence[Mapping[str, Any]]]) -> Lesson:
    """The examples with what they showed when they were run."""
    cells = [
        replace(cell, outputs=tuple(outputs[number]), execution_count=None)
        if number in outputs
        else cell
        for number, cell in enumerate(lesson.cells)
    ]
    return replace(lesson, cells=tuple(cells))


def without_text(plan: LessonPlan, text: LessonOutcome) -> Made:
    """The lesson whose text could not be made, so that nothing can build on it."""
    reason = "Its lesson's text was left out."
    exercises = tuple(
        ExerciseOutcome(place=f"{plan.key}/{one.key}", state="abstained", reasons=[reason])
        for one in plan.exercises
    )
    planned = plan.quiz.questions if plan.quiz else 0
    questions = tuple(
        QuestionOutcome(place=f"{plan.key}/quiz/{number + 1}", state="abstained", reasons=[reason])
        for number in range(planned)
    )
    return Made(plan, text, exercises, questions)
