"""What the panel shows of a student's way: streak, due dates, mastery, feedback read, codes."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from tornado import web

from coursewright.extension.client import having, seated
from coursewright.extension.errors import WorkError
from coursewright.extension.handler import PanelHandler
from coursewright.extension.work import refuse_odd


class StandingHandler(PanelHandler):
    """Where the student stands across all courses; `zone` says by which days a streak goes."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        zone = quote(self.get_query_argument("zone", "UTC"), safe="")
        answer = await self.service.ask("GET", f"standing?zone={zone}")
        having(answer, "unread", list)
        self.finish(having(answer, "due", list))


class EnrolmentsHandler(PanelHandler):
    """Joining by a code."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        code = self.body().get("code")
        if not isinstance(code, str) or not 0 < len(code) <= 40:
            raise WorkError("Enter the code that you were given.", HTTPStatus.BAD_REQUEST)
        answer = await self.service.send("POST", "enrolments", {"code": code})
        self.finish(seated(answer))


class MasteryHandler(PanelHandler):
    """The student's command of a course's concepts."""

    @web.authenticated
    @authorized
    async def get(self, course: str) -> None:
        refuse_odd(course)
        answer = await self.service.ask("GET", f"courses/{course}/mastery")
        self.finish(having(answer, "concepts", list))


class ReadHandler(PanelHandler):
    """The student has seen the feedback on a submission."""

    @web.authenticated
    @authorized
    async def put(self, submission: str) -> None:
        answer = await self.service.ask("PUT", f"submissions/{int(submission)}/read", b"")
        self.finish(having(answer, "submission", int))


ROUTES: list[tuple[str, type[PanelHandler]]] = [
    (r"coursewright/api/standing", StandingHandler),
    (r"coursewright/api/enrolments", EnrolmentsHandler),
    (r"coursewright/api/courses/([^/]+)/mastery", MasteryHandler),
    (r"coursewright/api/submissions/([0-9]{1,18})/read", ReadHandler),
]
