"""What is changed in a course that is there: one part made anew, variants, a translation, a new
plan. Whatever comes of it is a draft; nothing here touches the course itself.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coursewright.generator import planned, translation
from coursewright.generator.assemble import block_cells, exercise_cells
from coursewright.generator.drafts import (
    Difficulty,
    ExerciseDraft,
    ExercisePlan,
    LessonDraft,
    Outline,
)
from coursewright.generator.gates import exercise as exercise_gates
from coursewright.generator.gates import lessons as lesson_gates
from coursewright.generator.gates import quizzes as quiz_gates
from coursewright.generator.gates import solver as solver_gate
from coursewright.generator.gates.course import check_whole
from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.gates.pool import GatePool
from coursewright.generator.gates.subject import Subject, subject, subjects
from coursewright.generator.made import Generated
from coursewright.generator.makers import Makers
from coursewright.generator.outcomes import ROUNDS, LessonOutcome, Outcome
from coursewright.generator.parts import with_exercise, with_lesson, with_text
from coursewright.generator.pipeline import Pipeline
from coursewright.generator.progress import Tell, silent
from coursewright.generator.prose import Outputs, Writing
from coursewright.generator.proving import blocking
from coursewright.generator.request import Request
from coursewright.generator.steps import Steps, digest
from coursewright.generator.trouble import Abstained
from coursewright.generator.views import as_student
from coursewright.generator.workshop import Task, Workshop, gated, of_place, together
from coursewright.records.course import Course, Exercise, Lesson

RANKS: tuple[Difficulty, ...] = ("easy", "medium", "hard")
CHUNK = 6000  # characters that are translated in one call


@dataclass(frozen=True)
class Changed:
    """The course as it would be; `outcomes` are of what was made anew, `results` what the gates say
    of the rest that the change concerns. `variants` are the lesson for one student each.
    """

    course: Course
    outcomes: tuple[Outcome, ...] = ()
    results: tuple[GateResult, ...] = ()
    variants: tuple[Lesson, ...] = ()

    @property
    def findings(self) -> list[Finding]:
        """What keeps it from being accepted."""
        return blocking(self.results)


@dataclass(frozen=True)
class Changing:
    """`steps` are those of this change. Methods raise NotFound, Abstained, Unavailable, Spent."""

    course: Course
    request: Request
    who: Makers
    steps: Steps
    pool: GatePool
    tell: Tell = silent

    async def exercise(self, key: str, comment: str) -> Changed:
        """The exercise made anew, by what a person says of it."""
        lesson, exercise = planned.lesson_with(self.course, key)
        plan = _plan(lesson, exercise.key)
        shown = subject(self.course, lesson.key, exercise.key).statement
        note = f"{comment or 'Make another one of this idea.'}\n\nIt is made anew; so far it was:\n"
        return await self._replaced(lesson, exercise.key, plan, note + shown)

    async def harder(self, key: str, by: int) -> Changed:
        """An exercise about the same, easier (-1) or harder (1), in its place."""
        lesson, exercise = planned.lesson_with(self.course, key)
        plan = _plan(lesson, exercise.key)
        rank = max(0, min(RANKS.index(plan.difficulty) + by, len(RANKS) - 1))
        place = planned.place_of(self.course, lesson.key, self.request, self.who.origin, "")
        other = self.who.maker.variant(place, plan, RANKS[rank])
        shown = subject(self.course, lesson.key, exercise.key).statement
        word = "a harder" if by > 0 else "an easier"
        note = f"Make {word} variant of this exercise, with the same concepts:\n\n{shown}"
        return await self._replaced(lesson, exercise.key, other, note)

    async def variants(self, key: str, count: int) -> Changed:
        """The lesson `count` times, each with another exercise of equal difficulty in its place.

        What is equal: the kind of exercise (the bank's family, or the plan), its difficulty, how
        many promises it makes.
        """
        lesson, exercise = planned.lesson_with(self.course, key)
        shown = subject(self.course, lesson.key, exercise.key).statement
        found: dict[str, Changed] = {}
        for first in range(1, ROUNDS * count + 1, count):
            numbers = range(first, first + count - len(found))
            made = [self._variant(lesson, exercise, shown, number) for number in numbers]
            for one in await together(made):
                fresh = subject(one.course, lesson.key, exercise.key)
                if len(fresh.exercise.promises) == len(exercise.promises):
                    found.setdefault(fresh.statement, one)
            found.pop(shown, None)
            if len(found) == count:
                break
        else:
            raise Abstained(
                f"Only {len(found)} of {count} variants of {key} differ from it and from each"
                " other; nothing was changed. Ask for fewer."
            )
        return Changed(
            self.course,
            outcomes=tuple(
                outcome.model_copy(update={"place": f"{outcome.place}/{number}"})
                for number, one in enumerate(found.values(), 1)
                for outcome in one.outcomes
            ),
            variants=tuple(_lesson_of(one.course, lesson.key) for one in found.values()),
        )

    async def _variant(
        self, lesson: Lesson, exercise: Exercise, shown: str, number: int
    ) -> Changed:
        note = (
            f"Variant {number} of this exercise, exactly as hard, with as many promises and the"
            f" same kind of function; other story, names, numbers and rules:\n\n{shown}"
        )
        plan = _plan(lesson, exercise.key)
        return await self._replaced(lesson, exercise.key, plan, note, f"variant-{number}/")

    async def text(self, key: str, comment: str) -> Changed:
        """The lesson's text and examples made anew; its exercises and its quiz stay."""
        place = planned.place_of(self.course, key, self.request, self.who.origin, "")
        lesson = _lesson_of(self.course, key)
        note = (
            f"{comment or 'Write it another way.'}\n\nIt is made anew; so far it was:\n{place.text}"
        )

        async def read(draft: LessonDraft) -> tuple[Outputs, Sequence[GateResult]]:
            fresh = replace(lesson, cells=tuple(block_cells(key, draft.blocks)))
            pages = [f"{one.key}.ipynb" for one in self.course.lessons()]
            outputs, results = await self.pool.run(lesson_gates.read, fresh, pages)
            numbers = {cell.id: number for number, cell in enumerate(fresh.cells)}
            return {numbers[cell]: found for cell, found in outputs.items()}, results

        writing = Writing(self.who.maker, self.steps, self.tell)
        outcome = await writing.lesson(replace(place, note=note, text=""), read)
        if outcome.draft is None or outcome.state == "abstained":
            raise Abstained(_reasons(outcome))
        cells = [
            replace(cell, outputs=tuple(outcome.outputs.get(number, ())))
            for number, cell in enumerate(block_cells(key, outcome.draft.blocks))
        ]
        course = with_lesson(self.course, with_text(lesson, cells))
        return Changed(course, (outcome,), await self._read(course))

    async def translated(self, language: str) -> Changed:
        """All prose in another language. The code is as it was, and so is what it has proven."""
        texts = translation.texts(self.course)
        chunks = list(_chunks(texts))
        found = await together([self.who.maker.translate(one, language) for one in chunks])
        known = {
            text: other
            for chunk, others in zip(chunks, found, strict=True)
            for text, other in zip(chunk, others, strict=True)
        }
        course = translation.put(self.course, language, known)
        return Changed(course, (), await self._read(course))

    async def objectives(self, wanted: Sequence[str]) -> Changed:
        """Another plan for these objectives; lessons whose plan stays keep every cell."""
        request = self.request.model_copy(update={"objectives": list(wanted), "outline": None})
        before = planned.outline_of(self.course)
        outline = await self.who.maker.adapt(request, before)
        old = {plan.key: [one.key for one in plan.exercises] for plan in before.lessons()}
        kept = {
            plan.key
            for plan in outline.lessons()
            if old.get(plan.key) == [one.key for one in plan.exercises]
        }
        made = await self._made(request, outline, kept)
        course = replace(made.course, key=self.course.key, title=self.course.title)
        for key in kept:
            course = with_lesson(course, _lesson_of(self.course, key))
        fresh = [one for one in made.lessons if one.plan.key not in kept]
        outcomes = [part for one in fresh for part in (one.text, *one.exercises, *one.questions)]
        whole = await self.pool.run(check_whole, course, tuple(self.request.libraries))
        mine = [result for one in outcomes for result in _about(whole, one.place)]
        return Changed(course, tuple(outcomes), (*mine, *await self._read(course)))

    async def _made(self, request: Request, outline: Outline, kept: Container[str]) -> Generated:
        """The lessons of the plan that are not there yet, behind the texts of those that are."""
        short = planned.without_pieces(outline, kept)
        pipeline = Pipeline(
            request.model_copy(update={"outline": short}),
            self.who,
            self.steps,
            self.pool,
            self.tell,
        )
        if not any(plan.exercises for plan in short.lessons()):
            raise Abstained("The new plan has no lesson that is not there already.")
        for place in pipeline.places(short):
            key = place.lesson.key
            if key in kept:
                draft = planned.draft_of(_lesson_of(self.course, key))
                outcome = LessonOutcome(place=key, state="accepted", draft=draft)
                value = outcome.model_dump(mode="json")
                self.steps.keep(f"lessons/{key}/outcome", digest(of_place(place)), value)
        return await pipeline.run()

    async def _replaced(
        self, lesson: Lesson, key: str, plan: ExercisePlan, note: str, step: str = ""
    ) -> Changed:
        """The plan's exercise in the place of the one of this key."""
        place = planned.place_of(self.course, lesson.key, self.request, self.who.origin, note)
        plans = [plan if one.key == key else one for one in place.lesson.exercises]
        place = replace(place, lesson=place.lesson.model_copy(update={"exercises": plans}))
        exercise = next(one for one in lesson.exercises() if one.key == key)

        def standing(draft: ExerciseDraft) -> Course:
            cells = exercise_cells(draft)
            return with_lesson(self.course, with_exercise(lesson, exercise, cells))

        def subject_of(draft: ExerciseDraft) -> Subject:
            course, libraries = standing(draft), self.request.libraries
            return subject(course, lesson.key, draft.spec.key, libraries)

        async def check(draft: ExerciseDraft, solved: bool) -> Sequence[GateResult]:
            gate = solver_gate.check if solved else exercise_gates.check
            where = f"{lesson.key}/{plan.key}"
            return await self.pool.run(gated, gate, lambda: subject_of(draft), where)

        def seen(draft: ExerciseDraft) -> str:
            bare = with_text(lesson, [])
            text = [cell for cell in lesson.cells if not any(cell is one for one in bare.cells)]
            return as_student(replace(lesson, cells=(*text, *exercise_cells(draft))))

        workshop = Workshop(self.who.maker, self.who.solver, _Below(self.steps, step), self.tell)
        outcome = await workshop.exercise(Task(place, plan, check, seen))
        if outcome.draft is None or outcome.state == "abstained":
            raise Abstained(_reasons(outcome))
        course = standing(outcome.draft)
        if step:
            return Changed(course, (outcome,))
        results = await self.pool.run(check_whole, course, tuple(self.request.libraries))
        return Changed(course, (outcome,), tuple(_about(results, outcome.place)))

    async def _read(self, course: Course) -> tuple[GateResult, ...]:
        """What the gates say that run no answer: code and tests are as they were."""
        return await self.pool.run(_read, course, tuple(self.request.libraries))


@dataclass(frozen=True)
class _Below:
    """Steps whose names begin with `folder`: the same step of another variant."""

    steps: Steps
    folder: str

    def find(self, name: str, digest: str) -> Any | None:
        return self.steps.find(self.folder + name, digest)

    def keep(self, name: str, digest: str, value: Any) -> None:
        self.steps.keep(self.folder + name, digest, value)


def _read(course: Course, libraries: Sequence[str]) -> tuple[GateResult, ...]:
    found: list[GateResult] = []
    pages = [f"{lesson.key}.ipynb" for lesson in course.lessons()]
    for lesson in course.lessons():
        found += lesson_gates.read(lesson, pages)[1]
        for quiz in lesson.quizzes():
            for item in quiz.questions:
                found += quiz_gates.check(f"{lesson.key}/{quiz.key}", item)
    for one in subjects(course, libraries):
        found += [gate(one) for gate in exercise_gates.READ]
    return tuple(found)


def _about(results: Sequence[GateResult], place: str) -> Iterator[GateResult]:
    """What else the whole course has is no matter of this change."""
    for result in results:
        same = tuple(
            one for one in result.findings if place in (one.place, one.evidence.get("same"))
        )
        yield replace(result, findings=same)


def _plan(lesson: Lesson, key: str) -> ExercisePlan:
    return next(one for one in planned.plan_of(lesson).exercises if one.key == key)


def _lesson_of(course: Course, key: str) -> Lesson:
    return next(lesson for lesson in course.lessons() if lesson.key == key)


def _reasons(outcome: Outcome) -> str:
    said = "\n".join(outcome.reasons)
    return f"{outcome.place} could not be made so that it is proven; nothing was changed.\n{said}"


def _chunks(texts: Sequence[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    for text in texts:
        if chunk and sum(map(len, chunk)) + len(text) > CHUNK:
            yield chunk
            chunk = []
        chunk.append(text)
    if chunk:
        yield chunk
