"""A lesson to grade, and what students make of it."""

from __future__ import annotations

from typing import Any

PLAIN = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}

DOUBLE = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
DOUBLE_TEST = (
    "assert double(2) == 4\n"
    "### BEGIN HIDDEN TESTS\n"
    "assert double(1234567) == 2469134, 'secret words'\n"
    "### END HIDDEN TESTS"
)
MEAN = "def mean(xs):\n    ### BEGIN SOLUTION\n    return sum(xs) / len(xs)\n    ### END SOLUTION"
MEAN_TEST = "assert mean([1, 2, 3, 4]) == 2.5"


def flags(grade_id: str, **also: Any) -> dict[str, Any]:
    return {"nbgrader": {"grade_id": grade_id, **PLAIN, **also}}


def code(identity: str, source: str, metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "id": identity,
        "cell_type": "code",
        "metadata": metadata or {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def text(identity: str, source: str, metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"id": identity, "cell_type": "markdown", "metadata": metadata or {}, "source": source}


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}


def exercise(
    key: str, solution: str, test: str, points: float = 2, promises: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """A solution cell `key` and its test cell `key`-1."""
    answer = flags(key, solution=True)
    answer["coursewright"] = {"title": f"The {key}", "promises": list(promises)}
    check = flags(f"{key}-1", grade=True, locked=True, points=points)
    check["coursewright"] = {"promises": list(range(1, len(promises) + 1))}
    return [code(f"answer-{key}", solution, answer), code(f"test-{key}", test, check)]


def lesson() -> dict[str, Any]:
    """Two exercises, locked cells between, and a question in words."""
    promises = ("double(x) is twice x.", "large numbers work")
    essay = flags("why", grade=True, solution=True, points=3)
    return notebook(
        text("title", "# Lists"),
        code("setup", "FACTOR = 2", flags("setup", locked=True)),
        *exercise("double", DOUBLE, DOUBLE_TEST, promises=promises),
        *exercise("mean", MEAN, MEAN_TEST),
        text("essay", "Because.", essay),
    )


def submission(**answers: str) -> dict[str, Any]:
    """The lesson with other text in the cells that are named by grade_id (`_` for `-`)."""
    handed_in = lesson()
    for cell in handed_in["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "").replace("-", "_")
        cell["source"] = answers.get(name, cell["source"])
    return handed_in


def single(test: str, solution: str = "answer = 42", points: float = 2) -> dict[str, Any]:
    """A lesson with one exercise, `it`."""
    return notebook(*exercise("it", solution, test, points))
