"""What an outline must hold to: keys, the order of its lessons, and every objective covered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from coursewright.generator.drafts import Outline


def problems(outline: Outline) -> list[str]:
    """Sentences for the person who edits it; none when it can be made."""
    return [*_repeated(outline), *_order(outline), *_empty(outline)]


def _repeated(outline: Outline) -> Iterator[str]:
    lessons = [lesson.key for lesson in outline.lessons()]
    exercises = [one.key for lesson in outline.lessons() for one in lesson.exercises]
    modules = [module.key for module in outline.modules]
    for what, keys in (("module", modules), ("lesson", lessons), ("exercise", exercises)):
        for key, times in Counter(keys).items():
            if times > 1:
                yield f"{times} {what}s have the key {key!r}; each needs its own."


def _order(outline: Outline) -> Iterator[str]:
    """Lessons stand in the order in which they can be learnt, so the graph has no cycle."""
    known = {lesson.key for lesson in outline.lessons()}
    so_far: set[str] = set()
    for lesson in outline.lessons():
        for need in lesson.needs:
            if need not in known:
                yield f"Lesson {lesson.key!r} needs {need!r}, which is no lesson of this course."
            elif need not in so_far:
                yield f"Lesson {lesson.key!r} needs {need!r}, which comes after it."
        so_far.add(lesson.key)


def _empty(outline: Outline) -> Iterator[str]:
    if not any(lesson.exercises for lesson in outline.lessons()):
        yield "No lesson has an exercise."


def coverage(outline: Outline) -> dict[str, dict[str, list[str]]]:
    """Each concept of the plan: the lessons, exercises and quizzes that are about it."""
    found: dict[str, dict[str, list[str]]] = {}
    for lesson in outline.lessons():
        for concept in lesson.concepts:
            _row(found, concept)["lessons"].append(lesson.key)
        for exercise in lesson.exercises:
            for concept in exercise.concepts:
                _row(found, concept)["exercises"].append(exercise.key)
        if lesson.quiz is not None:
            for concept in lesson.quiz.concepts:
                _row(found, concept)["quizzes"].append(lesson.quiz.key)
    return found


def _row(found: dict[str, dict[str, list[str]]], concept: str) -> dict[str, list[str]]:
    return found.setdefault(concept, {"lessons": [], "exercises": [], "quizzes": []})
