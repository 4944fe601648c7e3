"""The final grade: which work counts how much. Every rule of it, and nothing else (no database).

* In a category items count by their points, and the lowest percentages are dropped, of equal ones
  the larger item first. At least one item is kept.
* The grade is the mean of the categories' percentages by their weights; a category in which
  nothing counts yet is left out. Weight 0 is practice.
* What is excused, or waits for the teachers, is left out. What is missing after its date counts 0.
* What is still open is left out of `percent`, the grade so far, and counts 0 in `final`, the grade
  if nothing more is handed in.
* A course without categories has one, of everything. In a course with some, an item that is in
  none does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from coursewright.records.schemes import Category, Item, Scheme

State = Literal["open", "missing", "waiting", "held", "graded", "excused"]
WHOLE = Category("All work", 1.0)


@dataclass(frozen=True)
class Piece:
    """Somebody's work on an item, with what it counts: `points` of `most`.

    `pending` are further points of the item that a person has yet to give; they are not in `most`.
    """

    state: State
    points: float
    most: float
    pending: float = 0.0

    @property
    def settled(self) -> bool:
        """Whether nothing more is to come of it."""
        return self.state == "excused" or (self.state == "graded" and not self.pending)


@dataclass(frozen=True)
class Part:
    """What somebody has in a category, in percent; None where nothing counts yet."""

    name: str
    weight: float
    drop_lowest: int
    percent: float | None
    final: float | None


@dataclass(frozen=True)
class Grade:
    """In percent, None where nothing counts. `dropped`: the items that the grade so far leaves out
    as the lowest.
    """

    percent: float | None
    final: float | None
    parts: tuple[Part, ...]
    dropped: frozenset[Item]


def categories_of(scheme: Scheme) -> tuple[Category, ...]:
    return scheme.categories or (WHOLE,)


def category_of(scheme: Scheme, item: Item) -> str | None:
    """None: it does not count."""
    return scheme.items.get(item) if scheme.categories else WHOLE.name


def weigh(scheme: Scheme, pieces: Mapping[Item, Piece]) -> Grade:
    """The grade of one person."""
    parts = []
    dropped: set[Item] = set()
    for category in categories_of(scheme):
        own = {item: one for item, one in pieces.items() if _in(scheme, item, category)}
        so_far, low = _percent(own, ("graded", "missing"), category.drop_lowest)
        final, _ = _percent(own, ("graded", "missing", "open"), category.drop_lowest)
        dropped |= low
        parts.append(Part(category.name, category.weight, category.drop_lowest, so_far, final))
    return Grade(
        _mean((part.weight, part.percent) for part in parts),
        _mean((part.weight, part.final) for part in parts),
        tuple(parts),
        frozenset(dropped),
    )


def _in(scheme: Scheme, item: Item, category: Category) -> bool:
    return category_of(scheme, item) == category.name


def _percent(
    pieces: Mapping[Item, Piece], states: Sequence[State], drop: int
) -> tuple[float | None, set[Item]]:
    counted = {item: one for item, one in pieces.items() if one.state in states and one.most > 0}
    if not counted:
        return None, set()
    worst = sorted(counted, key=lambda item: _rank(item, counted[item]))
    low = set(worst[: min(max(0, drop), len(worst) - 1)])
    kept = [one for item, one in counted.items() if item not in low]
    points, most = sum(one.points for one in kept), sum(one.most for one in kept)
    return round(100 * points / most, 6), low


def _rank(item: Item, piece: Piece) -> tuple[float, float, Item]:
    return piece.points / piece.most, -piece.most, item


def _mean(parts: Iterable[tuple[float, float | None]]) -> float | None:
    known = [(weight, percent) for weight, percent in parts if percent is not None]
    total = sum(weight for weight, _ in known)
    if total <= 0:
        return None
    return round(sum(weight * percent for weight, percent in known) / total, 6)
