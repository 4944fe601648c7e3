"""Whether an answer to a quiz item is right: every rule of it, and nothing else (no database).

* single: the right option, or nothing
* multiple: the share of the right options that were chosen, less the share of the wrong ones that
  were, never below nothing. That is Youden's index (sensitivity + specificity - 1; Cancer 3, 1950,
  32-35): whoever ticks everything, nothing, or blindly, can expect nothing.
* numeric: within the item's tolerance (absolute, or relative to the key, whichever is wider), ends
  included, however the number is spelt
* short-text: one of the accepted forms, as `plain` has both: Unicode NFKC, case ignored, every run
  of blanks one, typographic quotes and dashes read as plain ones, a full stop at the end dropped
* code-output: the printed text, except blanks at the ends of lines and empty lines at the end
* ordering: of all pairs of entries, the share in the right order less the share in the wrong one,
  never below nothing. That is Kendall's tau (Biometrika 30, 1938, 81-93): an order made blindly can
  expect nothing, and one entry that is a place off costs little.

Answers come from outside, so their types are checked here; options are named by their place.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from coursewright.records.course import Question, Quiz
from coursewright.records.errors import Invalid

Answer = int | list[int] | str | None

LONGEST_NUMBER = 400  # characters
LONGEST_TEXT = 10_000
# Keys are written with few digits (0.333); what is computed has more of them.
CLOSE = Decimal("1e-9")
PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d{1,3}(?:\.\d{3})+,\d+")
SPACED = re.compile(r"[+-]?\d{1,3}(?:[ '_]\d{3})+(?:[.,]\d+)?")
TYPOGRAPHIC = str.maketrans("‘’‚“”„‐‑‒–—−", "'''\"\"\"------")
SPACES = str.maketrans(dict.fromkeys("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\t", " "))


@dataclass(frozen=True)
class Marked:
    """What an answer is worth; `answered` is False when there was none."""

    points: float
    max_points: float
    right: bool
    answered: bool


def order(seed: str, number: int) -> list[int]:
    """The places 0 to `number` - 1 in an order that is always the same for this seed."""

    def rank(place: int) -> bytes:
        return hashlib.sha256(f"{seed}/{place}".encode()).digest()

    return sorted(range(number), key=rank)


def checked(quiz: Quiz, answers: Mapping[str, Any]) -> dict[str, Answer]:
    """The answers by item, when they are some to this quiz; items left out are None.

    Raises Invalid with a sentence about the first that is none.
    """
    unknown = sorted(set(answers) - {item.key for item in quiz.questions})
    if unknown:
        raise Invalid(
            f"This quiz has no question {unknown[0][:80]!r}. Your answers were not counted; open "
            "the lesson again and answer the questions that it shows"
        )
    return {item.key: _checked(item, answers.get(item.key)) for item in quiz.questions}


def as_written(seed: str, quiz: Quiz, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """Checked answers that name options as one person sees them, with the author's places."""
    return {
        item.key: _moved(item, answers.get(item.key), option_order(seed, item))
        for item in quiz.questions
    }


def as_shown(seed: str, item: Question, answer: Answer) -> Answer:
    """An answer with the author's places, as that person sees it."""
    places = option_order(seed, item)
    return _moved(item, answer, sorted(range(len(places)), key=places.__getitem__))


def option_order(seed: str, item: Question) -> list[int]:
    """By place among what the person sees, the author's place of an option.

    The entries of an ordering never stand in their right order from the start.
    """
    places = order(f"{seed}/{item.key}", len(item.options))
    if item.kind == "ordering" and places == sorted(places):
        return [*places[1:], *places[:1]]
    return places


def mark(item: Question, answer: Answer) -> Marked:
    """What a checked answer is worth."""
    most = max(0.0, float(item.points))
    answered = answer not in (None, "", [])
    share = _share(item, answer) if answered else 0.0
    return Marked(round(share * most, 6), most, share == 1.0, answered)


def solution(item: Question) -> Answer:
    """The key, as an answer."""
    right = [place for place, option in enumerate(item.options) if option.correct]
    if item.kind == "single":
        return right[0] if right else None
    if item.kind == "multiple":
        return right
    if item.kind == "ordering":
        return list(range(len(item.options)))
    if item.kind == "short-text":
        return item.accepted[0] if item.accepted else None
    return None if item.answer is None else _spelt(item.answer)


def readings(text: str) -> list[Decimal]:
    """The numbers that somebody may have meant: `1,000` is a thousand here and one there.

    None when it is not a number.
    """
    text = text.translate(SPACES).strip().replace("\N{MINUS SIGN}", "-")
    if len(text) > LONGEST_NUMBER:
        return []
    found = []
    if SPACED.fullmatch(text):
        text = re.sub("[ '_]", "", text)
    if GROUPED.fullmatch(text):
        point = max(text.rfind("."), text.rfind(","))
        if text.count(text[point]) > 1 or "." not in text:
            point = len(text)  # the last mark groups too
        whole = text[:point].replace(",", "").replace(".", "")
        found.append(Decimal(f"{whole}.{text[point + 1 :]}"))
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if PLAIN.fullmatch(text):
        found.append(Decimal(text))
    return found


