"""The plan of a course that is there already: what whoever makes a new part of it leans on."""

from __future__ import annotations

from collections.abc import Container
from typing import Any, Literal

from coursewright.generator.drafts import (
    Block,
    ExercisePlan,
    LessonDraft,
    LessonPlan,
    ModulePlan,
    Outline,
    QuizPlan,
)
from coursewright.generator.maker import Place
from coursewright.generator.request import Request
from coursewright.records.course import Course, Exercise, Lesson
from coursewright.records.errors import NotFound

LONGEST = 300  # characters of a line in a plan
MOST_BLOCKS, MOST_TEXT = 60, 20_000  # of a draft, as drafts.py has it


def outline_of(course: Course) -> Outline:
    """Read from the notebooks. A person's keys and counts may be such as no maker may give."""
    modules = [
        ModulePlan.model_construct(
            key=module.key, title=module.title, lessons=[plan_of(one) for one in module.lessons]
        )
        for module in course.modules
    ]
    return Outline.model_construct(
        key=course.key,
        title=course.title,
        summary=course.summary,
        objectives=list(course.objectives),
        modules=modules,
    )


def plan_of(lesson: Lesson) -> LessonPlan:
    exercises = [_exercise(lesson, one) for one in lesson.exercises()]
    quiz = next(iter(lesson.quizzes()), None)
    asked = [concept for one in quiz.questions for concept in one.concepts] if quiz else []
    concepts = [concept for one in exercises for concept in one.concepts] + asked
    return LessonPlan.model_construct(
        key=lesson.key,
        title=lesson.title,
        minutes=lesson.minutes,
        objectives=list(lesson.objectives),
        concepts=list(dict.fromkeys(concepts)),
        needs=[],
        exercises=exercises,
        quiz=QuizPlan.model_construct(
            key=quiz.key,
            title=quiz.title,
            questions=len(quiz.questions),
            concepts=list(dict.fromkeys(asked)),
        )
        if quiz
        else None,
    )


def _exercise(lesson: Lesson, exercise: Exercise) -> ExercisePlan:
    cell = next(cell for cell in lesson.cells if cell.grade_id == exercise.key)
    difficulty = cell.own.get("difficulty")
    return ExercisePlan.model_construct(
        key=exercise.key,
        title=exercise.title,
        idea="; ".join(exercise.promises)[:LONGEST],
        concepts=list(exercise.concepts),
        difficulty=difficulty if difficulty in ("easy", "medium", "hard") else "medium",
    )


def draft_of(lesson: Lesson) -> LessonDraft:
    """Its text and examples as a draft, as far as one may be long: for gates that look at them."""
    blocks: list[Block] = []
    for cell in lesson.cells:
        if cell.role not in ("text", "example") or not cell.source.strip():
            continue
        kind: Literal["text", "example"] = "text" if cell.kind == "markdown" else "example"
        source = cell.source
        if blocks and blocks[-1].kind == kind:
            source = f"{blocks.pop().source}\n\n{source}"
        blocks.append(Block(kind=kind, source=source[:MOST_TEXT]))
    return LessonDraft(blocks=blocks[:MOST_BLOCKS] or [Block(kind="text", source=lesson.title)])


def without_pieces(outline: Outline, lessons: Container[str]) -> Outline:
    """The plan in which these lessons have a text only."""
    bare: dict[str, Any] = {"exercises": [], "quiz": None}
    modules = [
        module.model_copy(
            update={
                "lessons": [
                    plan.model_copy(update=bare) if plan.key in lessons else plan
                    for plan in module.lessons
                ]
            }
        )
        for module in outline.modules
    ]
    return outline.model_copy(update={"modules": modules})


def request_for(course: Course) -> Request:
    """What somebody may have asked for who got this course: for one that was written by hand."""
    return Request.model_construct(
        topic=course.title,
        key=course.key,
        title=course.title,
        level=course.level,
        language=course.language,
        objectives=list(course.objectives),
        prerequisites=list(course.prerequisites),
    )


def place_of(course: Course, key: str, request: Request, origin: str, note: str) -> Place:
    """The place of a lesson, its own text included. Raises NotFound."""
    outline = outline_of(course)
    before: tuple[str, ...] = ()
    for lesson, plan in zip(course.lessons(), outline.lessons(), strict=True):
        if lesson.key == key:
            prose = [cell.source for cell in lesson.cells if cell.role in ("text", "example")]
            text = "\n\n".join(prose)
            return Place(request, outline, plan, before, text, note, origin)
        before = (*before, *plan.concepts)
    known = ", ".join(lesson.key for lesson in course.lessons())
    raise NotFound(f"The course has no lesson {key!r}. It has: {known}.")


def lesson_with(course: Course, exercise: str) -> tuple[Lesson, Exercise]:
    """`exercise` is its key, or lesson/key where several have it. Raises NotFound."""
    wanted = exercise.rpartition("/")
    found = [
        (lesson, one)
        for lesson in course.lessons()
        for one in lesson.exercises()
        if one.key == wanted[2] and wanted[0] in ("", lesson.key)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        places = " and ".join(f"{lesson.key}/{one.key}" for lesson, one in found)
        raise NotFound(f"Which one do you mean: {places}?")
    known = ", ".join(one.key for lesson in course.lessons() for one in lesson.exercises())
    raise NotFound(f"The course has no exercise {exercise!r}. It has: {known}.")
