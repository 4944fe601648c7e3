"""The page that a student gets back: their notebook, what it showed when graded, and the marks.

What the student wrote is escaped; Markdown is rendered without HTML and then cleaned once more.
What cells showed was made harmless before (outputs.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote

import nh3
from markdown_it import MarkdownIt

from coursewright.grader.assemble import Assembly, assemble
from coursewright.grader.feedback_page import PAGE
from coursewright.grader.outputs import SIGNATURES, Output
from coursewright.grader.result import CellResult, Result
from coursewright.grader.score import named, not_yet
from coursewright.records.course import Cell, Lesson

WORDS = {
    "passed": "Passed",
    "failed": "Not passed",
    "partial": "Partly passed",
    "manual": "A person will mark this",
    "error": "Could not be completed",
    "timeout": "Stopped: it took too long",
}
SIGNS = {"passed": "✓", "partial": "◐", "manual": "…"}
KEPT = {"passed": "kept", "partial": "kept in part", "manual": "not marked yet"}
MODES = {"shared": ": the tests ran in the same process as your code", "isolated": ""}
HEADING = re.compile("<h([1-6])>")
PLACE = "<!-- what counts, and where else this can be had -->"

# A mark as `_mark` writes it: what students wrote is escaped and has no such section.
MARK = re.compile(
    rb'(<section class="mark [a-z]+" id="mark-([0-9]{1,6})">.*?)\n</section>', re.DOTALL
)

REMEMBERED = 4000  # characters, up to which a text's HTML is kept

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_tags = nh3.ALLOWED_TAGS - {"img"}  # a picture would be loaded from elsewhere


def render(
    lesson: Lesson,
    submission: Mapping[str, Any],
    result: Result,
    assembly: Assembly | None = None,
) -> bytes:
    """The page as UTF-8. `lesson` is the source; nothing of its hidden tests is shown.

    `assembly` is the two notebooks', when it is at hand.
    """
    page = _Page(lesson, result)
    cells = (assembly or assemble(lesson.to_notebook(), submission)).written
    return PAGE.substitute(
        title=escape(lesson.title or lesson.key),
        score=points(result.score, result.max_score),
        waiting=" so far; a person still has to mark some answers" if waiting(result) else "",
        place=PLACE,
        repairs=_list("What was put right first", result.repairs),
        summary=page.summary(),
        cells="\n".join(part for cell in cells for part in page.cell(cell)),
        others=page.others(),
        seconds=f"{result.seconds:.1f}",
        mode=escape(result.mode) + MODES[result.mode],
    ).encode("utf-8", "replace")


def placed(
    page: bytes,
    *,
    late: str = "",
    notebook: str = "",
    ask: str = "",
    cells: Sequence[str] = (),
) -> bytes:
    """The page with what is true only where and when it is read: a sentence on what counts, and
    the address of the same as a notebook. With `ask`, the beginning of an address, each mark gets
    a link to ask about it; `cells` are the grade_ids in the page's order."""
    said = f"<p>{escape(late)}</p>" if late else ""
    link = f'<p><a href="{escape(notebook)}" download>Download as a notebook</a></p>'
    page = page.replace(PLACE.encode(), (said + (link if notebook else "")).encode(), 1)
    if not ask:
        return page

    def with_link(found: re.Match[bytes]) -> bytes:
        number = int(found[2]) - 1
        if number not in range(len(cells)):
            return found[0]
        address = escape(f"{ask}?cell={quote(cells[number], safe='')}")
        said = f'\n<p><a href="{address}">Ask about this mark</a></p>'
        return found[1] + said.encode() + b"\n</section>"

    return MARK.sub(with_link, page)


def points(given: float, most: float) -> str:
    extra = ", extra credit included" if given > most else ""
    return f"{given:g} of {most:g} points{extra}"


def waiting(result: Result) -> bool:
    return any(mark.status == "manual" for mark in result.cells)


