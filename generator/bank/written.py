"""Families that are texts with places: all that varies is what `draw` puts into the places."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from coursewright.generator.bank.build import exercise
from coursewright.generator.bank.family import Family
from coursewright.generator.bank.promise import Promise
from coursewright.generator.drafts import Difficulty, ExerciseDraft

Row = Mapping[str, str]


def table(columns: str, *rows: tuple[str, ...]) -> tuple[Row, ...]:
    """One mapping for each row. `columns` are the names, with a space between them."""
    names = columns.split()
    return tuple(dict(zip(names, row, strict=True)) for row in rows)


def pick(random: Random, *tables: tuple[Row, ...]) -> dict[str, Any]:
    """One row of every table, put together."""
    return {name: cell for rows in tables for name, cell in random.choice(rows).items()}


def family(
    draw: Callable[[Random], Mapping[str, Any]],
    *,
    key: str,
    title: str,
    idea: str,
    concepts: Sequence[str],
    difficulty: Difficulty,
    statement: str,
    promises: Sequence[Promise],
    reference: str,
    second: str,
    hints: Sequence[str],
    inputs: str | None = None,
    called: str | None = None,
    required: Sequence[str] = (),
) -> Family:
    """The texts are those of `build.exercise`, and may name what `draw` returns.

    `called` is the title of an instance, where it has one of its own.
    """

    def make(random: Random) -> ExerciseDraft:
        return exercise(
            key=key,
            title=called or title,
            statement=statement,
            promises=promises,
            reference=reference,
            second=second,
            inputs=inputs,
            hints=hints,
            concepts=concepts,
            difficulty=difficulty,
            required=required,
            values=draw(random),
        )

    return Family(key, title, idea, tuple(concepts), difficulty, make)
