"""Numbers in words and signs for the templates, which ask for them some hundred times on a page.

Functions, since a macro of a template takes ten times as long.
"""

from __future__ import annotations

from markupsafe import Markup

SCORE = Markup('<span class="score">%s<span class="of"> of %s</span></span>')


def number(value: float) -> str:
    """Points without a useless ".0": 3, 2.5."""
    return f"{round(value, 2):g}"


def score(points: float, max_points: float) -> Markup:
    return SCORE % (number(points), number(max_points))


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def percent(value: float) -> str:
    """At most one decimal."""
    return f"{round(value, 1):g} %"
