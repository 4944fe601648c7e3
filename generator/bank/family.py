"""What the bank holds: topics with a lesson, families of exercises and families of quiz items.

A family makes many instances of one difficulty from a seed: other names, numbers, stories and
rules, not only other labels. The same seed makes the same instance on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from coursewright.generator.drafts import (
    Difficulty,
    ExerciseDraft,
    LessonDraft,
    QuestionDraft,
)


@dataclass(frozen=True)
class Family:
    """Exercises of one kind. What `make` returns has `second`, written apart from the reference."""

    key: str
    title: str
    idea: str
    concepts: tuple[str, ...]
    difficulty: Difficulty
    make: Callable[[Random], ExerciseDraft]


@dataclass(frozen=True)
class QuizFamily:
    """Quiz items of one kind."""

    key: str
    concepts: tuple[str, ...]
    make: Callable[[Random], QuestionDraft]


@dataclass(frozen=True)
class Topic:
    """One lesson's worth. `needs` are keys of topics that come before; `words` find it by name."""

    key: str
    title: str
    summary: str
    objectives: tuple[str, ...]
    concepts: tuple[str, ...]
    needs: tuple[str, ...]
    words: tuple[str, ...]
    minutes: int
    lesson: Callable[[Random], LessonDraft]
    families: tuple[Family, ...]
    quizzes: tuple[QuizFamily, ...]