class _Page:
    """The parts of one page."""

    def __init__(self, lesson: Lesson, result: Result) -> None:
        self.result = result
        self.exercises = {exercise.key: exercise for exercise in lesson.exercises()}
        self.marks = {mark.grade_id: mark for mark in result.cells}
        self.numbers = {mark.grade_id: number for number, mark in enumerate(result.cells, 1)}
        self.shown: set[str] = set()
        self.level = 2  # of the last heading

    def summary(self) -> str:
        rows = "\n".join(
            f'<tr><th scope="row"><a href="#mark-{self.numbers[mark.grade_id]}">'
            f"{escape(self._title(mark))}</a></th>"
            f'<td class="{mark.status}"><b>{_sign(mark)}{WORDS[mark.status]}</b></td>'
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
            yield from map(_output, self.result.outputs.get(cell.id, ()))
        elif cell.kind == "markdown":
            html = markdown(cell.source, self.level)
            self.level = int([str(self.level), *HEADING.findall(html)][-1])
            yield html
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
        self.level = 3
        promises = named(self.exercises.get(mark.exercise or ""), mark.promises)
        why = reason(mark, promises)
        return (
            f'<section class="mark {mark.status}" id="mark-{self.numbers[mark.grade_id]}">\n'
            f"<h3>{escape(self._title(mark))}: "
            f"<b>{WORDS[mark.status]}</b>, {points(mark.points, mark.max_points)}</h3>\n"
            f"{_promises(mark, promises)}{f'<p>{escape(why)}</p>' if why else ''}\n</section>"
        )


def markdown(source: str, above: int = 2) -> str:
    """A student's or an author's Markdown as harmless HTML, its headings below the page's own.

    `above` is the level of the heading before it: none is left out on the way down.
    """
    return _remembered(source, above) if len(source) <= REMEMBERED else _html(source, above)


@lru_cache(maxsize=256)
def _remembered(source: str, above: int) -> str:
    """Most of a notebook's texts are the lesson's, the same in everybody's."""
    return _html(source, above)


def _html(source: str, above: int) -> str:
    tokens = _markdown.parse(source)
    for token in tokens:
        if token.type == "heading_open":
            above = min(6, int(token.tag[1]) + 2, above + 1)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{above}"
    return nh3.clean(_markdown.renderer.render(tokens, _markdown.options, {}), tags=_tags)


def reason(mark: CellResult, promises: list[str]) -> str:
    """The message of a mark, for where its promises are shown already."""
    return mark.message.removeprefix(not_yet(promises)).strip()


def _block(label: str, content: str, kind: str = "") -> str:
    """Text that may be wider than the screen; the keyboard reaches it, to scroll."""
    look = f' class="{kind}"' if kind else ""
    return f'<p class="label">{label}</p>\n<pre tabindex="0"{look}>{content}</pre>'


def _output(output: Output) -> str:
    if output["output_type"] == "stream":
        errors = output["name"] == "stderr"
        label = "Printed to standard error" if errors else "Printed"
        return _block(label, escape(output["text"]), "shown")
    if output["output_type"] == "error":
        return _block("Stopped by an error", escape("\n".join(output["traceback"])), "shown bad")
    data = output["data"]
    for kind in SIGNATURES:
        if kind in data:
            source = f"data:{kind};base64,{escape(data[kind])}"
            alt = escape(data.get("text/plain", "")) or "A picture"
            return f'<p class="label">Shown</p>\n<p><img src="{source}" alt="{alt}"></p>'
    if "text/html" in data:
        scrolled = '<div class="scroll" tabindex="0" role="group" aria-label="Shown">'
        return f'<p class="label">Shown</p>\n{scrolled}{data["text/html"]}</div>'
    label = "Result" if output["output_type"] == "execute_result" else "Shown"
    return _block(label, escape(data.get("text/plain", "")), "shown")


def _promises(mark: CellResult, promises: list[str]) -> str:
    items = "".join(
        f'<li><span aria-hidden="true">{SIGNS.get(mark.status, "✗")}</span> '
        f"{_inline(promise)} ({KEPT.get(mark.status, 'not kept yet')})</li>"
        for promise in promises
    )
    return f"<ul>{items}</ul>\n" if items else ""


def _inline(source: str) -> str:
    """An author's sentence, with its code in it."""
    return nh3.clean(_markdown.renderInline(source), tags=_tags)


def _sign(mark: CellResult) -> str:
    return f'<span aria-hidden="true">{SIGNS.get(mark.status, "✗")} </span>'


def _list(title: str, items: tuple[str, ...]) -> str:
    if not items:
        return ""
    lines = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<h2>{title}</h2>\n<ul>{lines}</ul>"
