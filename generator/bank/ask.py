"""How the bank's quiz items are written. No key is typed: code that is run decides each.

An option `holds` where this Python expression is true. In it, ``printed(program)`` is what a
program prints, and ``failure(program)`` the name of the error that stops it, or "".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from coursewright.generator.bank import runs
from coursewright.generator.bank.build import fill
from coursewright.generator.drafts import OptionDraft, QuestionDraft


@dataclass(frozen=True)
class Choice:
    """An option, why it is right or wrong, and the expression that decides it."""

    text: str
    why: str
    holds: str


def choose(
    random: Random,
    *,
    key: str,
    prompt: str,
    choices: Sequence[Choice],
    explanation: str,
    concepts: Sequence[str],
    evidence: str,
    code: str = "",
    several: bool = False,
    values: Mapping[str, Any] | None = None,
) -> QuestionDraft:
    """A single-choice item, or multiple choice with `several`; the options stand in drawn order.

    Raises ValueError where not exactly one option is right, or with `several` none or every one.
    """
    known = values or {}
    options = [_option(choice, known) for choice in choices]
    right = sum(option.correct for option in options)
    if right != 1 if not several else not 0 < right < len(options):
        raise ValueError(f"{key}: {right} of {len(options)} options are right")
    random.shuffle(options)
    return QuestionDraft(
        key=key,
        kind="multiple" if several else "single",
        prompt=fill(prompt, known),
        options=options,
        answer=None,
        code=fill(code, known),
        explanation=fill(explanation, known),
        concepts=list(concepts),
        evidence=evidence,
    )


def _option(choice: Choice, values: Mapping[str, Any]) -> OptionDraft:
    decided = runs.outcome(
        fill(choice.holds, values), {"printed": runs.printed, "failure": runs.failure}
    )
    if not isinstance(decided.value, bool):
        raise ValueError(f"{choice.text}: {choice.holds} gives {decided}")
    return OptionDraft(
        text=fill(choice.text, values), correct=decided.value, why=fill(choice.why, values)
    )


def prints(
    *,
    key: str,
    code: str,
    explanation: str,
    concepts: Sequence[str],
    evidence: str,
    prompt: str = "What does this program print?",
    values: Mapping[str, Any] | None = None,
) -> QuestionDraft:
    """A code-output item."""
    program = fill(code, values or {})
    return QuestionDraft(
        key=key,
        kind="code-output",
        prompt=fill(prompt, values or {}),
        options=[],
        answer=runs.printed(program),
        code=program,
        explanation=fill(explanation, values or {}),
        concepts=list(concepts),
        evidence=evidence,
    )


def count(
    *,
    key: str,
    prompt: str,
    decides: str,
    explanation: str,
    concepts: Sequence[str],
    evidence: str,
    code: str = "",
    values: Mapping[str, Any] | None = None,
) -> QuestionDraft:
    """A numeric item; `decides` is a program that prints the number."""
    known = values or {}
    return QuestionDraft(
        key=key,
        kind="numeric",
        prompt=fill(prompt, known),
        options=[],
        answer=runs.printed(fill(decides, known)),
        code=fill(code, known),
        explanation=fill(explanation, known),
        concepts=list(concepts),
        evidence=evidence,
    )
