"""How well somebody commands a concept: every rule of it, and nothing else (no database).

    mastery = 0.40 × exercise + 0.30 × quiz + 0.20 × code quality + 0.10 × consistency

Each part is 0 to 100, or None where nothing speaks of it; the weights of the parts that are there
are stretched to a whole. Who stores it: grader/reckoning.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta

# Whole numbers, so that a person with 100 everywhere has exactly 100.
WEIGHTS = {"exercise": 40, "quiz": 30, "quality": 20, "consistency": 10}

WINDOW = 14  # days, the day of the reckoning among them
# Days of work, no two of them neighbours, that are as good as can be: every third day.
SPACED = 5
FINDING = 10  # what one finding about the code costs


@dataclass(frozen=True)
class Level:
    """A band of scores; `top` is its highest whole score."""

    name: str
    colour: str
    top: int


LEVELS = (
    Level("Beginner", "red", 40),
    Level("Learning", "yellow", 70),
    Level("Proficient", "green", 90),
    Level("Mastered", "blue", 100),
)


@dataclass(frozen=True)
class Parts:
    """The evidence about a person and a concept, each 0 to 100; None where there is none."""

    exercise: float | None = None
    quiz: float | None = None
    quality: float | None = None
    consistency: float | None = None

    def present(self) -> dict[str, float]:
        found = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: value for name, value in found.items() if value is not None}


def score(parts: Parts) -> float | None:
    """0 to 100; None when there is no evidence at all."""
    present = parts.present()
    if not present:
        return None
    weight = sum(WEIGHTS[name] for name in present)
    total = sum(WEIGHTS[name] * _bounded(value) for name, value in present.items())
    # What is not a number of this world in binary must not fall out of its band.
    return _bounded(round(total / weight, 6))


def level(value: float) -> Level:
    """The band of a score; one between two bands (40.5) belongs to the lower."""
    return next(band for band in LEVELS if value < band.top + 1)


def share(earned: Iterable[tuple[float, float]]) -> float | None:
    """What pairs of (points, the most that could be had) come to; None when none can be had.

    Extra credit in one task does not make up for another.
    """
    counted = [(min(max(points, 0), most), most) for points, most in earned if most > 0]
    whole = sum(most for _, most in counted)
    if not whole:
        return None
    return _bounded(round(100 * sum(points for points, _ in counted) / whole, 6))


def quality(findings: Iterable[int]) -> float | None:
    """The mean over pieces of passing code, each with its number of findings."""
    marks = [_bounded(100 - FINDING * number) for number in findings]
    return round(sum(marks) / len(marks), 6) if marks else None


def consistency(days: Iterable[date], today: date) -> float | None:
    """Spaced days of work in the last 14; None when there was no day of work ever.

    Days that follow each other count once for two, so that work every third day is worth as much
    as work every day, and one long weekend is not.
    """
    worked = set(days)
    if not worked:
        return None
    last: date | None = None
    spaced = 0
    for day in sorted(worked):
        recent = timedelta(0) <= today - day < timedelta(WINDOW)
        if recent and (last is None or day - last > timedelta(1)):
            spaced += 1
            last = day
    return 100.0 * min(spaced, SPACED) / SPACED


def _bounded(value: float) -> float:
    return min(100.0, max(0.0, float(value)))
