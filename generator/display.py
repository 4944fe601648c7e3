"""A generation as it runs, for a terminal; for a pipe or a log, a line for each piece."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from coursewright.generator.budget import Usage
from coursewright.generator.progress import ENDED, Event, Kind

KINDS: tuple[Kind, ...] = ("lesson", "exercise", "quiz")
NAMES = {"lesson": "Lessons", "exercise": "Exercises", "quiz": "Quizzes"}
SAID = 5  # the latest pieces, and those under way, that are named
WORDS = {
    "started": "is being made",
    "checking": "is being checked",
    "repairing": "is being repaired",
    "accepted": "is proven",
    "repaired": "is proven, after repairs",
    "abstained": "is left out",
    "kept": "was there already",
}
MARKS = {"accepted": ("✓", "green"), "repaired": ("↻", "yellow"), "abstained": ("✗", "red")}


class Display:
    """Takes events; `spent` is asked what the calls took so far."""

    def __init__(self, console: Console, spent: Callable[[], Usage]) -> None:
        self.console = console
        self.spent = spent
        self.began = time.monotonic()
        self.totals: dict[str, int] = {}
        self.ended: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
        self.working: dict[tuple[str, str], str] = {}
        self.latest: deque[Text] = deque(maxlen=SAID)
        self.title = "Planning the course"
        self.whole = ""
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
        if event.kind == "course":
            self.whole = "" if event.state in ENDED else "Looking for what stands twice"
        if event.total:
            self.totals[event.kind] = event.total
        if event.kind not in KINDS or not event.place:
            return
        key = (event.kind, event.place)
        if event.state in ENDED:
            self.working.pop(key, None)
            self.ended[event.kind][event.state] += 1
            detail = f" ({event.detail})" if event.detail else ""
            mark = MARKS.get(event.state, ("·", "dim"))
            self._line(f"{event.place} {WORDS[event.state]}{detail}", mark)
        else:
            self.working[key] = WORDS[event.state]

    def notice(self, sentence: str) -> None:
        """What the model's endpoint gives rise to."""
        self._line(sentence, ("!", "yellow"))

    def _line(self, line: str, mark: tuple[str, str]) -> None:
        self.latest.append(Text.assemble(mark, " ", line))
        if not self.console.is_terminal:
            self.console.print(line, highlight=False, markup=False, soft_wrap=True)

    def render(self) -> RenderableType:
        """Counts and bars, what the calls took, what ended last, what is under way."""
        table = Table(title=self.title, title_justify="left", box=None, padding=(0, 2, 0, 0))
        table.add_column("")
        table.add_column("", width=20)
        for name in ("planned", "proven", "repaired", "left out"):
            table.add_column(name, justify="right")
        for kind in KINDS:
            total, ended = self.totals.get(kind, 0), self.ended[kind]
            proven = ended["accepted"] + ended["repaired"] + ended["kept"]
            bar = ProgressBar(total=total or 1, completed=ended.total(), width=20)
            counts = (total, proven, ended["repaired"], ended["abstained"])
            table.add_row(NAMES[kind], bar, *map(str, counts))
        seconds = round(time.monotonic() - self.began)
        spent = spending(self.spent())
        parts = [f"{seconds // 60}:{seconds % 60:02}", *([spent] if spent else []), self.whole]
        working = [f"{place} {words}" for (_, place), words in list(self.working.items())[-SAID:]]
        more = len(self.working) - len(working)
        lines = [*working, *([f"and {more} more"] if more else [])]
        return Group(
            table,
            Text("  ".join(filter(None, parts)), style="bold"),
            *(_cut(line) for line in self.latest),
            *(_cut(Text(f"… {line}", style="dim")) for line in lines),
        )


def spending(usage: Usage) -> str:
    """What calls took, in a sentence; nothing for a maker without calls."""
    if not usage.calls:
        return ""
    cost = "" if usage.cost is None else f", {usage.cost:.2f} in money"
    return f"{usage.calls} calls, {usage.tokens:,} tokens{cost}"


def _cut(line: Text) -> Text:
    """A line is a line: what is too long for the terminal ends in dots."""
    line.no_wrap, line.overflow = True, "ellipsis"
    return line
