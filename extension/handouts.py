"""What was handed out: an exercise as it was released, and which answers are still as given."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from coursewright.extension.client import NONSENSE
from coursewright.extension.errors import Garbled, WorkError
from coursewright.extension.handler import PanelHandler
from coursewright.extension.work import refuse_odd
from coursewright.records.course import Cell, checksum

ANSWERS = ("solution", "written")


class ReleasedHandler(PanelHandler):
    """The cell of an exercise that the student answers in, as the course hands it out now."""

    @web.authenticated
    @authorized
    async def get(self, course: str, lesson: str, exercise: str) -> None:
        refuse_odd(course, lesson)
        answer = await self.service.lesson(course, lesson)
        try:
            cells = [Cell.from_notebook(cell) for cell in answer["notebook"]["cells"]]
            found = [cell for cell in cells if cell.role in ANSWERS and cell.grade_id == exercise]
        except (KeyError, TypeError, AttributeError):
            raise Garbled(NONSENSE) from None
        if not found:
            raise WorkError(
                "The lesson that is published now does not have this exercise, so it stays as it"
                " is.",
                HTTPStatus.NOT_FOUND,
            )
        self.finish({"version": answer.get("version"), "source": found[0].source})


class UntouchedHandler(PanelHandler):
    """Which of the cells that are sent still hold what was handed out.

    The release wrote a checksum into each, so nothing but the notebook is needed to tell.
    """

    @web.authenticated
    @authorized
    async def post(self) -> None:
        cells = self.body().get("cells")
        if not isinstance(cells, list):
            raise WorkError("`cells` must be a list of cells.", HTTPStatus.BAD_REQUEST)
        try:
            sent = [Cell.from_notebook(cell) for cell in cells]
            untouched = [_named(cell) for cell in sent if _untouched(cell)]
        except (KeyError, TypeError, AttributeError):
            raise WorkError("`cells` holds what is no cell.", HTTPStatus.BAD_REQUEST) from None
        self.finish({"untouched": untouched})


def _untouched(cell: Cell) -> bool:
    if cell.role not in ANSWERS:
        return False
    return not cell.source.strip() or cell.nbgrader.get("checksum") == checksum(cell)


def _named(cell: Cell) -> Mapping[str, Any]:
    return {"exercise": cell.grade_id, "title": cell.own.get("title") or cell.grade_id}


EXERCISE = r"coursewright/api/courses/([^/]+)/lessons/([^/]+)/exercises/([^/]+)"
ROUTES: list[tuple[str, type[PanelHandler]]] = [
    (EXERCISE + r"/released", ReleasedHandler),
    (r"coursewright/api/untouched", UntouchedHandler),
]
