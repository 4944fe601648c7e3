"""Whether a question of a bank is one that can be asked and marked: the rules that refuse it.

They are those without which an answer could not be marked, or could be guessed from the form of the
question; how well it is written, the statistics of its answers say (grader/item_statistics.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from coursewright.grader.quizzes import plain, readings
from coursewright.records.bank_tables import DIFFICULTIES
from coursewright.records.course import Malformed, Option, Question
from coursewright.records.errors import Invalid

LONGEST = 10_000  # characters of a text
LONGEST_OPTION = 2_000
LONGEST_CONCEPT = 80
MOST_OPTIONS = 20
MOST_CONCEPTS = 20
MOST_FORMS = 50
MOST_POINTS = 1_000.0
ENTRIES = 3  # of an ordering; of two, every second guess is right


def question(data: Mapping[str, Any]) -> Question:
    """A question out of JSON values of the right types. Raises Invalid with what to mend."""
    known = {**data, "key": data.get("key") or "question"}
    try:
        item = Question.from_json(known)
    except Malformed as error:
        raise Invalid(f"This is no question: {error}") from None
    item = tidied(item)
    for said in wrong(item):
        raise Invalid(said)
    # A number is kept as it was written, so that nothing is rounded on its way.
    return replace(item, answer=None if item.answer is None else str(item.answer))


def tidied(item: Question) -> Question:
    """Without what does not belong to its kind, and without blanks around texts and names."""
    chooses = item.kind in ("single", "multiple")
    options = tuple(
        Option(one.text.strip(), bool(one.correct) if chooses else None, one.why.strip())
        for one in item.options
    )
    concepts = dict.fromkeys(" ".join(name.split()) for name in item.concepts)
    return replace(
        item,
        prompt=item.prompt.strip(),
        options=options if chooses or item.kind == "ordering" else (),
        answer=item.answer if item.kind in ("numeric", "code-output") else None,
        points=float(item.points),
        tolerance=float(item.tolerance) if item.kind == "numeric" else 0.0,
        relative=float(item.relative) if item.kind == "numeric" else 0.0,
        accepted=tuple(form.strip() for form in item.accepted if form.strip())
        if item.kind == "short-text"
        else (),
        explanation=item.explanation.strip(),
        concepts=tuple(name for name in concepts if name),
    )


def difficulty(name: str | None) -> str | None:
    """Raises Invalid."""
    if not name:
        return None
    if name not in DIFFICULTIES:
        raise Invalid(f"{name!r} is no difficulty; they are {', '.join(DIFFICULTIES)}")
    return name


def wrong(item: Question) -> Iterator[str]:
    """Sentences about what has to be mended."""
    if not item.prompt:
        yield "The question has no text"
    if not 0 < item.points <= MOST_POINTS:
        yield f"A question is worth more than 0 and up to {MOST_POINTS:g} points"
    texts = (item.prompt, item.code, item.explanation, str(item.answer or ""))
    if any(len(text) > LONGEST for text in texts):
        yield f"A text may have up to {LONGEST} characters"
    if any("\0" in text for text in (*texts, *item.accepted, *(one.text for one in item.options))):
        yield "A text holds characters that are none"
    if len(item.concepts) > MOST_CONCEPTS or any(len(n) > LONGEST_CONCEPT for n in item.concepts):
        yield f"Name up to {MOST_CONCEPTS} concepts of up to {LONGEST_CONCEPT} characters"
    yield from _options(item) if item.options else _written(item)


def _options(item: Question) -> Iterator[str]:
    if len(item.options) > MOST_OPTIONS:
        yield f"A question has up to {MOST_OPTIONS} options"
    if any(not 0 < len(one.text) <= LONGEST_OPTION for one in item.options):
        yield f"Every option has a text of up to {LONGEST_OPTION} characters"
    if len({one.text for one in item.options}) < len(item.options):
        yield "Two options are the same"
    right = sum(one.correct is True for one in item.options)
    if item.kind == "single" and (right != 1 or len(item.options) < 2):
        yield "A single choice has at least two options, and one of them is right"
    if item.kind == "multiple" and not 0 < right < len(item.options):
        yield "A multiple choice has options that are right and others that are wrong"
    if item.kind == "ordering" and len(item.options) < ENTRIES:
        yield f"An ordering has at least {ENTRIES} entries"


def _written(item: Question) -> Iterator[str]:
    if item.kind in ("single", "multiple"):
        yield "The question has no options"
    elif item.kind == "ordering":
        yield f"An ordering has at least {ENTRIES} entries"
    elif item.kind == "numeric":
        yield from _number(item)
    elif item.kind == "code-output" and not (item.code.strip() and isinstance(item.answer, str)):
        yield "The question needs the code, and what it prints"
    elif item.kind == "short-text" and not item.accepted:
        yield "The question needs at least one accepted form"
    elif len(item.accepted) > MOST_FORMS or any(
        not plain(form) or len(form) > LONGEST_OPTION for form in item.accepted
    ):
        yield f"Give up to {MOST_FORMS} accepted forms, each of which says something"


def _number(item: Question) -> Iterator[str]:
    key = item.answer
    if isinstance(key, str) and not readings(key):
        yield f"The key {key[:60]!r} is no number"
    elif key is None or (isinstance(key, float | int) and not math.isfinite(key)):
        yield "The key is a number, such as 12, 0.5 or 3e-4"
    for slack in (item.tolerance, item.relative):
        if not (math.isfinite(slack) and slack >= 0):
            yield "A tolerance is a number that is not below 0"
