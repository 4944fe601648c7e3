"""A generation as it runs, for a terminal; for a pipe or a log, a line for each piece."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from coursewright.generator.budget import Usage
from coursewright.generator.progress import ENDED, Event, Kind

KINDS: tuple[Kind, ...] = ("lesson", "exercise", "quiz")
NAMES = {"lesson": "Lessons", "exercise": "Exercises", "quiz": "Quizzes"}
SAID = 6  # the latest pieces that are named
WORDS = {
    "started": "is being made",
    "checking": "is being checked",
    "repairing": "is being repaired",
    "accepted": "is proven",
    "repaired": "is proven, after repairs",
    "abstained": "is left out",
    "kept": "was there already",
}


class Display:
    """Takes events; `spent` is asked what the calls took so far."""

    def __init__(self, console: Console, spent: Callable[[], Usage]) -> None:
        self.console = console
        self.spent = spent
        self.totals: dict[str, int] = {}
        self.ended: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
        self.working: dict[tuple[str, str], str] = {}
        self.latest: deque[str] = deque(maxlen=SAID)
        self.title = "Planning the course"
        self.live = Live(
            get_renderable=self.render, console=console, refresh_per_second=8, transient=True
        )

    def __enter__(self) -> Display:
        if self.console.is_terminal:
            self.live.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self.live.is_started:
            self.live.stop()

    def __call__(self, event: Event) -> None:
        if event.kind == "outline" and event.place:
            self.title = event.place
        if event.total:
            self.totals[event.kind] = event.total
        if event.kind not in KINDS or not event.place:
            return
        key = (event.kind, event.place)
        if event.state in ENDED:
            self.working.pop(key, None)
            self.ended[event.kind][event.state] += 1
            self._say(event)
        else:
            self.working[key] = WORDS[event.state]

    def notice(self, sentence: str) -> None:
        """What the model's endpoint gives rise to."""
        self._line(sentence)

    def _say(self, event: Event) -> None:
        detail = f" ({event.detail})" if event.detail else ""
        self._line(f"{event.place} {WORDS[event.state]}{detail}")

    def _line(self, line: str) -> None:
        self.latest.append(line)
        if not self.console.is_terminal:
            self.console.print(line, highlight=False, markup=False, soft_wrap=True)

    def render(self) -> RenderableType:
        table = Table(title=self.title, title_justify="left", expand=False)
        for name in ("", "planned", "proven", "of them repaired", "left out", "under way"):
            table.add_column(name, justify="left" if not name else "right")
        for kind in KINDS:
            ended = self.ended[kind]
            proven = ended["accepted"] + ended["repaired"] + ended["kept"]
            working = sum(kind == one for one, _ in self.working)
            counts = (self.totals.get(kind, 0), proven, ended["repaired"], ended["abstained"])
            table.add_row(NAMES[kind], *map(str, (*counts, working)))
        lines = [f"{place} {words}" for (_, place), words in list(self.working.items())[-SAID:]]
        return Group(
            table,
            Text(spending(self.spent())),
            *(Text(line, style="dim", no_wrap=True) for line in self.latest),
            *(Text(line, no_wrap=True) for line in lines),
        )


def spending(usage: Usage) -> str:
    """What calls took, in a sentence; nothing for a maker without calls."""
    if not usage.calls:
        return ""
    cost = "" if usage.cost is None else f", {usage.cost:.2f} in money"
    return f"{usage.calls} calls, {usage.tokens:,} tokens{cost}"
