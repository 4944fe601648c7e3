"""Authors' Markdown for the pages: made harmless (grader/feedback.py), and marked as such."""

from __future__ import annotations

import re

from markupsafe import Markup

from coursewright.grader.feedback import markdown

ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\s*\Z", re.DOTALL)
SIGNS = re.compile(r"[`*_#>\[\]]+")
LONGEST_NAME = 120


def html(source: str) -> Markup:
    """A text with its paragraphs."""
    return Markup(markdown(source, above=2))  # noqa: S704 (cleaned by nh3)


def inline(source: str) -> Markup:
    """The same for a label: without the paragraph, where it is one alone."""
    found = markdown(source, above=2)
    alone = ONE_PARAGRAPH.match(found)
    return Markup(alone[1] if alone else found)  # noqa: S704 (cleaned by nh3)


def plain(source: str) -> str:
    """The beginning of a text as a name for it, without Markdown's signs."""
    words = " ".join(SIGNS.sub("", source).split())
    return words if len(words) <= LONGEST_NAME else f"{words[: LONGEST_NAME - 1].rstrip()}…"
