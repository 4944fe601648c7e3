"""From a request to a course: outline, then every lesson at once, then what only a whole shows.

    outline ─► each lesson: text ─► exercises, side by side ─► notebook ─► gates of the course
                              └──► quiz

Each step's result is kept when it is there, so a run that was cut goes on where it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace

from coursewright.generator.assemble import exercise_cells, lesson_notebook, question
from coursewright.generator.drafts import (
    ExerciseDraft,
    ExercisePlan,
    LessonDraft,
    Outline,
    QuestionDraft,
)
from coursewright.generator.gates import course as whole
from coursewright.generator.gates import exercise as exercise_gates
from coursewright.generator.gates import lessons as lesson_gates
from coursewright.generator.gates import quizzes as quiz_gates
from coursewright.generator.gates import solver as solver_gate
from coursewright.generator.gates.gate import GateResult
from coursewright.generator.gates.pool import GatePool
from coursewright.generator.gates.subject import Subject, proof
from coursewright.generator.made import (
    NO_TEXT,
    Generated,
    Made,
    assembled,
    without,
    without_text,
)
from coursewright.generator.maker import Place, Solved
from coursewright.generator.makers import Makers
from coursewright.generator.outcomes import ExerciseOutcome, LessonOutcome, QuestionOutcome
from coursewright.generator.plans import problems
from coursewright.generator.progress import Event, Tell, silent
from coursewright.generator.prose import Outputs, Writing
from coursewright.generator.proving import blocking
from coursewright.generator.questions import Quizzing
from coursewright.generator.request import Request
from coursewright.generator.steps import Steps, digest, once
from coursewright.generator.trouble import Abstained
from coursewright.generator.views import as_student
from coursewright.generator.workshop import Task, Workshop, both, gated, together


@dataclass(frozen=True)
class Pipeline:
    """For one run."""

    request: Request
    who: Makers
    steps: Steps
    pool: GatePool
    tell: Tell = silent
    texts: dict[str, asyncio.Task[LessonOutcome]] = field(default_factory=dict)

    async def outline(self) -> Outline:
        """The plan: the request's own where it has one. Raises Abstained for one with faults."""
        fixed = self.request.outline
        if fixed is None:
            given = digest(self.request, self.who.origin)
            fixed = await once(
                self.steps, "outline", Outline, given, lambda: self.who.maker.outline(self.request)
            )
        faults = problems(fixed)
        if faults:
            raise Abstained("The outline cannot be made into a course:\n" + "\n".join(faults))
        return fixed

    async def run(self) -> Generated:
        """Raises Unavailable and Spent after what is under way has been kept."""
        self.tell(Event("outline", "", "started"))
        outline = await self.outline()
        self._announce(outline)
        places = list(self.places(outline))
        for place in places:
            self.texts[place.lesson.key] = asyncio.create_task(self._text(place))
        made = await together([self._lesson(place) for place in places])
        return await self._whole(outline, made)

    def places(self, outline: Outline) -> Iterator[Place]:
        """Where each lesson is made."""
        before: tuple[str, ...] = ()
        for plan in outline.lessons():
            yield Place(self.request, outline, plan, before, origin=self.who.origin)
            before = (*before, *plan.concepts)

    def _announce(self, outline: Outline) -> None:
        plans = list(outline.lessons())
        exercises = sum(len(plan.exercises) for plan in plans)
        quizzes = sum(plan.quiz is not None for plan in plans)
        self.tell(Event("outline", outline.title, "accepted"))
        for kind, total in (("lesson", len(plans)), ("exercise", exercises), ("quiz", quizzes)):
            self.tell(Event(kind, "", "started", total=total))  # type: ignore[arg-type]

    async def _text(self, place: Place) -> LessonOutcome:
        writing = Writing(self.who.maker, self.steps, self.tell)
        return await writing.lesson(place, lambda draft: self._read(place, draft))

    async def _lesson(self, place: Place) -> Made:
        text = await self.texts[place.lesson.key]
        if text.state == "abstained":
            return without_text(place.lesson, text)
        place = replace(place, text=_prose(text))
        exercises, questions = await both(self._exercises(place), self._questions(place))
        return Made(place.lesson, text, tuple(exercises), tuple(questions))

    async def _exercises(self, place: Place) -> list[ExerciseOutcome]:
        return await together([self._exercise(place, plan) for plan in place.lesson.exercises])

    async def _exercise(self, place: Place, plan: ExercisePlan) -> ExerciseOutcome:
        async def check(draft: ExerciseDraft, solved: bool) -> Sequence[GateResult]:
            texts = await self._texts_up_to(place)
            gate = solver_gate.check if solved else exercise_gates.check
            where = f"{place.lesson.key}/{plan.key}"
            return await self.pool.run(
                gated, gate, lambda: self._subject(place, texts, draft), where
            )

        def seen(draft: ExerciseDraft) -> str:
            text = self.texts[place.lesson.key].result()
            cells = tuple(exercise_cells(draft))
            lesson = lesson_notebook(place.lesson, text.draft or NO_TEXT, [], None)
            return as_student(replace(lesson, cells=(*lesson.cells, *cells)))

        workshop = Workshop(self.who.maker, self.who.solver, self.steps, self.tell)
        return await workshop.exercise(Task(place, plan, check, seen))

    async def _texts_up_to(self, place: Place) -> list[LessonDraft]:
        """Of the lessons before this one, and its own."""
        found = []
        for plan in place.outline.lessons():
            found.append((await self.texts[plan.key]).draft or NO_TEXT)
            if plan.key == place.lesson.key:
                break
        return found

    def _subject(self, place: Place, texts: Sequence[LessonDraft], draft: ExerciseDraft) -> Subject:
        """The exercise in its lesson, behind these texts. Raises Invalid."""
        plans = list(place.outline.lessons())[: len(texts)]
        pieces = [[draft] if plan.key == place.lesson.key else [] for plan in plans]
        lessons = [
            lesson_notebook(plan, text, drafts, None)
            for plan, text, drafts in zip(plans, texts, pieces, strict=True)
        ]
        *before, lesson = lessons
        exercise = next(one for one in lesson.exercises() if one.key == draft.spec.key)
        return Subject(
            lesson=lesson,
            exercise=exercise,
            proof=proof(lesson, exercise.key),
            before=tuple(before),
            level=self.request.level,
            language=self.request.language,
            libraries=tuple(self.request.libraries),
            prerequisites=tuple(self.request.prerequisites),
        )

    async def _questions(self, place: Place) -> list[QuestionOutcome]:
        plan = place.lesson.quiz
        if plan is None:
            return []
        where = f"{place.lesson.key}/{plan.key}"

        async def check(draft: QuestionDraft) -> Sequence[GateResult]:
            return await self.pool.run(quiz_gates.check, where, question(draft))

        def agree(draft: QuestionDraft, answers: Sequence[Solved]) -> GateResult:
            return quiz_gates.agreed(where, question(draft), answers)

        maker, solver = self.who.maker, self.who.solver
        quizzing = Quizzing(maker, solver, self.steps, check, agree, self.tell)
        return await quizzing.quiz(place, plan)

    async def _read(self, place: Place, draft: LessonDraft) -> tuple[Outputs, Sequence[GateResult]]:
        """The examples' outputs and the gates of the text."""
        lesson = lesson_notebook(place.lesson, draft, [], None)
        pages = [f"{plan.key}.ipynb" for plan in place.outline.lessons()]
        outputs, results = await self.pool.run(lesson_gates.read, lesson, pages)
        numbers = {cell.id: number for number, cell in enumerate(lesson.cells)}
        return {numbers[cell]: found for cell, found in outputs.items()}, results

    async def _whole(self, outline: Outline, made: Sequence[Made]) -> Generated:
        """The course without what stands in it twice, and what only the whole shows."""
        self.tell(Event("course", "", "checking"))
        course = assembled(self.request, outline, made)
        results = await self.pool.run(whole.check_whole, course, tuple(self.request.libraries))
        twice = {one.place: one for one in blocking(results)}
        if twice:
            made = [without(one, twice) for one in made]
            course = assembled(self.request, outline, made)
            results = tuple(_but(one, twice) for one in results)
        self.tell(Event("course", "", "accepted"))
        return Generated(self.request, outline, tuple(made), course, results)


def _but(result: GateResult, places: Container[str]) -> GateResult:
    """Without what was said of pieces that are no longer there."""
    findings = tuple(one for one in result.findings if one.place not in places)
    return replace(result, findings=findings)


def _prose(outcome: LessonOutcome) -> str:
    return "\n\n".join(block.source for block in outcome.blocks())
