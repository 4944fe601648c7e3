"""The plan of a course that is there already: what whoever makes a new part of it leans on."""

from __future__ import annotations

from coursewright.generator.drafts import ExercisePlan, LessonPlan, ModulePlan, Outline, QuizPlan
from coursewright.generator.maker import Place
from coursewright.generator.request import Request
from coursewright.records.course import Course, Exercise, Lesson
from coursewright.records.errors import NotFound

LONGEST = 300  # characters of a line in a plan


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
