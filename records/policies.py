"""Due dates and extensions as plain values. What they mean is decided in grader/deadlines.py."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Policy:
    """What holds for a lesson of a course; every moment is aware, None where there is no limit.

    `zone` (IANA) says when a day ends. Penalties are in percent: `penalty_per_day` for each day
    begun after `due`, in all at most `penalty_cap`. Nothing is taken after `cut_off`.
    """

    due: datetime | None = None
    zone: str = "UTC"
    grace_minutes: int = 0
    penalty_per_day: float = 0.0
    penalty_cap: float = 100.0
    cut_off: datetime | None = None
    attempts: int | None = None


@dataclass(frozen=True)
class Extension:
    """What is granted beyond a policy; it never takes anything away.

    Without a `cut_off` of its own, the policy's moves as far as the due date does.
    """

    due: datetime | None = None
    cut_off: datetime | None = None
    extra_attempts: int = 0


@dataclass(frozen=True)
class ExtraTime:
    """More time in timed quizzes: `factor` times the quiz's own, and `minutes` on top of that."""

    factor: float = 1.0
    minutes: int = 0

    def beyond(self, minutes: int) -> int:
        """How many more than a quiz's own `minutes`; a begun minute is a whole one."""
        return math.ceil(round(minutes * (self.factor - 1), 6)) + self.minutes
