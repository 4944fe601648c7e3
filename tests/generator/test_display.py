"""What a person sees while a course is made: in a terminal, and in a pipe."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from coursewright.generator.budget import Usage
from coursewright.generator.display import Display, spending
from coursewright.generator.progress import Event

EVENTS = (
    Event("outline", "Bread", "accepted"),
    Event("lesson", "", "started", total=1),
    Event("exercise", "", "started", total=9),
    Event("lesson", "dough", "kept"),
    Event("exercise", "dough/knead", "started"),
    Event("exercise", "dough/knead", "repairing", "G6: weak"),
    Event("exercise", "dough/rise", "repaired"),
    Event("exercise", "dough/bake", "abstained", "G3: [red]no[/red]"),
    Event("quiz", "dough/quiz", "started"),
    Event("course", "", "checking"),
)


def shown(terminal: bool, width: int = 80) -> str:
    file = io.StringIO()
    console = Console(file=file, force_terminal=terminal, width=width, color_system=None)
    display = Display(console, lambda: Usage(1200, 34, 0.5, calls=3))
    for event in EVENTS:
        display(event)
    display.notice("The endpoint answers 429.")
    if terminal:
        console.print(display.render())
    return file.getvalue()


def test_a_terminal_shows_counts_spending_and_what_is_under_way() -> None:
    lines = [line.rstrip() for line in shown(terminal=True).splitlines()]
    text = "\n".join(lines)
    assert lines[0].startswith("Bread")
    (row,) = [line.split() for line in lines if line.startswith("Exercises")]
    assert row[-4:] == ["9", "1", "1", "1"]
    assert "3 calls, 1,234 tokens, 0.50 in money" in text
    assert "Looking for what stands twice" in text
    assert "✗ dough/bake is left out (G3: [red]no[/red])" in text
    assert "! The endpoint answers 429." in text
    assert "… dough/knead is being repaired" in text
    assert "· dough was there already" in text


@pytest.mark.parametrize("width", [20, 40, 80])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(len(line) for line in shown(True, width).splitlines()) <= width


def test_a_pipe_gets_a_line_for_each_piece_that_ended() -> None:
    assert shown(terminal=False).splitlines() == [
        "dough was there already",
        "dough/rise is proven, after repairs",
        "dough/bake is left out (G3: [red]no[/red])",
        "The endpoint answers 429.",
    ]


@pytest.mark.parametrize(
    ("usage", "words"),
    [
        (Usage(), ""),
        (Usage(1000, 1, calls=2), "2 calls, 1,001 tokens"),
        (Usage(1, 1, 1.005, 1), "1 calls, 2 tokens, 1.00 in money"),
    ],
)
def test_spending_is_a_sentence(usage: Usage, words: str) -> None:
    assert spending(usage) == words
