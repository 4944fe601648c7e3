"""A small course with every kind of cell, and notebooks made from it."""

from __future__ import annotations

import json
from typing import Any

from coursewright.records.course import Course, Lesson, Module

SECRETS = ("return a + b", "add(-1, -2) == -3", "blue is the answer", "one point for", "because")

QUIZ = {
    "key": "colours",
    "title": "Colours",
    "questions": [
        {
            "key": "sky",
            "kind": "single",
            "prompt": "Which colour has the sky?",
            "options": [
                {"text": "blue", "correct": True, "why": "because of scattering"},
                {"text": "green", "correct": False, "why": "because not"},
            ],
            "explanation": "because light scatters",
        }
    ],
}


def nbgrader(grade_id: str, **flags: Any) -> dict[str, Any]:
    plain = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {"grade_id": grade_id, "schema_version": 3, **plain, **flags}}


def code(identity: str, source: str, metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    shown = {"output_type": "stream", "name": "stdout", "text": "because it ran"}
    return {
        "id": identity,
        "cell_type": "code",
        "metadata": metadata or {},
        "source": source,
        "outputs": [shown],
        "execution_count": 3,
    }


def text(
    identity: str, source: str, metadata: dict[str, Any] | None = None, kind: str = "markdown"
) -> dict[str, Any]:
    return {"id": identity, "cell_type": kind, "metadata": metadata or {}, "source": source}


def cells() -> list[dict[str, Any]]:
    solution = nbgrader("add", solution=True)
    solution["coursewright"] = {
        "title": "Add two numbers",
        "promises": ["add(1, 2) is 3", "negative numbers work"],
        "concepts": ["functions"],
        "hints": ["because + adds"],
    }
    tests = nbgrader("add-1", grade=True, locked=True, points=2)
    tests["coursewright"] = {"promises": [1, 2]}
    answer = "def add(a, b):\n    ### BEGIN SOLUTION\n    return a + b\n    ### END SOLUTION"
    hidden = "### BEGIN HIDDEN TESTS\nassert add(-1, -2) == -3\n### END HIDDEN TESTS"
    task = "Draw it.\n### BEGIN MARK SCHEME\none point for the axes\n### END MARK SCHEME"
    return [
        text("intro", "# Adding"),
        text("raw", "kept as it is", kind="raw"),
        code("example", "print(1 + 1)"),
        code("add", answer, solution),
        code("add-1", f"assert add(1, 2) == 3\n{hidden}", tests),
        text("why", "blue is the answer", nbgrader("why", grade=True, solution=True, points=1)),
        text("draw", task, nbgrader("draw", task=True, points=3)),
        text("quiz", "Answer these.", {"coursewright": {"quiz": QUIZ}}),
    ]


def notebook(changes: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "cells": cells() if changes is None else changes,
    }


def lesson(key: str = "adding", **notebook_keys: Any) -> Lesson:
    book = {**notebook(), **notebook_keys}
    return Lesson.from_notebook(book, key=key, title="Adding", minutes=5, objectives=("Add",))


def course(key: str = "sums", *lessons: Lesson, title: str = "Sums") -> Course:
    return Course(
        key=key,
        title=title,
        summary="How to add",
        modules=(Module("first", "First steps", lessons or (lesson(),)),),
    )


def content(**notebook_keys: Any) -> bytes:
    """A notebook as a browser sends it."""
    return json.dumps({**notebook(), **notebook_keys}).encode()
