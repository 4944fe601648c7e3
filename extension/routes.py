"""What the panel in JupyterLab asks its own server, under `coursewright/api/`.

Each verb carries both guards itself: `authorized` remembers the first resource and action that it
meets, so a guarded verb must never be inherited or used under a second name.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from http import HTTPStatus

from jupyter_server.auth.decorator import authorized
from tornado import web

from coursewright.extension import kept
from coursewright.extension.client import AWAY, NONSENSE, Json
from coursewright.extension.errors import Garbled, PodError, Refused, WorkError
from coursewright.extension.handler import PanelHandler, aside
from coursewright.extension.outbox import IDEMPOTENCY_KEY
from coursewright.extension.work import belonging, is_notebook, refuse_odd, runnable

SOON = 2.0  # seconds that a submit waits for those before it, until it counts as queued
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
            self.finish({"path": path, "kept": True, "version": None, "restored": None})
            return
        opened: Json = {
            "path": path,
            "kept": True,
            "version": answer.get("version"),
            "restored": None,
        }
        if not await aside(self.work.has, path):
            # A lost lesson comes back as it was; when that cannot be asked, nothing new hides it.
            copies = await kept.listed(self.service, course, lesson)
            copy = next((each for each in copies if each["path"] == path), None)
            if copy is None:
                opened["kept"] = not await aside(self.work.put, path, runnable(answer["notebook"]))
            else:
                content = await kept.content(self.service, course, lesson, copy["sha256"])
                if await aside(self.work.put_bytes, path, content):
                    opened["restored"] = copy["saved_at"]
        self.finish(opened)


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
        receipt = await self.send(key, (course, lesson, path), content)
        if receipt is not None:
            self.set_status(HTTPStatus.OK if receipt.get("repeated") else HTTPStatus.CREATED)
            self.finish(receipt)

    async def send(self, key: str, place: tuple[str, str, str], content: bytes) -> Json | None:
        """The receipt; None when the submit was put into the outbox, and that was answered."""
        sender, why = self.pod.safety.sender, AWAY
        there = self.pod.safety.line.up is not False and not sender.waiting
        if there:
            try:
                return await self.service.submit(place[0], place[1], content, key)
            except Refused:
                raise
            except PodError as error:
                why = str(error)
        submit = await sender.queue(key, place, content, why)
        if not there:
            self.pod.safety.line.hurry()
            # Behind those that wait, or to a service that may be back: soon known in most cases.
            with suppress(TimeoutError):
                await asyncio.wait_for(submit.settled.wait(), SOON)
        if submit.receipt is not None:
            return submit.receipt
        if submit.refusal is not None:
            await sender.forget(submit.queued.key)
            raise submit.refusal
        self.set_status(HTTPStatus.ACCEPTED)
        at = submit.queued.queued_at
        waiting = len(sender.waiting)
        self.finish({"queued": True, "key": submit.queued.key, "queued_at": at, "waiting": waiting})
        return None


class FeedbackHandler(PanelHandler):
    """The feedback page of one submission; whatever it holds, it can run and reach nothing."""

    @web.authenticated
    @authorized
    async def get(self, submission: str) -> None:
        page = await self.service.feedback(int(submission))
        self.set_header("Content-Security-Policy", FEEDBACK_POLICY)
        self.finish(page, set_content_type="text/html; charset=UTF-8")


class HandedInHandler(PanelHandler):
    """The notebook of one submission, to compare it with another's."""

    @web.authenticated
    @authorized
    async def get(self, submission: str) -> None:
        content = await self.service.handed_in(int(submission))
        if not await aside(is_notebook, content):
            raise Garbled(NONSENSE)
        self.finish(content)


ROUTES: list[tuple[str, type[PanelHandler]]] = [
    (r"coursewright/api/courses", CoursesHandler),
    (r"coursewright/api/courses/([^/]+)", CourseHandler),
    (r"coursewright/api/courses/([^/]+)/enrolment", EnrolmentHandler),
    (r"coursewright/api/courses/([^/]+)/lessons/([^/]+)/open", OpenHandler),
    (r"coursewright/api/courses/([^/]+)/lessons/([^/]+)/submissions", SubmissionsHandler),
    (r"coursewright/api/submissions/([0-9]{1,18})/feedback", FeedbackHandler),
    (r"coursewright/api/submissions/([0-9]{1,18})/notebook", HandedInHandler),
]
