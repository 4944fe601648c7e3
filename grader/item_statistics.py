"""What answers say about a question: classical item statistics, and what is to be looked at.

* **difficulty** (facility): the mean share of the points. Above 0.95 a question is very easy,
  below 0.20 very hard (the outer classes of Moodle's statistics report); so is a single choice at
  or below what guessing earns.
* **discrimination**: the correlation of a question's share with the share of all other questions
  of the same attempt (point-biserial where it is right or wrong), the question itself left out as
  Henrysson has it (*Psychometrika* 28, 1963, 211-218). Below 0 the better do worse; below 0.20 it
  is weak (Ebel and Frisbie, *Essentials of Educational Measurement*, 1991).
* **upper and lower group**: the 27 % with the best and the worst rest of the attempt (Kelley,
  *Journal of Educational Psychology* 30, 1939, 17-24). A wrong option that more of the upper group
  choose than the key puts the key in doubt.
* **options**: a wrong one that less than 5 % choose does no work (Haladyna and Downing,
  *Educational and Psychological Measurement* 53, 1993, 999-1010).

Of each student the first attempt speaks, for later ones build on it. With fewer than FEWEST answers
nothing is flagged: chance alone would say it.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from coursewright.grader.quizzes import Answer, plain, printed, readings
from coursewright.records.course import Question

FEWEST = 20
TOO_EASY = 0.95
TOO_HARD = 0.20
WEAK = 0.20
UNUSED = 0.05
GROUP = 0.27
MOST_TEXTS = 10  # of what was written, in the order of how often

FLAGS = {
    "too-easy": "Nearly everybody has it right, so it tells little",
    "too-hard": "Hardly anybody has it right",
    "negative": "Those who do well in the rest do worse here",
    "weak": "It hardly parts those who do well from those who do not",
    "unused-option": "A wrong option is chosen by hardly anybody",
    "key-doubt": "More of the best chose a wrong option than the key: look at the key",
}


@dataclass(frozen=True)
class Given:
    """One student's answer: its share of the points, that of the attempt's other questions.

    `rest` is None where there were none; `seconds` where they were not measured.
    """

    answer: Answer
    share: float
    rest: float | None
    seconds: float | None = None


@dataclass(frozen=True)
class Choice:
    """How often an option was chosen, or a text written; `upper` and `lower` are of the groups."""

    text: str
    right: bool
    count: int
    share: float
    upper: int
    lower: int


@dataclass(frozen=True)
class Statistics:
    """All of one question. `discrimination` is None where nothing varies; `seconds` the median."""

    answers: int
    left_out: int
    difficulty: float | None
    discrimination: float | None
    seconds: float | None
    choices: tuple[Choice, ...]
    flags: tuple[str, ...]


def statistics_of(item: Question, given: Sequence[Given]) -> Statistics:
    """`given`: one answer of each student, with options by the author's places."""
    upper, lower = groups(given)
    choices = tuple(_choices(item, given, upper, lower))
    difficulty = statistics.fmean(one.share for one in given) if given else None
    pairs = [(one.share, one.rest) for one in given if one.rest is not None]
    r = correlation(pairs)
    times = [one.seconds for one in given if one.seconds is not None]
    flags: tuple[str, ...] = ()
    if difficulty is not None and len(given) >= FEWEST:
        flags = tuple(_flags(item, difficulty, r, choices))
    return Statistics(
        answers=len(given),
        left_out=sum(_empty(one.answer) for one in given),
        difficulty=None if difficulty is None else round(difficulty, 4),
        discrimination=None if r is None else round(r, 4),
        seconds=round(statistics.median(times), 1) if times else None,
        choices=choices,
        flags=flags,
    )


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's; None where one of the two does not vary, or there are fewer than three."""
    if len(pairs) < 3:
        return None
    xs, ys = zip(*pairs, strict=True)
    if max(xs) - min(xs) < 1e-9 or max(ys) - min(ys) < 1e-9:
        return None
    return max(-1.0, min(1.0, statistics.correlation(xs, ys)))


def groups(given: Sequence[Given]) -> tuple[list[Given], list[Given]]:
    """The upper and the lower 27 %, by the rest of the attempt."""
    ranked = sorted((one for one in given if one.rest is not None), key=lambda one: one.rest or 0)
    size = math.ceil(len(ranked) * GROUP)
    return ranked[len(ranked) - size :], ranked[:size]


def _choices(
    item: Question, given: Sequence[Given], upper: Sequence[Given], lower: Sequence[Given]
) -> Iterator[Choice]:
    if item.kind in ("single", "multiple"):
        for place, option in enumerate(item.options):
            counts = [_chosen(place, group) for group in (given, upper, lower)]
            share = counts[0] / len(given) if given else 0.0
            yield Choice(option.text, bool(option.correct), counts[0], share, *counts[1:])
        return
    by_text: dict[str, list[Given]] = {}
    for one in given:
        if not _empty(one.answer):
            by_text.setdefault(_written(item, one.answer), []).append(one)
    often = sorted(by_text.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    high, low = set(map(id, upper)), set(map(id, lower))
    for text, found in often[:MOST_TEXTS]:
        in_upper = sum(id(one) in high for one in found)
        in_lower = sum(id(one) in low for one in found)
        share = len(found) / len(given)
        yield Choice(text, found[0].share == 1.0, len(found), share, in_upper, in_lower)


def _chosen(place: int, given: Iterable[Given]) -> int:
    return sum(
        place in one.answer if isinstance(one.answer, list) else one.answer == place
        for one in given
    )


def _written(item: Question, answer: Any) -> str:
    """Answers that say the same as one text."""
    if item.kind == "ordering" and isinstance(answer, list):
        return " → ".join(item.options[place].text for place in answer)
    if item.kind == "numeric":
        found = readings(str(answer))
        return f"{found[-1]:f}" if found and len(str(answer)) < 40 else str(answer).strip()
    return plain(str(answer)) if item.kind == "short-text" else printed(str(answer))


def _empty(answer: Answer) -> bool:
    return answer in (None, "", [])


def _flags(
    item: Question, difficulty: float, r: float | None, choices: Sequence[Choice]
) -> Iterator[str]:
    guessed = 1 / len(item.options) if item.kind == "single" and item.options else 0.0
    if difficulty > TOO_EASY:
        yield "too-easy"
    if difficulty < TOO_HARD or difficulty <= guessed:
        yield "too-hard"
    if r is not None and r < WEAK:
        yield "negative" if r < 0 else "weak"
    if item.kind in ("single", "multiple"):
        wrong = [one for one in choices if not one.right]
        if any(one.share < UNUSED for one in wrong):
            yield "unused-option"
        right = [one.upper for one in choices if one.right]
        if wrong and right and max(one.upper for one in wrong) > min(right):
            yield "key-doubt"