def printed(text: str) -> str:
    """Text as its lines count."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip("\n")


def plain(text: str) -> str:
    """A short text as it is compared."""
    words = unicodedata.normalize("NFKC", text.translate(TYPOGRAPHIC)).casefold().split()
    return " ".join(words).removesuffix(".").rstrip()


def _moved(item: Question, answer: Answer, places: Sequence[int]) -> Answer:
    if isinstance(answer, list):
        moved = [places[one] for one in answer]
        return moved if item.kind == "ordering" else sorted(moved)
    return places[answer] if isinstance(answer, int) else answer


def _checked(item: Question, answer: Any) -> Answer:
    if answer is None:
        return None
    if item.kind == "single":
        return _place(item, answer)
    if item.kind in ("multiple", "ordering"):
        return _places(item, answer)
    return _number(item, answer) if item.kind == "numeric" else _text(item, answer)


def _place(item: Question, answer: Any) -> int:
    if type(answer) is not int or not 0 <= answer < len(item.options):
        raise Invalid(f"The answer to {item.key!r} must be one of its {len(item.options)} options")
    return answer


def _places(item: Question, answer: Any) -> list[int]:
    if not isinstance(answer, list):
        raise Invalid(f"The answer to {item.key!r} must be a list of options")
    chosen = [_place(item, one) for one in answer]
    if len(set(chosen)) < len(chosen):
        raise Invalid(f"The answer to {item.key!r} names an option twice")
    if item.kind == "multiple":
        return sorted(chosen)
    if chosen and len(chosen) < len(item.options):
        raise Invalid(f"The answer to {item.key!r} must name all {len(item.options)} entries")
    return chosen


def _number(item: Question, answer: Any) -> str:
    text = _spelt(answer) if type(answer) in (int, float) else answer
    if not isinstance(text, str):
        raise Invalid(f"The answer to {item.key!r} must be a number")
    if text.strip() and not readings(text):
        raise Invalid(
            f"{text[:60]!r} is not a number, so nothing was counted. Write it such as "
            "12, 0.5 or 3e-4"
        )
    return text.strip()


def _text(item: Question, answer: Any) -> str:
    if not isinstance(answer, str):
        raise Invalid(f"The answer to {item.key!r} must be text")
    if len(answer) > LONGEST_TEXT:
        raise Invalid(f"The answer to {item.key!r} may have up to {LONGEST_TEXT} characters")
    if "\0" in answer or any("\ud800" <= letter <= "\udfff" for letter in answer):
        raise Invalid(f"The answer to {item.key!r} holds characters that are none")
    return answer


def _spelt(value: float | str) -> str:
    return value if isinstance(value, str) else repr(value)


def _share(item: Question, answer: Answer) -> float:
    if item.kind == "single":
        return float(answer == solution(item) is not None)
    if item.kind in ("multiple", "ordering"):
        assert isinstance(answer, list)
        right = [bool(option.correct) for option in item.options]
        return _parts(right, answer) if item.kind == "multiple" else _in_order(answer)
    if item.kind == "short-text":
        return float(plain(str(answer)) in {plain(form) for form in item.accepted})
    key = solution(item)
    if not isinstance(key, str) or not isinstance(answer, str):
        return 0.0
    if item.kind == "numeric":
        return float(_near(key, item, answer))
    return float(printed(answer) == printed(key))


def _parts(right: Sequence[bool], chosen: Sequence[int]) -> float:
    hits = sum(right[place] for place in chosen)
    wrong = len(right) - sum(right)
    hit = hits / sum(right) if any(right) else 0.0
    missed = (len(chosen) - hits) / wrong if wrong else 0.0
    return max(0.0, hit - missed)


def _in_order(places: Sequence[int]) -> float:
    """Kendall's tau with the author's order, never below nothing."""
    pairs = [one < other for one, other in combinations(places, 2)]
    return max(0.0, (2 * sum(pairs) - len(pairs)) / len(pairs)) if pairs else 1.0


def _near(key: str, item: Question, answer: str) -> bool:
    wanted = readings(key)
    if not wanted:
        return False
    exact = wanted[-1]
    slack = Decimal(0) if exact == exact.to_integral_value() else CLOSE * abs(exact)
    relative = Decimal(repr(float(item.relative))) * abs(exact)
    allowed = max(Decimal(repr(float(item.tolerance))), relative, slack)
    return any(abs(one - exact) <= allowed for one in readings(answer))
