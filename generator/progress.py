"""What a generation tells while it runs: one event a step, for a terminal, a page or a log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["outline", "lesson", "exercise", "quiz", "course"]
State = Literal["started", "checking", "repairing", "accepted", "repaired", "abstained", "kept"]
ENDED: tuple[State, ...] = ("accepted", "repaired", "abstained", "kept")


@dataclass(frozen=True)
class Event:
    """`place` is lesson/exercise; `total` how many of its kind are planned, told with the first.

    `kept` is the state of a piece that an earlier run had finished.
    """

    kind: Kind
    place: str
    state: State
    detail: str = ""
    total: int = 0


Tell = Callable[[Event], None]


def silent(event: Event) -> None:
    """Tell nobody."""
