"""What the panel in JupyterLab asks its own server, under `coursewright/api/`.

Each verb carries both guards itself: `authorized` remembers the first resource and action that it
meets, so a guarded verb must never be inherited or used under a second name.
"""

from __future__ import annotations

import re
from http import HTTPStatus

from jupyter_server.auth.decorator import authorized
from tornado import web

from coursewright.extension.errors import PodError, Refused, WorkError
from coursewright.extension.handler import PanelHandler, aside
from coursewright.extension.work import belonging, refuse_odd, runnable

IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9_-]{8,200}\Z")
FEEDBACK_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


class CoursesHandler(PanelHandler):
    """The catalogue."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        self.finish(await self.service.courses())


class CourseHandler(PanelHandler):
    """One course: its outline and how far the student is."""

    @web.authenticated
    @authorized
    async def get(self, course: str) -> None:
        refuse_odd(course)
        outline = await self.service.course(course)
        lessons = [lesson for module in outline["modules"] for lesson in module["lessons"]]
        keys = [lesson["key"] for lesson in lessons]
        here = await aside(self.pod.shelf.states, course, keys)
        for lesson in lessons:
            lesson["local"] = here[lesson["key"]]
        self.finish(outline)


class EnrolmentHandler(PanelHandler):
    """Joining a course."""

    @web.authenticated
    @authorized
    async def put(self, course: str) -> None:
        refuse_odd(course)
        self.finish(await self.service.enrol(course))


class OpenHandler(PanelHandler):
    """Bringing a lesson among the student's files."""

    @web.authenticated
    @authorized
    async def post(self, course: str, lesson: str) -> None:
        path = self.work.path(course, lesson)
        try:
            answer = await self.service.lesson(course, lesson)
        except PodError as error:
            # Without the service, a lesson that is here already can still be worked on.
            if isinstance(error, Refused) or not await aside(self.work.has, path):
                raise
            self.finish({"path": path, "kept": True, "version": None})
            return
        kept = not await aside(self.work.put, path, runnable(answer["notebook"]))
        self.finish({"path": path, "kept": kept, "version": answer.get("version")})


class SubmissionsHandler(PanelHandler):
    """Handing a lesson in, and what became of it."""

    def asked(self, usual: str) -> tuple[str, str]:
        """The key of this submit, and the notebook meant: a student may have moved it."""
        body = self.body()
        key, path = body.get("key"), body.get("path", usual)
        if not isinstance(key, str) or not IDEMPOTENCY_KEY.match(key):
            raise WorkError(
                "`key` must be 8 to 200 letters, digits, - or _.", HTTPStatus.BAD_REQUEST
            )
        if not isinstance(path, str):
            raise WorkError("`path` must be text.", HTTPStatus.BAD_REQUEST)
        return key, path

    @web.authenticated
    @authorized
    async def get(self, course: str, lesson: str) -> None:
        refuse_odd(course, lesson)
        self.finish(await self.service.submissions(course, lesson))

    @web.authenticated
    @authorized
    async def post(self, course: str, lesson: str) -> None:
        key, path = self.asked(self.work.path(course, lesson))
        content = await aside(self.work.read, path)
        own = await aside(belonging, content)
        if own and (own.get("course"), own.get("lesson")) != (course, lesson):
            raise WorkError(f"{path} belongs to another lesson; open that lesson to submit it.")
        receipt = await self.service.submit(course, lesson, content, key)
        self.set_status(HTTPStatus.OK if receipt.get("repeated") else HTTPStatus.CREATED)
        self.finish(receipt)


class FeedbackHandler(PanelHandler):
    """The feedback page of one submission; whatever it holds, it can run and reach nothing."""

    @web.authenticated
    @authorized
    async def get(self, submission: str) -> None:
        page = await self.service.feedback(int(submission))
        self.set_header("Content-Security-Policy", FEEDBACK_POLICY)
        self.finish(page, set_content_type="text/html; charset=UTF-8")


ROUTES: list[tuple[str, type[PanelHandler]]] = [
    (r"coursewright/api/courses", CoursesHandler),
    (r"coursewright/api/courses/([^/]+)", CourseHandler),
    (r"coursewright/api/courses/([^/]+)/enrolment", EnrolmentHandler),
    (r"coursewright/api/courses/([^/]+)/lessons/([^/]+)/open", OpenHandler),
    (r"coursewright/api/courses/([^/]+)/lessons/([^/]+)/submissions", SubmissionsHandler),
    (r"coursewright/api/submissions/([0-9]{1,18})/feedback", FeedbackHandler),
]
