"""How a final grade is put together, as plain values; grader/weighing.py reckons with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

# A lesson's notebook (then the second is empty), or a quiz of it; quizzes from the bank have no
# lesson here (the first is empty).
Item = tuple[str, str]


@dataclass(frozen=True)
class Category:
    """`weight` counts in relation to the others'; the `drop_lowest` worst items do not count."""

    name: str
    weight: float
    drop_lowest: int = 0


@dataclass(frozen=True)
class Scheme:
    """The categories in their order, and the category of each item that is in one."""

    categories: tuple[Category, ...] = ()
    items: Mapping[Item, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Exempt:
    """A teacher's word on somebody's item: it is excused, or counts these `points`."""

    excused: bool
    points: float | None
    reason: str
    made_by: str
    made_at: datetime
