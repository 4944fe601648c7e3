"""Questions as pages draw them, and answers as their forms send them back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from coursewright.grader.quizzes import Answer
from coursewright.records.course import Kind, Question
from coursewright.services.quiz_standing import Asked, Result
from coursewright.services.rendered import html, inline, plain

KIND_WORDS = {
    "single": "Single choice",
    "multiple": "Multiple choice",
    "numeric": "Number",
    "short-text": "Short text",
    "code-output": "What code prints",
    "ordering": "Ordering",
}
EVERY_PLACE = "Give every entry a place of its own, from 1 to {}, or none at all"


@dataclass(frozen=True)
class Entry:
    """An option by its place among those shown; `position` is its place in an order that was made.

    `right` and `why` are None until they are told.
    """

    place: int
    text: Markup
    name: str
    chosen: bool
    position: int | None = None
    right: bool | None = None
    why: Markup | None = None


@dataclass(frozen=True)
class View:
    """A question with an answer; `wrong` says why that is none, `result` what it is worth."""

    key: str
    kind: Kind
    number: int
    prompt: Markup
    code: str
    points: float
    entries: list[Entry]
    text: str
    wrong: str = ""
    result: Result | None = None
    explanation: Markup | None = None
    solution: list[Entry] | str | None = None


def view(
    asked: Asked, number: int, answer: Answer, *, wrong: str = "", result: Result | None = None
) -> View:
    entries = _entries(asked, answer, result)
    solution: list[Entry] | str | None = None
    if result is not None and not result.right and result.solution is not None:
        if asked.kind == "ordering" and isinstance(result.solution, list):
            solution = [_bare(asked, place) for place in result.solution]
        elif not asked.options:
            solution = str(result.solution)
    return View(
        key=asked.key,
        kind=asked.kind,
        number=number,
        prompt=html(asked.prompt),
        code=asked.code,
        points=asked.points,
        entries=entries,
        text="" if answer is None or isinstance(answer, list) else str(answer),
        wrong=wrong,
        result=result,
        explanation=html(result.explanation) if result and result.explanation else None,
        solution=solution,
    )


def preview(item: Question) -> View:
    """As students see it; of an ordering, in the order of its texts."""
    shown = item.student_view()
    options = [option.text for option in shown.options]
    return view(Asked("preview", item.kind, item.prompt, item.code, options, item.points), 1, None)


def answer_of(
    asked: Asked, field: Callable[[str], str], fields: Callable[[str], Sequence[str]]
) -> Any:
    """What a form says to a question; `field(name)` is empty where there is none.

    Where it makes no sense it is returned as it is, and marked as no answer later.
    """
    if asked.kind == "single":
        return _number(field(asked.key))
    if asked.kind == "multiple":
        return [_number(text) for text in fields(asked.key)]
    if asked.kind == "ordering":
        places = [field(f"{asked.key}-{place}").strip() for place in range(len(asked.options))]
        return _order(places)
    return field(asked.key).replace("\r\n", "\n")


def _order(said: list[str]) -> Any:
    if not any(said):
        return []
    numbers = [_number(text) for text in said]
    if sorted(map(str, numbers)) != sorted(map(str, range(1, len(said) + 1))):
        return EVERY_PLACE.format(len(said))  # text is no order, so this is refused
    return sorted(range(len(said)), key=lambda place: int(said[place]))


def _number(text: str) -> Any:
    if not text:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else text


def _entries(asked: Asked, answer: Answer, result: Result | None) -> list[Entry]:
    chosen = answer if isinstance(answer, list) else [answer]
    solution = result.solution if result else None
    right = solution if isinstance(solution, list) else [solution]
    reasons = {one.option: one.text for one in result.reasons} if result else {}
    places = list(range(len(asked.options)))
    ordered = asked.kind == "ordering" and isinstance(answer, list) and bool(answer)
    if ordered and isinstance(answer, list):
        places = [place for place in answer if isinstance(place, int)]
    return [
        Entry(
            place,
            inline(asked.options[place]),
            plain(asked.options[place]),
            place in chosen,
            index + 1 if ordered else None,
            None if result is None else place in right,
            html(reasons[place]) if place in reasons else None,
        )
        for index, place in enumerate(places)
    ]


def _bare(asked: Asked, place: int) -> Entry:
    return Entry(place, inline(asked.options[place]), plain(asked.options[place]), False)
