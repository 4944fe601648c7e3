"""The page that a student gets back: their notebook, what it printed when graded, and the marks.

One file without scripts or addresses to load from. What the student wrote is escaped; Markdown is
rendered without HTML and then cleaned once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from string import Template
from typing import Any

import nh3
from markdown_it import MarkdownIt

from coursewright.grader.assemble import assemble
from coursewright.grader.result import CellResult, Result
from coursewright.records.course import Cell, Exercise, Lesson

WORDS = {
    "passed": "Passed",
    "failed": "Not passed",
    "partial": "Partly passed",
    "manual": "A person will mark this",
    "error": "Could not be completed",
    "timeout": "Stopped: it took too long",
}
SIGNS = {"passed": "✓", "partial": "◐", "manual": "…"}

PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>$title: feedback</title>
<style>
:root { --ink: #1d2330; --paper: #ffffff; --soft: #f3f5f9; --line: #c9d0dc; --muted: #4d5769;
  --good: #14653a; --bad: #9c1f1f; --part: #7a4b00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9f0; --paper: #14171e; --soft: #1e232d;
  --line: #3b4454; --muted: #aab3c3; --good: #7fd6a4; --bad: #ff9d94; --part: #f0c069; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 52rem; padding: 1rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { font-size: 1.25rem; margin-top: 2rem; }
pre { overflow-x: auto; padding: .75rem; border-radius: .4rem; background: var(--soft);
  font: .875rem/1.5 ui-monospace, monospace; tab-size: 4; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--muted); padding-bottom: .4rem; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .6rem .4rem 0; text-align: left;
  vertical-align: top; }
.points { text-align: right; white-space: nowrap; }
.mark { border: 1px solid var(--line); border-left: .3rem solid var(--muted); border-radius: .4rem;
  padding: .25rem 1rem; margin: 1rem 0; }
.mark h3 { font-size: 1rem; margin: .5rem 0; }
.mark ul { list-style: none; padding-left: 0; }
.passed { border-left-color: var(--good); } .passed b { color: var(--good); }
.failed, .error, .timeout { border-left-color: var(--bad); }
.failed b, .error b, .timeout b { color: var(--bad); }
.partial { border-left-color: var(--part); } .partial b { color: var(--part); }
.label { color: var(--muted); font-size: .875rem; margin: .75rem 0 .25rem; }
</style>
</head>
<body>
<main>
<h1>$title</h1>
<p><strong>$score of $most points</strong>$waiting</p>
$repairs
$summary
<h2>Your notebook</h2>
$cells
$others
<p class="label">Graded in $seconds s, mode: $mode.</p>
</main>
</body>
</html>
""")

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_tags = nh3.ALLOWED_TAGS - {"img"}  # a picture would be loaded from elsewhere


def render(lesson: Lesson, submission: Mapping[str, Any], result: Result) -> bytes:
    """The page as UTF-8. `lesson` is the source; nothing of its hidden tests is shown."""
    page = _Page(lesson, result)
    cells = assemble(lesson.to_notebook(), submission).written
    waiting = any(mark.status == "manual" for mark in result.cells)
    return PAGE.substitute(
        title=escape(lesson.title or lesson.key),
        score=f"{result.score:g}",
        most=f"{result.max_score:g}",
        waiting=" so far; a person still has to mark some answers" if waiting else "",
        repairs=_list("What was put right first", result.repairs),
        summary=page.summary(),
        cells="\n".join(part for cell in cells for part in page.cell(cell)),
        others=page.others(),
        seconds=f"{result.seconds:.1f}",
        mode=escape(result.mode),
    ).encode("utf-8", "replace")


class _Page:
    """The parts of one page."""

    def __init__(self, lesson: Lesson, result: Result) -> None:
        self.result = result
        self.exercises = {exercise.key: exercise for exercise in lesson.exercises()}
        self.marks = {mark.grade_id: mark for mark in result.cells}
        self.shown: set[str] = set()

    def summary(self) -> str:
        rows = "\n".join(
            f'<tr><th scope="row">{escape(self._title(mark))}</th><td>{WORDS[mark.status]}</td>'
            f'<td class="points">{mark.points:g} of {mark.max_points:g}</td></tr>'
            for mark in self.result.cells
        )
        return (
            '<div class="scroll"><table><caption>Your marks</caption><thead><tr>'
            '<th scope="col">Part</th><th scope="col">Result</th>'
            f'<th scope="col" class="points">Points</th></tr></thead><tbody>\n{rows}\n'
            "</tbody></table></div>"
        )

    def cell(self, cell: Cell) -> Iterator[str]:
        mark = self.marks.get(cell.grade_id or "")
        if mark is not None and cell.role == "tests":
            yield self._mark(mark)
            return
        if cell.kind == "code":
            yield _block("Code", f"<code>{escape(cell.source)}</code>")
            printed = self.result.printed.get(cell.id, "")
            if printed.strip():
                yield _block("Printed", escape(printed))
        elif cell.kind == "markdown":
            yield markdown(cell.source)
        if mark is not None:
            yield self._mark(mark)

    def others(self) -> str:
        """The marks whose cells are not in the student's notebook."""
        left = [self._mark(mark) for name, mark in self.marks.items() if name not in self.shown]
        return "\n".join(["<h2>Cells that were missing</h2>", *left]) if left else ""

    def _title(self, mark: CellResult) -> str:
        exercise = self.exercises.get(mark.exercise or "")
        return exercise.title if exercise else mark.grade_id

    def _mark(self, mark: CellResult) -> str:
        self.shown.add(mark.grade_id)
        points = f"{mark.points:g} of {mark.max_points:g} points"
        exercise = self.exercises.get(mark.exercise or "")
        return (
            f'<section class="mark {mark.status}">\n<h3>{escape(self._title(mark))}: '
            f"<b>{WORDS[mark.status]}</b>, {points}</h3>\n"
            f"{_promises(mark, exercise) if exercise else ''}"
            f"{f'<p>{escape(mark.message)}</p>' if mark.message else ''}\n</section>"
        )


def markdown(source: str) -> str:
    """A student's or an author's Markdown as harmless HTML, its headings below the page's own."""
    tokens = _markdown.parse(source)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"
    return nh3.clean(_markdown.renderer.render(tokens, _markdown.options, {}), tags=_tags)


def _block(label: str, content: str) -> str:
    """Text that may be wider than the screen; the keyboard reaches it, to scroll."""
    return f'<p class="label">{label}</p>\n<pre tabindex="0">{content}</pre>'


def _promises(mark: CellResult, exercise: Exercise) -> str:
    sign = SIGNS.get(mark.status, "✗")
    word = {"passed": "kept", "partial": "kept in part", "manual": "not marked yet"}
    items = "".join(
        f'<li><span aria-hidden="true">{sign}</span> {escape(exercise.promises[number - 1])} '
        f"({word.get(mark.status, 'not kept yet')})</li>"
        for number in mark.promises
        if 0 < number <= len(exercise.promises)
    )
    return f"<ul>{items}</ul>\n" if items else ""


def _list(title: str, items: tuple[str, ...]) -> str:
    if not items:
        return ""
    lines = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<h2>{title}</h2>\n<ul>{lines}</ul>"
